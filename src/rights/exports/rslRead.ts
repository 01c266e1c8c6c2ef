import { ruleSchema, type RightsRule } from '../rules.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { RSL_NAMESPACE, RSL_PAYMENTS, RSL_USERS, RSL_WORDS } from './rsl.ts'
import { readXml, type XmlElement } from './xml.ts'

/** What an RSL document says about the addresses that one pattern names. */
export interface RslContent extends RightsReading {
  /** A path pattern as in robots.txt, or an absolute address with one. */
  url: string
}

type Action = RightsRule['action']

/** Every word of `usage`, with the actions that it takes in. `ai-index` is for none of ours alone. */
const USAGES: Record<string, Action[]> = {
  ...Object.fromEntries(RSL_WORDS.map(({ name, action }) => [name, [action]])),
  all: ['tdm:mine', 'col:aiInput', 'odrl:index'],
  'ai-all': ['col:trainAI', 'col:aiInput'],
  'ai-index': [],
}
const PURPOSES = Object.fromEntries(Object.entries(RSL_USERS).map(([purpose, user]) => [user!, purpose]))
const PAYMENTS = ['purchase', 'subscription', 'training', 'crawl', 'use', 'contribution', 'attribution', 'free']

/**
 * Reads an RSL 1.0 document. Whatever is prohibited is denied; a permission becomes a rule only when all its conditions
 * were understood, and silence is never a permission although RSL would read it as one. Never throws.
 *
 * @example readRsl(xml, 'rsl.xml').contents[0].rules
 */
export function readRsl(xml: string, where: string): { contents: RslContent[]; findings: RightsFinding[] } {
  const { root, findings } = readXml(xml, where)
  if (!root) return { contents: [], findings }
  if (root.name !== 'rsl' || root.namespace !== RSL_NAMESPACE) {
    const what = `the root element is ${quoted(root.name)} in the namespace ${quoted(root.namespace)}`
    const remedy = `Write <rsl xmlns="${RSL_NAMESPACE}">; what the document says counts as unknown.`
    return { contents: [], findings: [{ code: 'malformed_xml', severity: 'error', where, what, remedy }] }
  }
  const contents = childrenOf(root, 'content').map((content, index) =>
    readContent(content, `${where} content ${index + 1}`),
  )
  if (contents.length > 0) return { contents, findings }
  const what = 'there is no content element, so nothing is said'
  return { contents, findings: [{ code: 'nothing_said', severity: 'warning', where, what, remedy: 'Add one.' }] }
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === RSL_NAMESPACE)
}

function readContent(content: XmlElement, where: string): RslContent {
  const url = content.attributes.get('url') ?? ''
  const readings = childrenOf(content, 'license').map((licence) =>
    readLicence(licence, where, content.attributes.has('server')),
  )
  const findings = readings.flatMap((reading) => reading.findings)
  if (url === '') {
    const what = 'a content element has no url, so it is about nothing'
    return { url, rules: [], findings: [{ code: 'wrong_address', severity: 'error', where, what, remedy: 'Add url.' }] }
  }
  return { url, rules: readings.flatMap(({ rules }) => rules), findings }
}

function readLicence(licence: XmlElement, where: string, needsLicence: boolean): RightsReading {
  const findings: RightsFinding[] = []
  const permits = {
    usage: words(licence, 'permits', 'usage'),
    user: words(licence, 'permits', 'user'),
    geo: words(licence, 'permits', 'geo'),
  }
  const prohibits = {
    usage: words(licence, 'prohibits', 'usage'),
    user: words(licence, 'prohibits', 'user'),
    geo: words(licence, 'prohibits', 'geo'),
  }
  reportWrongTypes(licence, where, findings)
  for (const word of [...permits.usage, ...prohibits.usage]) {
    if (!Object.hasOwn(USAGES, word)) findings.push(unknownUsage(word, where))
  }
  const both = permits.usage.filter((word) => prohibits.usage.includes(word))
  if (both.length > 0) {
    const what = `${both.map(quoted).join(', ')} is permitted and prohibited; the prohibition wins`
    findings.push({ code: 'said_both', severity: 'error', where, what, remedy: 'Say one.' })
  }
  if (permits.usage.length === 0) {
    const what =
      'no permitted uses are listed: RSL reads that as permitting all that is not prohibited, we as nothing said'
    findings.push({
      code: 'silence_is_not_permission',
      severity: 'note',
      where,
      what,
      remedy: 'List what is permitted.',
    })
  }
  const denied = prohibits.usage.flatMap(actionsOf).map((action): RightsRule => ({ action, decision: 'deny' }))
  const conditions = readConditions(licence, permits, needsLicence, where, findings)
  const allowed = conditions
    ? permits.usage.flatMap(actionsOf).map((action): RightsRule => ({ action, decision: 'allow', ...conditions }))
    : []
  const spoken = permits.usage.length > 0 ? permits.usage : ['all']
  const elsewhere = readExclusions(prohibits, spoken.flatMap(actionsOf), where, findings)
  const rules = [...denied, ...elsewhere, ...allowed].filter((rule) => ruleSchema.safeParse(rule).success)
  return { rules, findings }
}

function actionsOf(usage: string): Action[] {
  return Object.hasOwn(USAGES, usage) ? USAGES[usage]! : []
}

function words(licence: XmlElement, tag: string, type: string): string[] {
  const elements = childrenOf(licence, tag).filter((element) => element.attributes.get('type') === type)
  return [...new Set(elements.flatMap(({ text }) => text.split(/[ \t\r\n]+/).filter((word) => word !== '')))]
}

function reportWrongTypes(licence: XmlElement, where: string, findings: RightsFinding[]): void {
  for (const element of [...childrenOf(licence, 'permits'), ...childrenOf(licence, 'prohibits')]) {
    const type = element.attributes.get('type') ?? ''
    if (['usage', 'user', 'geo'].includes(type)) continue
    const what = `${element.name} has the type ${quoted(type)}; what it lists is unknown`
    findings.push({ code: 'unknown_value', severity: 'error', where, what, remedy: 'Write usage, user or geo.' })
  }
}

function unknownUsage(word: string, where: string): RightsFinding {
  if (word === 'train-ai' || word === 'train-genai') {
    const what = `${word} is a word of AIPREF; in RSL it says nothing`
    return { code: 'words_mixed_up', severity: 'error', where, what, remedy: 'RSL has ai-train.' }
  }
  const remedy = word.includes(',')
    ? 'Separate words by spaces, not by commas.'
    : `Use ${Object.keys(USAGES).join(', ')}.`
  return { code: 'unknown_word', severity: 'error', where, what: `${quoted(word)} is not a usage of RSL`, remedy }
}

/** The conditions of a licence as parts of a rule; undefined when one was not understood, so nothing may be allowed. */
function readConditions(
  licence: XmlElement,
  permits: { usage: string[]; user: string[]; geo: string[] },
  needsLicence: boolean,
  where: string,
  findings: RightsFinding[],
): Partial<RightsRule> | undefined {
  const notRead = (what: string): undefined => {
    findings.push({ code: 'condition_not_read', severity: 'warning', where, what, remedy: 'Read the licence itself.' })
    return undefined
  }
  const purposes = permits.user.map((user) => (Object.hasOwn(PURPOSES, user) ? PURPOSES[user] : undefined))
  if (!purposes.every((purpose) => purpose !== undefined)) return notRead('a permitted kind of user is not understood')
  if (!permits.geo.every((code) => /^[A-Z]{2}$/.test(code))) return notRead('a permitted country is not understood')
  const payments = childrenOf(licence, 'payment').map((payment) => readPayment(payment))
  if (!payments.every((duties) => duties !== undefined)) return notRead('what has to be paid is not understood')
  if (childrenOf(licence, 'reporting').length > 0) return notRead('it demands reports')
  const consent = needsLicence ? [{ action: 'odrl:obtainConsent' as const }] : []
  const duties = [...payments.flat(), ...consent]
  return {
    ...(purposes.length > 0 ? { purposes: purposes as NonNullable<RightsRule['purposes']> } : {}),
    ...(permits.geo.length > 0 ? { territory: permits.geo } : {}),
    ...(duties.length > 0 ? { duties } : {}),
  }
}

function readPayment(payment: XmlElement): NonNullable<RightsRule['duties']> | undefined {
  const type = payment.attributes.get('type')
  if (!type || !PAYMENTS.includes(type)) return undefined
  if (type === 'free') return []
  if (type === 'attribution') return payment.children.length === 0 ? [{ action: 'odrl:attribute' }] : undefined
  const per = Object.entries(RSL_PAYMENTS).find(([, name]) => name === type)?.[0] as 'use' | 'once' | undefined
  const [amount, ...more] = childrenOf(payment, 'amount')
  if (!per || !amount || more.length > 0 || payment.children.length > 1) return undefined
  const pay = { amount: amount.text.trim(), currency: amount.attributes.get('currency') ?? '' }
  return [{ action: 'odrl:compensate', pay, per }]
}

/** Who and where nothing of the licence is permitted. */
function readExclusions(
  prohibits: { user: string[]; geo: string[] },
  spoken: Action[],
  where: string,
  findings: RightsFinding[],
): RightsRule[] {
  const purposes = prohibits.user.flatMap((user) => (Object.hasOwn(PURPOSES, user) ? [PURPOSES[user]!] : []))
  const territory = prohibits.geo.filter((code) => /^[A-Z]{2}$/.test(code))
  if (purposes.length < prohibits.user.length || territory.length < prohibits.geo.length) {
    const what = 'a prohibited kind of user or country is not understood, so all of the licence is taken as denied'
    findings.push({ code: 'condition_not_read', severity: 'warning', where, what, remedy: 'Correct it.' })
    return spoken.map((action) => ({ action, decision: 'deny' }))
  }
  return spoken.flatMap((action): RightsRule[] => [
    ...(purposes.length > 0
      ? [{ action, decision: 'deny' as const, purposes: purposes as RightsRule['purposes'] }]
      : []),
    ...(territory.length > 0 ? [{ action, decision: 'deny' as const, territory }] : []),
  ])
}
