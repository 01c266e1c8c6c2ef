import type { RightsDocument, RightsExport } from '../rules.ts'
import { flatten, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { documentPaths, unsaidPaths } from './paths.ts'
import { tdmPolicy } from './tdmPolicy.ts'
import { escapeXml, xmlTag } from './xml.ts'

/** The only word of TDMRep: all mining is reserved (1) or it is not (0). */
export const TDMREP_WORDS: Word[] = [{ name: 'tdm-reservation', action: 'tdm:mine' }]

/** The namespace in XMP; the one of EPUB and of policies ends in `#` instead. */
export const TDMREP_XMP_NAMESPACE = 'http://www.w3.org/ns/tdmrep/'
export const TDMREP_TERMS = 'http://www.w3.org/ns/tdmrep#'

/**
 * The TDM Reservation Protocol (W3C Community Group, final report of 10 May 2024) in all its places: a file for the
 * site, headers, HTML, EPUB 2 and 3, XMP for PDF; and a TDM Policy that offers what may be had on conditions. Any denial
 * of mining or of a part of it reserves all mining, because there is no smaller word.
 *
 * @example exportTdmrep(document, Date.now()).files[0].path // '.well-known/tdmrep.json'
 */
export function exportTdmrep(
  document: RightsDocument,
  now: number,
  exceptions: ReadonlySet<number> = new Set(),
): RightsExport {
  const { said, losses } = flatten(document.rules, TDMREP_WORDS, now)
  const { policy, offered } = document.policyUrl
    ? tdmPolicy(document, now, exceptions)
    : { policy: undefined, offered: [] }
  // An offer on conditions means nothing where mining is not reserved, and TDMRep cannot offer without reserving.
  const decision = said.get('tdm-reservation') ?? (policy ? 'deny' : undefined)
  if (!decision) return { format: 'tdmrep', files: [], snippets: [], losses }
  const reservation = decision === 'deny' ? 1 : 0
  const policyUrl = decision === 'deny' ? document.policyUrl : undefined
  const { paths, losses: pathLosses } = documentPaths(document)
  const site = paths.map((location) => ({
    location,
    'tdm-reservation': reservation,
    ...(policyUrl ? { 'tdm-policy': policyUrl } : {}),
  }))
  return {
    format: 'tdmrep',
    files: [
      ...(site.length > 0 ? [jsonFile('.well-known/tdmrep.json', 'application/json', site)] : []),
      ...(policy ? [jsonFile('tdm-policy.jsonld', 'application/ld+json', policy)] : []),
    ],
    snippets: snippetsOf(reservation, policyUrl),
    losses: [
      ...offerLosses(losses, offered),
      ...(decision === 'allow' ? pathLosses : []),
      ...unsaidPaths(document, losses),
    ],
  }
}

function jsonFile(path: string, mediaType: string, value: object) {
  return { path, mediaType, content: `${JSON.stringify(value, null, 2)}\n` }
}

function snippetsOf(reservation: 0 | 1, policyUrl: string | undefined): RightsExport['snippets'] {
  const value = String(reservation)
  const header = policyUrl && URL.canParse(policyUrl) ? `\ntdm-policy: ${new URL(policyUrl).href}` : ''
  const both = (reservationTag: string, policyTag: string) =>
    policyUrl ? `${reservationTag}\n${policyTag}` : reservationTag
  const meta = (name: string, content: string) => xmlTag('meta', { name, content })
  const property = (name: string, content: string) => xmlTag('meta', { property: name }, escapeXml(content))
  const policy = policyUrl ?? ''
  return [
    { place: 'http-header', text: `tdm-reservation: ${value}${header}` },
    { place: 'html-head', text: both(meta('tdm-reservation', value), meta('tdm-policy', policy)) },
    { place: 'epub-metadata', text: both(meta('tdm:reservation', value), meta('tdm:policy', policy)) },
    {
      place: 'epub-metadata',
      text: `<!-- EPUB 3; package/@prefix needs "tdm: ${TDMREP_TERMS}" -->\n${both(property('tdm:reservation', value), property('tdm:policy', policy))}`,
    },
    {
      place: 'xmp',
      text: xmlTag(
        'rdf:Description',
        { 'rdf:about': '', 'xmlns:rdf': RDF_NAMESPACE, 'xmlns:tdm': TDMREP_XMP_NAMESPACE },
        `${xmlTag('tdm:reservation', {}, value)}${policyUrl ? xmlTag('tdm:policy', {}, escapeXml(policyUrl)) : ''}`,
      ),
    },
  ]
}

export const RDF_NAMESPACE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/** A permission on conditions is not lost when the policy offers it: whoever reads only the number does not see it. */
function offerLosses(losses: readonly RightsLoss[], offered: readonly number[]): RightsLoss[] {
  return losses.map((loss) => (offered.includes(loss.rule) ? { ...loss, why: 'policyOnly' } : loss))
}
