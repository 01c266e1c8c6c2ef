import {
  readContentSignal,
  readContentUsage,
  readTdmrepValue,
  ruleCovers,
  spdxIdOf,
  type Action,
  type RightsRule,
} from '../rights/index.ts'

const CACHED_MAX = 100_000

/** Reads what stood with a file when it was fetched; the same is said of many files. */
export function openSignalReader(action: Action): (text: string) => { isReserved: boolean; isUnclear: boolean } {
  const known = new Map<string, { isReserved: boolean; isUnclear: boolean }>()
  return (text) => {
    let read = known.get(text)
    if (!read) {
      if (known.size >= CACHED_MAX) known.clear()
      known.set(text, (read = readSignals(text, action)))
    }
    return read
  }
}

const READERS: Record<string, (value: string, where: string) => { rules: RightsRule[]; findings: unknown[] }> = {
  'tdm-reservation': readTdmrepValue,
  'content-usage': readContentUsage,
  'content-signal': readContentSignal,
  'x-robots-tag': readRobotsTag,
}

const NAMES = Object.keys(READERS)

/**
 * Header lines (`Name: value`), or JSON of them (an object, a list of lines or pairs): TDMRep, AIPREF, Content Signals and `X-Robots-Tag`. What names
 * one of them and cannot be understood is unclear, which is no permission.
 */
function readSignals(text: string, action: Action): { isReserved: boolean; isUnclear: boolean } {
  let [isReserved, isUnclear] = [false, false]
  const headers = headersOf(text)
  // What cannot be read at all, and names one of them, may say no.
  if (!headers) return { isReserved, isUnclear: NAMES.some((name) => text.toLowerCase().includes(name)) }
  for (const [name, value] of headers) {
    const reader = READERS[name]
    if (!reader) continue
    const { rules, findings } = reader(value, name)
    const about = rules.filter((rule) => ruleCovers(rule.action, action))
    if (about.some(({ decision }) => decision === 'deny')) isReserved = true
    if (rules.length === 0 && findings.length > 0) isUnclear = true
  }
  return { isReserved, isUnclear }
}

/** Undefined for what begins as JSON and is none. */
function headersOf(text: string): [string, string][] | undefined {
  if (/^\s*[[{"]/.test(text)) {
    try {
      return headersIn(JSON.parse(text))
    } catch {
      return undefined
    }
  }
  return text.split(/\r?\n|;(?=\s*[a-z-]+:)/i).flatMap((line) => {
    const [, name, value] = /^\s*([a-z][a-z-]*)\s*:\s*(.*)$/i.exec(line) ?? []
    return name === undefined ? [] : [[name.toLowerCase(), value!] as [string, string]]
  })
}

/** Headers of a JSON value: an object by its names, a list of lines, of pairs, of `{name, value}` or of objects. */
function headersIn(value: unknown): [string, string][] {
  if (typeof value === 'string') return headersOf(value) ?? []
  if (Array.isArray(value)) {
    const [name, said] = value as unknown[]
    const isPair = value.length === 2 && typeof name === 'string' && /^[a-z][a-z-]*$/i.test(name)
    return isPair ? [[name.toLowerCase(), String(said)]] : value.flatMap(headersIn)
  }
  if (typeof value !== 'object' || value === null) return []
  const { name, key = name, value: said } = value as Record<string, unknown>
  if (typeof key === 'string' && said !== undefined) return [[key.toLowerCase(), String(said)]]
  return Object.entries(value).flatMap(([each, of]) =>
    (Array.isArray(of) ? of : [of]).map((one): [string, string] => [each.toLowerCase(), String(one)]),
  )
}

/** `noai` and `noimageai`, which crawlers of data sets honour (img2dataset); `noindex` is about search alone. */
function readRobotsTag(value: string): { rules: RightsRule[]; findings: unknown[] } {
  const isReserved = /(^|[\s,:])(noai|noimageai)([\s,]|$)/i.test(value)
  return { rules: isReserved ? [{ action: 'col:trainAI', decision: 'deny' }] : [], findings: [] }
}

const CREATIVE_COMMONS = /^https?:\/\/creativecommons\.org\/(?:licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)\b/

/** The SPDX identifier of a licence, from one or from the address of a Creative Commons deed; undefined for all else. */
export function readLicence(text: string): string | undefined {
  const [, name, version] = CREATIVE_COMMONS.exec(text.trim()) ?? []
  if (name === undefined) return spdxIdOf(text.trim())
  if (name === 'mark') return 'CC-PDM-1.0'
  return name === 'zero' ? 'CC0-1.0' : spdxIdOf(`cc-${name}-${version}`)
}
