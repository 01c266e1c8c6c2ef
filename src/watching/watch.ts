import { isoTime } from '../foundation/index.ts'
import type { WatchedHit, WatchedWork, Workshop } from '../datasets/index.ts'
import { countWatched, findWithdrawn, listWatched, type WatchedRow } from '../register/index.ts'
import { findWorksIn, reopenWhenFound, type FoundRow } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { findState, forgetParts, recordRun } from './store.ts'

/** What a run came to. */
export interface WatchRun {
  /** Pairs of a work and a part of a data set that were compared for the first time. */
  compared: number
  /** Places that were not known before. */
  found: number
  /** Cases that were opened again, because what was removed turned up in another version. */
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
    if (after < 0 && allowed()) result.reopened += await reopenCases(register, datasets, set, part)
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

/** Looks for the rows of cases about a data set of this name in a part of it that is new. */
async function reopenCases(
  register: Register,
  datasets: Pick<Workshop, 'checkMany'>,
  set: { id: string; name: string; version: string },
  part: string,
): Promise<number> {
  const rows = (await findWorksIn(register.database.db, set.name)).filter(({ dataset }) => dataset !== set.id)
  if (rows.length === 0) return 0
  const asked = rows.map(({ row_sha256: sha256, row_pdq: pdq, row_url: url }, i) => ({
    id: String(i),
    sha256: sha256 ?? undefined,
    pdq: pdq ?? undefined,
    urls: url === null ? [] : [url],
  }))
  const hits = (await datasets.checkMany(set.id, part, asked, asked.length)) ?? []
  const found = hits.flatMap(({ work, row, match, measure }): FoundRow[] => {
    const { sha256, pdq, urls } = asked[Number(work)]!
    if (match === 'exact-file') return [{ row, sha256 }]
    if (match === 'url') return [{ row, url: urls[0] }]
    return match === 'near-picture' && measure === 0 ? [{ row, pdq }] : []
  })
  return (await reopenWhenFound(register, set, found)).length
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
