import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openContentIndexes } from './buildPart.ts'
import type { DatasetInfo } from './datasetInfo.ts'
import { liveRows, openDeletedRows, withoutRows } from './deletedRows.ts'
import { withDuckDb } from './input.ts'
import { literal } from './sql.ts'

/** Writes all parts of a data set, whose rows follow each other, as one, without what was deleted. */
export async function mergeParts(directory: string, info: DatasetInfo, merged: string): Promise<void> {
  mkdirSync(merged, { recursive: true })
  const target = literal(join(merged, 'rows.parquet'))
  const isDeleted = await withDuckDb(async (connection) => {
    await connection.run(`COPY (FROM ${liveRows(directory, info)}) TO ${target} (FORMAT parquet, COMPRESSION zstd)`)
    return openDeletedRows(connection, directory, info)
  })
  const into = openContentIndexes(merged)
  const from = info.parts.map((part) => ({
    base: part.base,
    indexes: withoutRows(openContentIndexes(join(directory, info.id, part.directory)), part.base, isDeleted),
  }))
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
