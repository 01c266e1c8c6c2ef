import { allocate } from './memory'
import { TABLES_MAX, bucketStarts, count, fillTable, tables } from './tables'

/**
 * Tables of so many buckets that most are empty: a bit for each says which are not, and only those have a place where
 * their members begin. More buckets are looked up than in a dense table, each at the cost of a bit, and few lead anywhere.
 */

/** Of each table: its bits, and how many buckets before each 64 of them are not empty. */
const occupied: usize = allocate(TABLES_MAX * 4)
const ranks: usize = allocate(TABLES_MAX * 4)
/** Where all buckets of the table that is being built start. */
let whole: usize = 0

/** Takes room for building tables of `bits`. False without memory. */
export function reserveSparse(bits: u32): bool {
  whole = allocate(((<usize>1 << bits) + 1) << 2)
  return whole != 0
}

/** Builds the table of one substring of 6 bits at least and of those reserved at most. False without memory. */
export function addSparseTable(first: u32, bits: u32): bool {
  const table = tables
  if (!fillTable(first, bits, whole)) return false
  const wordCount = (<usize>1 << bits) >>> 6
  const bitmap = allocate(wordCount << 3)
  const before = allocate((wordCount + 1) << 2)
  if (bitmap == 0 || before == 0) return false
  let filled: u32 = 0
  for (let word: usize = 0; word < wordCount; word++) {
    store<u32>(before + (word << 2), filled)
    const here = whole + (word << 8)
    let mask: u64 = 0
    for (let i: usize = 0; i < 64; i++) {
      if (load<u32>(here + (i << 2)) != load<u32>(here + (i << 2), 4)) mask |= <u64>1 << i
    }
    store<u64>(bitmap + (word << 3), mask)
    filled += <u32>popcnt(mask)
  }
  store<u32>(before + (wordCount << 2), filled)
  const starts = allocate((<usize>filled + 1) << 2)
  if (starts == 0) return false
  let to = starts
  for (let at = whole; at < whole + (<usize>4 << bits); at += 4) {
    const from = load<u32>(at)
    store<u32>(to, from)
    if (from != load<u32>(at, 4)) to += 4
  }
  store<u32>(to, count)
  store<u32>(occupied + (table << 2), <u32>bitmap)
  store<u32>(ranks + (table << 2), <u32>before)
  store<u32>(bucketStarts + (table << 2), <u32>starts)
  return true
}

/**
 * Writes down which of the buckets `key` xor mask are not empty, and tells how many. Every bucket is written and counts
 * if it is not empty: a branch that cannot be predicted costs more.
 */
export function findOccupied(table: u32, key: u32, masks: usize, maskCount: u32, found: usize): u32 {
  const bitmap = <usize>load<u32>(occupied + (table << 2))
  let to = found
  for (let at = masks; at < masks + (<usize>maskCount << 2); at += 4) {
    const bucket = key ^ load<u32>(at)
    store<u32>(to, bucket)
    to += <usize>((load<u32>(bitmap + (<usize>(bucket >>> 5) << 2)) >>> (bucket & 31)) & 1) << 2
  }
  return <u32>((to - found) >>> 2)
}

/** How many buckets before this one are not empty; for the one behind the last, too. */
export function rankOf(table: u32, bucket: u32): u32 {
  const word = <usize>(bucket >>> 6)
  const rank = load<u32>(<usize>load<u32>(ranks + (table << 2)) + (word << 2))
  const rest = bucket & 63
  if (rest == 0) return rank
  const bits = load<u64>(<usize>load<u32>(occupied + (table << 2)) + (word << 3))
  return rank + <u32>popcnt(bits & ((<u64>1 << rest) - 1))
}
