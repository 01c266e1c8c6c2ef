import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openContentIndexes } from './buildPart.ts'
import { withDuckDb } from './input.ts'
import { literal, literalList } from './sql.ts'

/** Writes one part of several, whose rows follow each other. `base` is the number of the first row of each. */
export async function mergeParts(parts: readonly { path: string; base: number }[], merged: string): Promise<void> {
  mkdirSync(merged, { recursive: true })
  const files = literalList(parts.map(({ path }) => join(path, 'rows.parquet')))
  const target = literal(join(merged, 'rows.parquet'))
  await withDuckDb((connection) =>
    connection.run(`COPY (FROM read_parquet(${files})) TO ${target} (FORMAT parquet, COMPRESSION zstd)`),
  )
  const into = openContentIndexes(merged)
  const from = parts.map(({ path, base }) => ({ base, indexes: openContentIndexes(path) }))
  for (const name of ['pdq', 'texts'] as const) {
    for (const { base, indexes } of from)
      for (const { rows, codes } of indexes[name].contents()) into[name].add(shiftedRows(rows, base), codes)
    await into[name].merge()
    await into[name].close()
  }
  for (const { base, indexes } of from) {
    for (const rows of indexes.features.contents()) into.features.add(shifted(rows, base))
    for (const rows of indexes.sounds.contents()) into.sounds.add(shifted(rows, base))
    for (const rows of indexes.frames.contents()) into.frames.add(shifted(rows, base))
    for (const rows of indexes.previews.contents()) into.previews.add(shifted(rows, base))
  }
  await into.passages.add(allTexts(from))
}

function* allTexts(from: readonly { base: number; indexes: ReturnType<typeof openContentIndexes> }[]) {
  for (const { base, indexes } of from)
    for (const text of indexes.passages.contents()) yield { ...text, row: text.row + base }
}

function shifted<Row extends { row: number }>(rows: readonly Row[], base: number): Row[] {
  return rows.map((row) => ({ ...row, row: row.row + base }))
}

function shiftedRows(rows: Uint32Array, base: number): Uint32Array {
  return rows.map((row) => row + base)
}
