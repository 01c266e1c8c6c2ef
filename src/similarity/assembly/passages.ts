import { WINDOW, winnow } from '../../fingerprints/assembly/passages'
import { allocate } from './memory'

const PIECE_BYTES: u32 = 8192
const OVERLAP_BYTES: u32 = 49
/** A place is kept to 128 bytes; the low bits of the hash stand beside it. */
const PLACE_BITS: u32 = 19
const GRANULE_BITS: u32 = 7

const keys: usize = allocate((PIECE_BYTES + 64) * 4)
const least: usize = allocate((PIECE_BYTES + 64) * 4 + 256)
const pieceHashes: usize = allocate(PIECE_BYTES * 8)
const pieceStarts: usize = allocate(PIECE_BYTES * 4)

/**
 * The passage codes of many texts that lie one after the other: text i from the offset in `ends` before it, with one
 * byte between any two. Windows that reach over the end of their text are left out. Writes hashes and places; returns
 * how many, or 0xffffffff when they are more than `most`.
 */
export function collectPassages(text: usize, length: u32, ends: usize, hashes: usize, places: usize, most: u32): u32 {
  let count: u32 = 0
  let last: i32 = -1
  let end = ends
  for (let begin: u32 = 0; begin == 0 || begin + OVERLAP_BYTES < length; begin += PIECE_BYTES - OVERLAP_BYTES) {
    const found = winnow(text + begin, min(PIECE_BYTES, length - begin), keys, least, pieceHashes, pieceStarts)
    for (let i: u32 = 0; i < found; i++) {
      const place = begin + load<u32>(pieceStarts + (<usize>i << 2))
      if (<i32>place <= last) continue
      last = place
      while (load<u32>(end) <= place) end += 4
      if (place + WINDOW > load<u32>(end)) continue
      if (count == most) return 0xffffffff
      store<u64>(hashes + (<usize>count << 3), load<u64>(pieceHashes + (<usize>i << 3)))
      store<u32>(places + (<usize>count << 2), place)
      count++
    }
  }
  return count
}

/** Sorts places into buckets by the first bits of their hashes. `starts` has room for one word more than there are buckets. */
export function postPassages(hashes: usize, places: usize, count: u32, bits: u32, starts: usize, entries: usize): void {
  const buckets: u32 = 1 << bits
  memory.fill(starts, 0, (<usize>buckets + 1) << 2)
  for (let i: u32 = 0; i < count; i++) {
    const at = starts + (<usize>bucketOf(load<u64>(hashes + (<usize>i << 3)), bits) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  let sum: u32 = 0
  for (let bucket: u32 = 0; bucket < buckets; bucket++) {
    const at = starts + (<usize>bucket << 2)
    sum += load<u32>(at)
    store<u32>(at, sum)
  }
  store<u32>(starts + (<usize>buckets << 2), count)
  for (let i = count; i > 0; i--) {
    const hash = load<u64>(hashes + (<usize>(i - 1) << 3))
    const at = starts + (<usize>bucketOf(hash, bits) << 2)
    const place = load<u32>(at) - 1
    store<u32>(at, place)
    store<u32>(
      entries + (<usize>place << 2),
      ((<u32>hash) << PLACE_BITS) | (load<u32>(places + (<usize>(i - 1) << 2)) >>> GRANULE_BITS),
    )
  }
}

function bucketOf(hash: u64, bits: u32): u32 {
  return bits == 0 ? 0 : <u32>(hash >>> (64 - bits))
}
