import { allocate } from './memory'

/** Sorting into buckets in two steps, each of which stays within the cache: by the first bits of a key, then by the rest. */
export const PARTITION_BITS: u32 = 9

/** As many may be counted side by side. */
export const HISTOGRAMS_MAX: u32 = 32
const histograms: usize = allocate(<usize>HISTOGRAMS_MAX << (PARTITION_BITS + 2))
let histogram: usize = histograms

/** From now on partitions are those of this histogram. */
export function choosePartitions(which: u32): void {
  histogram = histograms + (<usize>which << (PARTITION_BITS + 2))
}

export function startPartitions(highBits: u32): void {
  memory.fill(histogram, 0, <usize>4 << highBits)
}

export function countPartition(part: u32): void {
  const at = histogram + (<usize>part << 2)
  store<u32>(at, load<u32>(at) + 1)
}

/** After counting: where each partition begins. */
export function placePartitions(highBits: u32): void {
  let sum: u32 = 0
  for (let i: u32 = 0; i < 1 << highBits; i++) {
    const at = histogram + (<usize>i << 2)
    const here = load<u32>(at)
    store<u32>(at, sum)
    sum += here
  }
}

/** The place of the next member of a partition. When all have theirs, the histogram tells where each partition ends. */
export function nextPlace(part: u32): u32 {
  const at = histogram + (<usize>part << 2)
  const place = load<u32>(at)
  store<u32>(at, place + 1)
  return place
}

/**
 * Counting sort of each partition by the rest of the key: pairs of a key (above) and a member (below) become where each
 * bucket starts, and the members in their order.
 */
export function sortPartitions(pairs: usize, starts: usize, members: usize, lowBits: u32, highBits: u32): void {
  let begin: u32 = 0
  for (let part: u32 = 0; part < 1 << highBits; part++) {
    begin = sortPartition(part, begin, pairs, starts + (<usize>(part << lowBits) << 2), members, lowBits)
  }
}

/** The same for one partition, which begins where the one before it ends. Returns where it ends. */
export function sortPartition(part: u32, begin: u32, pairs: usize, starts: usize, members: usize, lowBits: u32): u32 {
  const end = load<u32>(histogram + (<usize>part << 2))
  memory.fill(starts, 0, <usize>4 << lowBits)
  const mask: u32 = (1 << lowBits) - 1
  for (let i = begin; i < end; i++) {
    const at = starts + (<usize>(<u32>(load<u64>(pairs + (<usize>i << 3)) >>> 32) & mask) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  let sum = begin
  for (let low: u32 = 0; low <= mask; low++) {
    const at = starts + (<usize>low << 2)
    sum += load<u32>(at)
    store<u32>(at, sum)
  }
  // Filled from the back, so that afterwards each start is where its bucket begins.
  for (let i = end; i > begin; i--) {
    const pair = load<u64>(pairs + (<usize>(i - 1) << 3))
    const at = starts + (<usize>(<u32>(pair >>> 32) & mask) << 2)
    const place = load<u32>(at) - 1
    store<u32>(at, place)
    store<u32>(members + (<usize>place << 2), <u32>pair)
  }
  return end
}
