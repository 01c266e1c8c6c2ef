import type { DuckDBConnection } from '@duckdb/node-api'
import { turnedHashes } from '../fingerprints/index.ts'
import { fromHex, limits } from '../foundation/index.ts'
import type { ContentIndexes } from './buildPart.ts'
import type { FoundPlace } from './check.ts'
import { PDQ_RADIUS, TEXT_RADIUS } from './compare.ts'
import type { HitStrength } from './strength.ts'

/** What is publicly known of a work, by which it can be watched for without its file. */
export interface WatchedWork {
  id: string
  sha256?: string | undefined
  pdq?: string | undefined
  textCode?: string | undefined
  urls: readonly string[]
}

/** A place of one of many works. */
export interface WatchedPlace {
  work: string
  row: number
  match: FoundPlace['match']
  measure: number
  url: string | null
  stretch: null
}

/** The same, and how strong it is. */
export type WatchedHit = WatchedPlace & HitStrength

const TURNS = 8
/** Works of a batch in memory; their codes in eight turns are searched together. */
const BATCH = 5000

/** Many works against one part of a data set: by file, by address, as a picture in its eight turns, and as a whole text. */
export async function checkManyInPart(
  connection: DuckDBConnection,
  { rows, base, end, indexes }: { rows: string; base: number; end: number; indexes: ContentIndexes },
  works: readonly WatchedWork[],
): Promise<WatchedPlace[]> {
  // The surest kind first. Rows are read once for all works; codes are searched in batches.
  const found = [
    ...(await equalRows(connection, { rows, base, end }, 'sha256', works)),
    ...(await equalRows(connection, { rows, base, end }, 'url', works)),
  ]
  for (let start = 0; start < works.length; start += BATCH)
    found.push(...(await nearRows(indexes, base, works.slice(start, start + BATCH))))
  const places = [...Map.groupBy(found, ({ work }) => work).values()].flatMap(strongest)
  const urls = await urlsOf(connection, rows, new Set(places.map(({ row }) => row)))
  return places.map((place) => ({ ...place, url: urls.get(place.row) ?? null, stretch: null }))
}

type Bare = Omit<WatchedPlace, 'url' | 'stretch'>

/** Each row once, for what is surest; of one work not more than anybody reads. */
function strongest(found: Bare[]): Bare[] {
  const best = new Map<number, Bare>()
  // They come from the surest kind on.
  for (const place of found) if (!best.has(place.row)) best.set(place.row, place)
  return [...best.values()].slice(0, limits.hitsPerWorkMax)
}

const LINE = '\n'

async function equalRows(
  connection: DuckDBConnection,
  { rows, base, end }: { rows: string; base: number; end: number },
  column: 'sha256' | 'url',
  works: readonly WatchedWork[],
): Promise<Bare[]> {
  const keys: [string, string][] = works.flatMap(({ id, sha256, urls }) =>
    column === 'url'
      ? urls.filter((url) => !url.includes(LINE)).map((url): [string, string] => [id, url])
      : sha256
        ? [[id, sha256] as [string, string]]
        : [],
  )
  if (keys.length === 0) return []
  const reader = await connection.runAndReadAll(
    `WITH keys AS (SELECT unnest(string_split($ids, chr(10))) AS work, unnest(string_split($values, chr(10))) AS value)
     SELECT keys.work, rows.row FROM keys JOIN ${rows} AS rows ON rows.${column} = keys.value
     WHERE rows.row >= ${base} AND rows.row < ${end} ORDER BY ALL`,
    { ids: keys.map(([id]) => id).join(LINE), values: keys.map(([, value]) => value).join(LINE) },
  )
  const match = column === 'url' ? 'url' : 'exact-file'
  return reader.getRows().map(([work, row]) => ({ work: String(work), row: Number(row), match, measure: 0 }))
}

async function urlsOf(connection: DuckDBConnection, rows: string, asked: Set<number>): Promise<Map<number, string>> {
  if (asked.size === 0) return new Map()
  const reader = await connection.runAndReadAll(
    `SELECT row, url FROM ${rows} WHERE url IS NOT NULL AND row IN (SELECT CAST(unnest(string_split($rows, chr(10))) AS BIGINT))`,
    { rows: [...asked].join(LINE) },
  )
  return new Map(reader.getRows().map(([row, url]) => [Number(row), String(url)]))
}

async function nearRows({ pdq, texts }: ContentIndexes, base: number, works: readonly WatchedWork[]): Promise<Bare[]> {
  const pictures = works.filter((work) => work.pdq !== undefined)
  const written = works.filter((work) => work.textCode !== undefined)
  const places: Bare[] = []
  const turned = fromHex(pictures.flatMap((work) => turnedHashes(work.pdq!)).join(''))
  for (const [i, hits] of (turned.length > 0 ? await pdq.search(turned, PDQ_RADIUS) : []).entries())
    for (const { row, distance } of hits)
      places.push({
        work: pictures[Math.floor(i / TURNS)]!.id,
        row: row + base,
        match: 'near-picture',
        measure: distance,
      })
  places.sort((one, other) => one.measure - other.measure || one.row - other.row)
  const codes = fromHex(written.map(({ textCode }) => textCode!).join(''))
  for (const [i, hits] of (codes.length > 0 ? await texts.search(codes, TEXT_RADIUS) : []).entries())
    for (const { row, distance } of hits)
      places.push({ work: written[i]!.id, row: row + base, match: 'near-text', measure: distance })
  return places
}
