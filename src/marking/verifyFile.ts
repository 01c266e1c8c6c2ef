import type { RecordedDisclosure } from '../disclosure/index.ts'
import { identifyBytes, sniff, type FileCodes } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { readManifests, type C2paReport } from './c2pa/index.ts'
import type { MarkFormat } from './formats.ts'
import { readTextManifests } from './markText.ts'
import { readMetadata, type MarkProperties } from './metadata/index.ts'
import { sniffFormat } from './sniffFormat.ts'
import { judge, type Finding, type Verdict } from './judge.ts'
import { readHtml } from './web/index.ts'
import { assertionOf, findingsOfBefore, wordsOf, type Word } from './words.ts'
import {
  readSoundWatermark,
  readWatermark,
  carriesWatermark,
  type FoundSoundWatermark,
  type FoundWatermark,
} from './watermark/index.ts'
import { nameOf, readModelWatermark, type FoundModelWatermark, type WatermarkModel } from './watermarkModel/index.ts'

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
  /** An operator's own watermark that is looked for, too. */
  watermarkModel?: WatermarkModel
  /** Milliseconds since 1970. */
  now: number
}

/** What stands in a file, before anybody else is asked about it. */
export interface ExaminedFile {
  /** Undefined for files that carry no marks; the register may know them all the same. */
  format?: MarkFormat
  mediaType: string
  identified?: FileCodes
  manifest: C2paReport
  metadata: MarkProperties
  /** What the metadata said before somebody marked the file with Colophon and said something else. */
  before?: MarkProperties[]
  watermark?: FoundWatermark | FoundSoundWatermark
  modelWatermark?: FoundModelWatermark
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
 * error; nothing that stands in it is fetched. Errors: `too_busy`; `model_refused`, `runtime_missing` when a model is used.
 */
export async function verifyFile(bytes: Uint8Array, name: string, options: VerifyOptions): Promise<FileReport> {
  const examined = await examineFile(bytes, name, options)
  return conclude(examined, options.register ? await findWorks(options.register, examined) : [])
}

/** Reads all marks of a file. What it needs it finds in the file, so it can be done in a process of its own. */
export async function examineFile(
  bytes: Uint8Array,
  name: string,
  options: Omit<VerifyOptions, 'register'>,
): Promise<ExaminedFile> {
  const findings: Finding[] = []
  const { mediaType } = sniff(bytes)
  const format = sniffFormat(bytes)
  const found = await identify(bytes, name, findings)
  const identified = found && (format === 'svg' ? withoutMarkup(found) : found)
  const manifest: C2paReport = format
    ? await readManifests(bytes, format, options)
    : mediaType === 'text/plain'
      ? await readTextManifests(bytes, options)
      : { state: 'none', findings: [] }
  const read: Read = format
    ? await readMetadata(bytes, format)
    : mediaType === 'text/html'
      ? readPage(bytes)
      : { properties: mediaType === 'text/plain' ? readLastLine(bytes) : {}, findings: [] }
  const named = FORMAT_OF_NAME[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '']
  if (named && named !== format)
    findings.push({
      code: 'name_differs',
      severity: 'warning',
      message: `it is named as ${named}, and is ${mediaType}`,
    })
  const watermark = await findWatermark(bytes, format, findings)
  const modelWatermark =
    options.watermarkModel && (await findModelWatermark(bytes, format, options.watermarkModel, findings))
  findings.push(...manifest.findings, ...read.findings)
  return {
    ...(format ? { format } : {}),
    mediaType,
    ...(identified ? { identified } : {}),
    manifest,
    metadata: read.properties,
    ...(read.before ? { before: read.before } : {}),
    ...(watermark ? { watermark } : {}),
    ...(modelWatermark ? { modelWatermark } : {}),
    findings,
  }
}

/** What follows when it is known which works of the register the file may be. */
export function conclude({ identified, ...examined }: ExaminedFile, works: RegisteredWork[]): FileReport {
  const findings = [...examined.findings]
  const words = wordsOf(examined, works, findings)
  findings.push(...findingsOfBefore(examined.before ?? [], examined.metadata, words))
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

/** Formats by the ends of names that mean no other. */
const FORMAT_OF_NAME: Partial<Record<string, MarkFormat>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  tif: 'tiff',
  tiff: 'tiff',
  avif: 'avif',
  gif: 'gif',
  svg: 'svg',
  pdf: 'pdf',
  mp3: 'mp3',
  wav: 'wav',
  flac: 'flac',
  epub: 'epub',
  docx: 'docx',
  odt: 'odt',
}

/** The code of a plain text stands in its last line, by itself. */
function readLastLine(bytes: Uint8Array): MarkProperties {
  const end = new TextDecoder().decode(bytes.subarray(-LAST_LINE_BYTES_MAX)).trimEnd()
  const [, line = ''] = /(?:^|\n)[ \t]*([^\n]*)$/.exec(end) ?? []
  return /^AID\d[!-~]{4,63}$/.test(line.trim()) ? { disclosureCode: line.trim() } : {}
}

const LAST_LINE_BYTES_MAX = 1024

interface Read {
  properties: MarkProperties
  before?: MarkProperties[]
  findings: Finding[]
}

/** What a page says in its head, in the words of metadata. */
function readPage(bytes: Uint8Array): Read {
  const { code, disclosure, statementUrl, digitalSourceType, findings } = readHtml(new TextDecoder().decode(bytes))
  return {
    properties: {
      ...(code ? { disclosureCode: code } : {}),
      ...(disclosure ? { disclosureStatement: JSON.stringify(disclosure) } : {}),
      ...(statementUrl ? { statementUrl } : {}),
      ...(digitalSourceType ? { digitalSourceType } : {}),
    },
    findings,
  }
}

/** The text of a drawing is its markup, and drawings of one program are alike in that: nothing can be told from it. */
export function withoutMarkup({ codes, ...file }: FileCodes): FileCodes {
  const { 'iscc-text-v0': _markup, ...others } = codes
  return { ...file, mediaType: 'image/svg+xml', codes: others }
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
  if (!isSound && !carriesWatermark(format)) return undefined
  try {
    return await (isSound ? readSoundWatermark(bytes) : readWatermark(bytes))
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    findings.push({ code: 'watermark_not_looked_for', severity: 'note', message: error.message })
    return undefined
  }
}

/** What an operator's model reads; a model that is not as it should be is an error, for it is not what is examined. */
async function findModelWatermark(
  bytes: Uint8Array,
  format: MarkFormat | undefined,
  model: WatermarkModel,
  findings: Finding[],
): Promise<FoundModelWatermark | undefined> {
  const tell = (code: string, message: string) => findings.push({ code, severity: 'note', message })
  try {
    const found = carriesWatermark(format) ? await readModelWatermark(bytes, model) : undefined
    if (!found) tell('model_watermark_not_found', `${nameOf(model)} reads nothing, which proves nothing`)
    else
      tell(
        'model_watermark_found',
        `${nameOf(model)} reads the pointer ${found.payload.pointer} and degree ${found.payload.degree}; whoever has the model can write that`,
      )
    return found
  } catch (error) {
    if (!(error instanceof ColophonError) || ['model_refused', 'runtime_missing'].includes(error.code)) throw error
    tell('model_watermark_not_looked_for', error.message)
    return undefined
  }
}

/** Works that the file's codes, a signed manifest that is trusted, or its watermarks lead to. */
export async function findWorks(
  register: RegisterLookup,
  {
    identified,
    watermark,
    modelWatermark,
    manifest,
  }: Pick<ExaminedFile, 'identified' | 'watermark' | 'modelWatermark' | 'manifest'>,
): Promise<RegisteredWork[]> {
  const original = manifest.state === 'valid-trusted' ? assertionOf(manifest)?.originalSha256 : undefined
  const found = [
    ...(identified ? await register.byCodes(identified) : []),
    ...(typeof original === 'string' ? await register.bySha256(original) : []),
    ...(watermark ? await register.byPointer(watermark.payload.pointer) : []),
    ...(modelWatermark ? await register.byPointer(modelWatermark.payload.pointer) : []),
  ]
  return found.filter(({ work }, i) => found.findIndex((other) => other.work === work) === i)
}
