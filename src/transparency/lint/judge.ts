import { FIELDS, type Field } from '../template.ts'
import { namesIn, shorten } from './evidence.ts'
import type { FoundAnswer } from './findAnswers.ts'
import { isEmptyAnswer, judgeText } from './judgeText.ts'
import { judgeChoice, judgeDatasets, judgeDate, judgeDomains, judgeModalities, judgeSizes } from './judgeValues.ts'
import { readChoice, readModalities, type ChoiceAnswer } from './values.ts'
import { finding, missing, notApplicable, useful, type Judgement } from './verdict.ts'

export type Answers = ReadonlyMap<string, FoundAnswer>

/** Judges every field of the template by what the document says to it, one by one. */
export function judgeFields(answers: Answers, at: number): Map<string, Judgement> {
  const known = knownNames(answers)
  return new Map(FIELDS.map((field) => [field.id, judgeField(field, answers, known, at)]))
}

/** The provider's own name, and the model's, say nothing about the data. */
function knownNames(answers: Answers): Set<string> {
  const provider = answers.get('provider')?.text.split(/[\n,]/)[0] ?? ''
  const models = answers.get('models')?.text.slice(0, 2000) ?? ''
  const words = [...provider.split(/\s+/), ...namesIn(`the ${models}`)]
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 1))
}

function judgeField(field: Field, answers: Answers, known: ReadonlySet<string>, at: number): Judgement {
  const found = answers.get(field.id)
  const asked = isAsked(field, answers)
  const text = found?.text ?? ''
  if (asked === 'no' && isUnsaid(field, text)) return notApplicable('not asked: the question before it says no')
  if (text === '') return judgeSilence(field, found, asked)
  if (found?.stated)
    return useful(
      `says ${found.stated}, in a sentence`,
      shorten(text.split('\n').find((line) => /\p{L}/u.test(line)) ?? text),
    )
  const judgement = judgeAnswer(field, text, known, at)
  return asked === 'unknown' && judgement.verdict === 'missing' ? { ...judgement, severity: 'warning' } : judgement
}

function isUnsaid({ kind }: Field, text: string): boolean {
  if (text === '' || isEmptyAnswer(text)) return true
  return kind === 'modalities' && (readModalities(text) === 'unmarked' || readModalities(text).length === 0)
}

/** What is said to a question that takes yes or no, or in its place. */
export function choiceOf(answers: Answers, id: string): ChoiceAnswer {
  const found = answers.get(id)
  return found?.stated ?? readChoice(found?.text ?? '').answer
}

/** Whether a question applies: it depends on a yes, and an open question is no no. */
function isAsked({ onlyIf }: Field, answers: Answers): 'yes' | 'no' | 'unknown' {
  if (!onlyIf) return 'yes'
  const said = onlyIf.map((id) => choiceOf(answers, id))
  if (said.includes('yes') || said.includes('both')) return 'yes'
  return said.every((answer) => answer === 'no') ? 'no' : 'unknown'
}

function judgeSilence({ isOptional }: Field, found: FoundAnswer | undefined, asked: string): Judgement {
  if (isOptional) return notApplicable(found ? 'left empty, as it may be' : 'not there, as it may be')
  const judgement = missing(
    found?.hasInstruction
      ? 'only the template’s own instruction stands there'
      : found
        ? 'the question is there without an answer'
        : 'the question was not found',
  )
  return asked === 'unknown' ? { ...judgement, severity: 'warning' } : judgement
}

function judgeAnswer({ id, kind, isOptional }: Field, text: string, known: ReadonlySet<string>, at: number): Judgement {
  if (kind === 'choice') return judgeChoice(text)
  if (kind === 'date') return judgeDate(id, text, at)
  if (kind === 'modalities') return judgeModalities(text)
  if (kind === 'sizes') return judgeSizes(text)
  if (kind === 'datasets') return judgeDatasets(id, text)
  if (kind === 'domains') return judgeDomains(text)
  const judgement = judgeText(id, text, isOptional ?? false, known)
  const isUnanswered = judgement.verdict === 'missing' && judgement.sentence !== undefined
  return isUnanswered
    ? {
        ...judgement,
        findings: [finding('no answer', judgement.why, { field: id, severity: 'error', sentence: judgement.sentence })],
      }
    : judgement
}
