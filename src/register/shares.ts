import type { Queries } from '../foundation/index.ts'

/** Works that somebody claims rights in, after an id, with their creators' shares by layer; sealed ones are not told. */
export async function listShares(queries: Queries, after: string, limit: number) {
  const works = await queries
    .selectFrom('work')
    .select(['id', 'medium', 'party', 'collection', 'log_index'])
    .where('is_sealed', '=', 0n)
    .where('role', '<>', 'custodian')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  const creators = await queries
    .selectFrom('work_creator')
    .select(['work', 'party', 'name', 'share', 'layer'])
    .where('work', 'in', works.length > 0 ? works.map(({ id }) => id) : [''])
    .orderBy('work')
    .orderBy('position')
    .execute()
  const byWork = Map.groupBy(creators, ({ work }) => work)
  return works.map((work) => ({ ...work, creators: byWork.get(work.id) ?? [] }))
}
