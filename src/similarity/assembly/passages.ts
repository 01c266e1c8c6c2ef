import { WINDOW, winnow } from '../../fingerprints/assembly/passages'
import { allocate } from './memory'
import { PARTITION_BITS, countPartition, nextPlace, placePartitions, sortPartitions, startPartitions } from './partitions'

const PIECE_BYTES: u32 = 4096
const OVERLAP_BYTES: u32 = 49
const PIECE_STEP: u32 = PIECE_BYTES - OVERLAP_BYTES
/** A place is kept to 128 bytes; the low bits of the hash stand beside it. */
const PLACE_BITS: u32 = 19
const GRANULE_BITS: u32 = 7

const keys: usize = allocate(PIECE_BYTES * 8 + 512)
const marks: usize = allocate(PIECE_BYTES / 8 + 64)
const pieceHashes: usize = allocate(PIECE_BYTES * 8)
const pieceStarts: usize = allocate(PIECE_BYTES * 4)

/** What is collected, and how far. */
let pairs: usize = 0
let pairsMax: u32 = 0
let count: u32 = 0
let end: usize = 0
let last: i32 = -1

/**
 * Begins with the passage codes of many texts that lie one after the other: text i from the offset in `ends` before it,
 * with one byte between any two. Of what comes, so many pairs of 64 bits are kept at `to`.
 */
export function startPassages(ends: usize, to: usize, most: u32): void {
  end = ends
  pairs = to
  pairsMax = most
  count = 0
  last = -1
}

/**
 * Goes on with the stretch of the texts that begins at `base`: a multiple of `PIECE_STEP`, as its length is but for the
 * 49 bytes that each stretch but the last shares with the next. Windows that reach over the end of their text are left out. Writes
 * above the first 32 bits of the hash, below what an entry holds. Returns how many pairs there are by now, or 0xffffffff
 * when they are more than there is room for.
 */
export function collectPassages(text: usize, length: u32, base: u32): u32 {
  for (let begin: u32 = 0; begin == 0 || begin + OVERLAP_BYTES < length; begin += PIECE_STEP) {
    const found = winnow(text + begin, min(PIECE_BYTES, length - begin), keys, marks, pieceHashes, pieceStarts)
    for (let i: u32 = 0; i < found; i++) {
      const place = base + begin + load<u32>(pieceStarts + (<usize>i << 2))
      if (<i32>place <= last) continue
      last = place
      while (load<u32>(end) <= place) end += 4
      if (place + WINDOW > load<u32>(end)) continue
      if (count == pairsMax) return 0xffffffff
      const hash = load<u64>(pieceHashes + (<usize>i << 3))
      const entry = ((<u32>hash) << PLACE_BITS) | (place >>> GRANULE_BITS)
      store<u64>(pairs + (<usize>count << 3), ((hash >>> 32) << 32) | <u64>entry)
      count++
    }
  }
  return count
}

/**
 * Sorts what was collected into buckets by the first bits of the hashes, in the order of the text within each. `starts`
 * has room for one word more than there are buckets, `sorting` for as many pairs as there are. Entries are written where
 * the pairs were.
 */
export function postPassages(bits: u32, sorting: usize, starts: usize): void {
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
  sortPartitions(sorting, starts, pairs, lowBits, highBits)
  store<u32>(starts + (<usize>(1 << bits) << 2), count)
}

function bucketOf(pair: u64, bits: u32): u32 {
  return bits == 0 ? 0 : <u32>(pair >>> (64 - bits))
}
