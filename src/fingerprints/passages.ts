/** Bytes of normalised text that one passage code covers. */
export const PASSAGE_WINDOW_BYTES = 24
/** Of so many neighbouring windows one is chosen. Any shared run of 24 + 27 − 1 = 50 bytes thus shares a code. */
const WINNOW = 27

/** Chosen windows of a text, in order: 64-bit hashes as two words, and where each window begins (bytes). */
export interface PassageCodes {
  high: Uint32Array
  low: Uint32Array
  offset: Uint32Array
}

const MULTIPLIER_HIGH = 0x01000193
const MULTIPLIER_LOW = 0x5bd1e995

/**
 * Passage codes of normalised UTF-8 text: rolling hashes of all 24-byte windows, winnowed (Schleimer, Wilkerson and
 * Aiken, 2003): the smallest of every 27 neighbours is kept, so both sides choose alike without knowing each other.
 */
export function passageCodes(text: Uint8Array): PassageCodes {
  const count = text.length - PASSAGE_WINDOW_BYTES + 1
  if (count <= 0) return { high: new Uint32Array(), low: new Uint32Array(), offset: new Uint32Array() }
  const high = new Uint32Array(count)
  const low = new Uint32Array(count)
  hashWindows(text, high, MULTIPLIER_HIGH)
  hashWindows(text, low, MULTIPLIER_LOW)
  const chosen = winnow(high)
  return { high: chosen.map((at) => high[at]!), low: chosen.map((at) => low[at]!), offset: chosen }
}

function hashWindows(text: Uint8Array, hashes: Uint32Array, multiplier: number): void {
  let leaving = 1
  for (let i = 1; i < PASSAGE_WINDOW_BYTES; i++) leaving = Math.imul(leaving, multiplier)
  let rolling = 0
  for (let i = 0; i < text.length; i++) {
    if (i >= PASSAGE_WINDOW_BYTES) rolling = (rolling - Math.imul(text[i - PASSAGE_WINDOW_BYTES]! + 1, leaving)) | 0
    rolling = (Math.imul(rolling, multiplier) + text[i]! + 1) | 0
    if (i >= PASSAGE_WINDOW_BYTES - 1) hashes[i - PASSAGE_WINDOW_BYTES + 1] = mix(rolling)
  }
}

/** Spreads the rolling value over all bits (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The rightmost smallest hash of each run of neighbours; a text with fewer windows than that keeps its smallest. */
function winnow(hashes: Uint32Array): Uint32Array {
  const chosen: number[] = []
  const lastStart = Math.max(0, hashes.length - WINNOW)
  let smallest = -1
  for (let start = 0; start <= lastStart; start++) {
    const end = Math.min(hashes.length, start + WINNOW)
    if (smallest < start) {
      smallest = start
      for (let i = start + 1; i < end; i++) if (hashes[i]! <= hashes[smallest]!) smallest = i
    } else if (hashes[end - 1]! <= hashes[smallest]!) {
      smallest = end - 1
    }
    if (chosen.at(-1) !== smallest) chosen.push(smallest)
  }
  return Uint32Array.from(chosen)
}
