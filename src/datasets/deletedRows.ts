import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { HiddenRows } from '../similarity/index.ts'
import type { ContentIndexes } from './buildPart.ts'
import { rowFiles, type DatasetInfo } from './datasetInfo.ts'
import { literal, literalList } from './sql.ts'

/** What SQL reads the rows of a data set from: those of all parts, without what was deleted. */
export function liveRows(directory: string, info: DatasetInfo): string {
  const rows = `read_parquet(${literalList(rowFiles(directory, info))})`
  const path = deletedPath(directory, info)
  return path ? `(FROM ${rows} WHERE row NOT IN (SELECT row FROM ${readDeleted(path)}))` : rows
}

/** Whether a row was deleted and still lies in a part. */
export async function openDeletedRows(
  connection: DuckDBConnection,
  directory: string,
  info: DatasetInfo,
): Promise<HiddenRows | undefined> {
  const path = deletedPath(directory, info)
  if (!path) return undefined
  const reader = await connection.runAndReadAll(`SELECT row FROM ${readDeleted(path)} ORDER BY row`)
  const deleted = Float64Array.from(reader.getRows(), ([row]) => Number(row))
  return (row) => isAmong(deleted, row)
}

/** The indexes of a part as they are without some rows, which count from the first of the data set. */
export function withoutRows(indexes: ContentIndexes, base: number, isDeleted: HiddenRows | undefined): ContentIndexes {
  if (!isDeleted) return indexes
  const isHidden: HiddenRows = (row) => isDeleted(row + base)
  const { pdq, texts, features, sounds, frames, passages, previews } = indexes
  return {
    pdq: codesWithout(pdq, isHidden),
    texts: codesWithout(texts, isHidden),
    features: {
      ...features,
      search: (own) => features.search(own, isHidden),
      contents: () => kept(features.contents(), isHidden),
    },
    sounds: {
      ...sounds,
      search: (items) => sounds.search(items, isHidden),
      contents: () => kept(sounds.contents(), isHidden),
    },
    frames: {
      ...frames,
      search: (film, radius) => frames.search(film, radius, isHidden),
      contents: () => kept(frames.contents(), isHidden),
    },
    passages: {
      ...passages,
      search: (query) => passages.search(query, isHidden),
      seeds: (codes, most) => passages.seeds(codes, most, isHidden),
      *contents() {
        for (const text of passages.contents()) if (!isHidden(text.row)) yield text
      },
    },
    previews: {
      ...previews,
      read: (row) => (isHidden(row) ? undefined : previews.read(row)),
      contents: () => kept(previews.contents(), isHidden),
    },
  }
}

function codesWithout(index: ContentIndexes['pdq'], isHidden: HiddenRows): ContentIndexes['pdq'] {
  return {
    ...index,
    async search(queries, radius) {
      const answers = await index.search(queries, radius)
      return answers.map((hits) => hits.filter(({ row }) => !isHidden(row)))
    },
    *contents() {
      for (const { rows, codes } of index.contents()) {
        const codeBytes = codes.length / rows.length
        const places = [...rows.keys()].filter((place) => !isHidden(rows[place]!))
        const some = new Uint8Array(places.length * codeBytes)
        places.forEach((place, i) =>
          some.set(codes.subarray(place * codeBytes, (place + 1) * codeBytes), i * codeBytes),
        )
        yield { rows: Uint32Array.from(places, (place) => rows[place]!), codes: some }
      }
    },
  }
}

function* kept<Row extends { row: number }>(contents: Iterable<Row[]>, isHidden: HiddenRows): Iterable<Row[]> {
  for (const rows of contents) yield rows.filter(({ row }) => !isHidden(row))
}

function deletedPath(directory: string, { id, deleted }: DatasetInfo): string | undefined {
  return deleted && join(directory, id, deleted.file)
}

function readDeleted(path: string): string {
  return `read_parquet(${literal(path)})`
}

function isAmong(sorted: Float64Array, row: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < row) low = middle + 1
    else high = middle
  }
  return sorted[low] === row
}
