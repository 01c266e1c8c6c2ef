import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../../datasets/index.ts'
import type { WorkColumns } from '../distribution/rightsholders.ts'
import type { ShareColumns } from '../distribution/shares.ts'
import { chunksOf, itemsOf, partsOf } from './chunks.ts'
import type { Inputs } from './inputs.ts'

/** Where the place of each id stands, counted from the first: for whole numbers that lie close together. */
export interface IdPlaces {
  first: bigint
  places: Uint32Array
}

export const NO_PLACE = 0xffff_ffff
/** Ids take at most so many times the room of what they name. */
const SPREAD_MAX = 4

/** Works by the places of their ids, and the range of places that each sector has. */
export interface PlacedWorks extends IdPlaces {
  count: number
  sectors: WorkColumns['sectors']
}

/** Sectors are told apart by one byte. */
const SECTORS_MAX = 255

/**
 * The places of works in the order of their sectors and then of their ids; `undefined` where ids are texts, far apart, or one
 * stands there twice, and where there are too many sectors: the engine then puts them in order.
 */
export async function placesOfWorks(connection: DuckDBConnection, inputs: Inputs): Promise<PlacedWorks | undefined> {
  const range = await rangeOf(connection, 'works', 'work')
  if (!range || range.room > range.count * SPREAD_MAX) return undefined
  const named = await connection.runAndReadAll('SELECT DISTINCT sector FROM works ORDER BY sector')
  const names = named.getRows().map(([sector]) => String(sector))
  if (names.length > SECTORS_MAX) return undefined
  const sectorOf = new Uint8Array(range.room)
  const starts = new Uint32Array(names.length + 2)
  const columns = `CAST(work - ${range.first} AS UINTEGER), CAST(list_position([${names.map(literal).join(', ')}], sector) AS UTINYINT)`
  for await (const chunk of partsOf(connection, inputs, 'works', columns)) {
    const [ids, sectors] = [itemsOf<Uint32Array>(chunk, 0), itemsOf<Uint8Array>(chunk, 1)]
    for (let i = 0; i < ids.length; i++) {
      if (sectorOf[ids[i]!] !== 0) return undefined
      sectorOf[ids[i]!] = sectors[i]!
      starts[sectors[i]! + 1]!++
    }
  }
  for (let sector = 1; sector < starts.length; sector++) starts[sector]! += starts[sector - 1]!
  const sectors = new Map(names.map((name, i) => [name, { from: starts[i + 1]!, to: starts[i + 2]! }]))
  const places = new Uint32Array(range.room).fill(NO_PLACE)
  for (let id = 0; id < range.room; id++) if (sectorOf[id] !== 0) places[id] = starts[sectorOf[id]!]!++
  return { first: range.first, places, count: range.count, sectors }
}

async function rangeOf(connection: DuckDBConnection, table: string, column: string) {
  const asked = await connection.runAndReadAll(`SELECT min(${column}), max(${column}), count(*) FROM ${table}`)
  const [first, last, count] = asked.getRows()[0]!
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return undefined
  return { first, last, room: Number(last - first) + 1, count: Number(count) }
}

/** Shares as they come: in the order of their lines. */
export interface UnorderedShares {
  count: number
  work: Uint32Array
  payee: Uint32Array
  share: Uint16Array
}

/**
 * The shares of a day, with the places of their works and payees, and how many payees there are; `undefined` where ids are
 * no numbers that lie together, or something is not known: the engine then says what. `credited` is there when there is a
 * table of payees.
 */
export async function readSharesDirectly(
  connection: DuckDBConnection,
  inputs: Inputs,
  works: IdPlaces,
  inForce: string,
): Promise<{ shares: UnorderedShares; payeeCount: number } | undefined> {
  const hasPayees = inputs.files.payees !== undefined
  const [used, range] = [
    await rangeOf(connection, 'shares', 'work'),
    await rangeOf(connection, hasPayees ? 'credited' : 'shares', 'payee'),
  ]
  if (!used || !range || range.room > range.count * SPREAD_MAX) return undefined
  if (used.first < works.first || used.last >= works.first + BigInt(works.places.length)) return undefined
  const credited = hasPayees ? await readCredited(connection, range) : undefined
  const seen = credited?.seen ?? new Uint8Array(range.room)
  const shares = {
    count: 0,
    work: new Uint32Array(used.count),
    payee: new Uint32Array(used.count),
    share: new Uint16Array(used.count),
  }
  const columns = `CAST(work - ${works.first} AS UINTEGER), CAST(payee - ${range.first} AS BIGINT), CAST(share AS USMALLINT), CAST(coalesce(${inForce}, false) AS UTINYINT)`
  for await (const chunk of partsOf(connection, inputs, 'shares', columns)) {
    const [ids, payees] = [itemsOf<Uint32Array>(chunk, 0), itemsOf<BigInt64Array>(chunk, 1)]
    const [parts, counts] = [itemsOf<Uint16Array>(chunk, 2), itemsOf<Uint8Array>(chunk, 3)]
    const low = new Uint32Array(payees.buffer, payees.byteOffset, payees.length * 2)
    for (let i = 0; i < ids.length; i++) {
      // A payee before the first or behind the last one is in no table of payees.
      if (low[i * 2 + 1] !== 0 || low[i * 2]! >= range.room) return undefined
      const payee = credited ? credited.to[low[i * 2]!]! : low[i * 2]!
      const work = works.places[ids[i]!]!
      if (payee === NO_PLACE || (counts[i] === 1 && work === NO_PLACE)) return undefined
      if (!credited) seen[payee] = 1
      if (counts[i] === 0) continue
      shares.work[shares.count] = work
      shares.payee[shares.count] = payee
      shares.share[shares.count++] = parts[i]!
    }
  }
  return { shares, payeeCount: toPlaces(shares, seen) }
}

/** Under which payee, counted from the first, each one's shares are credited. */
async function readCredited(connection: DuckDBConnection, { first, room }: { first: bigint; room: number }) {
  const [to, seen] = [new Uint32Array(room).fill(NO_PLACE), new Uint8Array(room)]
  const pairs = `SELECT CAST(payee - ${first} AS UINTEGER), CAST(to_payee - ${first} AS UINTEGER) FROM credited`
  for await (const chunk of chunksOf(connection, [], pairs)) {
    const [from, whom] = [itemsOf<Uint32Array>(chunk, 0), itemsOf<Uint32Array>(chunk, 1)]
    for (let i = 0; i < from.length; i++) {
      to[from[i]!] = whom[i]!
      seen[whom[i]!] = 1
    }
  }
  return { to, seen }
}

/** Puts the places of payees, in the order of their ids, where their ids stood. Returns how many there are. */
function toPlaces(shares: UnorderedShares, seen: Uint8Array): number {
  const places = new Uint32Array(seen.length)
  let count = 0
  for (let id = 0; id < seen.length; id++) if (seen[id] === 1) places[id] = count++
  for (let i = 0; i < shares.count; i++) shares.payee[i] = places[shares.payee[i]!]!
  return count
}

/** By work, counting; then by payee within each work, which has few. */
export function orderByWork({ count, work, payee, share }: UnorderedShares, works: number): ShareColumns {
  const start = new Uint32Array(works + 1)
  for (let i = 0; i < count; i++) start[work[i]! + 1]!++
  for (let i = 0; i < works; i++) start[i + 1]! += start[i]!
  const filled = start.slice(0, works)
  const ordered = { start, payee: new Uint32Array(count), share: new Uint16Array(count) }
  for (let i = 0; i < count; i++) {
    const from = start[work[i]!]!
    let at = filled[work[i]!]!++
    for (; at > from && ordered.payee[at - 1]! > payee[i]!; at--) {
      ordered.payee[at] = ordered.payee[at - 1]!
      ordered.share[at] = ordered.share[at - 1]!
    }
    ordered.payee[at] = payee[i]!
    ordered.share[at] = share[i]!
  }
  return ordered
}
