import { allocate } from './memory'

const PRIME_1: u32 = 0x9e3779b1
const PRIME_2: u32 = 0x85ebca77
const PRIME_3: u32 = 0xc2b2ae3d
const PRIME_4: u32 = 0x27d4eb2f
const PRIME_5: u32 = 0x165667b1

/** xxHash, 32 bits, seed 0. Source: the xxHash specification. */
export function xxh32(start: usize, length: usize): u32 {
  const end = start + length
  let at = start
  let hash: u32
  if (length >= 16) {
    let a: u32 = PRIME_1 + PRIME_2
    let b: u32 = PRIME_2
    let c: u32 = 0
    let d: u32 = 0 - PRIME_1
    for (const limit = end - 16; at <= limit; at += 16) {
      a = round(a, load<u32>(at))
      b = round(b, load<u32>(at, 4))
      c = round(c, load<u32>(at, 8))
      d = round(d, load<u32>(at, 12))
    }
    hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18)
  } else {
    hash = PRIME_5
  }
  hash += <u32>length
  for (; at + 4 <= end; at += 4) hash = rotl(hash + load<u32>(at) * PRIME_3, 17) * PRIME_4
  for (; at < end; at++) hash = rotl(hash + <u32>load<u8>(at) * PRIME_5, 11) * PRIME_1
  hash = (hash ^ (hash >>> 15)) * PRIME_2
  hash = (hash ^ (hash >>> 13)) * PRIME_3
  return hash ^ (hash >>> 16)
}

function round(lane: u32, input: u32): u32 {
  return rotl(lane + input * PRIME_2, 13) * PRIME_1
}

const RECENT: u32 = 4096
const recent: usize = allocate(RECENT * 4)

/** Forgets the features of the text before. */
export function startRuns(): void {
  memory.fill(recent, 0, RECENT * 4)
}

/**
 * Features of UTF-8 text: xxHash of every run of 13 characters that is complete. Returns how many. What was seen not
 * long ago is left out: it changes no minimum, and a text that repeats itself must not cost more.
 */
export function characterRuns(text: usize, length: usize, features: usize): u32 {
  const end = text + length
  let tail = text
  let head = text
  let characters = 0
  let count: u32 = 0
  while (head < end) {
    head += characterBytes(head)
    characters++
    if (characters < 13) continue
    const feature = xxh32(tail, head - tail)
    tail += characterBytes(tail)
    const seen = recent + ((feature & (RECENT - 1)) << 2)
    if (load<u32>(seen) == feature && feature != 0) continue
    store<u32>(seen, feature)
    store<u32>(features + (count << 2), feature)
    count++
  }
  runTail = tail - text
  return count
}

/** Where, in the text given to `characterRuns`, the first run begins that was not complete. */
export let runTail: usize = 0

function characterBytes(at: usize): usize {
  const lead = load<u8>(at)
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

/** Features of bytes cut into chunks: the chunks end at the offsets in `ends`. */
export function chunkFeatures(bytes: usize, ends: usize, count: u32, features: usize): void {
  let start: usize = 0
  for (let i: u32 = 0; i < count; i++) {
    const end = <usize>load<u32>(ends + (i << 2))
    store<u32>(features + (i << 2), xxh32(bytes + start, end - start))
    start = end
  }
}
