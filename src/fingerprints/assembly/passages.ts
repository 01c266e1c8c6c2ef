const WINDOW: usize = 24
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
 * Winnows the windows of a text (Schleimer, Wilkerson and Aiken, 2003): of every 27 neighbours the smallest, and of
 * equal ones the last, is chosen. Writes the chosen hashes and where their windows begin; returns how many.
 */
export function winnow(text: usize, length: usize, scratch: usize, hashes: usize, starts: usize): u32 {
  if (length < WINDOW) return 0
  const windows = <u32>(length - WINDOW + 1)
  for (let i: u32 = 0; i < windows; i++) store<u64>(scratch + (<usize>i << 3), windowHash(text + i))
  const lastFirst: u32 = windows > NEIGHBOURS ? windows - NEIGHBOURS : 0
  let count: u32 = 0
  let smallest: u32 = 0
  let least: u64 = 0
  let isKnown = false
  for (let first: u32 = 0; first <= lastFirst; first++) {
    const end = min(windows, first + NEIGHBOURS)
    if (isKnown && smallest >= first) {
      const entering = load<u64>(scratch + (<usize>(end - 1) << 3))
      if (entering > least) continue
      smallest = end - 1
      least = entering
    } else {
      smallest = first
      least = load<u64>(scratch + (<usize>first << 3))
      for (let i = first + 1; i < end; i++) {
        const hash = load<u64>(scratch + (<usize>i << 3))
        if (hash <= least) {
          least = hash
          smallest = i
        }
      }
      isKnown = true
    }
    store<u64>(hashes + (<usize>count << 3), least)
    store<u32>(starts + (<usize>count << 2), smallest)
    count++
  }
  return count
}
