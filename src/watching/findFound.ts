import { isoTime } from '../foundation/index.ts'
import { findGoneWorks } from '../rights/index.ts'
import type { Register } from '../statements/index.ts'
import { countPlaces, listFindings } from './store.ts'

/** Ids that are asked about at a time. */
const IDS_AT_ONCE = 10_000

/**
 * What was found of a party's works, newest first, and how many works and places there are in all; after a step, only
 * what is newer. Works that were taken back, or that a community keeps now, are left out, whenever they were
 * found.
 */
export async function findFound(
  { database, effects }: Register,
  asked: { party: string; after?: number; limit: number },
) {
  const { db } = database
  const counted = await countPlaces(db, asked)
  const hidden = new Set<string>()
  for (let start = 0; start < counted.length; start += IDS_AT_ONCE) {
    const ids = counted.slice(start, start + IDS_AT_ONCE).map(({ id }) => id)
    for (const id of await findGoneWorks(db, ids, isoTime(effects.now()))) hidden.add(id)
  }
  const shown = counted.filter(({ id }) => !hidden.has(id))
  return {
    works: shown.length,
    places: shown.reduce((sum, { places }) => sum + Number(places), 0),
    found: shown.length === 0 ? [] : await listFindings(db, { ...asked, hidden }),
  }
}
