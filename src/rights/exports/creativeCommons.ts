import { actions } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { hasBegun } from './conditions.ts'
import type { RightsExportOptions } from './documentSchema.ts'
import { quoted, type RightsReading } from './findings.ts'
import { wholeLosses, type RightsLoss } from './losses.ts'
import { xmlTag } from './xml.ts'

/** What a deed permits; adapting is `odrl:derive`, which takes changing and translating in. */
const SHARING = ['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:present'] as const
const LICENCES = ['by', 'by-sa', 'by-nc', 'by-nc-sa', 'by-nd', 'by-nc-nd'] as const
type Licence = (typeof LICENCES)[number]

const ZERO = 'https://creativecommons.org/publicdomain/zero/1.0/'

/**
 * A Creative Commons deed, only when the rules are exactly that deed: a deed cannot be narrowed, so a work under CC BY
 * of which training is denied is not under CC BY. CC0 only when everything is allowed. The Public Domain Mark says what
 * a work is, not what its rightsholder allows, so no rules make it.
 *
 * @example exportCreativeCommons(document, Date.now()).snippets[0].text // 'Link: <https://creativecommons.org/…
 */
export function exportCreativeCommons(
  document: RightsDocument,
  now: number,
  { isCustodian }: RightsExportOptions = {},
): RightsExport {
  const url = isCustodian ? undefined : deedOf(document.rules, now)
  if (!url)
    return { format: 'creative-commons', files: [], snippets: [], losses: wholeLosses(document.rules, 'noDeed') }
  return {
    format: 'creative-commons',
    files: [],
    snippets: [
      { place: 'http-header', text: `Link: <${url}>; rel="license"` },
      { place: 'html-head', text: xmlTag('link', { rel: 'license', href: url }) },
      { place: 'xmp', text: xmlTag('cc:license', { 'xmlns:cc': CC_NAMESPACE, 'xmlns:rdf': RDF, 'rdf:resource': url }) },
    ],
    losses: document.rules.flatMap(({ duties = [] }, rule): RightsLoss[] => {
      const hasText = duties.some((duty) => duty.action === 'odrl:attribute' && duty.text)
      return hasText ? [{ rule, what: 'creditText', why: 'deedCredit' }] : []
    }),
  }
}

const CC_NAMESPACE = 'http://creativecommons.org/ns#'
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/** The address of the deed that the rules are, or nothing. */
export function deedOf(rules: readonly RightsRule[], now: number): string | undefined {
  if (rules.some((rule) => !hasBegun(rule, now))) return undefined
  const given = comparable(rules)
  const licence = LICENCES.find((name) => comparable(rulesOfLicence(name)) === given)
  if (licence) return `https://creativecommons.org/licenses/${licence}/4.0/`
  return comparable(EVERYTHING) === given || comparable(EVERY_ACTION) === given ? ZERO : undefined
}

/** Rules as text that is equal when they are: in one order, without what a deed does not ask (words of a credit). */
function comparable(rules: readonly RightsRule[]): string {
  const texts = rules.map(({ from: _begun, duties, ...rule }) => {
    const asked = duties?.map((duty) => (duty.action === 'odrl:attribute' ? duty.action : JSON.stringify(duty))).sort()
    return JSON.stringify(Object.entries({ ...rule, ...(asked ? { duties: asked } : {}) }).sort())
  })
  return [...new Set(texts)].sort().join('\n')
}

function rulesOfLicence(licence: Licence): RightsRule[] {
  const parts = licence.split('-')
  const purposes: Partial<RightsRule> = parts.includes('nc') ? { purposes: ['col:nonCommercial'] } : {}
  const credit = { action: 'odrl:attribute' as const }
  const shared = SHARING.map((action): RightsRule => ({ action, decision: 'allow', ...purposes, duties: [credit] }))
  if (parts.includes('nd')) return shared
  const alike = parts.includes('sa') ? [{ action: 'cc:ShareAlike' as const }] : []
  return [...shared, { action: 'odrl:derive', decision: 'allow', ...purposes, duties: [credit, ...alike] }]
}

const EVERY_ACTION = actions.map((action): RightsRule => ({ action, decision: 'allow' }))
/** The same without the actions that another one includes. */
const EVERYTHING = EVERY_ACTION.filter(
  ({ action }) => !['col:trainAI', 'col:trainGenAI', 'odrl:modify', 'odrl:translate'].includes(action),
)

/**
 * What the address of a licence says as rules. A licence of Creative Commons does not speak of training or mining by
 * name, so it says nothing about them here; CC0 gives everything away. The mark of the public domain and addresses of
 * others say nothing that is a rule. Never throws.
 *
 * @example readLicenceUrl('https://creativecommons.org/licenses/by/4.0/', 'page').rules.length // 5
 */
export function readLicenceUrl(url: string, where: string): RightsReading {
  const match =
    /^https?:\/\/(?:www\.)?creativecommons\.org\/(licenses\/([a-z-]{2,8})\/\d\.\d|publicdomain\/(zero|mark)\/1\.0)(?:\/[a-z.-]{0,20})*$/i.exec(
      url.slice(0, 300).trim(),
    )
  const note = (what: string, remedy: string): RightsReading => ({
    rules: [],
    findings: [{ code: 'condition_not_read', severity: 'note', where, what, remedy }],
  })
  if (!match) return note(`${quoted(url)} is a licence that is not read here`, 'Read it; nothing is taken from it.')
  const [, , licence, publicDomain] = match
  if (publicDomain?.toLowerCase() === 'mark')
    return note('the mark of the public domain is no permission', 'None needed.')
  if (publicDomain) return { rules: [...EVERYTHING], findings: [] }
  const known = LICENCES.find((name) => name === licence!.toLowerCase())
  if (!known) return note(`${quoted(url)} is no licence of Creative Commons`, 'Correct the address.')
  return { rules: rulesOfLicence(known), findings: [] }
}
