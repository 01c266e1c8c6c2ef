import { ruleCovers } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { conditionsOf, hasBegun, hasEnded, isPlain } from './conditions.ts'
import { flatten, outOfForce, type Said, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { documentPaths } from './paths.ts'
import { countriesOf } from './territory.ts'
import { escapeXml, xmlTag } from './xml.ts'

export const RSL_NAMESPACE = 'https://rslstandard.org/rsl'
export const RSL_MEDIA_TYPE = 'application/rsl+xml'

/** The words of RSL 1.0 (3.4.1.1) for one action each; `ai-train` is training of any model. */
export const RSL_WORDS: Word[] = [
  { name: 'ai-train', action: 'col:trainAI' },
  { name: 'ai-input', action: 'col:aiInput' },
  { name: 'search', action: 'odrl:index' },
]

/** Kinds of user (3.4.1.2) that are purposes of ours. */
export const RSL_USERS: Partial<Record<string, string>> = {
  'col:commercial': 'commercial',
  'col:nonCommercial': 'non-commercial',
  'col:education': 'education',
  'col:personal': 'personal',
}

/** Ways to pay (3.7) that say when. A subscription does not say for how long, so `year` has no word. */
export const RSL_PAYMENTS = { use: 'use', once: 'purchase' } as const

interface Licence {
  permits: string[]
  users: string[]
  countries: string[]
  payment?: string
}

/**
 * Really Simple Licensing 1.0: `rsl.xml`, and how robots.txt, a header and a page name it. Each permission is a licence
 * of its own, since conditions of one licence hold for all of it; what is denied is prohibited in every one, since
 * whoever reads may choose among them. RSL takes a licence without a list of permitted uses to permit what it does not
 * prohibit, so a document that only denies also prohibits the uses by AI about which nothing is said, and names that as
 * a loss. Search is never prohibited unless somebody denied it.
 *
 * @example exportRsl(document, Date.now()).files[0].content // '<?xml version="1.0" …'
 */
export function exportRsl(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, RSL_WORDS, now)
  const { licences, carried, losses: offerLosses } = offersOf(document.rules, said, now)
  const kept = losses.filter(({ rule }) => !carried.has(rule))
  const { paths, losses: pathLosses } = documentPaths(document)
  const denied = RSL_WORDS.filter(({ name }) => said.get(name) === 'deny').map(({ name }) => name)
  if (licences.length === 0 && denied.length === 0) return { format: 'rsl', files: [], snippets: [], losses: kept }
  if (paths.length === 0) return { format: 'rsl', files: [], snippets: [], losses: [...kept, ...pathLosses] }
  const closed = licences.length === 0 ? unsaid(said).filter((name) => name !== 'search') : []
  const prohibits = [...denied, ...closed].flatMap((name) => (name === 'ai-input' ? [name, 'ai-index'] : [name]))
  const written = licences.length > 0 ? licences : [{ permits: [], users: [], countries: [] }]
  return {
    format: 'rsl',
    files: [{ path: 'rsl.xml', mediaType: RSL_MEDIA_TYPE, content: documentXml(document, paths, written, prohibits) }],
    snippets: linksOf(document),
    losses: [...kept, ...offerLosses, ...silenceLosses(said, document.rules, licences.length > 0, closed)],
  }
}

/** The permissions that RSL can say with their conditions, and which rules they carry whole. */
function offersOf(rules: readonly RightsRule[], said: Said, now: number) {
  const licences: Licence[] = []
  const carried = new Set<number>()
  const losses: RightsLoss[] = []
  rules.forEach((rule, index) => {
    const licence = rule.decision === 'allow' && !outOfForce(rule, now) ? conditionsAsLicence(rule) : undefined
    if (!licence) return
    const covered = RSL_WORDS.filter(({ action }) => ruleCovers(rule.action, action))
    licence.permits = covered
      .filter(({ action, name }) => said.get(name) !== 'deny' && !isDeniedLater(rules, action, now))
      .map(({ name }) => name)
    if (licence.permits.length === 0) return
    licences.push(licence)
    if (isPlain(rule)) return
    // `flatten` knows plain permissions only; this one is written with its conditions.
    carried.add(index)
    if (licence.permits.length < covered.length) {
      losses.push({ rule: index, what: 'partOfPermission', why: 'deniedElsewhere' })
    }
    if (!covered.some(({ action }) => action === rule.action)) {
      losses.push({
        rule: index,
        what: 'actionAsWhole',
        why: 'onlyWords',
        words: licence.permits,
        action: rule.action,
      })
    }
  })
  return { licences, carried, losses }
}

function isDeniedLater(rules: readonly RightsRule[], action: RightsRule['action'], now: number): boolean {
  return rules.some(
    (rule) =>
      rule.decision === 'deny' &&
      !hasBegun(rule, now) &&
      !hasEnded(rule, now) &&
      (ruleCovers(rule.action, action) || ruleCovers(action, rule.action)),
  )
}

/** A rule's conditions in RSL, or nothing when one of them has no word there: without it the licence would be wider. */
function conditionsAsLicence(rule: RightsRule): Licence | undefined {
  if (!conditionsOf(rule).every((name) => ['purposes', 'territory', 'duties'].includes(name))) return undefined
  const users = (rule.purposes ?? []).map((purpose) => RSL_USERS[purpose])
  const isEverywhere = rule.territory === undefined || rule.territory.includes('WORLD')
  const countries = isEverywhere ? [] : countriesOf(rule.territory!)
  const payment = paymentOf(rule)
  if (!countries || payment === undefined || !users.every((user) => user !== undefined)) return undefined
  return { permits: [], users, countries, ...(payment === '' ? {} : { payment }) }
}

function paymentOf({ duties = [] }: RightsRule): string | undefined {
  const [duty, ...more] = duties
  if (!duty) return ''
  if (more.length > 0) return undefined
  if (duty.action === 'odrl:attribute' && !duty.text) return xmlTag('payment', { type: 'attribution' })
  if (duty.action !== 'odrl:compensate' || duty.to || (duty.per !== 'use' && duty.per !== 'once')) return undefined
  const amount = xmlTag('amount', { currency: duty.pay.currency }, escapeXml(duty.pay.amount))
  return xmlTag('payment', { type: RSL_PAYMENTS[duty.per] }, amount)
}

function documentXml(document: RightsDocument, paths: string[], licences: Licence[], prohibits: string[]): string {
  const list = (tag: string, type: string, values: readonly string[]) =>
    values.length > 0 ? [`      ${xmlTag(tag, { type }, escapeXml(values.join(' ')))}`] : []
  const licenceXml = (licence: Licence) => [
    '    <license>',
    ...list('permits', 'usage', licence.permits),
    ...list('permits', 'user', licence.users),
    ...list('permits', 'geo', licence.countries),
    ...list('prohibits', 'usage', prohibits),
    ...(licence.payment ? [`      ${licence.payment}`] : []),
    '    </license>',
  ]
  const contents = paths.flatMap((path) => [
    `  <content ${`url="${escapeXml(path)}"`}>`,
    ...licences.flatMap(licenceXml),
    ...(document.policyUrl ? [`    ${xmlTag('terms', {}, escapeXml(document.policyUrl))}`] : []),
    ...copyrightOf(document),
    '  </content>',
  ])
  const root = [`<rsl xmlns="${RSL_NAMESPACE}">`, ...contents, '</rsl>']
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...root, ''].join('\n')
}

function copyrightOf({ partyName, contact }: RightsDocument): string[] {
  if (!partyName) return []
  const contactEmail = contact?.startsWith('mailto:') ? contact.slice('mailto:'.length) : undefined
  const contactUrl = contact?.startsWith('https:') ? contact : undefined
  return [`    ${xmlTag('copyright', { contactEmail, contactUrl }, escapeXml(partyName))}`]
}

function linksOf({ target }: RightsDocument): RightsExport['snippets'] {
  const url = target.kind === 'domain' ? `https://${target.id}/rsl.xml` : '/rsl.xml'
  const robots = target.kind === 'domain' ? [{ place: 'robots.txt' as const, text: `License: ${url}` }] : []
  return [
    ...robots,
    { place: 'http-header', text: `Link: <${url}>; rel="license"; type="${RSL_MEDIA_TYPE}"` },
    { place: 'html-head', text: xmlTag('link', { rel: 'license', type: RSL_MEDIA_TYPE, href: url }) },
  ]
}

function unsaid(said: Said): string[] {
  return RSL_WORDS.filter(({ name }) => !said.has(name)).map(({ name }) => name)
}

/** What RSL makes of silence: prohibited here, so that nobody takes it for a permission; search is left alone. */
function silenceLosses(said: Said, rules: readonly RightsRule[], isListed: boolean, closed: string[]): RightsLoss[] {
  const rule = Math.max(
    0,
    rules.findIndex(({ decision }) => decision === (isListed ? 'allow' : 'deny')),
  )
  const words = isListed ? unsaid(said) : closed
  const lost: RightsLoss[] = words.length > 0 ? [{ rule, what: 'silence', why: 'rslSilence', words }] : []
  const isSearchOpen = !isListed && !said.has('search')
  return isSearchOpen ? [...lost, { rule, what: 'silence', why: 'rslOpen', words: ['search'] }] : lost
}
