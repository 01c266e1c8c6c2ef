import { c2paMapping, codeOf, formatCode, iptcMapping } from '../disclosure/index.ts'
import { compositeOf, identifyBytes } from '../fingerprints/index.ts'
import { ColophonError, sha256Hex } from '../foundation/index.ts'
import { exportRights, type RightsDocument } from '../rights/index.ts'
import { AI_DISCLOSURE_LABEL, type ManifestContent } from './c2pa/index.ts'
import type { MarkRequest, MarkResult } from './mark.ts'
import type { Reservations } from './reservations.ts'

/** What a manifest is to say; `original` is the file as it was before it was marked, and `reserved` what it reserved. */
export async function contentOf(
  result: MarkResult,
  request: MarkRequest,
  original: Uint8Array,
  reserved: Reservations,
): Promise<ManifestContent> {
  const { disclosure, title, pointer } = request
  const iscc = await isccOf(original)
  const { actions, aiDisclosure } = c2paMapping.to(disclosure).value
  const rights = rightsOf(request)
  // Where nothing is said of mining and training, what was reserved is said again.
  const training = (rights && trainingOf(rights, request.now)) ?? reserved.trainingMining
  const isWatermarked = result.marks.some((each) => each === 'watermark' || each === 'model-watermark')
  const done = [...actions, ...(isWatermarked ? [{ action: 'c2pa.watermarked.unbound' }] : [])]
  return {
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
    ...(statementUrl?.startsWith('https:') ? { 'xmpRights:WebStatement': statementUrl } : {}),
    ...(rights ? { 'Iptc4xmpExt:EmbdEncRightsExpr': odrlOf(rights, now) } : {}),
  }
}

/** The permitted uses as a document that every vocabulary can be written from. */
export function rightsOf({ disclosure, contact, pointer }: MarkRequest): RightsDocument | undefined {
  if (!disclosure.uses?.length) return undefined
  const id = `urn:colophon:pointer:${pointer ?? 'none'}`
  return { id, party: id, ...(contact ? { contact } : {}), target: { kind: 'work', id }, rules: disclosure.uses }
}

/** They as ODRL, in one text. */
export function odrlOf(rights: RightsDocument, now: number): string {
  return String(exportRights(rights, 'odrl', now).files[0]!.content)
}
