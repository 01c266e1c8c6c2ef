import { ColophonError, LruMap, isoTime, type Config } from '../foundation/index.ts'

interface Spent {
  day: string
  statements: number
  bytes: number
}

/** So many parties are remembered; keys cost nothing, so whoever was quiet longest is forgotten first. */
const PARTIES_MAX = 50_000

/**
 * Counts what each party puts on the log within a day (UTC), in the memory of this process: a restart begins anew.
 * Takes it off, or throws `too_many_requests` that says when it goes on.
 */
export function quotaKeeper(
  quotas: Config['quotas'],
  now: () => number,
  partiesMax = PARTIES_MAX,
): (party: string, bytes: number) => void {
  const spent = new LruMap<string, Spent>(partiesMax)
  return (party, bytes) => {
    const day = isoTime(now()).slice(0, 10)
    const known = spent.get(party)
    const { statements, bytes: before } = known?.day === day ? known : { statements: 0, bytes: 0 }
    const next = { day, statements: statements + 1, bytes: before + bytes }
    const isOver =
      (quotas.statements > 0 && next.statements > quotas.statements) || (quotas.bytes > 0 && next.bytes > quotas.bytes)
    if (isOver)
      throw new ColophonError('too_many_requests', 'this party has put as much on the log today as one may in a day', {
        where: party,
        remedy: 'Go on after midnight (UTC), or declare many works as one collection.',
      })
    spent.set(party, next)
  }
}
