import { GEAR } from './isccConstants.ts'

/** Content-defined chunking of ISO 24138 for an average of 1,024 bytes. */
const CHUNK_MIN = 256
const CHUNK_MAX = 8192
const CHUNK_CENTRE = 1024 - (CHUNK_MIN + CHUNK_MIN / 2)
const MASK_BEFORE_CENTRE = 2 ** 11 - 1
const MASK_AFTER_CENTRE = 2 ** 9 - 1

/** Where each chunk ends, in order; one empty chunk for no bytes. */
export function chunkEnds(bytes: Uint8Array): number[] {
  if (bytes.length === 0) return [0]
  const ends: number[] = []
  for (let start = 0; start < bytes.length; start = ends.at(-1)!) ends.push(chunkEnd(bytes, start))
  return ends
}

function chunkEnd(bytes: Uint8Array, start: number): number {
  const size = bytes.length - start
  let pattern = 0
  let i = CHUNK_MIN
  for (const barrier = Math.min(CHUNK_CENTRE, size); i < barrier; i++) {
    pattern = (pattern >>> 1) + GEAR[bytes[start + i]!]!
    if ((pattern & MASK_BEFORE_CENTRE) === 0) return start + i
  }
  for (const barrier = Math.min(CHUNK_MAX, size); i < barrier; i++) {
    pattern = (pattern >>> 1) + GEAR[bytes[start + i]!]!
    if ((pattern & MASK_AFTER_CENTRE) === 0) return start + i
  }
  return start + Math.min(i, size)
}
