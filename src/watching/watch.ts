import { ColophonError, isoTime } from '../foundation/index.ts'
import type { WatchedHit, WatchedWork, Workshop } from '../datasets/index.ts'
import { countWatched, findWithdrawn, listWatched, type WatchedRow } from '../register/index.ts'
import { reopenWhenFound } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { watchKept } from './keptCodes.ts'
import { findState, forgetParts, recordRun } from './store.ts'

/** What a run came to. */
export interface WatchRun {
  /** Pairs of a work and a part of a data set that were compared for the first time. */
  compared: number
  /** Works that were looked for by their parts. */
  parts: number
  /** Places that were not known before. */
  found: number
  /** Cases that were opened again, because what was removed turned up in another version, or in rows that came later. */
  reopened: number
  /** Data sets that could not be asked; the next run asks them again. */
  damaged: string[]
}

/** Works that are asked about at a time. */
const WORKS_AT_ONCE = 20_000

/**
 * Looks for every declared work in every data set, each pair once: works that came since in every part, and every work in
 * parts that came since. Sealed works, and those that were taken back, are not looked for; what is found of
 * works that a community keeps is shown to nobody for as long as it keeps them. Killed at any moment it goes on
 * behind the last works that were recorded. Parts of works are looked for where their codes are kept. `allowed` stops it between two questions.
 */
export async function watchOnce(
  register: Register,
  datasets: Pick<Workshop, 'list' | 'check' | 'checkMany'>,
  allowed: () => boolean = () => true,
): Promise<WatchRun> {
  const { db } = register.database
  const parts = datasets.list().flatMap((set) => set.parts.map(({ directory }) => ({ set, part: directory })))
  await forgetParts(db, new Set(parts.map(({ set, part }) => `${set.id} ${part}`)))
  const watched = await countWatched(db)
  const result: WatchRun = { compared: 0, parts: 0, found: 0, reopened: 0, damaged: [] }
  for (const place of parts)
    try {
      await watchPart(register, datasets, { ...place, watched, allowed }, result)
    } catch (error) {
      if (!(error instanceof ColophonError) || error.code !== 'dataset_invalid') throw error
      if (!result.damaged.includes(place.set.id)) result.damaged.push(place.set.id)
    }
  const { parts: lookedFor, found } = await watchKept(register, datasets, allowed)
  result.parts += lookedFor
  result.found += found
  return result
}

interface WatchedPart {
  set: { id: string; name: string; version: string }
  part: string
  watched: number
  allowed: () => boolean
}

async function watchPart(
  register: Register,
  datasets: Pick<Workshop, 'checkMany'>,
  { set, part, watched, allowed }: WatchedPart,
  result: WatchRun,
): Promise<void> {
  const { db } = register.database
  let after = await findState(db, set.id, part)
  if (after < 0 && allowed()) {
    const ask = (works: readonly WatchedWork[]) => datasets.checkMany(set.id, part, works, works.length)
    result.reopened += (await reopenWhenFound(register, set, ask)).length
  }
  while (allowed()) {
    const works = await listWatched(db, after, WORKS_AT_ONCE)
    const last = works.at(-1)
    if (!last) break
    const at = isoTime(register.effects.now())
    const withdrawn = await findWithdrawn(db, works.map(declaredOf), at)
    const standing = works.filter(({ id }) => !withdrawn.has(id))
    const hits = standing.length === 0 ? [] : await datasets.checkMany(set.id, part, standing.map(watchedOf), watched)
    // The part went while it was asked about: the one that took its place is looked through by the next run.
    if (!hits) break
    const parties = new Map(works.map(({ id, party }) => [id, party]))
    const findings = hits.map((hit) => ({ ...findingOf(hit, parties.get(hit.work)!), found_at: at }))
    const where = { dataset: set.id, dataset_name: set.name, dataset_version: set.version }
    const rows = findings.map((finding) => ({ ...finding, ...where }))
    const state = { dataset: set.id, part, log_index: BigInt(last.logIndex), checked_at: at }
    result.found += await db.transaction().execute((queries) => recordRun(queries, state, rows))
    result.compared += standing.length
    after = last.logIndex
  }
}

/** An item is taken back alone, or with all that its entry of the log declared. */
function declaredOf({ id, collection, logIndex }: WatchedRow) {
  return { id, collection, logIndex: BigInt(logIndex) }
}

function watchedOf({ id, codes, urls }: WatchedRow): WatchedWork {
  return { id, sha256: codes.sha256, pdq: codes.pdq, textCode: codes['iscc-text-v0'], urls }
}

function findingOf({ work, row, match, measure, status, url }: WatchedHit, party: string) {
  return { work, row_number: BigInt(row), party, kind: match, measure: BigInt(measure), status, url }
}
