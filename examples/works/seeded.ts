/** A stream of numbers that is the same on every run. */
export interface Seeded {
  /** A number in [0, 1). */
  next(): number
  /** A number in [low, high). */
  between(low: number, high: number): number
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T
  /** A number around 0 with a standard deviation near 1, never beyond ±3. */
  bell(): number
}

/**
 * Numbers from a seed, by the 32-bit generator mulberry32 (Tommy Ettinger, public domain). Every work owns a stream,
 * so that a change in one drawing moves no line of another.
 *
 * @example seeded('harbour').between(10, 20)
 */
export function seeded(seed: string): Seeded {
  let state = seedNumber(seed)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number): number => low + next() * (high - low)
  return {
    next,
    between,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
    // Twelve uniform numbers would be the classic sum; six are enough for a hand that trembles.
    bell: () => (next() + next() + next() + next() + next() + next() - 3) * Math.SQRT2,
  }
}

/** FNV-1a, 32 bits: seeds that differ in one letter must give unrelated streams. */
function seedNumber(seed: string): number {
  let hash = 0x811c9dc5
  for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  return hash >>> 0
}
