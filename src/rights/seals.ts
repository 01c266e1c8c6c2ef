import type { Queries } from '../foundation/index.ts'

const ROWS_AT_ONCE = 500

/** What was said under a seal is nobody's to read. */
export async function publicOnly<Row extends { log_index: bigint }>(
  queries: Queries,
  rows: readonly Row[],
): Promise<Row[]> {
  const indexes = [...new Set(rows.map(({ log_index }) => log_index))]
  const hidden = new Set<bigint>()
  for (let start = 0; start < indexes.length; start += ROWS_AT_ONCE) {
    const sealed = await queries
      .selectFrom('statement')
      .select('log_index')
      .where('log_index', 'in', indexes.slice(start, start + ROWS_AT_ONCE))
      .where('commitment', 'is not', null)
      .execute()
    for (const { log_index } of sealed) hidden.add(log_index)
  }
  return rows.filter(({ log_index }) => !hidden.has(log_index))
}
