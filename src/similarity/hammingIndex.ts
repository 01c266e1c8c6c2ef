import { ColophonError } from '../foundation/index.ts'
import { openKernels } from './kernels.ts'

/** Queries that one call of the kernel takes. */
const QUERIES_MAX = 1 << 15
const TABLES_MAX = 32
/** Under so many codes a scan is as fast as anything. */
const INDEXED_FROM = 4096

/** Codes ready to be searched. Exact: every code within the radius is found, whatever the codes are. */
export interface HammingIndex {
  count: number
  codeBytes: 8 | 32
  /** Bytes of memory that the index takes. */
  bytes(): number
  /** For each query, all codes that differ in at most `radius` bits, nearest first. Queries lie one after the other. */
  search(queries: Uint8Array, radius: number): HammingHit[][]
}

export interface HammingHit {
  /** The place of the code among those that were indexed. */
  place: number
  /** Bits that differ. */
  distance: number
}

/**
 * Indexes codes of 8 or 32 bytes that lie one after the other: multi-index hashing (Norouzi, Punjani and Fleet, 2012),
 * with probes and candidates of many queries sorted into parts that fit the cache. Errors: `too_large` without memory.
 */
export function openHammingIndex(codes: Uint8Array, codeBytes: 8 | 32 = 32): HammingIndex {
  const count = codes.length / codeBytes
  if (!Number.isInteger(count)) throw new ColophonError('invalid_input', 'a list of codes ends in the middle of a code')
  let collect: Collector
  const kernels = openKernels({
    hit: (query, place, distance) => collect.hit(query, place, distance),
    restart: (query) => collect.restart(query),
  })
  const tables = count < INDEXED_FROM ? 0 : tablesFor(count, codeBytes * 8)
  const parts = substrings(codeBytes * 8, tables)
  const at = kernels.reserveIndex(count, codeBytes / 8, parts.at(-1)?.bits ?? 0) >>> 0
  if (at === 0) throw outOfMemory(count)
  new Uint8Array(kernels.memory.buffer).set(codes, at)
  for (const { firstBit, bits } of parts) {
    if (!kernels.addTable(firstBit, bits)) throw outOfMemory(count)
  }
  if (tables > 0 && !kernels.prepare()) throw outOfMemory(count)
  return {
    count,
    codeBytes,
    bytes: () => kernels.memory.buffer.byteLength,
    search(queries, radius) {
      if (queries.length % codeBytes !== 0 || !Number.isInteger(radius) || radius < 0)
        throw new ColophonError('invalid_input', 'this is no list of codes, or no radius', {
          where: `radius ${radius}`,
        })
      const hits: HammingHit[][] = []
      const isScan = tables === 0 || costOf(count, codeBytes * 8, tables, radius) > count * SCAN_NS
      for (let start = 0; start < queries.length; start += QUERIES_MAX * codeBytes) {
        const batch = queries.subarray(start, start + QUERIES_MAX * codeBytes)
        collect = new Collector(batch.length / codeBytes)
        new Uint8Array(kernels.memory.buffer).set(batch, kernels.queries.value)
        if (isScan) kernels.scanAll(batch.length / codeBytes, radius)
        else kernels.search(batch.length / codeBytes, radius)
        hits.push(...collect.take())
      }
      return hits
    },
  }
}

/** Gathers what the kernel tells: each hit as one number, distance before place, because numbers are sorted fastest. */
class Collector {
  private readonly found: (number[] | undefined)[]
  constructor(queries: number) {
    this.found = Array.from({ length: queries })
  }
  hit(query: number, place: number, distance: number): void {
    const hit = distance * PLACES + (place >>> 0)
    const hits = this.found[query]
    if (hits) hits.push(hit)
    else this.found[query] = [hit]
  }
  restart(query: number): void {
    this.found[query] = undefined
  }
  take(): HammingHit[][] {
    return this.found.map((hits) => {
      const list: HammingHit[] = []
      let last = -1
      for (const hit of Float64Array.from(hits ?? []).sort()) {
        if (hit !== last) list.push({ place: hit % PLACES, distance: Math.floor(hit / PLACES) })
        last = hit
      }
      return list
    })
  }
}

const PLACES = 2 ** 32

/** Measured: nanoseconds to make and look up a probe, to check a candidate, and to scan a code. */
const PROBE_NS = 5.5
const CANDIDATE_NS = 14
const SCAN_NS = 3
/** The radius that the number of tables is chosen for. */
const USUAL_RADIUS = { 64: 8, 256: 31 } as const

/** The number of substrings with which a query at the usual radius costs least, within four bytes a code and bucket. */
function tablesFor(count: number, bits: 64 | 256 | number): number {
  let best = 0
  let least = Infinity
  for (let tables = Math.ceil(bits / 25); tables <= TABLES_MAX; tables++) {
    if (2 ** Math.floor(bits / tables) > 4 * count) continue
    const cost = costOf(count, bits, tables, USUAL_RADIUS[bits as 64 | 256])
    if (cost < least) {
      least = cost
      best = tables
    }
  }
  return best
}

/** Nanoseconds that a query is expected to take among codes whose bits are independent. */
function costOf(count: number, bits: number, tables: number, radius: number): number {
  let cost = 0
  substrings(bits, tables).forEach((substring, table) => {
    const flips = Math.floor(radius / tables) - (table > radius % tables ? 1 : 0)
    let probes = 0
    for (let flipped = 0, ways = 1; flipped <= flips; flipped++) {
      probes += ways
      ways = (ways * (substring.bits - flipped)) / (flipped + 1)
    }
    cost += probes * (PROBE_NS + (CANDIDATE_NS * count) / 2 ** substring.bits)
    // More flips than the kernel has room for.
    if (flips > 4) cost = Infinity
  })
  return cost
}

/** Substrings of one length; the few bits that remain are not needed to find a code, only to tell its distance. */
function substrings(bits: number, tables: number): { firstBit: number; bits: number }[] {
  const length = Math.floor(bits / tables)
  return Array.from({ length: tables }, (_, table) => ({ firstBit: table * length, bits: length }))
}

function outOfMemory(count: number): ColophonError {
  return new ColophonError('too_large', `${count} codes are more than fit into one index`, {
    remedy: 'Split them over several indexes.',
  })
}
