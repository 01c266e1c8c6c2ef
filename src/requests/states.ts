import { ColophonError } from '../foundation/index.ts'
import { addDays, addMonth, dayIn, workingDay, zoneOf } from './calendar.ts'

/** States of a case, and the states that each may lead to. */
const TRANSITIONS = {
  draft: ['submitted', 'withdrawn'],
  submitted: ['acknowledged', 'incomplete', 'sent', 'undelivered', 'withdrawn'],
  acknowledged: ['incomplete', 'valid', 'withdrawn'],
  incomplete: ['valid', 'sent', 'undelivered', 'withdrawn'],
  valid: ['sent', 'undelivered', 'withdrawn'],
  undelivered: ['sent', 'withdrawn', 'closed'],
  sent: ['removed', 'partial', 'refused', 'licensed', 'incomplete', 'no-reply', 'undelivered', 'withdrawn'],
  removed: ['closed', 'reopened'],
  partial: ['appeal', 'escalated', 'closed'],
  refused: ['appeal', 'escalated', 'closed'],
  licensed: ['closed'],
  'no-reply': ['escalated', 'removed', 'partial', 'refused', 'licensed', 'incomplete', 'undelivered', 'closed'],
  appeal: ['escalated', 'removed', 'refused', 'closed'],
  escalated: ['removed', 'partial', 'refused', 'licensed', 'closed'],
  closed: ['reopened'],
  withdrawn: ['reopened'],
  reopened: ['submitted', 'sent', 'undelivered', 'withdrawn', 'closed'],
} as const

export type CaseState = keyof typeof TRANSITIONS
export const STATES = Object.keys(TRANSITIONS) as readonly CaseState[]

/** The states that a case may go to next. */
export function nextStates(state: CaseState): readonly CaseState[] {
  return TRANSITIONS[state]
}

/** Throws `state_not_allowed` unless the case may go from one state to the other. */
export function requireTransition(from: CaseState, to: CaseState): void {
  if (!(TRANSITIONS[from] as readonly string[] | undefined)?.includes(to)) {
    throw new ColophonError('state_not_allowed', `a case that is ${from} cannot become ${to}`, {
      remedy: `It can become: ${TRANSITIONS[from]?.join(', ') ?? 'nothing'}.`,
    })
  }
}

/** A date by which something should have happened, with the basis it is counted on: a day in the recipient's time zone. */
export interface Deadline {
  name: 'reminder' | 'alert' | 'personal-data'
  basis: string
  due: string
}

/**
 * Deadlines from the moment a request was sent, whose own day is not counted: reminders at 14 and 30 days (the GPAI code
 * asks for a reasonable time), and one calendar month where it is about personal data (GDPR Article 12(3)). Each ends on
 * a working day of the recipient's country.
 */
export function deadlines(sentAtMs: number, country?: string): Deadline[] {
  const sent = dayIn(sentAtMs, zoneOf(country))
  return [
    {
      name: 'reminder',
      basis: 'GPAI Code of Practice, Copyright, Measure 1.5: reasonable time; 14 days',
      due: workingDay(addDays(sent, 14), country),
    },
    {
      name: 'alert',
      basis: 'GPAI Code of Practice, Copyright, Measure 1.5: reasonable time; 30 days',
      due: workingDay(addDays(sent, 30), country),
    },
    {
      name: 'personal-data',
      basis: 'GDPR Article 12(3): one month, only where it is personal data',
      due: workingDay(addMonth(sent), country),
    },
  ]
}
