import { isInnerList, parseDictionary, serializeDictionary, Token, type Dictionary } from 'structured-headers'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { flatten, rulesOfWords, type Said, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { documentPaths, unsaidPaths } from './paths.ts'

/**
 * The words of the IETF's AI preferences (draft-ietf-aipref-vocab-08, September 2026). `train-ai` means the training of
 * generative models only, unlike `ai-train` of RSL and of the Content Signals; `ai-use` is new in -08.
 */
export const AIPREF_WORDS: Word[] = [
  { name: 'train-ai', action: 'col:trainGenAI' },
  { name: 'ai-use', action: 'col:aiInput' },
  { name: 'search', action: 'odrl:index' },
]

const VALUE_CHARACTERS_MAX = 8192
/** Words of the neighbours, and what is meant by them here. */
const NOT_OURS: Record<string, string> = { 'ai-train': 'train-ai', 'ai-input': 'ai-use' }
/** Words of drafts before -05. Nobody reads them any more, so a denial in them is lost. */
const RETIRED = ['bots', 'all', 'tdm', 'ai', 'genai', 'inference', 'train-genai', 'ai-output']

/**
 * AIPREF: the header `Content-Usage` and the rule of the same name in robots.txt.
 *
 * @example exportAipref(document, Date.now()).snippets[0].text // 'Content-Usage: train-ai=n'
 */
export function exportAipref(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, AIPREF_WORDS, now)
  const value = writeContentUsage(said)
  if (value === undefined) return { format: 'aipref', files: [], snippets: [], losses }
  const { paths, losses: pathLosses } = documentPaths(document)
  const lines = paths.map((path) => `Content-Usage: ${path} ${value}`)
  const robots = { place: 'robots.txt', text: ['User-agent: *', ...lines].join('\n') } as const
  return {
    format: 'aipref',
    files: [],
    snippets: [{ place: 'http-header', text: `Content-Usage: ${value}` }, ...(lines.length > 0 ? [robots] : [])],
    losses: [
      ...losses,
      ...overrideLosses(document.rules, said),
      ...(lines.length > 0 ? [] : pathLosses),
      ...unsaidPaths(document, losses),
    ],
  }
}

/** Search overrides the other words for whatever is done within a search (vocab-08, 4.3). */
function overrideLosses(rules: readonly RightsRule[], said: Said): RightsLoss[] {
  if (said.get('search') !== 'allow') return []
  const denied = ['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput']
  return rules.flatMap(({ action, decision }, rule): RightsLoss[] =>
    decision === 'deny' && denied.includes(action) ? [{ rule, what: 'withinSearch', why: 'searchOverrides' }] : [],
  )
}

function writeContentUsage(said: Said): string | undefined {
  if (said.size === 0) return undefined
  const value = (name: string): Dictionary =>
    new Map([[name, [new Token(said.get(name) === 'allow' ? 'y' : 'n'), new Map()]]])
  const dictionary: Dictionary = new Map(
    AIPREF_WORDS.filter(({ name }) => said.has(name)).flatMap(({ name }) => [...value(name)]),
  )
  return serializeDictionary(dictionary)
}

/**
 * Reads a value of `Content-Usage`: a Dictionary of RFC 9651. When it cannot be parsed all of it is unknown; keys that
 * the vocabulary does not have say nothing. Never throws.
 *
 * @example readContentUsage('train-ai=n', 'header').rules // [{ action: 'col:trainGenAI', decision: 'deny' }]
 */
export function readContentUsage(value: string, where: string): RightsReading {
  const dictionary = parse(value, where)
  if (!(dictionary instanceof Map)) return { rules: [], findings: [dictionary] }
  const said: Said = new Map()
  const findings: RightsFinding[] = []
  for (const [key, member] of dictionary) {
    const isKnown = AIPREF_WORDS.some(({ name }) => name === key)
    if (!isKnown) findings.push(unknownKey(key, where))
    else if (countKey(value, key) > 1) {
      const what = `${key} is written more than once; only the last would count, so it is taken as unknown`
      findings.push({ code: 'repeated_word', severity: 'error', where, what, remedy: 'Write it once.' })
    } else {
      const token = isInnerList(member) ? '(a list)' : member[0]
      const text = token instanceof Token ? token.toString() : undefined
      if (text === 'y' || text === 'n') said.set(key, text === 'y' ? 'allow' : 'deny')
      else findings.push(unknownPreference(key, token, where))
    }
  }
  const reading = rulesOfWords(AIPREF_WORDS, said, where)
  return { rules: reading.rules, findings: [...findings, ...reading.findings] }
}

function parse(value: string, where: string): Dictionary | RightsFinding {
  const remedy = 'Write it as train-ai=n or train-ai=y, with commas between the words.'
  if (value.length > VALUE_CHARACTERS_MAX) {
    return { code: 'too_large', severity: 'error', where, what: 'a value too long to be read', remedy }
  }
  try {
    return parseDictionary(value)
  } catch {
    const what = `${quoted(value)} is not a dictionary of RFC 9651, so all of it is unknown`
    return { code: 'malformed_structured_field', severity: 'error', where, what, remedy }
  }
}

function unknownKey(key: string, where: string): RightsFinding {
  const ours = Object.hasOwn(NOT_OURS, key) ? NOT_OURS[key] : undefined
  if (ours) {
    const what = `${key} is a word of RSL and of the Content Signals; here it says nothing`
    return { code: 'words_mixed_up', severity: 'error', where, what, remedy: `Content-Usage has ${ours}.` }
  }
  const isRetired = RETIRED.includes(key)
  const what = `${quoted(key)} is ${isRetired ? 'a word of an earlier draft' : 'not in the vocabulary'} and says nothing`
  const remedy = `Use ${AIPREF_WORDS.map(({ name }) => name).join(', ')}.`
  return { code: 'unknown_word', severity: isRetired ? 'warning' : 'note', where, what, remedy }
}

function unknownPreference(key: string, value: unknown, where: string): RightsFinding {
  const what = `${key} is ${quoted(String(value))}, which says nothing`
  return { code: 'unknown_value', severity: 'error', where, what, remedy: `Write ${key}=n or ${key}=y.` }
}

/** How often a key begins a member; text in quotes does not count. */
function countKey(value: string, key: string): number {
  const members = value.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').split(',')
  return members.filter((member) => /^[\t ]*([a-z0-9_.*-]*)/.exec(member)![1] === key).length
}

/**
 * Reads the value of a `Content-Usage` rule of robots.txt: the preferences, perhaps after a path. Without one the rule is
 * about everything, and less specific than any path: its `path` is empty.
 */
export function readRobotsContentUsage(value: string, where: string): RightsReading & { path: string } {
  const match = /^(\/\S*)[\t ]+(\S.*)$/.exec(value)
  return match
    ? { path: match[1]!, ...readContentUsage(match[2]!, where) }
    : { path: '', ...readContentUsage(value, where) }
}
