import type { Queries } from './database.ts'
import type { Tables } from './tables.ts'

/**
 * Asks whether a value stands in a column. Questions that come up in the same turn are answered by one query, because
 * a query each would cost more than everything else that a statement needs.
 */
export function existsLookup(
  queries: Queries,
  table: keyof Tables,
  column: string,
): (value: string) => Promise<boolean> {
  let waiting = new Map<string, PromiseWithResolvers<boolean>>()
  const answer = async () => {
    const asked = waiting
    waiting = new Map()
    try {
      const rows = await queries
        .selectFrom(table)
        .select(column as never)
        .where(column as never, 'in', [...asked.keys()] as never)
        .execute()
      const found = new Set(rows.map((row) => (row as unknown as Record<string, string>)[column]))
      for (const [value, { resolve }] of asked) resolve(found.has(value))
    } catch (error) {
      for (const { reject } of asked.values()) reject(error)
    }
  }
  return (value) => {
    if (waiting.size === 0) setImmediate(answer)
    let question = waiting.get(value)
    if (!question) waiting.set(value, (question = Promise.withResolvers<boolean>()))
    return question.promise
  }
}
