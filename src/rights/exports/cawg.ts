import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { ruleCovers } from '../actions.ts'
import { describeRule, isPlain } from './conditions.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { flatten, outOfForce, rulesOfWords, type Said, type Word } from './flatten.ts'
import { isObject, readJson } from './json.ts'
import type { RightsLoss } from './losses.ts'

/**
 * The entries of the CAWG Training and Data Mining Assertion 1.1. `cawg.ai_training` is the training of models that do
 * not generate; training of any kind is both entries.
 */
const CAWG_WORDS: Word[] = [
  { name: 'cawg.data_mining', action: 'tdm:mine', except: 'col:trainAI' },
  { name: 'cawg.ai_training', action: 'col:trainAI', except: 'col:trainGenAI' },
  { name: 'cawg.ai_generative_training', action: 'col:trainGenAI' },
  { name: 'cawg.ai_inference', action: 'col:aiInput' },
]

const CAWG_LABEL = 'cawg.training-mining'
/** The name before C2PA 2.1, read but not written. */
const C2PA_LABEL = 'c2pa.training-mining'

interface Entry {
  use: 'allowed' | 'notAllowed' | 'constrained'
  constraint_info?: string
}

/**
 * The assertion as JSON, as C2PA tools take it. What is allowed or denied only under conditions is `constrained`, with
 * the conditions in words; a reader that does not understand them has to treat it as not allowed.
 *
 * @example JSON.parse(exportCawg(document, Date.now()).files[0].content).data.entries['cawg.ai_training'].use
 */
export function exportCawg(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, CAWG_WORDS, now)
  const entries: Record<string, Entry> = {}
  const inWords = new Set<number>()
  for (const word of CAWG_WORDS) {
    const conditional = document.rules.flatMap((rule, index) => (isConditional(rule, word, now) ? [index] : []))
    const isDenied = document.rules.some((rule) => rule.decision === 'deny' && isPlainly(rule, word, now))
    if (conditional.length > 0 && !isDenied && said.get(word.name) !== 'allow') {
      for (const index of conditional) inWords.add(index)
      const info = conditional.map((index) => describeRule(document.rules[index]!))
      const link = document.policyUrl ? [document.policyUrl] : []
      entries[word.name] = { use: 'constrained', constraint_info: [...info, ...link].join(' ') }
    } else if (said.has(word.name)) {
      entries[word.name] = { use: said.get(word.name) === 'allow' ? 'allowed' : 'notAllowed' }
    }
  }
  if (Object.keys(entries).length === 0) return { format: 'cawg', files: [], snippets: [], losses }
  const content = `${JSON.stringify({ label: CAWG_LABEL, data: { entries } }, null, 2)}\n`
  return {
    format: 'cawg',
    files: [{ path: 'cawg.training-mining.json', mediaType: 'application/json', content }],
    snippets: [],
    losses: withWords(losses, inWords),
  }
}

/** A rule that is in force under conditions and says something about any part of what the entry means. */
function isConditional(rule: RightsRule, word: Word, now: number): boolean {
  return !outOfForce(rule, now) && !isPlain(rule) && ruleCovers(rule.action, word.action)
}

function isPlainly(rule: RightsRule, word: Word, now: number): boolean {
  return !outOfForce(rule, now) && isPlain(rule) && ruleCovers(rule.action, word.action)
}

function withWords(losses: readonly RightsLoss[], inWords: ReadonlySet<number>): RightsLoss[] {
  const lost = losses.filter(({ rule }) => !inWords.has(rule))
  return [...lost, ...[...inWords].map((rule): RightsLoss => ({ rule, what: 'conditions', why: 'inWordsNotAllowed' }))]
}

/**
 * Reads the assertion: with its label, as `{ entries }` alone, or with the older names of C2PA. `constrained` is taken
 * as not allowed, as the specification asks of whoever does not understand the constraint. Never throws.
 *
 * @example readCawg(json, 'manifest').rules
 */
export function readCawg(input: string | Uint8Array, where: string): RightsReading {
  const { value, findings } = readJson(input, where)
  if (value === undefined) return { rules: [], findings }
  const labelled = isObject(value) && isObject(value.data) ? value.data : value
  const label = isObject(value) && typeof value.label === 'string' ? value.label : CAWG_LABEL
  const entries = isObject(labelled) ? labelled.entries : undefined
  if (!isObject(entries) || ![CAWG_LABEL, C2PA_LABEL].includes(label)) {
    findings.push(finding('malformed_json', `not an assertion ${CAWG_LABEL} with entries`, where))
    return { rules: [], findings }
  }
  const said: Said = new Map()
  for (const [key, entry] of Object.entries(entries)) {
    const name = key.replace(/^c2pa\./, 'cawg.')
    const use = isObject(entry) ? entry.use : undefined
    if (!CAWG_WORDS.some((word) => word.name === name)) {
      findings.push(finding('unknown_word', `${quoted(key)} is not an entry that we know`, where, 'note'))
    } else if (use === 'allowed' && said.get(name) !== 'deny') said.set(name, 'allow')
    else if (use === 'notAllowed' || use === 'constrained') said.set(name, 'deny')
    else if (use !== 'allowed')
      findings.push(finding('unknown_value', `${key} is ${quoted(JSON.stringify(use ?? null))}`, where))
    if (use === 'constrained') {
      findings.push(finding('condition_not_read', `${key} is constrained, which counts as not allowed`, where, 'note'))
    }
  }
  const reading = rulesOfWords(CAWG_WORDS, said, where)
  return { rules: reading.rules, findings: [...findings, ...reading.findings] }
}

function finding(
  code: RightsFinding['code'],
  what: string,
  where: string,
  severity: RightsFinding['severity'] = 'error',
): RightsFinding {
  return { code, severity, where, what, remedy: 'Write allowed, notAllowed or constrained for each entry.' }
}
