import { ColophonError } from '../../foundation/index.ts'

/** States of an application, and those that each may lead to. A draft that is thrown away leaves nothing. */
const TRANSITIONS = {
  draft: ['sent'],
  sent: ['withdrawn', 'awarded', 'rejected'],
  withdrawn: [],
  awarded: ['appealed'],
  rejected: ['appealed'],
  appealed: ['upheld', 'dismissed'],
  upheld: [],
  dismissed: [],
} as const

export type ApplicationState = keyof typeof TRANSITIONS
export const APPLICATION_STATES = Object.keys(TRANSITIONS) as readonly ApplicationState[]

/** Throws `state_not_allowed` unless an application may go from one state to the other. */
export function requireStep(from: string, to: ApplicationState): void {
  const next: readonly string[] = TRANSITIONS[from as ApplicationState] ?? []
  if (next.includes(to)) return
  refuseState(`an application that is ${from} cannot become ${to}`, `It can become: ${next.join(', ') || 'nothing'}.`)
}

export function refuseState(message: string, remedy?: string, where?: string): never {
  throw new ColophonError('state_not_allowed', message, { ...(remedy ? { remedy } : {}), ...(where ? { where } : {}) })
}

export type CallState = 'planned' | 'open' | 'closed'

/** Where a call stands on a day. */
export function callState(call: { opens: string; closes: string }, today: string): CallState {
  return today < call.opens ? 'planned' : today <= call.closes ? 'open' : 'closed'
}

/** The day of UTC at a moment. */
export function dayOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10)
}

/** So many calendar days after a day, which is not counted itself. */
export function daysAfter(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}
