import { disclosureFields, parseCode, type DisclosureCode, type DisclosureFields } from '../../disclosure/index.ts'
import { CODE_PROPERTY, OWN_ATTRIBUTE, isNamed } from './names.ts'
import { readHead, type HeadElement } from './page.ts'
import { iptcSourceOf } from './sourceTypes.ts'

export interface WebFinding {
  code: string
  severity: 'error' | 'warning' | 'note'
  message: string
}

/** What a page says of how it was made. Nothing of it is signed. */
export interface HtmlDisclosure {
  code?: string
  said?: DisclosureCode
  statementUrl?: string
  digitalSourceType?: string
  /** The statement in the page, when it fits the schema. */
  disclosure?: DisclosureFields
  /** A value of the W3C group’s, which puts its words into the same `meta`. */
  w3c?: string
  findings: WebFinding[]
}

const JSON_CHARACTERS_MAX = 256 * 1024
const TEXT_CHARACTERS_MAX = 2000

/** Reads the head of a page; what others may have written into its body is not looked at. Never throws. */
export function readHtml(html: string): HtmlDisclosure {
  const { elements, isCut } = readHead(html)
  const read: HtmlDisclosure = { findings: [] }
  const tell = (code: string, severity: WebFinding['severity'], message: string) =>
    read.findings.push({ code, severity, message })
  if (isCut) tell('page_cut', 'warning', 'the head of the page is nested too deeply, or holds too much')
  readMetas(elements, read, tell)
  const link = elements.find(({ name, attributes }) => name === 'link' && isStatementLink(attributes))
  if (link) {
    const { href = '' } = link.attributes
    if (isAddress(href.trim())) read.statementUrl = href.trim()
    else tell('address_refused', 'warning', 'the address of the statement is not an https address')
  }
  for (const { name, attributes, text } of elements)
    if (name === 'script' && attributes.type?.trim().toLowerCase() === 'application/ld+json')
      readJsonLd(text, read, tell)
  return read
}

type Tell = (code: string, severity: WebFinding['severity'], message: string) => void

function readMetas(elements: readonly HeadElement[], read: HtmlDisclosure, tell: Tell): void {
  const said = elements.flatMap(({ name, attributes }) =>
    name === 'meta' && isNamed(attributes) ? [(attributes.content ?? '').trim()] : [],
  )
  const codes = said.filter((text) => /^AID\d/i.test(text))
  const words = said.filter((text) => ['human-only', 'ai-assisted', 'ai-autonomous'].includes(text.toLowerCase()))
  if (new Set(codes).size > 1) tell('said_twice', 'warning', 'the page has more than one code; the first one counts')
  if (said.length > codes.length + words.length)
    tell('meta_not_understood', 'note', 'a meta “ai-disclosure” holds neither a code nor a word of the W3C group')
  if (words[0] !== undefined) read.w3c = words[0].toLowerCase()
  if (codes[0] === undefined) return
  const { code, flaws } = parseCode(codes[0])
  for (const flaw of flaws) tell(`code_${flaw.code}`, 'warning', flaw.message)
  if (!code) return
  read.code = codes[0]
  read.said = code
}

function isStatementLink({ rel = '', ...attributes }: Record<string, string>): boolean {
  return attributes[OWN_ATTRIBUTE] !== undefined && rel.toLowerCase().split(/\s+/).includes('describedby')
}

function isAddress(text: string): boolean {
  return text.length <= TEXT_CHARACTERS_MAX && URL.canParse(text) && new URL(text).protocol === 'https:'
}

function readJsonLd(text: string, read: HtmlDisclosure, tell: Tell): void {
  const node = text.length <= JSON_CHARACTERS_MAX ? parseObject(text) : undefined
  if (!node) return
  const source = node.digitalSourceType
  if (typeof source === 'string' && source.length <= TEXT_CHARACTERS_MAX)
    read.digitalSourceType ??= iptcSourceOf(source)
  const identifier = node.identifier as Record<string, unknown> | null | undefined
  if (identifier?.propertyID !== CODE_PROPERTY) return
  if (typeof identifier.value === 'string' && read.code !== undefined && identifier.value !== read.code)
    tell('said_twice', 'warning', 'the code in the JSON-LD is another one; that of the meta counts')
  const { '@context': _, type: __, ...fields } = (node['col:disclosure'] ?? {}) as Record<string, unknown>
  const parsed = disclosureFields.safeParse(fields)
  if (parsed.success) read.disclosure ??= parsed.data
  else tell('statement_not_understood', 'warning', 'the statement in the page does not fit the schema')
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
