import { isoTime } from '../foundation/index.ts'
import type { WatchedHit, WatchedWork, Workshop } from '../datasets/index.ts'
import { countWatched, findWithdrawn, listWatched, type WatchedRow } from '../register/index.ts'
import { reopenWhenFound } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { findState, forgetParts, recordRun } from './store.ts'

/** What a run came to. */
export interface WatchRun {
  /** Pairs of a work and a part of a data set that were compared for the first time. */
  compared: number
  /** Places that were not known before. */
  found: number
  /** Cases that were opened again, because what was removed turned up in another version, or in rows that came later. */
  reopened: number
}

/** Works that are asked about at a time. */
const WORKS_AT_ONCE = 20_000

/**
 * Looks for every declared work in every data set, each pair once: works that came since in every part, and every work in
 * parts that came since. Sealed works, and those that were taken back, are not looked for; what is found of
 * works that a community keeps is shown to nobody for as long as it keeps them. Killed at any moment it goes on
 * behind the last works that were recorded. `allowed` stops it between two questions.
 */
export async function watchOnce(
  register: Register,
  datasets: Pick<Workshop, 'list' | 'checkMany'>,
  allowed: () => boolean = () => true,
): Promise<WatchRun> {
  const { db } = register.database
  const parts = datasets.list().flatMap((set) => set.parts.map(({ directory }) => ({ set, part: directory })))
  await forgetParts(db, new Set(parts.map(({ set, part }) => `${set.id} ${part}`)))
  const watched = await countWatched(db)
  const result = { compared: 0, found: 0, reopened: 0 }
  for (const { set, part } of parts) {
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
  return result
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
