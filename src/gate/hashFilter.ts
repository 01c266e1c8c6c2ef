/** A set of 64-bit hashes that may say yes to one that is not in it, and never no to one that is (B. H. Bloom, 1970). */
export interface HashFilter {
  add(low: number, high: number): void
  has(low: number, high: number): boolean
}

const BITS_MIN = 1 << 10
const BITS_MAX = 2 ** 30
/** Bits for each key: with two probes some three in a thousand others are taken for one. */
const BITS_PER_KEY = 32

/** A filter for so many keys: four bytes each, at most 128 MB. */
export function openHashFilter(keys: number): HashFilter {
  const bits = Math.min(BITS_MAX, Math.max(BITS_MIN, 2 ** Math.ceil(Math.log2(Math.max(1, keys) * BITS_PER_KEY))))
  const words = new Uint32Array(bits / 32)
  const mask = bits - 1
  return {
    add(low, high) {
      const [one, two] = [low & mask, high & mask]
      words[one >>> 5]! |= 1 << (one & 31)
      words[two >>> 5]! |= 1 << (two & 31)
    },
    has(low, high) {
      const one = low & mask
      if ((words[one >>> 5]! & (1 << (one & 31))) === 0) return false
      const two = high & mask
      return (words[two >>> 5]! & (1 << (two & 31))) !== 0
    },
  }
}

/** What is known of texts by their 64-bit hashes; undefined until it is set. */
export interface HashMemory {
  get(low: number, high: number): boolean | undefined
  set(low: number, high: number, value: boolean): void
}

const ENTRIES_MAX = 2 ** 22

/** Remembers up to four million; then it forgets all and begins again. */
export function openHashMemory(): HashMemory {
  let capacity = 1024
  let count = 0
  let lows = new Uint32Array(capacity)
  let highs = new Uint32Array(capacity)
  let values = new Uint8Array(capacity)
  const slotOf = (low: number, high: number) => {
    const mask = capacity - 1
    let slot = (low ^ Math.imul(high, 0x9e37_79b1)) & mask
    while (values[slot] !== 0 && (lows[slot] !== low || highs[slot] !== high)) slot = (slot + 1) & mask
    return slot
  }
  const restart = (size: number) => {
    const [oldLows, oldHighs, oldValues] = [lows, highs, values]
    capacity = size
    count = 0
    lows = new Uint32Array(size)
    highs = new Uint32Array(size)
    values = new Uint8Array(size)
    return { oldLows, oldHighs, oldValues }
  }
  const put = (low: number, high: number, value: number) => {
    const slot = slotOf(low, high)
    if (values[slot] === 0) count++
    lows[slot] = low
    highs[slot] = high
    values[slot] = value
  }
  return {
    get(low, high) {
      const value = values[slotOf(low, high)]
      return value === 0 ? undefined : value === 2
    },
    set(low, high, value) {
      if (count * 2 >= capacity) {
        if (count >= ENTRIES_MAX) restart(1024)
        else {
          const { oldLows, oldHighs, oldValues } = restart(capacity * 2)
          oldValues.forEach((each, i) => each !== 0 && put(oldLows[i]!, oldHighs[i]!, each))
        }
      }
      put(low, high, value ? 2 : 1)
    },
  }
}
