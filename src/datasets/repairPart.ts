import { cpSync, existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { findDamage } from '../similarity/index.ts'
import { withDuckDb } from './input.ts'
import { literal } from './sql.ts'
import { FROM_FILES, FROM_ROWS, rebuildFromRows } from './buildPart.ts'

/** Whether an index can be written anew from the rows. */
export function isFromRows(name: string): boolean {
  return (FROM_ROWS as readonly string[]).includes(name)
}

/** Whether every row of a part can be read: what all indexes could be made anew from. */
export async function hasSoundRows(part: string): Promise<boolean> {
  return withDuckDb(async (connection) => {
    try {
      // Hashing has each value read, not only the figures at the end of the file.
      await connection.run(
        `SELECT bit_xor(hash(each)) FROM read_parquet(${literal(join(part, 'rows.parquet'))}) AS each`,
      )
      return true
    } catch {
      return false
    }
  })
}

/** Names of the indexes of a part of which a file is damaged. Texts and passages are written together. */
export function damagedIndexes(part: string): Set<string> {
  const names = [...FROM_ROWS, ...FROM_FILES].filter((name) => {
    const folder = join(part, name)
    // Previews are kept only where they are wanted; every other index has a folder.
    return existsSync(folder) ? findDamage(folder).length > 0 : name !== 'previews'
  })
  const damaged = new Set<string>(names)
  if (damaged.has('texts') || damaged.has('passages')) damaged.add('texts').add('passages')
  return damaged
}

/** Copies what is sound, and writes what follows from the rows. What needs the files themselves is left out. */
export async function copyRepaired(
  part: string,
  building: string,
  base: number,
  damaged: ReadonlySet<string>,
): Promise<void> {
  cpSync(part, building, {
    recursive: true,
    filter: (source) => !damaged.has(relative(part, source).split('/')[0]!),
  })
  await rebuildFromRows(building, base, damaged)
}
