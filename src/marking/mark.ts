import { c2paMapping, codeOf, codeTextOf, formatCode, iptcMapping, type DisclosureFields } from '../disclosure/index.ts'
import { compositeOf, identifyBytes, sniff } from '../fingerprints/index.ts'
import { ColophonError, sha256Hex } from '../foundation/index.ts'
import { exportRights, type RightsDocument } from '../rights/index.ts'
import { addModelWatermark, addWatermark } from './addWatermarks.ts'
import { AI_DISCLOSURE_LABEL, readManifests, signFile, type ManifestContent, type Signer } from './c2pa/index.ts'
import { checkDecodes } from './decodes.ts'
import type { MarkFormat } from './formats.ts'
import { carriesXmp, fieldLimits, writeMetadata, type MarkProperties } from './metadata/index.ts'
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
  /** An operator's own watermark that a picture gets, beside ours or alone; it needs a pointer, too. */
  watermarkModel?: WatermarkModel
  signer?: Signer
  /** Milliseconds since 1970. */
  now: number
}

export interface MarkResult {
  bytes: Uint8Array
  format: MarkFormat | 'html'
  code: string
  /** What was put in, in the order in which it was done. */
  marks: ('watermark' | 'model-watermark' | 'metadata' | 'c2pa' | 'html')[]
  findings: { code: string; severity: 'warning' | 'note'; message: string }[]
}

/**
 * Marks a file: watermark first, then metadata, then a signed manifest, for each later one would break an earlier one if
 * it came before. What the file carried stays, and a manifest becomes the parent of the new one. The result was opened,
 * and its marks were read again, before it is returned.
 * Errors: `unsupported_media`, `unreadable_file`, `too_large`, `invalid_input`, those of the time authority, and
 * `model_refused` and `runtime_missing` when a model is used.
 */
export async function markFile(bytes: Uint8Array, request: MarkRequest): Promise<MarkResult> {
  if (sniff(bytes).mediaType === 'text/html') return markPage(bytes, request)
  const format = sniffFormat(bytes)
  if (!format)
    throw new ColophonError('unsupported_media', 'files of this kind cannot be marked', {
      remedy:
        'Declare the work instead: it is then found by its fingerprint. What a server can say with it: `colophon mark --headers`.',
    })
  const result: FileMark = {
    bytes,
    format,
    code: codeTextOf(request.disclosure, request.pointer),
    marks: [],
    findings: [],
  }
  if (request.watermark) await addWatermark(result, request)
  if (request.watermarkModel) await addModelWatermark(result, request, request.watermarkModel)
  await addMetadata(result, request)
  if (request.signer) await addManifest(result, request, request.signer, bytes)
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
  const marked = new TextEncoder().encode(markHtml(page, request))
  return {
    bytes: marked,
    format: 'html',
    code: codeTextOf(request.disclosure, request.pointer),
    marks: ['html'],
    findings,
  }
}

async function addMetadata(result: FileMark, request: MarkRequest): Promise<void> {
  if (!carriesXmp(result.format)) {
    result.findings.push({
      code: 'no_metadata',
      severity: 'note',
      message: `no XMP is written into ${result.format}; it stands in the manifest`,
    })
    return
  }
  result.bytes = await writeMetadata(result.bytes, result.format, propertiesOf(result, request))
  result.marks.push('metadata')
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

/** The permitted uses as a document that every vocabulary can be written from. */
function rightsOf({ disclosure, contact, pointer }: MarkRequest): RightsDocument | undefined {
  if (!disclosure.uses?.length) return undefined
  const id = `urn:colophon:pointer:${pointer ?? 'none'}`
  return { id, party: id, ...(contact ? { contact } : {}), target: { kind: 'work', id }, rules: disclosure.uses }
}

function plusOf(rights: RightsDocument, now: number): string | undefined {
  const text = exportRights(rights, 'iptc', now)
    .snippets.map((snippet) => snippet.text)
    .join('\n')
  return /http:\/\/ns\.useplus\.org\/ldf\/vocab\/DMI-[A-Z-]+/.exec(text)?.[0]
}

function odrlOf(rights: RightsDocument, now: number): string {
  return String(exportRights(rights, 'odrl', now).files[0]!.content)
}

async function addManifest(
  result: FileMark,
  request: MarkRequest,
  signer: Signer,
  original: Uint8Array,
): Promise<void> {
  const { disclosure, title, pointer } = request
  const iscc = await isccOf(original)
  const { actions, aiDisclosure } = c2paMapping.to(disclosure).value
  const rights = rightsOf(request)
  const training = rights && trainingOf(rights, request.now)
  const isWatermarked = result.marks.some((each) => each === 'watermark' || each === 'model-watermark')
  const done = [...actions, ...(isWatermarked ? [{ action: 'c2pa.watermarked.unbound' }] : [])]
  const content: ManifestContent = {
    ...(title ? { title } : {}),
    actions: done.length > 0 ? done : [{ action: 'c2pa.edited.metadata' }],
    assertions: [
      {
        label: AI_DISCLOSURE_LABEL,
        data: { ...disclosure, code: formatCode(codeOf(disclosure, pointer)), originalSha256: sha256Hex(original) },
      },
      ...(aiDisclosure ? [{ label: 'c2pa.ai-disclosure', data: aiDisclosure }] : []),
      ...(training ? [{ label: 'cawg.training-mining', data: training }] : []),
      { label: 'cawg.metadata', data: linkedMetadata(result, request, rights) },
      ...(iscc
        ? [{ label: 'c2pa.soft-binding', data: { alg: 'io.iscc.v0', blocks: [{ scope: {}, value: iscc }] } }]
        : []),
    ],
  }
  // Metadata and watermark break an earlier manifest: the file as it was before them is named as the parent.
  result.bytes = await signFile(result.bytes, result.format, content, signer, original)
  result.marks.push('c2pa')
}

/** The ISCC of the work as it was before it was marked; none where the file cannot be looked into. */
async function isccOf(original: Uint8Array): Promise<string | undefined> {
  try {
    return compositeOf((await identifyBytes(original, 'original')).codes)
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    return undefined
  }
}

function trainingOf(rights: RightsDocument, now: number): unknown {
  const [file] = exportRights(rights, 'cawg', now).files
  return file && (JSON.parse(String(file.content)) as { data: unknown }).data
}

function linkedMetadata(
  { code }: MarkResult,
  { disclosure, title, creator, statementUrl, now }: MarkRequest,
  rights: RightsDocument | undefined,
) {
  const { value: iptc } = iptcMapping.to(disclosure)
  return {
    '@context': {
      dc: 'http://purl.org/dc/elements/1.1/',
      Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
      xmpRights: 'http://ns.adobe.com/xap/1.0/rights/',
      colophon: 'https://colophon.example/ns/v1#',
    },
    'colophon:DisclosureCode': code,
    ...(iptc.digitalSourceType ? { 'Iptc4xmpExt:DigitalSourceType': iptc.digitalSourceType } : {}),
    ...(title ? { 'dc:title': title } : {}),
    ...(creator ? { 'dc:creator': [creator] } : {}),
    ...(statementUrl ? { 'xmpRights:WebStatement': statementUrl } : {}),
    ...(rights ? { 'Iptc4xmpExt:EmbdEncRightsExpr': odrlOf(rights, now) } : {}),
  }
}

/** What was signed a moment ago verifies, or the file is not given out. */
async function checkManifest({ bytes, format, marks }: FileMark, { now }: MarkRequest): Promise<void> {
  if (!marks.includes('c2pa')) return
  const { state, findings } = await readManifests(bytes, format, { now })
  if (state === 'valid-untrusted' || state === 'valid-trusted') return
  const [why] = findings.filter(({ severity }) => severity === 'error')
  throw new ColophonError('internal', `the signed file does not verify: ${why?.message ?? state}`)
}
