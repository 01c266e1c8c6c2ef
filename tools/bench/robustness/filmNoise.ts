/** How bright it is at a place, 0 to 1 across and down, and at a time in seconds. */
export type Scene = (x: number, y: number, seconds: number) => number

/** A number from 0 to 1 for a whole number, the same for the same seed. */
export function hash(at: number, seed: number): number {
  let state = Math.imul(at | 0, 0x9e3779b1) ^ Math.imul(Math.floor(seed * 1024), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39)
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32
}

/** Smooth noise, 0 to 1, with a grain of about one unit. */
export function noise(x: number, y: number, seed: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [smooth(x - left), smooth(y - top)]
  const corner = (i: number, j: number) => hash(left + i + (top + j) * 7919, seed)
  const upper = corner(0, 0) + u * (corner(1, 0) - corner(0, 0))
  const lower = corner(0, 1) + u * (corner(1, 1) - corner(0, 1))
  return upper + v * (lower - upper)
}

/** Noise of four grains on each other, as clouds have it. */
export function plasma(x: number, y: number, seed: number): number {
  const grain = (octave: number) => noise(x * 2 ** octave, y * 2 ** octave, seed + octave) / 2 ** (octave + 1)
  return grain(0) + grain(1) + grain(2) + grain(3)
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share)
}
