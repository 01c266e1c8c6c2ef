import { deserialize, serialize } from 'node:v8'
import { judgeHits, queryOf, type CheckQuery, type Workshop } from '../datasets/index.ts'
import type { FileCodes } from '../fingerprints/index.ts'
import { ColophonError, isoTime, sha256Hex, type Queries } from '../foundation/index.ts'
import { findWorksByCodes } from '../register/index.ts'
import { findGoneWorks } from '../rights/index.ts'
import type { Register } from '../statements/index.ts'
import { recordFindings } from './store.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    watch_kept: { work: string; party: string; codes: Uint8Array; seen: string; recorded_at: string }
  }
}

/** Works of one party of which the parts are looked for. */
const KEPT_MAX = 2000
/** What is found by declared codes alone is found without these. */
const OF_PARTS: ReadonlySet<string> = new Set(['part-of-picture', 'film', 'sound', 'passage'])
const WORKS_AT_ONCE = 100

/**
 * Keeps the codes of the parts of a file for the works of a party that are this file, so that crops, quotations and cuts
 * are looked for, too. Neither the file nor its text is kept. Gives how many works there are. Errors: `not_found` where the
 * party has declared no such file, `invalid_input` for a file without parts that are known, `too_many_requests`.
 */
export async function keepCodes({ database, effects }: Register, party: string, found: FileCodes): Promise<number> {
  const { db } = database
  const { passageText: _, pdqDihedral, pdqQuality, ...query } = queryOf(found)
  const parts = { features: query.features, items: query.items, frames: query.frames, passages: query.passages }
  const known = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
  if (Object.keys(known).length === 0)
    throw new ColophonError('invalid_input', 'no parts of this file can be looked for', {
      remedy: 'Pictures, texts, sounds and films have parts that can; this file is looked for as a whole.',
    })
  const works = (await findWorksByCodes(db, 'sha256', [found.codes.sha256 ?? ''])).filter(
    (work) => work.party === party,
  )
  const now = isoTime(effects.now())
  const gone = await findGoneWorks(
    db,
    works.map(({ id }) => id),
    now,
  )
  const own = works.filter(({ id }) => !gone.has(id))
  if (own.length === 0)
    throw new ColophonError('not_found', 'you have declared no work with this very file', {
      remedy: 'Declare it first, or send the file that you have declared.',
    })
  const ids = new Set(own.map(({ id }) => id))
  const others = (await listKeptWorks(db, party)).filter(({ work }) => !ids.has(work))
  if (others.length + own.length > KEPT_MAX)
    throw new ColophonError('too_many_requests', `the parts of ${KEPT_MAX} works of one party are looked for at most`)
  const codes = serialize({ ...known, ...(pdqDihedral ? { pdqDihedral, pdqQuality } : {}) } satisfies CheckQuery)
  for (const { id } of own)
    await db
      .insertInto('watch_kept')
      .values({ work: id, party, codes, seen: '', recorded_at: now })
      .onConflict((conflict) => conflict.column('work').doUpdateSet({ codes, seen: '' }))
      .execute()
  return own.length
}

/** How many works are looked for by their parts: of a party, or of all. */
export async function countKept(queries: Queries, party?: string): Promise<number> {
  const query = queries.selectFrom('watch_kept').select(({ fn }) => fn.countAll<bigint>().as('count'))
  const row = await (party === undefined ? query : query.where('party', '=', party)).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Works of a party of which the parts are looked for, and since when. */
export async function listKeptWorks(queries: Queries, party: string) {
  return queries.selectFrom('watch_kept').select(['work', 'recorded_at']).where('party', '=', party).execute()
}

/** From now on works of a party are looked for as wholes only. */
export async function dropCodes(queries: Queries, party: string): Promise<void> {
  await queries.deleteFrom('watch_kept').where('party', '=', party).execute()
}

/**
 * Looks for the parts of works in all data sets, each work again when there are parts of data sets that it was not looked
 * for in. What could not be asked is asked again. Gives how many works were looked for, and how many places are new.
 */
export async function watchKept(
  { database, effects }: Register,
  datasets: Pick<Workshop, 'list' | 'check'>,
  allowed: () => boolean,
): Promise<{ parts: number; found: number }> {
  const { db } = database
  const sets = datasets.list()
  const parts = sets.flatMap(({ id, parts: own }) => own.map(({ directory }) => `${id} ${directory}`)).sort()
  const seen = sha256Hex(Buffer.from(parts.join('\n')))
  const result = { parts: 0, found: 0 }
  const kept = await countKept(db)
  for (let after = ''; parts.length > 0 && allowed();) {
    const rows = await db
      .selectFrom('watch_kept')
      .selectAll()
      .where('work', '>', after)
      .where('seen', '<>', seen)
      .orderBy('work')
      .limit(WORKS_AT_ONCE)
      .execute()
    if (rows.length === 0) break
    after = rows.at(-1)!.work
    const at = isoTime(effects.now())
    const gone = await findGoneWorks(
      db,
      rows.map(({ work }) => work),
      at,
    )
    for (const { work, party, codes } of rows) {
      if (gone.has(work) || !allowed()) continue
      const { hits, unasked } = await datasets.check(deserialize(codes) as CheckQuery)
      const ofParts = hits.filter(({ match }) => OF_PARTS.has(match))
      const findings = judgeHits(ofParts, sets, kept).map((hit) => ({
        work,
        dataset: hit.dataset,
        row_number: BigInt(hit.row),
        dataset_name: hit.datasetName,
        dataset_version: hit.datasetVersion,
        party,
        kind: hit.match,
        measure: BigInt(Math.round(hit.measure)),
        status: hit.status,
        url: hit.url,
        found_at: at,
      }))
      result.parts++
      result.found += await db.transaction().execute(async (queries) => {
        if (unasked.length === 0)
          await queries.updateTable('watch_kept').set({ seen }).where('work', '=', work).execute()
        return recordFindings(queries, findings)
      })
    }
  }
  return result
}
