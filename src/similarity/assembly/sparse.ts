import { allocate, keepOnly } from './memory'
import { PARTITION_BITS, sortPartition } from './partitions'
import { TABLES_MAX, addTo, bitLength, count, partition, scratch, tables } from './tables'

/**
 * Tables of so many buckets that most are empty: a bit for each says which are not, and only those have a place where
 * their members begin. More buckets are looked up than in a dense table, each at the cost of a bit, and few lead anywhere.
 */

/** Of each table: its bits, and how many buckets before each 64 of them are not empty. */
const occupied: usize = allocate(TABLES_MAX * 4)
const ranks: usize = allocate(TABLES_MAX * 4)
/** Where the buckets of one partition start. */
let here: usize = 0

/** Takes room for building tables of `bits`. False without memory. */
export function reserveSparse(bits: u32): bool {
  here = allocate(((<usize>1 << (bits - PARTITION_BITS)) + 1) << 2)
  return here != 0
}

/**
 * Builds the next table that was planned, of as many bits as were reserved: 64 buckets at least to a partition, which is
 * sorted and thinned out while it is in the cache. False without memory.
 */
export function addSparseTable(): bool {
  const bits = load<u32>(bitLength + (tables << 2))
  const lowBits = bits - PARTITION_BITS
  const wordCount = (<usize>1 << bits) >>> 6
  const ids = allocate((<usize>count << 2) + 16)
  const bitmap = allocate(wordCount << 3)
  const before = allocate((wordCount + 1) << 2)
  const starts = allocate(min((<usize>count + 1) << 2, ((<usize>1 << bits) + 1) << 2))
  if (ids == 0 || bitmap == 0 || before == 0 || starts == 0) return false
  partition(tables, lowBits, PARTITION_BITS)
  let to = starts
  let begin: u32 = 0
  let word: usize = 0
  for (let part: u32 = 0; part < 1 << PARTITION_BITS; part++) {
    begin = sortPartition(part, begin, scratch, here, ids, lowBits)
    store<u32>(here + (<usize>4 << lowBits), begin)
    for (let at = here; at < here + (<usize>4 << lowBits); word++) {
      store<u32>(before + (word << 2), <u32>((to - starts) >>> 2))
      let mask: u64 = 0
      for (let i: u64 = 0; i < 64; i++, at += 4) {
        // Written whether it is needed or not: a branch that cannot be predicted costs more.
        const from = load<u32>(at)
        const isFilled = <u32>(from != load<u32>(at, 4))
        store<u32>(to, from)
        to += <usize>isFilled << 2
        mask |= <u64>isFilled << i
      }
      store<u64>(bitmap + (word << 3), mask)
    }
  }
  store<u32>(before + (word << 2), <u32>((to - starts) >>> 2))
  store<u32>(to, count)
  keepOnly(starts, to + 4 - starts)
  store<u32>(occupied + (tables << 2), <u32>bitmap)
  store<u32>(ranks + (tables << 2), <u32>before)
  addTo(starts, ids)
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
