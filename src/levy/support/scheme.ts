import {
  ColophonError,
  isoTime,
  type Config,
  type Database,
  type Effects,
  type Queries,
} from '../../foundation/index.ts'
import type { Register } from '../../statements/index.ts'
import { dayOf } from './states.ts'
import { findApplication, takeTurn, type ApplicationRow, type CallRow } from './store.ts'

/** The support scheme of the fund that a node serves. */
export interface Scheme {
  db: Database
  effects: Effects
  /** The party whose holder is the fund's officer. */
  fund: string
}

/** Errors: `not_found` where the node has no fund (FUND_PARTY). */
export function openScheme({ database, effects }: Register, { fundParty }: Pick<Config, 'fundParty'>): Scheme {
  if (fundParty === undefined)
    throw new ColophonError('not_found', 'this node runs no support scheme', {
      remedy: 'Whoever runs it names the party of the fund by FUND_PARTY.',
    })
  return { db: database.db, effects, fund: fundParty }
}

export function requireOfficer({ fund }: Pick<Scheme, 'fund'>, party: string): void {
  if (party !== fund)
    throw new ColophonError('not_authorised', 'only the officer of the fund can do this', {
      remedy: 'Sign in for the party of the fund.',
    })
}

/** What a change within a call works with: its own handle, the moment as text and as a day of UTC. */
export interface Turn {
  queries: Queries
  call: CallRow
  at: string
  today: string
}

/** Changes something in a call, one change after the other. Errors: `not_found`. */
export async function inCall<Result>(
  { db, effects }: Scheme,
  id: string,
  change: (turn: Turn) => Promise<Result>,
): Promise<Result> {
  const now = effects.now()
  return db.transaction().execute(async (queries) => {
    const call = await takeTurn(queries, id)
    if (!call) throw new ColophonError('not_found', 'there is no such call', { where: id })
    return change({ queries, call, at: isoTime(now), today: dayOf(now) })
  })
}

/** The same for an application, as it is once the call is taken. Errors: `not_found`. */
export async function inApplication<Result>(
  scheme: Scheme,
  id: string,
  change: (turn: Turn & { application: ApplicationRow }) => Promise<Result>,
): Promise<Result> {
  const { in_call: call } = await needApplication(scheme.db, id)
  return inCall(scheme, call, async (turn) => change({ ...turn, application: await needApplication(turn.queries, id) }))
}

export async function needApplication(queries: Queries, id: string): Promise<ApplicationRow> {
  const found = await findApplication(queries, { id })
  if (!found) throw new ColophonError('not_found', 'there is no such application', { where: id })
  return found
}
