import { WINDOW, winnow } from '../../fingerprints/assembly/passages'
import { allocate } from './memory'
import { PARTITION_BITS, countPartition, nextPlace, placePartitions, sortPartitions, startPartitions } from './partitions'

const PIECE_BYTES: u32 = 4096
const OVERLAP_BYTES: u32 = 49
/** A place is kept to 128 bytes; the low bits of the hash stand beside it. */
const PLACE_BITS: u32 = 19
const GRANULE_BITS: u32 = 7

const keys: usize = allocate(PIECE_BYTES * 8 + 512)
const marks: usize = allocate(PIECE_BYTES / 8 + 64)
const pieceHashes: usize = allocate(PIECE_BYTES * 8)
const pieceStarts: usize = allocate(PIECE_BYTES * 4)

/**
 * The passage codes of many texts that lie one after the other: text i from the offset in `ends` before it, with one
 * byte between any two. Windows that reach over the end of their text are left out. Writes pairs of 64 bits: above the
 * first 32 bits of the hash, below what an entry holds. Returns how many, or 0xffffffff when they are more than `most`.
 */
export function collectPassages(text: usize, length: u32, ends: usize, pairs: usize, most: u32): u32 {
  let count: u32 = 0
  let last: i32 = -1
  let end = ends
  for (let begin: u32 = 0; begin == 0 || begin + OVERLAP_BYTES < length; begin += PIECE_BYTES - OVERLAP_BYTES) {
    const found = winnow(text + begin, min(PIECE_BYTES, length - begin), keys, marks, pieceHashes, pieceStarts)
    for (let i: u32 = 0; i < found; i++) {
      const place = begin + load<u32>(pieceStarts + (<usize>i << 2))
      if (<i32>place <= last) continue
      last = place
      while (load<u32>(end) <= place) end += 4
      if (place + WINDOW > load<u32>(end)) continue
      if (count == most) return 0xffffffff
      const hash = load<u64>(pieceHashes + (<usize>i << 3))
      const entry = ((<u32>hash) << PLACE_BITS) | (place >>> GRANULE_BITS)
      store<u64>(pairs + (<usize>count << 3), ((hash >>> 32) << 32) | <u64>entry)
      count++
    }
  }
  return count
}

/**
 * Sorts entries into buckets by the first bits of their hashes, in the order of the text within each. `starts` has room
 * for one word more than there are buckets, `sorting` for as many pairs as there are.
 */
export function postPassages(pairs: usize, count: u32, bits: u32, sorting: usize, starts: usize, entries: usize): void {
  const lowBits = bits > PARTITION_BITS ? bits - PARTITION_BITS : 0
  const highBits = bits - lowBits
  startPartitions(highBits)
  for (let i: u32 = 0; i < count; i++) countPartition(bucketOf(load<u64>(pairs + (<usize>i << 3)), bits) >>> lowBits)
  placePartitions(highBits)
  for (let i: u32 = 0; i < count; i++) {
    const pair = load<u64>(pairs + (<usize>i << 3))
    const bucket = bucketOf(pair, bits)
    store<u64>(sorting + (<usize>nextPlace(bucket >>> lowBits) << 3), (<u64>bucket << 32) | <u64><u32>pair)
  }
  sortPartitions(sorting, starts, entries, lowBits, highBits)
  store<u32>(starts + (<usize>(1 << bits) << 2), count)
}

function bucketOf(pair: u64, bits: u32): u32 {
  return bits == 0 ? 0 : <u32>(pair >>> (64 - bits))
}
