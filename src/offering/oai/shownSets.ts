import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../../foundation/index.ts'
import { mayBeGone } from '../../rights/index.ts'
import { doubtfulPages, worksOf, type Scope } from '../scope.ts'

type SetId = Pick<Scope, 'kind' | 'id'>

/** So many works of a set are looked at by the database, to find one that stands beyond doubt. */
const WORKS_LOOKED_AT = 5000

/** Pages of works in doubt that may still be read for one answer; it is counted down. */
export interface Patience {
  pages: number
}

/**
 * Whether at least one work of each set may be shown at a moment (ISO), set after set in their order. It ends before the
 * first one that there is no patience left for, so that the answer costs no more where communities keep everything.
 */
export async function* decideShown<One extends SetId>(
  queries: Queries,
  sets: readonly One[],
  at: string,
  patience: Patience,
): AsyncGenerator<{ set: One; isShown: boolean }> {
  const sure = await surelyShown(queries, sets)
  for (const set of sets) {
    if (!sure.has(set.id) && patience.pages <= 0) return
    yield { set, isShown: sure.has(set.id) || (await isAnyShown(queries, set, at, patience)) }
  }
}

async function isAnyShown(queries: Queries, set: SetId, at: string, patience: Patience): Promise<boolean> {
  for await (const works of doubtfulPages(queries, worksOf(set), at)) {
    patience.pages--
    if (works.some(({ isGone }) => !isGone)) return true
  }
  return false
}

/** The ids of sets with a work of which nothing can have taken it away. */
async function surelyShown(queries: Queries, sets: readonly SetId[]): Promise<Set<string>> {
  const idsOf = (kind: SetId['kind']) => sets.flatMap((set) => (set.kind === kind ? [set.id] : []))
  const [collections, parties] = [idsOf('set'), idsOf('party')]
  const found = new Set<string>()
  if (collections.length > 0) {
    const rows = await queries
      .selectFrom('collection')
      .select('id')
      .where('id', 'in', collections)
      .where(holdsSureWork(sql`works.collection = collection.id`, sql`works.id`))
      .execute()
    for (const { id } of rows) found.add(id)
  }
  for (const id of parties) {
    const { rows } = await sql`SELECT 1 WHERE ${holdsSureWork(sql`works.party = ${id}`, sql`works.log_index`)}`.execute(
      queries,
    )
    if (rows.length > 0) found.add(id)
  }
  return found
}

function holdsSureWork(belongs: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`EXISTS (SELECT 1 FROM (
      SELECT works.id, works.collection, works.party, works.log_index FROM work AS works
      WHERE ${belongs} AND works.is_sealed = 0 ORDER BY ${order} LIMIT ${WORKS_LOOKED_AT}
    ) AS work WHERE ${mayBeGone()} IS NOT TRUE)`
}
