import { openKernels, type Kernels } from './kernels.ts'

/** Bytes of normalised text that one passage code covers. */
export const PASSAGE_WINDOW_BYTES = 24
/** Of so many neighbouring windows one is chosen: any shared run of 24 + 27 − 1 bytes thus shares a code. */
const WINNOW = 27
/** Bytes of normalised text of which every shared run is found. */
export const PASSAGE_RUN_BYTES = PASSAGE_WINDOW_BYTES + WINNOW - 1

/** Chosen windows of a text, in order: 64-bit hashes as two words, and where each window begins (bytes). */
export interface PassageCodes {
  high: Uint32Array
  low: Uint32Array
  offset: Uint32Array
}

const PIECE_BYTES = 1 << 15
/** Consecutive pieces overlap by what decides the choice of a window, so that the choice does not depend on pieces. */
const OVERLAP_BYTES = PASSAGE_RUN_BYTES - 1

let shared: { kernels: Kernels; text: number; scratch: number; hashes: number; starts: number } | undefined

/**
 * Passage codes (version 1) of normalised UTF-8 text: hashes of all 24-byte windows, winnowed (Schleimer, Wilkerson and
 * Aiken, 2003): the smallest of every 27 neighbours is kept, so both sides choose alike without knowing each other.
 */
export function passageCodes(text: Uint8Array): PassageCodes {
  const { kernels, text: at, scratch, hashes, starts } = (shared ??= open())
  const high: number[] = []
  const low: number[] = []
  const offset: number[] = []
  for (let begin = 0; begin === 0 || begin + OVERLAP_BYTES < text.length; begin += PIECE_BYTES - OVERLAP_BYTES) {
    const piece = text.subarray(begin, begin + PIECE_BYTES)
    new Uint8Array(kernels.memory.buffer).set(piece, at)
    const count = kernels.winnow(at, piece.length, scratch, hashes, starts)
    const words = new Uint32Array(kernels.memory.buffer, hashes, count * 2)
    const chosen = new Uint32Array(kernels.memory.buffer, starts, count)
    for (let i = 0; i < count; i++) {
      const place = begin + chosen[i]!
      if (place <= (offset.at(-1) ?? -1)) continue
      low.push(words[i * 2]!)
      high.push(words[i * 2 + 1]!)
      offset.push(place)
    }
  }
  return { high: Uint32Array.from(high), low: Uint32Array.from(low), offset: Uint32Array.from(offset) }
}

function open() {
  const kernels = openKernels()
  return {
    kernels,
    text: kernels.allocate(PIECE_BYTES + 8),
    scratch: kernels.allocate(PIECE_BYTES * 8),
    hashes: kernels.allocate(PIECE_BYTES * 8),
    starts: kernels.allocate(PIECE_BYTES * 4),
  }
}
