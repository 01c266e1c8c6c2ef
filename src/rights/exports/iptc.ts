import { ruleCovers } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { conditionsOf, describeRule, hasBegun, hasEnded } from './conditions.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { flatten, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { RDF_NAMESPACE } from './tdmrep.ts'
import { findProperty } from './tdmrepRead.ts'
import { escapeXml, readXml, xmlTag, xmpLimits } from './xml.ts'

const PLUS_NAMESPACE = 'http://ns.useplus.org/ldf/xmp/1.0/'
const PLUS_VOCABULARY = 'http://ns.useplus.org/ldf/vocab/'

const WORDS: Word[] = [
  { name: 'mining', action: 'tdm:mine', except: 'col:trainAI' },
  { name: 'training', action: 'col:trainAI', except: 'col:trainGenAI' },
  { name: 'generative training', action: 'col:trainGenAI' },
  { name: 'search', action: 'odrl:index' },
]

/** Every value of `plus:DataMining` (IPTC Photo Metadata 2023.1) and the rules that it says. */
const VALUES: Record<string, RightsRule[]> = {
  'DMI-UNSPECIFIED': [],
  'DMI-ALLOWED': [{ action: 'tdm:mine', decision: 'allow' }],
  'DMI-PROHIBITED-AIMLTRAINING': [{ action: 'col:trainAI', decision: 'deny' }],
  'DMI-PROHIBITED-GENAIMLTRAINING': [{ action: 'col:trainGenAI', decision: 'deny' }],
  'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING': [{ action: 'tdm:mine', decision: 'deny' }],
  'DMI-PROHIBITED': [
    { action: 'tdm:mine', decision: 'deny' },
    { action: 'odrl:index', decision: 'deny' },
  ],
  'DMI-PROHIBITED-SEECONSTRAINT': [{ action: 'tdm:mine', decision: 'deny' }],
  'DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR': [{ action: 'tdm:mine', decision: 'deny' }],
  'DMI-PROHIBITED-SEELINKEDRIGHTSEXPR': [{ action: 'tdm:mine', decision: 'deny' }],
}

/**
 * IPTC and PLUS in XMP: `plus:DataMining`, one value for the picture it stands in. The widest denial is the value;
 * mining is reserved with the exception of search unless search was denied as well. A denial under conditions is written
 * as prohibited with the conditions in words.
 *
 * @example exportIptc(document, Date.now()).snippets[0].text // '<rdf:Description …plus:DataMining…'
 */
export function exportIptc(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, WORDS, now)
  const inWords = document.rules.filter((rule) => isConditionalDenial(rule, now))
  const key = inWords.length > 0 ? 'DMI-PROHIBITED-SEECONSTRAINT' : valueOf(document.rules, said, now)
  const spoken = key ? VALUES[key]! : []
  const notCarried = document.rules.flatMap((rule, index): RightsLoss[] => {
    if (losses.some((loss) => loss.rule === index) || isCarried(rule, spoken)) return []
    return [{ rule: index, what: 'whole', why: 'oneValue' }]
  })
  const carriedMore = inWords.flatMap((rule): RightsLoss[] => {
    const index = document.rules.indexOf(rule)
    return [{ rule: index, what: 'conditions', why: 'inWordsAllReserved' }]
  })
  const snippet = key ? xmp(key, inWords.map(describeRule).join(' ')) : undefined
  return {
    format: 'iptc',
    files: [],
    snippets: snippet ? [{ place: 'xmp', text: snippet }] : [],
    losses: [...losses, ...notCarried, ...carriedMore],
  }
}

function isConditionalDenial(rule: RightsRule, now: number): boolean {
  const isOfMining = ['tdm:mine', 'col:trainAI', 'col:trainGenAI'].includes(rule.action)
  const isInForce = hasBegun(rule, now) && !hasEnded(rule, now)
  return isOfMining && rule.decision === 'deny' && isInForce && conditionsOf(rule).length > 0
}

/** The value for plain rules. A denial decides by the rule itself: the words for a part of it are denied along with it. */
function valueOf(rules: readonly RightsRule[], said: ReadonlyMap<string, string>, now: number): string | undefined {
  const denied = (action: RightsRule['action']) =>
    rules.some(
      (rule) => rule.action === action && rule.decision === 'deny' && hasBegun(rule, now) && !hasEnded(rule, now),
    )
  if (denied('tdm:mine')) return denied('odrl:index') ? 'DMI-PROHIBITED' : 'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING'
  if (denied('col:trainAI')) return 'DMI-PROHIBITED-AIMLTRAINING'
  if (denied('col:trainGenAI')) return 'DMI-PROHIBITED-GENAIMLTRAINING'
  const isAllowed = WORDS.every(({ name }) => name === 'search' || said.get(name) === 'allow')
  return isAllowed && said.get('search') !== 'deny' ? 'DMI-ALLOWED' : undefined
}

function isCarried(rule: RightsRule, spoken: readonly RightsRule[]): boolean {
  return spoken.some(({ action, decision }) => ruleCovers(action, rule.action) && decision === rule.decision)
}

function xmp(key: string, constraint: string): string {
  const attributes = { 'rdf:about': '', 'xmlns:rdf': RDF_NAMESPACE, 'xmlns:plus': PLUS_NAMESPACE }
  const alternative = xmlTag('rdf:Alt', {}, xmlTag('rdf:li', { 'xml:lang': 'x-default' }, escapeXml(constraint)))
  const inWords = constraint === '' ? '' : xmlTag('plus:OtherConstraints', {}, alternative)
  return xmlTag('rdf:Description', attributes, `${xmlTag('plus:DataMining', {}, `${PLUS_VOCABULARY}${key}`)}${inWords}`)
}

/**
 * Reads `plus:DataMining` from an XMP packet or a part of one. Constraints in words are not understood, so with them all
 * mining counts as denied. Never throws.
 *
 * @example readIptc(xmp, 'photo.jpg').rules // [{ action: 'col:trainAI', decision: 'deny' }]
 */
export function readIptc(xmpText: string, where: string): RightsReading {
  const { root, findings } = readXml(xmpText, where, xmpLimits)
  const values = root ? findProperty(root, PLUS_NAMESPACE, 'DataMining').map((value) => value.trim()) : []
  const rules = values.flatMap((value) => {
    const key = value.startsWith(PLUS_VOCABULARY) ? value.slice(PLUS_VOCABULARY.length) : value
    if (!Object.hasOwn(VALUES, key)) {
      findings.push(finding('unknown_value', `plus:DataMining is ${quoted(value)}, which says nothing`, where))
      return []
    }
    if (key === value) findings.push(finding('unknown_value', `${key} is written without its namespace`, where, 'note'))
    if (key.includes('-SEE')) findings.push(finding('condition_not_read', `${key} points to words`, where, 'note'))
    return VALUES[key]!
  })
  if (new Set(values).size > 1)
    findings.push(finding('said_both', 'plus:DataMining stands there twice, differently', where))
  return { rules, findings }
}

function finding(
  code: RightsFinding['code'],
  what: string,
  where: string,
  severity: RightsFinding['severity'] = 'error',
): RightsFinding {
  return { code, severity, where, what, remedy: `Write one value of ${PLUS_VOCABULARY}.` }
}
