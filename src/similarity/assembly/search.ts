import { allocate } from './memory'
import { findOccupied, rankOf, reserveSparse } from './sparse'
import { TABLES_MAX, bitLength, bucketStarts, codes, count, keyOf, members, reserve, scratch, scratchBytes, tables, words } from './tables'

/** A code within the radius. A pair is told once. */
declare function hit(query: u32, code: u32, distance: u32): void
/** What was told of this query is to be forgotten: it is answered anew, by a scan. */
declare function restart(query: u32): void

/** A candidate has 32 bits: the table that it comes from, its query, and the code within its part. */
const QUERY_BITS: u32 = 15
const CODE_PART_BITS: u32 = 12
export const QUERIES_MAX: u32 = 1 << QUERY_BITS
/** Tables and codes are worked on in parts that fit the cache; probes and candidates wait until a part is worth the way. */
const TABLE_PART_BYTES: usize = 300_000
const TABLE_PART_BITS_MAX: u32 = 9
const PROBES_A_PART: u32 = 16384
/** 32 bits hold a bucket of a part and one of `QUERIES_MAX` queries. */
const BUCKET_BITS_MAX: u32 = 17
/** Codes that are small enough for the last cache want short lists, others long ones. */
const CACHED_CODES_MAX: u32 = 3_000_000
const CANDIDATES_A_PART_MAX: usize = 16384

/** Into how many parts, as a power of two, tables of so many codes and bits are divided. */
function tablePartBits(codeCount: u32, bits: u32): u32 {
  const bytes = isSparse ? ((<usize>3 << bits) >>> 4) + (<usize>codeCount << 3) : (<usize>4 << bits) + (<usize>codeCount << 2)
  // A query's number stands above the bits that are left of a bucket's.
  let partBits: u32 = bits > BUCKET_BITS_MAX ? bits - BUCKET_BITS_MAX : 0
  while (partBits < min(bits, TABLE_PART_BITS_MAX) && bytes >>> partBits > TABLE_PART_BYTES) partBits++
  return partBits
}

/**
 * Takes room for so many codes and for searching them by substrings of at most so many bits, in tables that are sparse or
 * not. See `reserve`.
 */
export function reserveIndex(codeCount: u32, codeWords: u32, bits: u32, sparse: bool): usize {
  isSparse = sparse
  if (sparse && !reserveSparse(bits)) return 0
  partBits = tablePartBits(codeCount, bits)
  probeBytes = (<usize>PROBES_A_PART << 2) << partBits
  return reserve(codeCount, codeWords, probeBytes + (<usize>partsOf(codeCount) << 2) * 1024)
}

let isSparse: bool = false
const MASKS_MAX: u32 = 1 << 16
/** Buckets of a sparse table in which one query finds something. */
const found: usize = allocate(<usize>MASKS_MAX * 4 + 16)
let partBits: u32 = 0
let probeBytes: usize = 0

export const queries: usize = allocate(QUERIES_MAX * 32 + 8)
const GATHERED_MAX: u32 = 1 << 14
const gatheredIds: usize = allocate(<usize>GATHERED_MAX * 4 + 16)
const gatheredQueries: usize = allocate(<usize>GATHERED_MAX * 4 + 16)
const masks: usize = allocate(MASKS_MAX * 4)
const probeFill: usize = allocate(4 << TABLE_PART_BITS_MAX)
const radii: usize = allocate(TABLES_MAX * 4)
/** Candidates seen for each query; from a quarter of all codes on, a scan is cheaper. */
const seen: usize = allocate(QUERIES_MAX * 4)
const SCAN: u32 = 0x80000000

let radius: u32 = 0
let candidateFill: usize = 0
let candidates: usize = 0
let candidatesAPart: u32 = 0
let scanAfter: u32 = 0

function partsOf(codeCount: u32): u32 {
  return ((codeCount - 1) >>> CODE_PART_BITS) + 1
}

/** Prepares searching, once the tables are built. */
export function prepare(): bool {
  candidateFill = allocate(<usize>partsOf(count) << 2)
  candidates = scratch + probeBytes
  const most = count > CACHED_CODES_MAX ? CANDIDATES_A_PART_MAX : CANDIDATES_A_PART_MAX >>> 2
  candidatesAPart = <u32>min<usize>(most, ((scratchBytes - probeBytes) >>> 2) / <usize>partsOf(count))
  scanAfter = max<u32>(4096, count >>> 2)
  return candidateFill != 0
}

/**
 * Tells all codes within the radius of each query. Exact: when two codes differ in at most r bits, then in one of m
 * substrings they differ in at most floor(r/m), and of those beyond the first r mod m + 1 in one less suffices.
 */
export function search(queryCount: u32, within: u32): void {
  radius = within
  memory.fill(seen, 0, <usize>queryCount << 2)
  memory.fill(candidateFill, 0, <usize>partsOf(count) << 2)
  const each = within / tables
  const more = within % tables
  for (let table: u32 = 0; table < tables; table++) {
    const flips = <i32>each - (table > more ? 1 : 0)
    store<u32>(radii + (table << 2), <u32>flips)
    if (flips >= 0) probeTable(table, <u32>flips, queryCount)
  }
  for (let part: u32 = 0; part < partsOf(count); part++) verifyPart(part)
  for (let query: u32 = 0; query < queryCount; query++) {
    if (load<u32>(seen + (query << 2)) == SCAN) scan(query)
  }
}

function probeTable(table: u32, flips: u32, queryCount: u32): void {
  const bits = load<u32>(bitLength + (table << 2))
  const maskCount = fillMasks(bits, flips)
  const lowBits = bits - partBits
  const lowMask: u32 = (1 << lowBits) - 1
  memory.fill(probeFill, 0, <usize>4 << partBits)
  for (let query: u32 = 0; query < queryCount; query++) {
    if (load<u32>(seen + (query << 2)) == SCAN) continue
    const key = keyOf(queries + <usize>query * (<usize>words << 3), table)
    const tag = query << lowBits
    const probeCount = isSparse ? findOccupied(table, key, masks, maskCount, found) : maskCount
    for (let i: u32 = 0; i < probeCount; i++) {
      const probe = isSparse ? load<u32>(found + (<usize>i << 2)) : key ^ load<u32>(masks + (<usize>i << 2))
      const part = probe >>> lowBits
      const fill = load<u32>(probeFill + (part << 2))
      store<u32>(scratch + (<usize>(part * PROBES_A_PART + fill) << 2), tag | (probe & lowMask))
      store<u32>(probeFill + (part << 2), fill + 1)
      if (fill + 1 == PROBES_A_PART) lookUpPart(table, part, lowBits)
    }
  }
  for (let part: u32 = 0; part < 1 << partBits; part++) lookUpPart(table, part, lowBits)
}

/** All ways to flip at most so many of the bits, the fewest first; flips go up to 4. */
function fillMasks(bits: u32, flips: u32): u32 {
  let total: u32 = 1
  let levelStart: u32 = 0
  store<u32>(masks, 0)
  for (let level: u32 = 0; level < flips; level++) {
    const levelEnd = total
    for (let i = levelStart; i < levelEnd; i++) {
      const mask = load<u32>(masks + (<usize>i << 2))
      const above: u32 = mask == 0 ? 0 : 32 - <u32>clz(mask)
      for (let bit = above; bit < bits; bit++) {
        if (total == MASKS_MAX) unreachable()
        store<u32>(masks + (<usize>total << 2), mask | (1 << bit))
        total++
      }
    }
    levelStart = levelEnd
  }
  return total
}

/** Gathers the members of every probed bucket of one part of a table, and hands them to the parts of the codes. */
function lookUpPart(table: u32, part: u32, lowBits: u32): void {
  const fill = load<u32>(probeFill + (part << 2))
  const probes = scratch + (<usize>(part * PROBES_A_PART) << 2)
  const starts = <usize>load<u32>(bucketStarts + (table << 2)) + (isSparse ? 0 : <usize>(part << lowBits) << 2)
  const ids = <usize>load<u32>(members + (table << 2))
  const lowMask: u32 = (1 << lowBits) - 1
  let gathered: u32 = 0
  const firstBucket = part << lowBits
  const bytes = <usize>4 << lowBits
  // Of a sparse table a part has no more starts than members, and those lie together in the same way.
  const from = isSparse ? starts + (<usize>rankOf(table, firstBucket) << 2) : starts
  const to = isSparse ? starts + (<usize>rankOf(table, firstBucket + (1 << lowBits)) << 2) : starts + bytes
  if (fill > <u32>((to - from) >>> 6)) {
    touch(from, to - from)
    const first = <usize>load<u32>(from)
    touch(ids + (first << 2), (<usize>load<u32>(to) - first) << 2)
  }
  for (let i: u32 = 0; i < fill; i++) {
    const probe = load<u32>(probes + (<usize>i << 2))
    const low = probe & lowMask
    const bucket = starts + (<usize>(isSparse ? rankOf(table, firstBucket + low) : low) << 2)
    const begin = load<u32>(bucket)
    const length = load<u32>(bucket, 4) - begin
    const query = probe >>> lowBits
    const before = load<u32>(seen + (query << 2))
    const after = before + length
    if (after > scanAfter) {
      if (before != SCAN) restart(query)
      store<u32>(seen + (query << 2), SCAN)
      continue
    }
    store<u32>(seen + (query << 2), after)
    // Four at once, whether there are so many or not: a branch that cannot be predicted costs more.
    const tag = i32x4.splat((table << QUERY_BITS) | query)
    const members = ids + (<usize>begin << 2)
    if (gathered + length > GATHERED_MAX) {
      distribute(gathered)
      gathered = 0
      if (length > GATHERED_MAX) {
        distributeBucket(members, length, (table << QUERY_BITS) | query)
        continue
      }
    }
    const to = <usize>gathered << 2
    for (let i: usize = 0; ; i += 16) {
      v128.store(gatheredIds + to + i, v128.load(members + i))
      v128.store(gatheredQueries + to + i, tag)
      if (i + 16 >= <usize>length << 2) break
    }
    gathered += length
  }
  distribute(gathered)
  store<u32>(probeFill + (part << 2), 0)
}

/** A bucket that is larger than what is gathered at once. */
function distributeBucket(ids: usize, length: u32, tag: u32): void {
  for (let i: u32 = 0; i < length; ) {
    const some = min(length - i, GATHERED_MAX)
    memory.copy(gatheredIds, ids + (<usize>i << 2), <usize>some << 2)
    for (let j: u32 = 0; j < some; j++) store<u32>(gatheredQueries + (<usize>j << 2), tag)
    distribute(some)
    i += some
  }
}

function distribute(gathered: u32): void {
  for (let i: u32 = 0; i < gathered; i++) {
    const id = load<u32>(gatheredIds + (<usize>i << 2))
    const tag = load<u32>(gatheredQueries + (<usize>i << 2))
    const part = id >>> CODE_PART_BITS
    const held = load<u32>(candidateFill + (<usize>part << 2))
    store<u32>(
      candidates + (<usize>(part * candidatesAPart + held) << 2),
      (tag << CODE_PART_BITS) | (id & ((1 << CODE_PART_BITS) - 1)),
    )
    store<u32>(candidateFill + (<usize>part << 2), held + 1)
    if (held + 1 == candidatesAPart) verifyPart(part)
  }
}

function verifyPart(part: u32): void {
  const held = load<u32>(candidateFill + (<usize>part << 2))
  const list = candidates + (<usize>(part * candidatesAPart) << 2)
  const size = <usize>words << 3
  const first = codes + (<usize>part << CODE_PART_BITS) * size
  if (held > 1 << (CODE_PART_BITS - 3)) touch(first, min(<usize>1 << CODE_PART_BITS, <usize>count - (<usize>part << CODE_PART_BITS)) * size)
  for (let i: u32 = 0; i < held; i++) {
    const candidate = load<u32>(list + (<usize>i << 2))
    const low = candidate & ((1 << CODE_PART_BITS) - 1)
    const query = (candidate >>> CODE_PART_BITS) & (QUERIES_MAX - 1)
    const code = first + <usize>low * size
    const wanted = queries + <usize>query * size
    const distance = distanceOf(code, wanted)
    if (distance > radius || load<u32>(seen + (query << 2)) == SCAN) continue
    if (isFoundBefore(code, wanted, candidate >>> (CODE_PART_BITS + QUERY_BITS))) continue
    hit(query, (part << CODE_PART_BITS) | low, distance)
  }
  store<u32>(candidateFill + (<usize>part << 2), 0)
}

/** Whether a table before this one finds the pair as well, and so tells it. */
function isFoundBefore(code: usize, wanted: usize, table: u32): bool {
  for (let other: u32 = 0; other < table; other++) {
    if (<i32>popcnt(keyOf(code, other) ^ keyOf(wanted, other)) <= <i32>load<u32>(radii + (other << 2))) return true
  }
  return false
}

/** Reads through memory in order, which is far faster than to fetch it piece by piece when it is needed. */
function touch(start: usize, bytes: usize): void {
  let sum: u64 = 0
  for (let at = start; at < start + bytes; at += 64) sum += load<u64>(at)
  touched = sum
}

let touched: u64 = 0

/** Bits in which two codes differ; may stop counting beyond the radius. */
function distanceOf(a: usize, b: usize): u32 {
  let distance = <u32>popcnt(load<u64>(a) ^ load<u64>(b))
  if (words == 1) return distance
  distance += <u32>popcnt(load<u64>(a, 8) ^ load<u64>(b, 8))
  if (distance > radius) return distance
  return distance + <u32>popcnt(load<u64>(a, 16) ^ load<u64>(b, 16)) + <u32>popcnt(load<u64>(a, 24) ^ load<u64>(b, 24))
}

function scan(query: u32): void {
  const size = <usize>words << 3
  const wanted = queries + <usize>query * size
  for (let id: u32 = 0; id < count; id++) {
    const distance = distanceOf(codes + <usize>id * size, wanted)
    if (distance <= radius) hit(query, id, distance)
  }
}

/** Answers so many queries by scanning all codes. */
export function scanAll(queryCount: u32, within: u32): void {
  radius = within
  for (let query: u32 = 0; query < queryCount; query++) scan(query)
}
