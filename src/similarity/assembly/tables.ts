import { allocate } from './memory'
import { PARTITION_BITS, countPartition, nextPlace, placePartitions, sortPartitions, startPartitions } from './partitions'

/** At most so many substrings, and so many bits of one. */
export const TABLES_MAX: u32 = 32

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

/** Builds the table of one substring of so many bits, at most 25, from `first` on. False without memory. */
export function addTable(first: u32, bits: u32): bool {
  const starts = allocate(((<usize>1 << bits) + 1) << 2)
  return starts != 0 && fillTable(first, bits, starts)
}

/** The same, with room for where its buckets start. */
export function fillTable(first: u32, bits: u32, starts: usize): bool {
  const table = tables
  store<u32>(firstBit + (table << 2), first)
  store<u32>(bitLength + (table << 2), bits)
  const ids = allocate((<usize>count << 2) + 16)
  if (ids == 0) return false
  store<u32>(bucketStarts + (table << 2), <u32>starts)
  store<u32>(members + (table << 2), <u32>ids)
  const lowBits = bits > PARTITION_BITS ? bits - PARTITION_BITS : 0
  partition(table, lowBits, bits - lowBits)
  sortPartitions(scratch, starts, ids, lowBits, bits - lowBits)
  store<u32>(starts + (<usize>(1 << bits) << 2), count)
  tables++
  return true
}

/** Codes with their keys, by the first bits of the key: the second step then stays within the cache. */
function partition(table: u32, lowBits: u32, highBits: u32): void {
  const size = <usize>words << 3
  startPartitions(highBits)
  for (let i: u32 = 0; i < count; i++) countPartition(keyOf(codes + i * size, table) >>> lowBits)
  placePartitions(highBits)
  for (let i: u32 = 0; i < count; i++) {
    const key = keyOf(codes + i * size, table)
    store<u64>(scratch + (<usize>nextPlace(key >>> lowBits) << 3), (<u64>key << 32) | <u64>i)
  }
}
