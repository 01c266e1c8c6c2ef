import { z } from 'zod'
import type { DatasetHit } from '../datasets/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Words } from '../rights/index.ts'

/** What a person has to ask before a hit is more than a hit. "I do not know" is an answer, and is said in the letter. */
export const QUESTIONS = ['licensed', 'publicDomain', 'sameSubject', 'quotation'] as const
export type Question = (typeof QUESTIONS)[number]

const answerSchema = z.enum(['yes', 'no', 'unknown'], 'answer yes, no or unknown')
export type Answer = z.infer<typeof answerSchema>

/** A person's own comparison. */
export const confirmationFields = {
  /** The person has compared the two side by side and says that it is the work. */
  isConfirmed: z.literal(true, 'compare the work with what was found, then confirm'),
  /** Whether the use there is licensed. */
  licensed: answerSchema,
  /** Whether the work itself is in the public domain. */
  publicDomain: answerSchema,
  /** Whether both only show or treat the same subject: two photographs of one painting are two works. */
  sameSubject: answerSchema,
  /** Whether it is a quotation, which the law allows. */
  quotation: answerSchema,
} as const

/** The answers as they stand in the evidence of a case. */
export type Confirmation = { isComparedSideBySide: true } & Record<Question, Answer>

export function confirmationOf(input: Record<Question, Answer>): Confirmation {
  const { licensed, publicDomain, sameSubject, quotation } = input
  return { isComparedSideBySide: true, licensed, publicDomain, sameSubject, quotation }
}

/** What a yes means, kindly, and what can be done instead. */
const AGAINST: Record<Question, { message: string; remedy: string }> = {
  licensed: {
    message: 'the use is licensed, so there is nothing to object to',
    remedy: 'If the licence does not cover this use, answer no; otherwise speak with whoever has the licence.',
  },
  publicDomain: {
    message: 'the work is in the public domain, so everybody may use it',
    remedy: 'If a work of your own stands there, such as your photograph of it, answer for that work.',
  },
  sameSubject: {
    message: 'both only have the same subject, so what was found is another work and no copy of yours',
    remedy: 'Two photographs of one painting are two works, each with its own author.',
  },
  quotation: {
    message: 'it is a quotation, and quoting within its limits is allowed to everybody',
    remedy: 'If more is taken than the purpose of quoting needs, answer no.',
  },
}

/**
 * Throws unless a letter may come of this: `candidate_not_confirmed` where chance alone may have found it, and
 * `answer_speaks_against`, with the question in `where`, where the person's own answer does.
 */
export function requireConfirmed(hit: Pick<DatasetHit, 'status'>, confirmation: Confirmation): void {
  // What was kept before strengths were computed has none, and is no stronger than a candidate.
  if (hit.status !== 'exact' && hit.status !== 'aligned') {
    throw new ColophonError('candidate_not_confirmed', 'chance alone may have found this, so no letter comes of it', {
      remedy: 'Look at both. A larger or more complete file of the work may be found with more certainty.',
    })
  }
  const against = QUESTIONS.find((question) => confirmation[question] === 'yes')
  if (!against) return
  const { message, remedy } = AGAINST[against]
  throw new ColophonError('answer_speaks_against', message, { where: against, remedy })
}

/** What the person says of the comparison, as a letter says it: what is known, and fairly what is not. */
export function sayConfirmation(confirmation: Confirmation | undefined, { t, language }: Words): string {
  if (!confirmation) return t('letter.confirmed')
  const said = (answer: Answer, key: string) =>
    QUESTIONS.filter((question) => confirmation[question] === answer).map((question) => t(`letter.${key}.${question}`))
  const [known, unknown] = [said('no', 'denied'), said('unknown', 'unknown')]
  const list = new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' })
  return [
    known.length > 0 ? t('letter.confirmedAs', { statements: list.format(known) }) : t('letter.confirmed'),
    ...(unknown.length > 0 ? [t('letter.unknownOf', { questions: list.format(unknown) })] : []),
  ].join(' ')
}
