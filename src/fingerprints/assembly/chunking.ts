import { allocate } from './memory'

/** The gear table of ISO 24138, 256 words, which the caller fills in before the first use. */
export const gear: usize = allocate(1024)

const CHUNK_MIN: usize = 256
const CHUNK_MAX: usize = 8192
const CHUNK_CENTRE: usize = 1024 - (256 + 128)
const MASK_BEFORE_CENTRE: u32 = (1 << 11) - 1
const MASK_AFTER_CENTRE: u32 = (1 << 9) - 1

/**
 * Content-defined chunks of ISO 24138 for an average of 1,024 bytes: writes where each ends. Unless these are the last
 * bytes, it stops where a chunk might need bytes that are not there yet; `chunked` tells how far it came.
 */
export function chunk(bytes: usize, length: usize, isLast: bool, ends: usize): u32 {
  let start: usize = 0
  let count: u32 = 0
  while (start < length && (isLast || length - start >= CHUNK_MAX)) {
    start = chunkEnd(bytes, start, length)
    store<u32>(ends + (count << 2), <u32>start)
    count++
  }
  chunked = start
  return count
}

export let chunked: usize = 0

function chunkEnd(bytes: usize, start: usize, length: usize): usize {
  const size = length - start
  let pattern: u32 = 0
  let i = CHUNK_MIN
  for (const barrier = min(CHUNK_CENTRE, size); i < barrier; i++) {
    pattern = (pattern >>> 1) + load<u32>(gear + ((<usize>load<u8>(bytes + start + i)) << 2))
    if ((pattern & MASK_BEFORE_CENTRE) == 0) return start + i
  }
  for (const barrier = min(CHUNK_MAX, size); i < barrier; i++) {
    pattern = (pattern >>> 1) + load<u32>(gear + ((<usize>load<u8>(bytes + start + i)) << 2))
    if ((pattern & MASK_AFTER_CENTRE) == 0) return start + i
  }
  return start + min(i, size)
}
