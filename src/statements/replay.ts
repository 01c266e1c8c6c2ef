import type { Tables } from '../foundation/index.ts'
import { followLog, followUpTo, inTurn } from './project.ts'
import type { Register } from './register.ts'
import { eraseFromVault, findStatement, rememberErased, writeProjectedSize } from './store.ts'

/** Every table that follows from the log: the statements' own, then each kind's, in the order of the house. */
export function projectionTables(register: Register): (keyof Tables)[] {
  return ['statement', ...new Set([...register.kinds.values()].flatMap(({ tables }) => tables))]
}

/** Empties every projection and builds it again from the log and the vault. */
export function replayLog(register: Register): Promise<number> {
  return inTurn(register, () => replayInTurn(register))
}

/** Whoever appends meanwhile waits for his turn, or his entry would be followed twice. */
async function replayInTurn(register: Register): Promise<number> {
  const wanted = register.log.size
  await followUpTo(register, wanted)
  await register.database.db.transaction().execute(async (queries) => {
    for (const table of projectionTables(register).reverse()) await queries.deleteFrom(table).execute()
    await writeProjectedSize(queries, 0)
  })
  register.projectedSize = 0
  register.keyCache.clear()
  await followUpTo(register, wanted)
  return wanted
}

/**
 * Erases a sealed statement: body and salt leave the vault, every row that came from it goes, and the log keeps a
 * commitment that nobody can open any more. Whoever still holds the statement cannot put it back here. A public statement cannot be erased; it answers false.
 */
export async function eraseSealed(register: Register, statementId: string): Promise<boolean> {
  return (await eraseManySealed(register, [statementId])) > 0
}

/** The same for many, with one replay; it answers how many were sealed. */
export async function eraseManySealed(register: Register, statementIds: readonly string[]): Promise<number> {
  await followLog(register)
  const { db } = register.database
  let count = 0
  for (const id of statementIds) {
    const commitment = (await findStatement(db, id))?.commitment
    if (!commitment) continue
    await rememberErased(db, id)
    await eraseFromVault(db, commitment)
    count++
  }
  // What others said about it, and what it had replaced, follow anew: nobody has to remember how to take a row back.
  if (count > 0) await replayLog(register)
  return count
}
