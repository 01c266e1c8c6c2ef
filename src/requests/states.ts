import { ColophonError } from '../foundation/index.ts'

/** States of a case, and the states that each may lead to. */
const TRANSITIONS = {
  draft: ['submitted', 'withdrawn'],
  submitted: ['acknowledged', 'incomplete', 'sent', 'withdrawn'],
  acknowledged: ['incomplete', 'valid', 'withdrawn'],
  incomplete: ['valid', 'withdrawn'],
  valid: ['sent', 'withdrawn'],
  sent: ['removed', 'partial', 'refused', 'licensed', 'no-reply', 'withdrawn'],
  removed: ['closed', 'reopened'],
  partial: ['appeal', 'escalated', 'closed'],
  refused: ['appeal', 'escalated', 'closed'],
  licensed: ['closed'],
  'no-reply': ['escalated', 'removed', 'partial', 'refused', 'licensed', 'closed'],
  appeal: ['escalated', 'removed', 'refused', 'closed'],
  escalated: ['removed', 'partial', 'refused', 'licensed', 'closed'],
  closed: ['reopened'],
  withdrawn: ['reopened'],
  reopened: ['submitted', 'sent', 'withdrawn', 'closed'],
} as const

export type CaseState = keyof typeof TRANSITIONS

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

const DAY_MS = 86_400_000

/** A date by which something should have happened, with the basis it is counted on. Calendar days, UTC. */
export interface Deadline {
  name: 'reminder' | 'alert' | 'personal-data'
  basis: string
  due: string
}

/**
 * Deadlines from the day a request was sent: reminders at 14 and 30 days (the GPAI code asks for a reasonable time),
 * and one calendar month where it is about personal data (GDPR Article 12(3)).
 */
export function deadlines(sentAtMs: number): Deadline[] {
  return [
    {
      name: 'reminder',
      basis: 'GPAI Code of Practice, Copyright, Measure 1.5: reasonable time; 14 days',
      due: day(sentAtMs + 14 * DAY_MS),
    },
    {
      name: 'alert',
      basis: 'GPAI Code of Practice, Copyright, Measure 1.5: reasonable time; 30 days',
      due: day(sentAtMs + 30 * DAY_MS),
    },
    {
      name: 'personal-data',
      basis: 'GDPR Article 12(3): one month, only where it is personal data',
      due: day(addMonth(sentAtMs)),
    },
  ]
}

/** The same day of the next month, or its last day when it is shorter. */
function addMonth(timeMs: number): number {
  const date = new Date(timeMs)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 2, 0)).getUTCDate()
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, Math.min(date.getUTCDate(), lastDay))
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}
