import type { FoundAnswer } from './findAnswers.ts'
import type { ReadSummary } from './readSummary.ts'
import { readChoice, readLinks, readStatement } from './values.ts'

/** Questions that a sentence under the heading answers as well, by section. */
const STATED: Record<string, string[]> = {
  '2.1': ['publicUsed'],
  '2.2': ['licensedUsed', 'privateUsed'],
  '2.2.1': ['licensedUsed'],
  '2.2.2': ['privateUsed'],
  '2.3': ['crawled'],
  '2.4': ['interactions', 'otherServices'],
  '2.5': ['synthetic'],
  '2.6': ['others'],
  '3.1': ['signatory'],
}
/** What a text is that stands under the heading without a question. */
const OPENED: Record<string, string> = {
  '1.1': 'provider',
  '1.2': 'models',
  '1.3': 'sizes',
  '3.1': 'measures',
  '3.2': 'illegalContent',
  '3.3': 'otherProcessing',
}

/**
 * All answers of a document, also those that are given without the question: a sentence under a heading, a version in
 * the title. What nobody wrote is not filled in.
 */
export function answersOf(read: ReadSummary): Map<string, FoundAnswer> {
  const answers = new Map(read.answers)
  for (const [id, { text, statement = '' }] of read.answers) {
    const stated = readStatement(statement)
    if (stated !== 'none' && ['none', 'outside'].includes(readChoice(text).answer))
      answers.set(id, { text: statement, stated, hasInstruction: false })
  }
  for (const [section, opening] of read.openings) addOpening(answers, section, opening)
  addVersion(answers, read.text)
  addContinuous(answers)
  return answers
}

function addOpening(answers: Map<string, FoundAnswer>, section: string, opening: string): void {
  if (opening === '') return
  const found = { text: opening, hasInstruction: false }
  const stated = readStatement(opening)
  if (stated !== 'none')
    for (const id of STATED[section] ?? []) if (!answers.has(id)) answers.set(id, { ...found, stated })
  const id = OPENED[section]
  if (id === 'sizes') {
    const said = answers.get(id)
    answers.set(id, { text: `${opening}\n${said?.text ?? ''}`.trim(), hasInstruction: said?.hasInstruction ?? false })
  } else if (id && !answers.has(id)) answers.set(id, found)
}

/** “Summary v1.0” in the title, and the addresses of earlier versions beside the version. */
function addVersion(answers: Map<string, FoundAnswer>, text: string): void {
  const titled = /(?:summary|document)\s+(v(?:ersion)?\.?\s*\d[\w.]*[^\n]{0,200})/i.exec(text.slice(0, 3000))
  if (!answers.has('version') && titled)
    answers.set('version', { text: titled[1]!.replace(/\s*[-–|]?\s*last updated?.*$/i, ''), hasInstruction: false })
  const version = answers.get('version')?.text ?? ''
  if (!answers.has('earlier') && readLinks(version).length > 0)
    answers.set('earlier', { text: version, hasInstruction: false })
}

/** Whether training goes on is mostly said beside the latest date. */
function addContinuous(answers: Map<string, FoundAnswer>): void {
  const said = answers.get('latestAcquisition')?.text ?? ''
  const sentence = /[^.\n]*\bcontinuous(?:ly)?\b[^.\n]*/i.exec(said)?.[0].trim()
  if (!answers.has('continuous') && sentence) {
    const isNo = /\b(?:not|no|never)\b/i.test(sentence)
    answers.set('continuous', { text: `${isNo ? 'No' : 'Yes'}: ${sentence}`, hasInstruction: false })
  }
}
