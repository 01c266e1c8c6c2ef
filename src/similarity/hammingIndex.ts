import { ColophonError } from '../foundation/index.ts'
import { openKernels } from './kernels.ts'

/** Queries that one call of the kernel takes. */
const QUERIES_MAX = 1 << 15
const COUNTED_AT_ONCE = 1 << 14
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
  /**
   * The same, but of each class only the nearest code, and of equally near ones that of the lowest rank. `ranks` has a rank
   * for every code in each class, `UNRANKED` for those that are not of it.
   */
  nearest(queries: Uint8Array, radius: number, ranks: readonly Uint32Array[]): HammingHit[][]
}

export interface HammingHit {
  /** The place of the code among those that were indexed. */
  place: number
  /** Bits that differ. */
  distance: number
}

/**
 * Indexes codes of 8 or 32 bytes that lie one after the other: multi-index hashing (Norouzi, Punjani and Fleet, 2012),
 * with probes and candidates of many queries sorted into parts that fit the cache, in tables in which most buckets are
 * empty and a bit says so (sparse) or, of many codes, in dense ones. `kind` says which, where it is not to be what costs least. Errors:
 * `too_large` without memory.
 */
export function openHammingIndex(codes: Uint8Array, codeBytes: 8 | 32 = 32, kind?: 'sparse' | 'dense'): HammingIndex {
  const count = codes.length / codeBytes
  if (!Number.isInteger(count)) throw new ColophonError('invalid_input', 'a list of codes ends in the middle of a code')
  let collect: Collector
  const kernels = openKernels({
    hit: (query, place, distance) => collect.hit(query, place, distance),
    restart: (query) => collect.restart(query),
  })
  const plan = count < INDEXED_FROM ? { tables: 0, isSparse: false } : planFor(count, codeBytes * 8, kind)
  const { tables, isSparse } = plan
  const bits = tables === 0 ? 0 : lengthOf(codeBytes * 8, tables)
  const at = kernels.reserveIndex(count, codeBytes / 8, bits, Number(isSparse)) >>> 0
  if (at === 0) throw outOfMemory(count)
  new Uint8Array(kernels.memory.buffer).set(codes, at)
  kernels.planTables(tables, bits)
  if (tables > 0)
    for (let from = 0; from < count; from += COUNTED_AT_ONCE)
      kernels.countKeys(from, Math.min(count, from + COUNTED_AT_ONCE))
  for (let table = 0; table < tables; table++) {
    if (!(isSparse ? kernels.addSparseTable : kernels.addTable)()) throw outOfMemory(count)
  }
  if (tables > 0 && !kernels.prepare()) throw outOfMemory(count)
  const run = (queries: Uint8Array, radius: number, collectorFor: (count: number) => Collector): HammingHit[][] => {
    if (queries.length % codeBytes !== 0 || !Number.isInteger(radius) || radius < 0)
      throw new ColophonError('invalid_input', 'this is no list of codes, or no radius', { where: `radius ${radius}` })
    const hits: HammingHit[][] = []
    const isScan = tables === 0 || costOf(count, codeBytes * 8, plan, radius) > count * SCAN_NS
    for (let start = 0; start < queries.length; start += QUERIES_MAX * codeBytes) {
      const batch = queries.subarray(start, start + QUERIES_MAX * codeBytes)
      collect = collectorFor(batch.length / codeBytes)
      new Uint8Array(kernels.memory.buffer).set(batch, kernels.queries.value)
      // Beyond all bits there is nothing further.
      const within = Math.min(radius, codeBytes * 8)
      if (isScan) kernels.scanAll(batch.length / codeBytes, within)
      else kernels.search(batch.length / codeBytes, within)
      for (const found of collect.take()) hits.push(found)
    }
    return hits
  }
  return {
    count,
    codeBytes,
    bytes: () => kernels.memory.buffer.byteLength,
    search: (queries, radius) => run(queries, radius, collectAll),
    nearest: (queries, radius, ranks) => run(queries, radius, (asked) => collectNearest(asked, ranks)),
  }
}

/** Gathers what the kernel tells of a batch of queries. */
interface Collector {
  hit(query: number, place: number, distance: number): void
  /** What was told of a query is void: it is told again. */
  restart(query: number): void
  take(): HammingHit[][]
}

/** Each hit as one number, distance before place, because numbers are sorted fastest. */
function collectAll(queries: number): Collector {
  const found: (number[] | undefined)[] = Array.from({ length: queries })
  return {
    hit(query, place, distance) {
      const hit = distance * PLACES + (place >>> 0)
      const hits = found[query]
      if (hits) hits.push(hit)
      else found[query] = [hit]
    },
    restart(query) {
      found[query] = undefined
    },
    // Most queries find nothing.
    take: () => found.map((hits) => (hits === undefined ? [] : asHits(Float64Array.from(hits).sort()))),
  }
}

function asHits(sorted: Iterable<number>): HammingHit[] {
  const list: HammingHit[] = []
  for (const hit of sorted) list.push({ place: hit % PLACES, distance: Math.floor(hit / PLACES) })
  return list
}

/** However many codes are near, a query takes as many numbers as there are classes. */
function collectNearest(queries: number, ranks: readonly Uint32Array[]): Collector {
  const [classes, best] = [ranks.length, new Float64Array(queries * ranks.length).fill(Infinity)]
  const places = new Uint32Array(best.length)
  return {
    hit(query, place, distance) {
      for (let each = 0; each < classes; each++) {
        const rank = ranks[each]![place >>> 0]!
        if (rank === UNRANKED) continue
        const [at, value] = [query * classes + each, distance * PLACES + rank]
        if (value >= best[at]!) continue
        best[at] = value
        places[at] = place
      }
    },
    restart: (query) => void best.fill(Infinity, query * classes, (query + 1) * classes),
    take: () =>
      Array.from({ length: queries }, (_, query) => {
        const found = new Set<number>()
        for (let at = query * classes; at < (query + 1) * classes; at++)
          if (best[at] !== Infinity) found.add(Math.floor(best[at]! / PLACES) * PLACES + places[at]!)
        return found.size === 0 ? [] : asHits([...found].sort((a, b) => a - b))
      }),
  }
}

/** The rank of a code that is not of the class. */
export const UNRANKED = 0xffffffff

const PLACES = 2 ** 32

/** How codes are cut, and whether most buckets of the tables are empty (`assembly/sparse.ts`) or few. */
interface Plan {
  tables: number
  isSparse: boolean
}

/** Nanoseconds to make and look up a probe, and to check a candidate; and to scan a code: so that what was seen fastest is chosen. */
const DENSE = { probeNs: 11, candidateNs: 28, bucketsACode: 4 }
const SPARSE = { probeNs: 3, candidateNs: 40, bucketsACode: 16 }
const SCAN_NS = 6
/** Of more codes than these the longest substrings that are possible leave too few buckets empty. */
const SPARSE_COUNT_MAX = 5_000_000
/** Buckets are counted 64 at a time, in each of 512 partitions. */
const SPARSE_BITS_MIN = 15
/** The radius that the number of tables is chosen for. */
const USUAL_RADIUS = { 64: 8, 256: 31 } as const

/** The number and kind of substrings with which a query at the usual radius costs least, within so many buckets a code. */
function planFor(count: number, bits: 64 | 256 | number, kind?: 'sparse' | 'dense'): Plan {
  let best: Plan = { tables: 0, isSparse: false }
  let least = Infinity
  const kinds = kind ? [kind === 'sparse'] : count > SPARSE_COUNT_MAX ? [false] : [false, true]
  for (const isSparse of kinds)
    for (let tables = Math.ceil(bits / 25); tables <= TABLES_MAX; tables++) {
      const { bucketsACode } = isSparse ? SPARSE : DENSE
      const length = lengthOf(bits, tables)
      if (2 ** length > bucketsACode * count || (isSparse && length < SPARSE_BITS_MIN)) continue
      const plan = { tables, isSparse }
      const cost = costOf(count, bits, plan, USUAL_RADIUS[bits as 64 | 256])
      if (cost < least) [least, best] = [cost, plan]
    }
  return best
}

/** Nanoseconds that a query is expected to take among codes whose bits are independent. */
function costOf(count: number, bits: number, { tables, isSparse }: Plan, radius: number): number {
  const { probeNs, candidateNs } = isSparse ? SPARSE : DENSE
  const length = lengthOf(bits, tables)
  let cost = 0
  for (let table = 0; table < tables; table++) {
    const flips = Math.floor(radius / tables) - (table > radius % tables ? 1 : 0)
    let probes = 0
    for (let flipped = 0, ways = 1; flipped <= flips; flipped++) {
      probes += ways
      ways = (ways * (length - flipped)) / (flipped + 1)
    }
    cost += probes * (probeNs + (candidateNs * count) / 2 ** length)
    // More flips than the kernel has room for.
    if (flips > 4) return Infinity
  }
  return cost
}

/** Bits of each substring; the few that remain are not needed to find a code, only to tell its distance. */
function lengthOf(bits: number, tables: number): number {
  return Math.floor(bits / tables)
}

function outOfMemory(count: number): ColophonError {
  return new ColophonError('too_large', `${count} codes are more than fit into one index`, {
    remedy: 'Split them over several indexes.',
  })
}
