import { ColophonError, isoTime, type Queries } from '../foundation/index.ts'
import { findWork, readWorkDetails } from '../register/index.ts'
import { decide, lintSite, openUrlSource, type Action } from '../rights/index.ts'
import type { Register } from '../statements/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    visible_place: { work: string; url: string; checked_at: string; says: string }
  }
}

/** What a place where a work stands says of the uses that matter here, beside what the register says. */
export interface VisiblePlace {
  url: string
  checkedAt: string
  /** False when nothing there could be read. */
  wasRead: boolean
  /** Where on the site something is said: `robots.txt`, `page`, … */
  saidIn: string[]
  uses: { action: Action; register: string; site: string; is: 'same' | 'silent' | 'unclear' | 'contradicts' }[]
}

const VISIBLE_ACTIONS: readonly Action[] = ['tdm:mine', 'col:trainAI', 'col:trainGenAI']
/** Addresses of one work that are looked at. */
const ADDRESSES_MAX = 3
const DAY_MS = 86_400_000
const AGE_DAYS = 7

/**
 * Looks now at what the addresses of a work say of training, and keeps it. Each site is asked as any reader would ask it,
 * one address after the other. Undefined for a work that is not public.
 * Error: `too_busy`.
 */
export async function lookAtPlaces(
  register: Register,
  work: string,
  options: { allowPrivate?: boolean } = {},
): Promise<VisiblePlace[] | undefined> {
  const looks = running.get(register) ?? new Map<string, Promise<VisiblePlace[] | undefined>>()
  running.set(register, looks)
  const known = looks.get(work)
  if (known) return known
  if (looks.size >= LOOKS_MAX)
    throw new ColophonError('too_busy', 'other sites are being looked at', { remedy: 'Try again in a minute.' })
  const look = lookNow(register, work, options).finally(() => looks.delete(work))
  looks.set(work, look)
  return look
}

/** Looks that are going on: whoever asks for the same waits for it, and there are few at a time. */
const running = new WeakMap<Register, Map<string, Promise<VisiblePlace[] | undefined>>>()
const LOOKS_MAX = 4

async function lookNow(
  { database, effects }: Register,
  work: string,
  { allowPrivate = false }: { allowPrivate?: boolean },
): Promise<VisiblePlace[] | undefined> {
  const { db } = database
  const found = await findWork(db, work)
  if (!found || found.is_sealed === 1n) return undefined
  const { urls } = await readWorkDetails(db, work)
  for (const { url } of urls.slice(0, ADDRESSES_MAX)) {
    const { wasRead, places, decisions } = await lintSite(openUrlSource(url, { allowPrivate }))
    const says = {
      wasRead,
      saidIn: [...new Set(places.filter(({ rules }) => rules.length > 0).map(({ place }) => place))],
      decisions: Object.fromEntries(VISIBLE_ACTIONS.map((action) => [action, String(decisions[action] ?? 'unset')])),
    }
    const row = { work, url, checked_at: isoTime(effects.now()), says: JSON.stringify(says) }
    await db
      .insertInto('visible_place')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['work', 'url']).doUpdateSet({ checked_at: row.checked_at, says: row.says }),
      )
      .execute()
  }
  return readPlaces(db, work, effects.now())
}

/** What was seen last, beside what the register says now. */
export async function readPlaces(queries: Queries, work: string, at: number): Promise<VisiblePlace[]> {
  const rows = await queries.selectFrom('visible_place').selectAll().where('work', '=', work).orderBy('url').execute()
  if (rows.length === 0) return []
  const register = new Map<Action, string>()
  for (const action of VISIBLE_ACTIONS) register.set(action, (await decide(queries, { work, action, at }))!.decision)
  return rows.map(({ url, checked_at: checkedAt, says }) => {
    const { wasRead, saidIn, decisions } = JSON.parse(says) as Omit<VisiblePlace, 'uses'> & {
      decisions: Record<string, string>
    }
    const uses = VISIBLE_ACTIONS.map((action) => {
      const [own, site] = [register.get(action)!, decisions[action]!]
      return { action, register: own, site, is: together(own, site) }
    })
    return { url, checkedAt, wasRead, saidIn, uses }
  })
}

/** A place that says nothing contradicts nobody; one that speaks where the register is silent is told as another answer. */
function together(register: string, site: string): VisiblePlace['uses'][number]['is'] {
  if (site === 'unknown') return 'unclear'
  if (register === site) return 'same'
  return site === 'unset' ? 'silent' : 'contradicts'
}

/** Looks again at works that were looked at a week ago or longer, the oldest first; how many. `allowed` stops it. */
export async function lookAgain(
  register: Register,
  most: number,
  options: { allowPrivate?: boolean; allowed?: () => boolean } = {},
): Promise<number> {
  const before = isoTime(register.effects.now() - AGE_DAYS * DAY_MS)
  const due = await register.database.db
    .selectFrom('visible_place')
    .select('work')
    .groupBy('work')
    .having(({ fn }) => fn.min('checked_at'), '<', before)
    .orderBy(({ fn }) => fn.min('checked_at'))
    .limit(most)
    .execute()
  let looked = 0
  for (const { work } of due) {
    if (options.allowed?.() === false || running.get(register)?.size === LOOKS_MAX) break
    await lookAtPlaces(register, work, options)
    looked++
  }
  return looked
}
