import { allocate } from './memory'
import {
  HISTOGRAMS_MAX,
  PARTITION_BITS,
  choosePartitions,
  countPartition,
  nextPlace,
  placePartitions,
  sortPartitions,
  startPartitions,
} from './partitions'

/** At most so many substrings, and so many bits of one. */
export const TABLES_MAX: u32 = HISTOGRAMS_MAX

export let codes: usize = 0
export let count: u32 = 0
export let words: u32 = 0
export let tables: u32 = 0

/** Of each substring: where it begins and how many bits it has; where its buckets begin; which codes stand in them. */
export const firstBit: usize = allocate(TABLES_MAX * 4)
export const bitLength: usize = allocate(TABLES_MAX * 4)
export const bucketStarts: usize = allocate(TABLES_MAX * 4)
export const members: usize = allocate(TABLES_MAX * 4)

/** Room for building and for searching: eight bytes a code, and never less than what searching needs. */
export let scratch: usize = 0
export let scratchBytes: usize = 0

/** Takes room for so many codes of `words` × 64 bits. Returns where they are to be put, or 0 without memory. */
export function reserve(codeCount: u32, codeWords: u32, searchBytes: usize): usize {
  count = codeCount
  words = codeWords
  codes = allocate(<usize>codeCount * (<usize>codeWords << 3) + 8)
  scratchBytes = max(<usize>codeCount << 3, searchBytes)
  if (codes != 0) scratch = allocate(scratchBytes)
  return scratch == 0 ? 0 : codes
}

/** The bits of substring `table` of the code at `code`. */
export function keyOf(code: usize, table: u32): u32 {
  const first = load<u32>(firstBit + (table << 2))
  const word = load<u64>(code + (first >>> 3)) >>> (first & 7)
  return <u32>word & ((1 << load<u32>(bitLength + (table << 2))) - 1)
}

/** Says how codes are cut: into substrings of so many bits. */
export function planTables(tableCount: u32, bits: u32): void {
  planned = tableCount
  for (let table: u32 = 0; table < tableCount; table++) {
    store<u32>(firstBit + (table << 2), table * bits)
    store<u32>(bitLength + (table << 2), bits)
    choosePartitions(table)
    startPartitions(min(bits, PARTITION_BITS))
  }
}

let planned: u32 = 0

/**
 * Counts what all tables need to be sorted, in one pass through the codes, so many at a time: what runs for the first time
 * is slow until it is called again.
 */
export function countKeys(from: u32, to: u32): void {
  const bits = load<u32>(bitLength)
  const lowBits = bits > PARTITION_BITS ? bits - PARTITION_BITS : 0
  const size = <usize>words << 3
  for (let i = from; i < to; i++) {
    const code = codes + <usize>i * size
    for (let table: u32 = 0; table < planned; table++) {
      choosePartitions(table)
      countPartition(keyOf(code, table) >>> lowBits)
    }
  }
}

/** Builds the next table that was planned. False without memory. */
export function addTable(): bool {
  const table = tables
  const bits = load<u32>(bitLength + (table << 2))
  const starts = allocate(((<usize>1 << bits) + 1) << 2)
  const ids = allocate((<usize>count << 2) + 16)
  if (starts == 0 || ids == 0) return false
  const lowBits = bits > PARTITION_BITS ? bits - PARTITION_BITS : 0
  partition(table, lowBits, bits - lowBits)
  sortPartitions(scratch, starts, ids, lowBits, bits - lowBits)
  store<u32>(starts + (<usize>(1 << bits) << 2), count)
  addTo(starts, ids)
  return true
}

/** Makes known where the buckets of the next table start, and their members. */
export function addTo(starts: usize, ids: usize): void {
  store<u32>(bucketStarts + (tables << 2), <u32>starts)
  store<u32>(members + (tables << 2), <u32>ids)
  tables++
}

/** Codes with their keys in `scratch`, by the first bits of the key: the second step then stays within the cache. */
export function partition(table: u32, lowBits: u32, highBits: u32): void {
  const size = <usize>words << 3
  choosePartitions(table)
  placePartitions(highBits)
  for (let i: u32 = 0; i < count; i++) {
    const key = keyOf(codes + <usize>i * size, table)
    store<u64>(scratch + (<usize>nextPlace(key >>> lowBits) << 3), (<u64>key << 32) | <u64>i)
  }
}
