import {
  c2paMapping,
  disclosureFields,
  iptcMapping,
  parseCode,
  type C2paFields,
  type Degree,
  type DisclosureCode,
} from '../disclosure/index.ts'
import { AI_DISCLOSURE_LABEL, type C2paReport } from './c2pa/index.ts'
import { mayBe, type Finding } from './judge.ts'
import type { MarkProperties } from './metadata/index.ts'
import type { ExaminedFile, RegisteredWork } from './verifyFile.ts'

/** What one source says of how a work was made. */
export interface Word {
  source: 'manifest' | 'metadata' | 'watermark' | 'register'
  degree: Degree
  code?: DisclosureCode
  /** Who says so, as far as that is known. */
  by?: string
  /** Whether a signature that holds stands behind it. */
  isSigned: boolean
  /** Whether the degree is the least of several that a field of another vocabulary may mean. */
  isCoarse?: boolean
  /** Of the register: which work it is said of. */
  work?: string
}

/** Everything that is said of how the work was made, by whomever. */
export function wordsOf(
  examined: Omit<ExaminedFile, 'identified'>,
  works: readonly RegisteredWork[],
  findings: Finding[],
): Word[] {
  const { watermark } = examined
  const words = [...wordsOfManifest(examined.manifest, findings), ...wordsOfMetadata(examined.metadata, findings)]
  if (watermark) words.push({ source: 'watermark', degree: watermark.payload.degree, isSigned: false })
  for (const { work, disclosures, match } of works) {
    // What strangers say of a work is shown, and confirms nothing.
    const first = disclosures.find(({ isByMaker }) => isByMaker)
    if (!first || match === 'pointer') continue
    const { code } = parseCode(first.code)
    const by = first.partyName ?? first.party
    words.push({ source: 'register', degree: first.fields.degree, isSigned: true, by, work, ...(code ? { code } : {}) })
  }
  return words
}

function wordsOfManifest(manifest: C2paReport, findings: Finding[]): Word[] {
  if (!manifest.active) return []
  const isSigned = manifest.state === 'valid-trusted' || manifest.state === 'valid-untrusted'
  const by = manifest.active.signedBy?.organisation ?? manifest.active.signedBy?.commonName
  const word = { source: 'manifest' as const, isSigned, ...(by ? { by } : {}) }
  const said = assertionOf(manifest)
  const code = typeof said?.code === 'string' ? readCode(said.code, 'manifest', findings) : undefined
  if (code) {
    const own = disclosureFields.shape.degree.safeParse(said!.degree)
    return [
      { ...word, degree: code.degree, code },
      // What stands beside the code is compared with it: it may be read where the code is not.
      ...(own.success && own.data !== code.degree ? [{ ...word, degree: own.data }] : []),
    ]
  }
  const read = c2paMapping.from(c2paFieldsOf(manifest.active))
  return read && read.value.degree !== 'undisclosed' ? [{ ...word, degree: read.value.degree, isCoarse: true }] : []
}

/** What any other generator says of it: actions, and C2PA’s own disclosure. */
function c2paFieldsOf({ actions, assertions }: NonNullable<C2paReport['active']>): C2paFields {
  const made = actions.filter(
    (entry): entry is C2paFields['actions'][number] =>
      typeof (entry as { action?: unknown } | null)?.action === 'string',
  )
  const disclosed = assertions.find(({ label }) => label.replace(/__\d+$/, '') === 'c2pa.ai-disclosure')?.data
  const isDisclosed = typeof (disclosed as { modelType?: unknown } | undefined)?.modelType === 'string'
  return {
    actions: made,
    ...(isDisclosed ? { aiDisclosure: disclosed as NonNullable<C2paFields['aiDisclosure']> } : {}),
  }
}

function wordsOfMetadata(properties: MarkProperties, findings: Finding[]): Word[] {
  const word = { source: 'metadata' as const, isSigned: false }
  const words: Word[] = []
  const code = properties.disclosureCode ? readCode(properties.disclosureCode, 'metadata', findings) : undefined
  if (code) words.push({ ...word, degree: code.degree, code })
  const statement = disclosureFields.safeParse(jsonOf(properties.disclosureStatement))
  if (statement.success && statement.data.degree !== code?.degree)
    words.push({ ...word, degree: statement.data.degree })
  const { digitalSourceType, aiSystemUsed } = properties
  if (digitalSourceType === undefined && aiSystemUsed === undefined) return words
  const known = iptcMapping.from({
    ...(digitalSourceType ? { digitalSourceType } : {}),
    ...(aiSystemUsed ? { aiSystemUsed } : {}),
  })
  if (!known) {
    const message = `“${digitalSourceType?.slice(0, 200)}” is no digital source type of IPTC`
    findings.push({ code: 'source_type_unknown', severity: 'warning', message })
    return words
  }
  const { degree } = known.value
  if (typeof degree !== 'number') return words
  if (words.every((each) => typeof each.degree !== 'number' || !mayBe(degree, each.degree)))
    words.push({ ...word, degree, isCoarse: true })
  return words
}

/** So much of what a file said before is told, what is told otherwise now before the rest. */
const BEFORE_TOLD_MAX = 10

/** What the metadata said before somebody put something else in its place; it counts for nothing, and is told. */
export function findingsOfBefore(
  before: readonly MarkProperties[],
  now: MarkProperties,
  words: readonly Word[],
): Finding[] {
  const inFile = words.filter(({ source }) => source === 'manifest' || source === 'metadata')
  const all = before.map((said): Finding => {
    const isOther = wordsOfMetadata(said, []).some((was) => inFile.some((is) => !fits(was, is)))
    const isReservation = said.dataMining?.includes('DMI-PROHIBITED') && said.dataMining !== now.dataMining
    const told = Object.entries(said).map(([name, value]) => `${name} “${String(value).slice(0, 200)}”`)
    const message = `before it was marked, the metadata said ${told.join(', ') || 'something that is not understood'}`
    return isOther || isReservation
      ? { code: 'said_otherwise_before', severity: 'warning', message }
      : { code: 'said_before', severity: 'note', message }
  })
  const told = all.toSorted((a, b) => Number(b.severity === 'warning') - Number(a.severity === 'warning'))
  const left = told.length - BEFORE_TOLD_MAX
  const message = `before it was marked, the metadata said something else ${left} times more`
  return [
    ...told.slice(0, BEFORE_TOLD_MAX),
    ...(left > 0 ? [{ code: 'said_before', severity: 'note' as const, message }] : []),
  ]
}

function fits(a: Word, b: Word): boolean {
  if (typeof a.degree !== 'number' || typeof b.degree !== 'number') return true
  if (a.isCoarse) return mayBe(a.degree, b.degree)
  return b.isCoarse ? mayBe(b.degree, a.degree) : a.degree === b.degree
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function readCode(text: string, source: Word['source'], findings: Finding[]): DisclosureCode | undefined {
  const { code, flaws } = parseCode(text)
  for (const flaw of flaws)
    findings.push({ code: `code_${flaw.code}`, severity: 'warning', message: flaw.message, where: source })
  return code
}

/** What our own assertion of a manifest says. */
export function assertionOf({ active }: C2paReport): Record<string, unknown> | undefined {
  return active?.assertions.find(({ label }) => label === AI_DISCLOSURE_LABEL)?.data as
    Record<string, unknown> | undefined
}
