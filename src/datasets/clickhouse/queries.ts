import { ColophonError, limits } from '../../foundation/index.ts'
import { OFFSETS_TRIED, PLACES_PER_ITEM_MAX, VOTES_MIN } from '../../similarity/index.ts'
import { arrayParameter, type ClickHouseClient, type Parameters } from './client.ts'
import { GUARANTEED_RADIUS, probesSql } from './substrings.ts'
import { TABLES } from './tables.ts'

export interface NearCode {
  /** Which of the codes that were asked for. */
  query: number
  dataset: string
  row: number
  distance: number
}

/** A place where a row and the text share passage codes: the offsets in the text, all on one diagonal, ascending. */
export interface PassageDiagonal {
  dataset: string
  row: number
  /** Offset in the text minus offset in the row. */
  diagonal: number
  offsets: number[]
}

/** Of a code that stands in more places of a data set than this, so many are named, as in the index on one machine. */
const PLACES_PER_CODE_MAX = 50
/** ClickHouse takes fields of at most 128 KiB, so a long array travels in several. */
const FIELD_CHARACTERS_MAX = 100_000

/**
 * The query: an equi-join of stored substrings with the slots in which a near code must lie, then a count of differing
 * bits. `PREWHERE … IN` lets the primary index choose the granules; the join tells which query each candidate is for.
 * Frames are told with the second at which the row shows them.
 */
export function nearCodesSql(codes: string, table: 'substrings' | 'frames' = 'substrings'): string {
  const place = table === 'frames' ? 'row, time' : 'row'
  const probes = probesSql(`
    SELECT toUInt32(position - 1) AS query, toFixedString(unhex(hexadecimal), 32) AS code
    FROM (SELECT ${codes} AS list) ARRAY JOIN list AS hexadecimal, arrayEnumerate(list) AS position`)
  return `SELECT query, dataset, toUInt16(min(bitHammingDistance(code, wanted))) AS distance, ${place}
FROM (
  SELECT slot, dataset, ${place}, code FROM ${TABLES[table]} PREWHERE slot IN (SELECT slot FROM (${probes}))
) AS stored
INNER JOIN (${probes}) AS probes ON stored.slot = probes.slot
WHERE bitHammingDistance(code, wanted) <= {radius:UInt16}
GROUP BY query, dataset, ${place}
ORDER BY query, dataset, distance, ${place}
LIMIT {hits:UInt32} BY query, dataset`
}

/** Codes that are asked for in one request. */
const CODES_AT_ONCE = 500

/** Every stored code within `radius` bits (at most 31) of one of these codes of 64 hexadecimal characters. */
export async function selectNearCodes(
  client: ClickHouseClient,
  codes: readonly string[],
  radius: number,
  hitsMax: number = limits.hitsPerWorkMax,
): Promise<NearCode[]> {
  return (await selectNear(client, 'substrings', codes, radius, hitsMax)).map(([found]) => found)
}

/** A stored frame that is near one that was asked for, and the second at which the row shows it. */
export interface NearFrame extends NearCode {
  time: number
}

/**
 * Every stored frame within `radius` bits (at most 31) of one of these codes. One that resembles more than
 * `resemblingMax` frames of a data set tells nothing of it, and is left out there.
 */
export async function selectNearFrames(
  client: ClickHouseClient,
  codes: readonly string[],
  radius: number,
  resemblingMax: number,
): Promise<NearFrame[]> {
  const found = await selectNear(client, 'frames', codes, radius, resemblingMax + 1)
  // The table holds times in 32 bits, and writes them as short as can be.
  const frames = found.map(([code, time]) => ({ ...code, time: Math.fround(Number(time)) }))
  const byCode = Map.groupBy(frames, ({ query, dataset }) => `${query} ${dataset}`)
  return [...byCode.values()].filter((alike) => alike.length <= resemblingMax).flat()
}

/** What is near in a table, with whatever else it tells of the place. */
async function selectNear(
  client: ClickHouseClient,
  table: 'substrings' | 'frames',
  codes: readonly string[],
  radius: number,
  hitsMax: number,
): Promise<[NearCode, ...unknown[]][]> {
  if (!Number.isInteger(radius) || radius < 0 || radius > GUARANTEED_RADIUS)
    throw new ColophonError('invalid_input', `the radius is a whole number from 0 to ${GUARANTEED_RADIUS}`)
  const lower = codes.map((code) => hex64(code))
  const found: [NearCode, ...unknown[]][] = []
  for (let first = 0; first < lower.length; first += CODES_AT_ONCE) {
    const { sql, parameters } = longArray('codes', 'FixedString(64)', lower.slice(first, first + CODES_AT_ONCE))
    const asked = { ...parameters, radius: String(radius), hits: String(hitsMax) }
    for (const [query, dataset, distance, row, ...more] of await client.select(nearCodesSql(sql, table), asked)) {
      const place = { dataset: String(dataset), row: Number(row), distance: Number(distance) }
      found.push([{ ...place, query: first + Number(query) }, ...more])
    }
  }
  return found
}

/** Every whole text whose code is within `radius` bits of this one (64 hexadecimal characters): all are read. */
export async function selectSimilarTexts(client: ClickHouseClient, code: string, radius: number) {
  const rows = await client.select(
    `SELECT dataset, toUInt16(bitHammingDistance(code, toFixedString(unhex({code:FixedString(64)}), 32))) AS distance, row
FROM ${TABLES.texts} WHERE distance <= {radius:UInt16} ORDER BY dataset, distance, row LIMIT {hits:UInt32} BY dataset`,
    { code: hex64(code), radius: String(radius), hits: String(limits.hitsPerWorkMax) },
  )
  return rows.map(([dataset, distance, row]) => ({
    dataset: String(dataset),
    row: Number(row),
    distance: Number(distance),
  }))
}

/** Passages: the text's codes joined by key, grouped by row and diagonal. Two codes on one, at least, are returned. */
export async function selectPassages(
  client: ClickHouseClient,
  codes: readonly bigint[],
  offsets: readonly number[],
): Promise<PassageDiagonal[]> {
  if (codes.length === 0) return []
  const code = longArray('codes', 'UInt64', codes)
  const offset = longArray('offsets', 'UInt32', offsets)
  const wanted = `SELECT key, at FROM (SELECT ${code.sql} AS codes, ${offset.sql} AS offsets) ARRAY JOIN codes AS key, offsets AS at`
  const rows = await client.select(
    `SELECT dataset, row, toInt64(at) - toInt64(place.2) AS diagonal, arraySort(groupArray(at)) AS found
FROM (
  SELECT code, dataset, place, place.1 AS row
  FROM (
    SELECT code, dataset, groupArray(${PLACES_PER_CODE_MAX})((row, offset)) AS places
    FROM ${TABLES.passages} PREWHERE code IN (SELECT key FROM (${wanted}))
    GROUP BY code, dataset
  ) ARRAY JOIN places AS place
) AS stored
INNER JOIN (${wanted}) AS wanted ON stored.code = wanted.key
GROUP BY dataset, row, diagonal HAVING count() >= 2`,
    { ...code.parameters, ...offset.parameters },
  )
  return rows.map(([dataset, row, diagonal, found]) => ({
    dataset: String(dataset),
    row: Number(row),
    diagonal: Number(diagonal),
    offsets: (found as unknown[]).map(Number),
  }))
}

/** How far a sound is to be shifted for many of its items to agree with those of a row. */
export interface SoundOffset {
  dataset: string
  row: number
  offset: number
}

/**
 * Rows and offsets on which many items agree, items that differ in one bit included: of each data set those with the most
 * votes, by the same bounds as in an index on one machine.
 */
export async function selectSoundOffsets(client: ClickHouseClient, items: Uint32Array): Promise<SoundOffset[]> {
  if (items.length === 0) return []
  const { sql, parameters } = longArray('items', 'UInt32', [...items])
  const masks = ['0', ...Array.from({ length: 32 }, (_, bit) => String(2 ** bit))].map((mask) => `toUInt32(${mask})`)
  const wanted = `SELECT bitXor(key, mask) AS sought, at
FROM (SELECT key, toInt64(position) - 1 AS at FROM (SELECT ${sql} AS items) ARRAY JOIN items AS key, arrayEnumerate(items) AS position)
ARRAY JOIN [${masks.join(', ')}] AS mask`
  const rows = await client.select(
    `SELECT dataset, place.1 AS row, toInt64(place.2) - at AS shift, count() AS votes
FROM (
  SELECT item, dataset, place
  FROM (
    SELECT item, dataset, groupArray(${PLACES_PER_ITEM_MAX + 1})((row, offset)) AS places
    FROM ${TABLES.items} PREWHERE item IN (SELECT sought FROM (${wanted}))
    GROUP BY item, dataset HAVING length(places) <= ${PLACES_PER_ITEM_MAX}
  ) ARRAY JOIN places AS place
) AS stored
INNER JOIN (${wanted}) AS wanted ON stored.item = wanted.sought
GROUP BY dataset, row, shift HAVING votes >= ${VOTES_MIN}
ORDER BY dataset, votes DESC, row, shift LIMIT ${OFFSETS_TRIED} BY dataset`,
    parameters,
  )
  return rows.map(([dataset, row, offset]) => ({ dataset: String(dataset), row: Number(row), offset: Number(offset) }))
}

/** The items of some sounds of a data set. */
export async function selectSounds(client: ClickHouseClient, dataset: string, rows: readonly number[]) {
  const found = await client.select(
    `SELECT row, items FROM ${TABLES.sounds} WHERE dataset = {dataset:String} AND row IN {rows:Array(UInt64)}`,
    { dataset, rows: arrayParameter(rows) },
  )
  return new Map(found.map(([row, items]) => [Number(row), Uint32Array.from(items as unknown[], Number)]))
}

/** Rows with exactly this file. */
export function selectFile(client: ClickHouseClient, sha256: string): Promise<{ dataset: string; row: number }[]> {
  return places(
    client,
    `SELECT DISTINCT dataset, row FROM ${TABLES.files} PREWHERE sha256 = toFixedString(unhex({sha256:String}), 32)`,
    { sha256: hex64(sha256) },
  )
}

/** Rows with exactly this address. */
export function selectAddress(client: ClickHouseClient, url: string): Promise<{ dataset: string; row: number }[]> {
  return places(client, `SELECT DISTINCT dataset, row FROM ${TABLES.addresses} PREWHERE url = {url:String}`, { url })
}

async function places(client: ClickHouseClient, sql: string, parameters: Parameters) {
  const rows = await client.select(`${sql} ORDER BY dataset, row LIMIT {hits:UInt32} BY dataset`, {
    ...parameters,
    hits: String(limits.hitsPerWorkMax),
  })
  return rows.map(([dataset, row]) => ({ dataset: String(dataset), row: Number(row) }))
}

/** Per data set: the first row of this domain or of one below it, and how many there are. */
export async function selectDomain(client: ClickHouseClient, domain: string) {
  const rows = await client.select(
    `SELECT dataset, min(rowFirst), sum(rowCount) FROM ${TABLES.hosts}
WHERE reversed = reverse({domain:String}) OR startsWith(reversed, reverse({domain:String}) || '.')
GROUP BY dataset ORDER BY dataset`,
    { domain },
  )
  return rows.map(([dataset, row, count]) => ({ dataset: String(dataset), row: Number(row), count: Number(count) }))
}

/** An array that may be longer than one field: SQL for it, and the fields. */
function longArray(name: string, type: string, items: readonly (string | number | bigint)[]) {
  const parameters: Parameters = {}
  const perField = Math.floor(FIELD_CHARACTERS_MAX / 67)
  for (let at = 0; at < items.length; at += perField)
    parameters[`${name}${at / perField}`] = arrayParameter(items.slice(at, at + perField))
  const fields = Object.keys(parameters).map((field) => `{${field}:Array(${type})}`)
  return { sql: fields.length === 1 ? fields[0]! : `arrayConcat(${fields.join(', ')})`, parameters }
}

function hex64(code: string): string {
  if (/^[0-9a-f]{64}$/i.test(code)) return code.toLowerCase()
  throw new ColophonError('invalid_input', 'a code is not 64 hexadecimal characters', { where: code.slice(0, 80) })
}
