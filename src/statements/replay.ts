import type { Tables } from '../foundation/index.ts'
import { followLog } from './project.ts'
import type { Register } from './register.ts'
import { eraseFromVault, findStatement, rememberErased, writeProjectedSize } from './store.ts'

/** Every table that follows from the log: the statements' own, then each kind's, in the order of the house. */
export function projectionTables(register: Register): (keyof Tables)[] {
  return ['statement', ...new Set([...register.kinds.values()].flatMap(({ tables }) => tables))]
}

/** Empties every projection and builds it again from the log and the vault. */
export async function replayLog(register: Register): Promise<number> {
  await followLog(register)
  await register.database.db.transaction().execute(async (queries) => {
    for (const table of projectionTables(register).reverse()) await queries.deleteFrom(table).execute()
    await writeProjectedSize(queries, 0)
  })
  register.projectedSize = 0
  register.keyCache.clear()
  await followLog(register)
  return register.log.size
}

/**
 * Erases a sealed statement: body and salt leave the vault, every row that came from it goes, and the log keeps a
 * commitment that nobody can open any more. Whoever still holds the statement cannot put it back here. A public statement cannot be erased; it answers false.
 */
export async function eraseSealed(register: Register, statementId: string): Promise<boolean> {
  await followLog(register)
  const row = await findStatement(register.database.db, statementId)
  if (!row?.commitment) return false
  await rememberErased(register.database.db, statementId)
  await eraseFromVault(register.database.db, row.commitment)
  // What others said about it, and what it had replaced, follow anew: nobody has to remember how to take a row back.
  await replayLog(register)
  return true
}
