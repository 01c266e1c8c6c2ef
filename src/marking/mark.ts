import { codeTextOf, iptcMapping, type DisclosureFields } from '../disclosure/index.ts'
import { sniff } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { exportRights, type RightsDocument } from '../rights/index.ts'
import { readManifests, signFile, type C2paReport, type Signer } from './c2pa/index.ts'
import { addModelWatermark, addWatermark } from './addWatermarks.ts'
import { checkDecodes } from './decodes.ts'
import type { MarkFormat } from './formats.ts'
import { carriesXmp, fieldLimits, readMetadata, writeMetadata, type MarkProperties } from './metadata/index.ts'
import {
  NOTHING_RESERVED,
  refuseLifting,
  reservationsOf,
  reservationsOfManifest,
  reservesMore,
  type Reservations,
} from './reservations.ts'
import { contentOf, odrlOf, rightsOf } from './manifestContent.ts'
import { readTextManifests, signText } from './markText.ts'
import { sniffFormat } from './sniffFormat.ts'
import type { WatermarkModel } from './watermarkModel/index.ts'
import { markHtml } from './web/index.ts'

/** What is to be said in a file. */
export interface MarkRequest {
  disclosure: DisclosureFields
  /** Where the signed statement is: its pointer and, when it can be read there, its address. */
  pointer?: string
  statementUrl?: string
  title?: string
  creator?: string
  /** An address to ask at, for licences. */
  contact?: string
  /** Whether a picture or a sound gets a watermark; it needs a pointer. */
  watermark: boolean
  /** Whether a plain text gets a signed manifest in characters that are not seen; never unasked. */
  textManifest?: boolean
  /** An operator's own watermark that a picture gets, beside ours or alone; it needs a pointer, too. */
  watermarkModel?: WatermarkModel
  /** Whether terms may take the place of a reservation that the file carries, and reserve less. */
  liftsReservation?: boolean
  signer?: Signer
  /** Milliseconds since 1970. */
  now: number
}

export interface MarkResult {
  bytes: Uint8Array
  format: MarkFormat | 'html' | 'text'
  code: string
  /** What was put in, in the order in which it was done. */
  marks: ('watermark' | 'model-watermark' | 'metadata' | 'c2pa' | 'html')[]
  findings: { code: string; severity: 'warning' | 'note'; message: string }[]
}

/**
 * Marks a file: watermark first, then metadata, then a signed manifest, for each later one would break an earlier one if
 * it came before. What the file carried stays, and a manifest becomes the parent of the new one. The result was opened,
 * and its marks were read again, before it is returned.
 * Errors: `unsupported_media`, `unreadable_file`, `too_large`, `invalid_input`, `state_not_allowed` for terms that would
 * lift a reservation in passing, those of the time authority, and `model_refused` and `runtime_missing` with a model.
 */
export async function markFile(bytes: Uint8Array, request: MarkRequest): Promise<MarkResult> {
  const { mediaType } = sniff(bytes)
  if (mediaType === 'text/html') return markPage(bytes, request)
  const format = sniffFormat(bytes)
  if (!format && mediaType === 'text/plain') return markText(bytes, request)
  if (!format)
    throw new ColophonError('unsupported_media', 'files of this kind cannot be marked', {
      remedy:
        'Declare the work instead: it is then found by its fingerprint. What a server can say with it: `colophon mark --headers`.',
    })
  const reserved = request.liftsReservation ? NOTHING_RESERVED : await reservationsOf(bytes, format, request.now)
  const rights = rightsOf(request)
  if (rights) refuseLifting(reserved, rights, request.now)
  const result: FileMark = {
    bytes,
    format,
    code: codeTextOf(request.disclosure, request.pointer),
    marks: [],
    findings: [],
  }
  if (request.watermark) await addWatermark(result, request)
  if (request.watermarkModel) await addModelWatermark(result, request, request.watermarkModel)
  await addMetadata(result, request, reserved)
  if (request.signer) await addManifest(result, request, request.signer, bytes, reserved)
  await checkDecodes(result.bytes, format)
  await checkManifest(result, request)
  return result
}

/** A result that is a file with a container. */
export type FileMark = MarkResult & { format: MarkFormat }

/** A page says it in its head. It has no manifest: nothing of it is signed. */
function markPage(bytes: Uint8Array, request: MarkRequest): MarkResult {
  let page: string
  try {
    page = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the page is not UTF-8', { remedy: 'Save it as UTF-8.', cause })
  }
  const findings = [{ code: 'not_signed', severity: 'note' as const, message: 'a page carries no signature' }]
  const { statementUrl, ...said } = request
  // A page links to where the statement can be read; a name leads nowhere.
  const link = statementUrl?.startsWith('https:') ? { statementUrl } : {}
  const marked = new TextEncoder().encode(markHtml(page, { ...said, ...link }))
  return {
    bytes: marked,
    format: 'html',
    code: codeTextOf(request.disclosure, request.pointer),
    marks: ['html'],
    findings,
  }
}

/** A text has no place for marks: what is put into it, and only when asked, is a manifest that is not seen. */
async function markText(bytes: Uint8Array, request: MarkRequest): Promise<MarkResult> {
  if (!request.textManifest || !request.signer)
    throw new ColophonError('unsupported_media', 'a plain text has no place for marks', {
      remedy:
        'Declare the work instead: it is then found by its text. A signed manifest in characters that are not seen: `colophon mark --text-manifest`.',
    })
  const result: MarkResult = {
    bytes,
    format: 'text',
    code: codeTextOf(request.disclosure, request.pointer),
    marks: ['c2pa'],
    findings: [],
  }
  const rights = rightsOf(request)
  const earlier = await readTextManifests(bytes, { now: request.now })
  const reserved = request.liftsReservation ? NOTHING_RESERVED : { inMetadata: [], ...reservationsOfManifest(earlier) }
  if (rights) refuseLifting(reserved, rights, request.now)
  const content = await contentOf(result, request, bytes, reserved)
  const signed = await signText(bytes, content, request.signer, { now: request.now })
  if (signed.isNormalised)
    result.findings.push({
      code: 'text_normalised',
      severity: 'note',
      message: 'the text was put into Unicode NFC, as a manifest in a text wants it; it reads the same',
    })
  result.bytes = signed.bytes
  checkVerified(await readTextManifests(result.bytes, { now: request.now }))
  return result
}

async function addMetadata(result: FileMark, request: MarkRequest, reserved: Reservations): Promise<void> {
  if (!carriesXmp(result.format)) {
    result.findings.push({
      code: 'no_metadata',
      severity: 'note',
      message: `no XMP is written into ${result.format}; it stands in the manifest`,
    })
    return
  }
  const { properties: now, before = [] } = await readMetadata(result.bytes, result.format)
  const properties = { ...propertiesOf(result, request), ...keptReservation(result, request, reserved, now) }
  result.bytes = await writeMetadata(result.bytes, result.format, properties)
  const written = await readMetadata(result.bytes, result.format)
  for (const item of written.before?.slice(before.length) ?? [])
    for (const [name, value] of Object.entries(item))
      result.findings.push({
        code: 'field_replaced',
        severity: 'warning',
        message: `${name} said “${String(value).slice(0, 200)}” before, which is kept beside`,
      })
  result.marks.push('metadata')
}

/** What the file reserves stays where nothing is said of it, and where less would be reserved in its place. */
function keptReservation(
  result: FileMark,
  request: MarkRequest,
  reserved: Reservations,
  { marked, rightsExpression }: MarkProperties,
): MarkProperties {
  const { dataMining } = reserved
  if (dataMining === undefined) return {}
  const rights = rightsOf(request)
  if (!rights)
    return {
      dataMining,
      ...(marked === undefined ? {} : { marked }),
      ...(rightsExpression === undefined ? {} : { rightsExpression }),
    }
  if (!reservesMore(reserved, rights, request.now)) return {}
  const message = `${dataMining} stays in the file: it reserves more than these terms do`
  result.findings.push({ code: 'reservation_kept', severity: 'note', message })
  return { dataMining }
}

function propertiesOf({ code }: MarkResult, request: MarkRequest): MarkProperties {
  const { disclosure, title, creator, contact, statementUrl } = request
  const { value: iptc } = iptcMapping.to(disclosure)
  const rights = rightsOf(request)
  const plus = rights && plusOf(rights, request.now)
  return {
    disclosureCode: code,
    ...(JSON.stringify(disclosure).length <= fieldLimits.jsonLength
      ? { disclosureStatement: JSON.stringify(disclosure) }
      : {}),
    ...(statementUrl ? { statementUrl } : {}),
    ...(statementUrl?.startsWith('https:') ? { webStatement: statementUrl } : {}),
    ...iptc,
    ...(rights ? { marked: true, rightsExpression: odrlOf(rights, request.now) } : {}),
    ...(plus ? { dataMining: plus } : {}),
    ...(contact ? { licensorUrl: contact, ...(creator ? { licensorName: creator } : {}) } : {}),
    ...(disclosure.license ? { usageTerms: disclosure.license } : {}),
    ...(title ? { title } : {}),
    ...(creator ? { creator } : {}),
  }
}

function plusOf(rights: RightsDocument, now: number): string | undefined {
  const text = exportRights(rights, 'iptc', now)
    .snippets.map((snippet) => snippet.text)
    .join('\n')
  return /http:\/\/ns\.useplus\.org\/ldf\/vocab\/DMI-[A-Z-]+/.exec(text)?.[0]
}

async function addManifest(
  result: FileMark,
  request: MarkRequest,
  signer: Signer,
  original: Uint8Array,
  reserved: Reservations,
): Promise<void> {
  const content = await contentOf(result, request, original, reserved)
  // Metadata and watermark break an earlier manifest: the file as it was before them is named as the parent.
  result.bytes = await signFile(result.bytes, result.format, content, signer, original)
  result.marks.push('c2pa')
}

/** What was signed a moment ago verifies, or the file is not given out. */
async function checkManifest({ bytes, format, marks }: FileMark, { now }: MarkRequest): Promise<void> {
  if (marks.includes('c2pa')) checkVerified(await readManifests(bytes, format, { now }))
}

function checkVerified({ state, findings }: C2paReport): void {
  if (state === 'valid-untrusted' || state === 'valid-trusted') return
  const [why] = findings.filter(({ severity }) => severity === 'error')
  throw new ColophonError('internal', `the signed file does not verify: ${why?.message ?? state}`)
}
