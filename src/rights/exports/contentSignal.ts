import type { RightsDocument, RightsExport } from '../rules.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { flatten, rulesOfWords, type Said, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { isWholeSite } from './paths.ts'

/** The words of the Content Signals (contentsignals.org). `ai-train` is training and fine-tuning of any model. */
export const CONTENT_SIGNAL_WORDS: Word[] = [
  { name: 'search', action: 'odrl:index' },
  { name: 'ai-input', action: 'col:aiInput' },
  { name: 'ai-train', action: 'col:trainAI' },
]

/** How much of a page may be used: it allows and denies nothing that our rules speak about. */
const ALSO_KNOWN = ['use']
const SIGNALS_MAX = 100

/**
 * Content Signals: one line of robots.txt for everybody. It holds for the whole site, so a permission for a part of it
 * is not written; a denial is.
 *
 * @example exportContentSignal(document, Date.now()).snippets[0].text // 'User-agent: *\nContent-Signal: ai-train=no'
 */
export function exportContentSignal(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, CONTENT_SIGNAL_WORDS, now)
  const isWhole = isWholeSite(document)
  const isOfSite = document.target.kind === 'domain'
  const signals = CONTENT_SIGNAL_WORDS.filter(
    ({ name }) => said.has(name) && (isWhole || (isOfSite && said.get(name) === 'deny')),
  )
  const value = signals.map(({ name }) => `${name}=${said.get(name) === 'allow' ? 'yes' : 'no'}`).join(', ')
  const why = isOfSite ? 'wholeSiteOnly' : 'siteOnly'
  const pathLosses = document.rules.map((_, rule): RightsLoss => ({ rule, what: 'paths', why }))
  return {
    format: 'content-signal',
    files: [],
    snippets: value === '' ? [] : [{ place: 'robots.txt', text: `User-agent: *\nContent-Signal: ${value}` }],
    losses: isWhole ? losses : [...losses, ...pathLosses],
  }
}

/**
 * Reads the value of a `Content-Signal` line. What is not `yes` or `no` says nothing; a word that is said twice
 * differently counts as no. Never throws.
 *
 * @example readContentSignal('search=yes, ai-train=no', 'robots.txt:2').rules.length // 2
 */
export function readContentSignal(value: string, where: string): RightsReading {
  const said: Said = new Map()
  const findings: RightsFinding[] = []
  const parts = value.split(',', SIGNALS_MAX + 1)
  if (parts.length > SIGNALS_MAX) {
    const what = `more than ${SIGNALS_MAX} signals are not read`
    return { rules: [], findings: [{ code: 'too_large', severity: 'error', where, what, remedy: 'Write fewer.' }] }
  }
  for (const part of parts.filter((text) => text.trim() !== '')) {
    const match = /^\s*([\w*.-]+)\s*=\s*([\w.-]+)\s*$/.exec(part)
    if (!match) {
      const what = `${quoted(part.trim())} is not of the form word=yes`
      findings.push({
        code: 'malformed_line',
        severity: 'error',
        where,
        what,
        remedy: 'Write ai-train=no or ai-train=yes.',
      })
      continue
    }
    const finding = readSignal(match[1]!.toLowerCase(), match[2]!.toLowerCase(), said, where)
    if (finding) findings.push(finding)
  }
  const reading = rulesOfWords(CONTENT_SIGNAL_WORDS, said, where)
  return { rules: reading.rules, findings: [...findings, ...reading.findings] }
}

function readSignal(word: string, value: string, said: Said, where: string): RightsFinding | undefined {
  if (ALSO_KNOWN.includes(word)) return undefined
  if (word === 'train-ai') {
    const what = 'train-ai is a word of AIPREF’s Content-Usage; here it says nothing'
    return { code: 'words_mixed_up', severity: 'error', where, what, remedy: 'The Content Signals have ai-train.' }
  }
  if (!CONTENT_SIGNAL_WORDS.some(({ name }) => name === word)) {
    const what = `${quoted(word)} is not a signal and says nothing`
    return { code: 'unknown_word', severity: 'note', where, what, remedy: 'Use search, ai-input and ai-train.' }
  }
  if (value !== 'yes' && value !== 'no') {
    const what = `${word} is ${quoted(value)}, which says nothing`
    return { code: 'unknown_value', severity: 'error', where, what, remedy: `Write ${word}=yes or ${word}=no.` }
  }
  const decision = value === 'yes' ? 'allow' : 'deny'
  const earlier = said.get(word)
  said.set(word, earlier === 'deny' ? 'deny' : decision)
  if (!earlier || earlier === decision) return undefined
  said.set(word, 'deny')
  return { code: 'said_both', severity: 'error', where, what: `${word} is yes and no; taken as no`, remedy: 'Say one.' }
}
