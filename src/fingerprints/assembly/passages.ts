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
 * and where the windows begin; returns how many. `keys` has room for 8 bytes a window and 512 more, `marks` for a bit a
 * window and 64 bytes more. Sixteen bytes after the text are read, and do not matter.
 */
export function winnow(text: usize, length: u32, keys: usize, marks: usize, hashes: usize, starts: usize): u32 {
  if (length < WINDOW) return 0
  const windows = length - WINDOW + 1
  if (windows < NEIGHBOURS) return chooseOne(text, windows, keys, hashes, starts)
  mark(text, windows, keys, marks)
  return choose(text, windows, marks, hashes, starts)
}

/**
 * Marks the chosen windows, a bit each. After the keys come two passes that hold what they need in registers; names end
 * in how many vectors of four ago a value was computed. The first takes the smallest of 2, 4, 8 and 16 keys from each
 * place on, then of 27 (of 16, and of the 16 that begin 11 later); the second the largest of 27 of those in the same way,
 * but backwards. Beyond the last window keys are 0 for as far as the first pass reads, so that neighbourhoods which are
 * not whole choose nothing; behind them is room for the seven vectors that come out of it too early.
 */
function mark(text: usize, windows: u32, keys: usize, marks: usize): void {
  fillKeys(text, windows, keys)
  const end = <usize>windows << 2
  for (let at: usize = end; at < end + 144; at += 4) store<u32>(keys + at, 0)
  const least = keys + ((end + 271) & ~15)
  leastOf(keys, least, (windows + 3) >>> 2)
  mostOf(keys, least, marks, (windows + 3) >>> 2)
}

/** The smallest key of each neighbourhood, by the window that it begins with. */
function leastOf(keys: usize, least: usize, vectors: u32): void {
  let key1 = v128.load(keys)
  let two1 = key1
  let four1 = key1
  let eight1 = key1
  let eight2 = key1
  let sixteen1 = key1
  let sixteen2 = key1
  let sixteen3 = key1
  // The first seven that come out are of neighbourhoods that are not whole; they land before the list.
  let from = keys + 16
  let to = least - 16 * 7
  const end = least + (<usize>vectors << 4)
  while (to < end) {
    const key = v128.load(from)
    const two = i32x4.min_u(key1, v128.shuffle<u32>(key1, key, 1, 2, 3, 4))
    key1 = key
    const four = i32x4.min_u(two1, v128.shuffle<u32>(two1, two, 2, 3, 4, 5))
    two1 = two
    const eight = i32x4.min_u(four1, four)
    four1 = four
    const sixteen = i32x4.min_u(eight2, eight)
    eight2 = eight1
    eight1 = eight
    v128.store(to, i32x4.min_u(sixteen3, v128.shuffle<u32>(sixteen1, sixteen, 3, 4, 5, 6)))
    sixteen3 = sixteen2
    sixteen2 = sixteen1
    sixteen1 = sixteen
    from += 16
    to += 16
  }
}

/** A bit for each window whose key is the largest of the smallest ones around it. */
function mostOf(keys: usize, list: usize, marks: usize, vectors: u32): void {
  const zero = i32x4.splat(0)
  let least1 = zero
  let two1 = zero
  let four1 = zero
  let eight1 = zero
  let eight2 = zero
  let sixteen1 = zero
  let sixteen2 = zero
  let sixteen3 = zero
  for (let vector: u32 = 0; vector < vectors; ) {
    let chosen: u64 = 0
    for (let shift: u32 = 0; shift < 64; shift += 4, vector++) {
      const at = <usize>vector << 4
      const least = v128.load(list + at)
      const two = i32x4.max_u(least, v128.shuffle<u32>(least1, least, 3, 4, 5, 6))
      least1 = least
      const four = i32x4.max_u(two, v128.shuffle<u32>(two1, two, 2, 3, 4, 5))
      two1 = two
      const eight = i32x4.max_u(four, four1)
      four1 = four
      const sixteen = i32x4.max_u(eight, eight2)
      eight2 = eight1
      eight1 = eight
      const most = i32x4.max_u(sixteen, v128.shuffle<u32>(sixteen3, sixteen2, 1, 2, 3, 4))
      sixteen3 = sixteen2
      sixteen2 = sixteen1
      sixteen1 = sixteen
      chosen |= (<u64>i32x4.bitmask(i32x4.eq(v128.load(keys + at), most))) << shift
    }
    store<u64>(marks + (<usize>(vector - 16) >>> 1), chosen)
  }
}

/** Hashes the marked windows. */
function choose(text: usize, windows: u32, marks: usize, hashes: usize, starts: usize): u32 {
  let chosen: u32 = 0
  for (let i: u32 = 0; i < windows; i += 64) {
    for (let lanes = load<u64>(marks + (<usize>i >>> 3)); lanes != 0; lanes &= lanes - 1) {
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

/** The keys of all windows: of the first eight bytes of each. */
function fillKeys(text: usize, windows: u32, keys: usize): void {
  const first = i32x4.splat(0x9e3779b1)
  const second = i32x4.splat(0x85ebca77)
  const third = i32x4.splat(0xc2b2ae3d)
  const start = v128.load(text)
  let low = v128.shuffle<u8>(start, start, 0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6)
  for (let i: u32 = 0; i < windows; i += 4) {
    const bytes = v128.load(text + i, 4)
    const high = v128.shuffle<u8>(bytes, bytes, 0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6)
    const mixed = i32x4.add(i32x4.mul(low, first), i32x4.mul(high, second))
    low = high
    v128.store(keys + (<usize>i << 2), i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 15)), third))
  }
}

/** A text with fewer windows than neighbours keeps its smallest. */
function chooseOne(text: usize, windows: u32, keys: usize, hashes: usize, starts: usize): u32 {
  fillKeys(text, windows, keys)
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
