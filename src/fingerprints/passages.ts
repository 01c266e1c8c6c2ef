import { openKernels } from './kernels.ts'

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

const PIECE_BYTES = 1 << 13
/** Consecutive pieces overlap by what decides the choice of a window, so that the choice does not depend on pieces. */
const OVERLAP_BYTES = PASSAGE_RUN_BYTES - 1

let shared: ReturnType<typeof open> | undefined

/**
 * Passage codes (version 1) of normalised UTF-8 text: hashes of 24-byte windows, winnowed (Schleimer, Wilkerson and
 * Aiken, 2003): of every 27 neighbours the smallest is kept, so both sides choose alike without knowing each other.
 */
export function passageCodes(text: Uint8Array): PassageCodes {
  const { kernels, text: at, keys, marks, hashes, starts } = (shared ??= open())
  // One window in fourteen is chosen; more only from texts that are made for it.
  let [high, low, offset] = columns(Math.ceil(text.length / 12) + PIECE_BYTES)
  let kept = 0
  for (let begin = 0; begin === 0 || begin + OVERLAP_BYTES < text.length; begin += PIECE_BYTES - OVERLAP_BYTES) {
    const piece = text.subarray(begin, begin + PIECE_BYTES)
    shared.bytes().set(piece, at)
    const count = kernels.winnow(at, piece.length, keys, marks, hashes, starts)
    const words = new Uint32Array(kernels.memory.buffer, hashes, count * 2)
    const chosen = new Uint32Array(kernels.memory.buffer, starts, count)
    if (kept + count > offset.length) {
      const larger = columns(2 * (kept + count))
      ;[high, low, offset].forEach((column, i) => larger[i]!.set(column))
      ;[high, low, offset] = larger
    }
    for (let i = 0; i < count; i++) {
      const place = begin + chosen[i]!
      if (kept > 0 && place <= offset[kept - 1]!) continue
      offset[kept] = place
      high[kept] = words[i * 2 + 1]!
      low[kept] = words[i * 2]!
      kept++
    }
  }
  return { high: high.slice(0, kept), low: low.slice(0, kept), offset: offset.slice(0, kept) }
}

/** Where in `text`, from `from` and before `to`, a window with this code begins; -1 when none does. */
export function findWindow(text: Uint8Array, from: number, to: number, high: number, low: number): number {
  const { kernels, text: at } = (shared ??= open())
  const last = Math.min(to, text.length - PASSAGE_WINDOW_BYTES + 1)
  if (last <= from) return -1
  shared.bytes().set(text.subarray(from, last + PASSAGE_WINDOW_BYTES - 1), at)
  const found = kernels.findWindow(at, last - from, (BigInt(high) << 32n) | BigInt(low))
  return found === last - from ? -1 : from + found
}

function columns(length: number): [Uint32Array, Uint32Array, Uint32Array] {
  return [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)]
}

function open() {
  const kernels = openKernels()
  let view = new Uint8Array(kernels.memory.buffer)
  return {
    kernels,
    /** The memory; a new view of it where it has grown. */
    bytes: () => (view.buffer === kernels.memory.buffer ? view : (view = new Uint8Array(kernels.memory.buffer))),
    text: kernels.allocate(PIECE_BYTES + 64),
    keys: kernels.allocate(PIECE_BYTES * 8 + 512),
    marks: kernels.allocate(PIECE_BYTES / 8 + 64),
    hashes: kernels.allocate(PIECE_BYTES * 8),
    starts: kernels.allocate(PIECE_BYTES * 4),
  }
}
