/** Memory is handed out from one end and never given back: columns are closed by letting go of their instance. */
let top: usize = (__heap_base + 63) & ~63

/** A stretch of `bytes` bytes; 0 when there is no more memory. */
export function allocate(bytes: usize): usize {
  const at = top
  const after = (top + bytes + 63) & ~63
  if (after < top) return 0
  const needed = <i32>((after + 0xffff) >>> 16)
  if (needed > memory.size() && memory.grow(needed - memory.size()) < 0) return 0
  top = after
  return at
}

const histogram = memory.data(256 * 4, 16)

/** The sum of `count` weights of 64 bits, saturated at the largest number. */
export function sum(weights: usize, count: u32): u64 {
  let total: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const weight = load<u64>(weights + (<usize>i << 3))
    if (total + weight < total) return u64.MAX_VALUE
    total += weight
  }
  return total
}

/**
 * Divides `cents` among `count` weights that sum to `total`: whole cents as doubles to `amounts`, then one more cent to
 * each of the largest remainders, earlier ones first where they are equal. Bounds: cents < 2^53, total < 2^60. The
 * quotient is guessed in floating point, which misses it by less than four, and put right by the remainder, which
 * arithmetic modulo 2^64 gives exactly.
 */
export function split(cents: u64, total: u64, weights: usize, count: u32, amounts: usize, remainders: usize): void {
  const each = <f64>cents / <f64>total
  let given: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3
    const weight = load<u64>(weights + at)
    let quotient = <u64>(<f64>weight * each)
    let remainder = <i64>(cents * weight - quotient * total)
    while (remainder < 0) {
      quotient--
      remainder += <i64>total
    }
    while (<u64>remainder >= total) {
      quotient++
      remainder -= <i64>total
    }
    given += quotient
    store<f64>(amounts + at, <f64>quotient)
    store<u64>(remainders + at, <u64>remainder)
  }
  if (given < cents) giveRest(<u32>(cents - given), count, amounts, remainders)
}

/** One cent more to each of the `rest` largest remainders: their threshold is found digit by digit, in base 256. */
function giveRest(rest: u32, count: u32, amounts: usize, remainders: usize): void {
  let threshold: u64 = 0
  let mask: u64 = 0
  let wanted = rest
  for (let shift: i32 = 56; shift >= 0; shift -= 8) {
    memory.fill(histogram, 0, 256 * 4)
    for (let i: u32 = 0; i < count; i++) {
      const remainder = load<u64>(remainders + (<usize>i << 3))
      if ((remainder & mask) != threshold) continue
      const slot = histogram + ((<usize>(remainder >> shift) & 255) << 2)
      store<u32>(slot, load<u32>(slot) + 1)
    }
    let digit: u64 = 255
    while (load<u32>(histogram + (<usize>digit << 2)) < wanted) {
      wanted -= load<u32>(histogram + (<usize>digit << 2))
      digit--
    }
    threshold |= digit << shift
    mask |= <u64>255 << shift
  }
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 3
    const remainder = load<u64>(remainders + at)
    if (remainder < threshold) continue
    if (remainder == threshold) {
      if (wanted == 0) continue
      wanted--
    }
    store<f64>(amounts + at, load<f64>(amounts + at) + 1)
  }
}
