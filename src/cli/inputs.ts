import { existsSync, globSync, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { ColophonError } from '../foundation/index.ts'

/** Files, all tables of a folder, or those that a pattern names, in the order of their names. */
export function findInputs(given: string[]): string[] {
  const inputs = given.flatMap((path) => {
    if (!existsSync(path)) return globSync(path).sort()
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter((name) => TABLES.has(extname(name).toLowerCase()))
      .sort()
      .map((name) => join(path, name))
  })
  if (inputs.length === 0)
    throw new ColophonError('unreadable_file', 'there is no such file', { where: given.join(' ') })
  if (new Set(inputs.map((path) => extname(path).toLowerCase())).size > 1)
    throw new ColophonError('usage', 'all files of one run are of one kind', { where: given.join(' ') })
  return inputs
}

const TABLES = new Set(['.parquet', '.csv', '.tsv', '.jsonl', '.ndjson'])
