export const WINDOW: u32 = 24
const NEIGHBOURS: u32 = 27

/** 64 bits of 24 bytes: three words, each multiplied by an odd constant, folded and spread. */
export function windowHash(at: usize): u64 {
  let hash = load<u64>(at) * 0x9e3779b97f4a7c15
  hash = rotl(hash, 29) ^ (load<u64>(at, 8) * 0xc2b2ae3d27d4eb4f)
  hash = rotl(hash * 0x165667b19e3779f9, 31) ^ (load<u64>(at, 16) * 0x85ebca77c2b2ae63)
  hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93
  hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93
  return hash ^ (hash >>> 32)
}


/**
 * Winnows the windows of a text (Schleimer, Wilkerson and Aiken, 2003). Each window has a key, made of its first eight
 * bytes; a window is chosen when its key is the smallest of some 27 neighbours, that is, when it equals the largest of
 * all smallest keys around it. Where one letter is repeated, all windows are alike, and one in 27 is kept. Writes hashes
 * and where the windows begin; returns how many. Sixteen bytes after the text are read, and do not matter.
 */
export function winnow(text: usize, length: u32, keys: usize, least: usize, hashes: usize, starts: usize): u32 {
  if (length < WINDOW) return 0
  const windows = length - WINDOW + 1
  fillKeys(text, windows, keys)
  if (windows < NEIGHBOURS) return chooseOne(text, windows, keys, hashes, starts)
  // `least` begins with 26 zeros, so that the window at i sees the neighbourhoods that begin at i − 26 to i.
  const firsts = windows - NEIGHBOURS + 1
  const body = least + <usize>(NEIGHBOURS - 1) * 4
  smallestOf(keys, firsts, body)
  memory.fill(least, 0, <usize>(NEIGHBOURS - 1) * 4)
  memory.fill(body + (<usize>firsts << 2), 0, <usize>(NEIGHBOURS + 4) * 4)
  largestOf(least, windows)
  return choose(text, windows, keys, least, hashes, starts)
}

function fillKeys(text: usize, windows: u32, keys: usize): void {
  const first = i32x4.splat(0x9e3779b1)
  const second = i32x4.splat(0x85ebca77)
  const third = i32x4.splat(0xc2b2ae3d)
  for (let i: u32 = 0; i < windows; i += 4) {
    const bytes = v128.load(text + i)
    const low = v128.shuffle<u8>(bytes, bytes, 0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6)
    const high = v128.shuffle<u8>(bytes, bytes, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10)
    const mixed = i32x4.add(i32x4.mul(low, first), i32x4.mul(high, second))
    v128.store(keys + (<usize>i << 2), i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 15)), third))
  }
}

/** The smallest of 27 keys from each place on: of 2, 4, 8, 16, and of 16 and the 16 that begin 11 later. */
function smallestOf(keys: usize, count: u32, into: usize): void {
  const needed = count + NEIGHBOURS
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = keys + (<usize>i << 2)
    v128.store(into + (<usize>i << 2), i32x4.min_u(v128.load(at), v128.load(at, 4)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = into + (<usize>i << 2)
    v128.store(at, i32x4.min_u(v128.load(at), v128.load(at, 8)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = into + (<usize>i << 2)
    v128.store(at, i32x4.min_u(v128.load(at), v128.load(at, 16)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = into + (<usize>i << 2)
    v128.store(at, i32x4.min_u(v128.load(at), v128.load(at, 32)))
  }
  for (let i: u32 = 0; i < count; i += 4) {
    const at = into + (<usize>i << 2)
    v128.store(at, i32x4.min_u(v128.load(at), v128.load(at, 44)))
  }
}

function largestOf(list: usize, count: u32): void {
  const needed = count + NEIGHBOURS
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = list + (<usize>i << 2)
    v128.store(at, i32x4.max_u(v128.load(at), v128.load(at, 4)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = list + (<usize>i << 2)
    v128.store(at, i32x4.max_u(v128.load(at), v128.load(at, 8)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = list + (<usize>i << 2)
    v128.store(at, i32x4.max_u(v128.load(at), v128.load(at, 16)))
  }
  for (let i: u32 = 0; i < needed; i += 4) {
    const at = list + (<usize>i << 2)
    v128.store(at, i32x4.max_u(v128.load(at), v128.load(at, 32)))
  }
  for (let i: u32 = 0; i < count; i += 4) {
    const at = list + (<usize>i << 2)
    v128.store(at, i32x4.max_u(v128.load(at), v128.load(at, 44)))
  }
}

function choose(text: usize, windows: u32, keys: usize, largest: usize, hashes: usize, starts: usize): u32 {
  let chosen: u32 = 0
  for (let i: u32 = 0; i < windows; i += 16) {
    const at = <usize>i << 2
    const low = i16x8.narrow_i32x4_s(equalAt(keys, largest, at), equalAt(keys, largest, at + 16))
    const high = i16x8.narrow_i32x4_s(equalAt(keys, largest, at + 32), equalAt(keys, largest, at + 48))
    for (let lanes = i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)); lanes != 0; lanes &= lanes - 1) {
      store<u32>(starts + (<usize>chosen << 2), i + <u32>ctz(lanes))
      chosen++
    }
  }
  let count: u32 = 0
  let before: u64 = 0
  let beforeAt: u32 = 0
  let keptAt: u32 = 0
  for (let i: u32 = 0; i < chosen; i++) {
    const at = load<u32>(starts + (<usize>i << 2))
    if (at >= windows) break
    const hash = windowHash(text + at)
    const isRepeated = count > 0 && hash == before && at - beforeAt == 1
    before = hash
    beforeAt = at
    if (isRepeated && at - keptAt < NEIGHBOURS) continue
    keptAt = at
    store<u64>(hashes + (<usize>count << 3), hash)
    store<u32>(starts + (<usize>count << 2), at)
    count++
  }
  return count
}

function equalAt(keys: usize, largest: usize, at: usize): v128 {
  return i32x4.eq(v128.load(keys + at), v128.load(largest + at))
}

/** A text with fewer windows than neighbours keeps its smallest. */
function chooseOne(text: usize, windows: u32, keys: usize, hashes: usize, starts: usize): u32 {
  let smallest: u32 = 0
  for (let i: u32 = 1; i < windows; i++) {
    if (load<u32>(keys + (<usize>i << 2)) < load<u32>(keys + (<usize>smallest << 2))) smallest = i
  }
  store<u64>(hashes, windowHash(text + smallest))
  store<u32>(starts, smallest)
  return 1
}

/** Which of so many neighbouring windows has this hash; the number of windows when none has. */
export function findWindow(text: usize, windows: u32, hash: u64): u32 {
  let i: u32 = 0
  while (i < windows && windowHash(text + i) != hash) i++
  return i
}
