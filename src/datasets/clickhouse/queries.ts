import { ColophonError, limits } from '../../foundation/index.ts'
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
 */
export function nearCodesSql(codes: string): string {
  const probes = probesSql(`
    SELECT toUInt32(position - 1) AS query, toFixedString(unhex(hexadecimal), 32) AS code
    FROM (SELECT ${codes} AS list) ARRAY JOIN list AS hexadecimal, arrayEnumerate(list) AS position`)
  return `SELECT query, dataset, row, toUInt16(min(bitHammingDistance(code, wanted))) AS distance
FROM (
  SELECT slot, dataset, row, code FROM ${TABLES.substrings} PREWHERE slot IN (SELECT slot FROM (${probes}))
) AS stored
INNER JOIN (${probes}) AS probes ON stored.slot = probes.slot
WHERE bitHammingDistance(code, wanted) <= {radius:UInt16}
GROUP BY query, dataset, row
ORDER BY query, dataset, distance, row
LIMIT {hits:UInt32} BY query, dataset`
}

/** Every stored code within `radius` bits (at most 31) of one of these codes of 64 hexadecimal characters. */
export async function selectNearCodes(
  client: ClickHouseClient,
  codes: readonly string[],
  radius: number,
  hitsMax: number = limits.hitsPerWorkMax,
): Promise<NearCode[]> {
  if (!Number.isInteger(radius) || radius < 0 || radius > GUARANTEED_RADIUS)
    throw new ColophonError('invalid_input', `the radius is a whole number from 0 to ${GUARANTEED_RADIUS}`)
  const lower = codes.map((code) => hex64(code))
  if (lower.length === 0) return []
  const { sql, parameters } = longArray('codes', 'FixedString(64)', lower)
  const rows = await client.select(nearCodesSql(sql), { ...parameters, radius: String(radius), hits: String(hitsMax) })
  return rows.map(([query, dataset, row, distance]) => ({
    query: Number(query),
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
