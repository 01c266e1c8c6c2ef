import {
  c2paMapping,
  disclosureFields,
  iptcMapping,
  parseCode,
  type C2paFields,
  type Degree,
  type DisclosureCode,
  type RecordedDisclosure,
} from '../disclosure/index.ts'
import { identifyBytes, sniff, type FileCodes } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { AI_DISCLOSURE_LABEL, readManifests, type C2paReport } from './c2pa/index.ts'
import type { MarkFormat } from './formats.ts'
import { readTextManifests } from './markText.ts'
import { readMetadata, type MarkProperties } from './metadata/index.ts'
import { sniffFormat } from './sniffFormat.ts'
import { judge, mayBe, type Finding, type Verdict } from './judge.ts'
import { readHtml } from './web/index.ts'
import {
  readSoundWatermark,
  readWatermark,
  watermarkFormats,
  type FoundSoundWatermark,
  type FoundWatermark,
} from './watermark/index.ts'

/** A work that the register knows, and how a file comes to it. */
export interface RegisteredWork {
  work: string
  title: string
  party: string
  partyName: string | null
  /**
   * `same`: byte for byte; `near`: looks or reads alike; `attested`: a trusted signer says that the file was made from it;
   * `pointer`: only a watermark leads to it.
   */
  match: 'same' | 'near' | 'attested' | 'pointer'
  /** The work's codes by their names, to compare with. */
  codes: Record<string, string>
  disclosures: RecordedDisclosure[]
  /** Pointers of all that its makers ever said of it. */
  pointers: string[]
}

/** What a register can be asked about a file. */
export interface RegisterLookup {
  byCodes(file: FileCodes): Promise<RegisteredWork[]>
  byPointer(pointer: string): Promise<RegisteredWork[]>
  /** Works that were declared with this very file. */
  bySha256(sha256: string): Promise<RegisteredWork[]>
}

export interface VerifyOptions {
  /** Certificates as PEM: whose signatures are trusted here. */
  trustAnchors?: string[]
  register?: RegisterLookup
  /** Milliseconds since 1970. */
  now: number
}

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

/** What stands in a file, before anybody else is asked about it. */
export interface ExaminedFile {
  /** Undefined for files that carry no marks; the register may know them all the same. */
  format?: MarkFormat
  mediaType: string
  identified?: FileCodes
  manifest: C2paReport
  metadata: MarkProperties
  watermark?: FoundWatermark | FoundSoundWatermark
  findings: Finding[]
}

export interface FileReport extends Omit<ExaminedFile, 'identified'> {
  sha256?: string
  works: RegisteredWork[]
  words: Word[]
  verdict: Verdict
}

/**
 * What a file says of itself, what the register says of it, and whether they agree. A bad file is a finding and never an
 * error; nothing that stands in it is fetched. Errors: `too_busy`.
 */
export async function verifyFile(bytes: Uint8Array, name: string, options: VerifyOptions): Promise<FileReport> {
  const examined = await examineFile(bytes, name, options)
  return conclude(examined, options.register ? await findWorks(options.register, examined) : [])
}

/** Reads all marks of a file. What it needs it finds in the file, so it can be done in a process of its own. */
export async function examineFile(
  bytes: Uint8Array,
  name: string,
  options: Pick<VerifyOptions, 'trustAnchors' | 'now'>,
): Promise<ExaminedFile> {
  const findings: Finding[] = []
  const { mediaType } = sniff(bytes)
  const format = sniffFormat(bytes)
  const identified = await identify(bytes, name, findings)
  const manifest: C2paReport = format
    ? await readManifests(bytes, format, options)
    : mediaType === 'text/plain'
      ? await readTextManifests(bytes, options)
      : { state: 'none', findings: [] }
  const read = format
    ? await readMetadata(bytes, format)
    : mediaType === 'text/html'
      ? readPage(bytes)
      : { properties: {}, findings: [] }
  const watermark = await findWatermark(bytes, format, findings)
  findings.push(...manifest.findings, ...read.findings)
  return {
    ...(format ? { format } : {}),
    mediaType,
    ...(identified ? { identified } : {}),
    manifest,
    metadata: read.properties,
    ...(watermark ? { watermark } : {}),
    findings,
  }
}

/** What follows when it is known which works of the register the file may be. */
export function conclude({ identified, ...examined }: ExaminedFile, works: RegisteredWork[]): FileReport {
  const findings = [...examined.findings]
  const words = wordsOf(examined, works, findings)
  const judged = judge({ ...examined, works, words, soundCode: identified?.codes['iscc-audio-v0'] })
  return {
    ...examined,
    ...(identified?.codes.sha256 ? { sha256: identified.codes.sha256 } : {}),
    works,
    words,
    verdict: judged.verdict,
    findings: [...judged.findings, ...findings],
  }
}

/** What a page says in its head, in the words of metadata. */
function readPage(bytes: Uint8Array): { properties: MarkProperties; findings: Finding[] } {
  const { code, statementUrl, digitalSourceType, findings } = readHtml(new TextDecoder().decode(bytes))
  return {
    properties: {
      ...(code ? { disclosureCode: code } : {}),
      ...(statementUrl ? { statementUrl } : {}),
      ...(digitalSourceType ? { digitalSourceType } : {}),
    },
    findings,
  }
}

async function identify(bytes: Uint8Array, name: string, findings: Finding[]): Promise<FileCodes | undefined> {
  try {
    return await identifyBytes(bytes, name)
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    findings.push({ code: 'file_unreadable', severity: 'error', message: error.message })
    return undefined
  }
}

async function findWatermark(bytes: Uint8Array, format: MarkFormat | undefined, findings: Finding[]) {
  const isSound = sniff(bytes).medium === 'sound'
  if (!isSound && !(watermarkFormats as readonly (string | undefined)[]).includes(format)) return undefined
  try {
    return await (isSound ? readSoundWatermark(bytes) : readWatermark(bytes))
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    findings.push({ code: 'watermark_not_looked_for', severity: 'note', message: error.message })
    return undefined
  }
}

/** Works that the file's codes, a signed manifest that is trusted, or its watermark lead to. */
export async function findWorks(
  register: RegisterLookup,
  { identified, watermark, manifest }: Pick<ExaminedFile, 'identified' | 'watermark' | 'manifest'>,
): Promise<RegisteredWork[]> {
  const original = manifest.state === 'valid-trusted' ? assertionOf(manifest)?.originalSha256 : undefined
  const found = [
    ...(identified ? await register.byCodes(identified) : []),
    ...(typeof original === 'string' ? await register.bySha256(original) : []),
    ...(watermark ? await register.byPointer(watermark.payload.pointer) : []),
  ]
  return found.filter(({ work }, i) => found.findIndex((other) => other.work === work) === i)
}

function assertionOf({ active }: C2paReport): Record<string, unknown> | undefined {
  return active?.assertions.find(({ label }) => label === AI_DISCLOSURE_LABEL)?.data as
    Record<string, unknown> | undefined
}

/** Everything that is said of how the work was made, by whomever. */
function wordsOf(
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
