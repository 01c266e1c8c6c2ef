import { FRAME_SIDE } from './chips.ts'
import { evened } from './evened.ts'
import { PILOTS } from './pilots.ts'
import type { Placement, StraightFrame } from './placement.ts'

/** The frame is looked at in three times three windows of half its side, which overlap. */
const WINDOWS = 3
const WINDOW_SIDE = FRAME_SIDE / 2
/** How far a window may lie off, as a part of the frame's side, and how finely that is told. */
const REACH = 0.009
const STEP = 0.0006

/**
 * Puts a placement right by what is left of it: in each window of the frame that was put straight by it, the phases of
 * the pilots tell how far the picture lies off there, and from all windows together follows by how much it is too large,
 * turned, or moved.
 */
export function refine(straight: StraightFrame, placement: Placement): Placement {
  return moved(placement, lookAt(evened(straight.frame), straight.inside))
}

interface Seen {
  /** The window's middle, from the placement's centre. */
  x: number
  y: number
  /** How far off it lies. */
  dx: number
  dy: number
  weight: number
  agreement: number
}

const HANN = Float64Array.from({ length: WINDOW_SIDE }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / WINDOW_SIDE) ** 2)

function lookAt(even: Float64Array, inside: Float64Array): Seen[] {
  const waves = PILOTS.map((pilot) => windowsOf(even, inside, pilot))
  const seen: Seen[] = []
  for (let window = 0; window < WINDOWS ** 2; window++) {
    const [column, row] = [window % WINDOWS, Math.floor(window / WINDOWS)]
    const part = insidePart(inside, column, row)
    if (part < 0.35) continue
    const lengths = waves.map(({ re, im }) => Math.hypot(re[window]!, im[window]!)).sort((a, b) => a - b)
    const middle = lengths[lengths.length >> 1]! + 1e-9
    const phasors = waves.map(({ re, im }, i) => {
      const length = Math.max(middle, Math.hypot(re[window]!, im[window]!))
      return { across: PILOTS[i]!.across, down: PILOTS[i]!.down, re: re[window]! / length, im: im[window]! / length }
    })
    const { dx, dy, agreement } = offsetOf(phasors)
    seen.push({
      x: (column + 1) / 4,
      y: (row + 1) / 4,
      dx,
      dy,
      agreement,
      weight: part * Math.max(0, agreement - 0.35) ** 2,
    })
  }
  return seen
}

/** One pilot's wave in each window, measured against where it should be. */
function windowsOf(frame: Float64Array, inside: Float64Array, { across, down, phase }: (typeof PILOTS)[number]) {
  const side = FRAME_SIDE
  const re = new Float64Array(WINDOWS ** 2)
  const im = new Float64Array(WINDOWS ** 2)
  const waveRe = Float64Array.from({ length: side }, (_, x) => Math.cos((2 * Math.PI * across * (x + 0.5)) / side))
  const waveIm = Float64Array.from({ length: side }, (_, x) => -Math.sin((2 * Math.PI * across * (x + 0.5)) / side))
  for (let y = 0; y < side; y++) {
    const angle = (-2 * Math.PI * down * (y + 0.5)) / side - phase
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    for (let column = 0; column < WINDOWS; column++) {
      const left = (column * WINDOW_SIDE) / 2
      let [sumRe, sumIm] = [0, 0]
      for (let i = 0; i < WINDOW_SIDE; i++) {
        const at = y * side + left + i
        const value = HANN[i]! * inside[at]! * frame[at]!
        sumRe += value * waveRe[left + i]!
        sumIm += value * waveIm[left + i]!
      }
      const [turnedRe, turnedIm] = [sumRe * c - sumIm * s, sumRe * s + sumIm * c]
      for (let row = 0; row < WINDOWS; row++) {
        const within = y - (row * WINDOW_SIDE) / 2
        if (within < 0 || within >= WINDOW_SIDE) continue
        re[row * WINDOWS + column]! += HANN[within]! * turnedRe
        im[row * WINDOWS + column]! += HANN[within]! * turnedIm
      }
    }
  }
  return { re, im }
}

function insidePart(inside: Float64Array, column: number, row: number): number {
  const [left, top] = [(column * WINDOW_SIDE) / 2, (row * WINDOW_SIDE) / 2]
  let count = 0
  for (let y = top; y < top + WINDOW_SIDE; y += 8)
    for (let x = left; x < left + WINDOW_SIDE; x += 8) count += inside[y * FRAME_SIDE + x]!
  return count / (WINDOW_SIDE / 8) ** 2
}

/** The move at which all phases agree best. */
function offsetOf(phasors: { across: number; down: number; re: number; im: number }[]) {
  const { dx, dy, score } = bestOffset(phasors, [0, 0], [REACH, REACH], STEP)
  return { dx, dy, agreement: score / phasors.length }
}

/** The offset within `reach` of another at which waves agree best: a sum of their phases, over a grid. */
export function bestOffset(
  phasors: readonly { across: number; down: number; re: number; im: number }[],
  about: readonly [number, number],
  reach: readonly [number, number],
  step: number,
): { dx: number; dy: number; score: number } {
  const [stepsX, stepsY] = [Math.round(reach[0] / step), Math.round(reach[1] / step)]
  const span = 2 * stepsX + 1
  const sums = new Float64Array(span * (2 * stepsY + 1))
  const [cos, sin] = [new Float64Array(span), new Float64Array(span)]
  for (const { across, down, re, im } of phasors) {
    for (let i = 0; i < span; i++) {
      const angle = 2 * Math.PI * across * (about[0] + (i - stepsX) * step)
      cos[i] = Math.cos(angle)
      sin[i] = Math.sin(angle)
    }
    for (let j = 0; j <= 2 * stepsY; j++) {
      const angle = 2 * Math.PI * down * (about[1] + (j - stepsY) * step)
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      const [x, y] = [re * c + im * s, im * c - re * s]
      for (let i = 0; i < span; i++) sums[j * span + i]! += x * cos[i]! + y * sin[i]!
    }
  }
  let best = 0
  for (let i = 1; i < sums.length; i++) if (sums[i]! > sums[best]!) best = i
  return {
    dx: about[0] + ((best % span) - stepsX) * step,
    dy: about[1] + (Math.floor(best / span) - stepsY) * step,
    score: sums[best]!,
  }
}

/** The placement, moved by an affine map that fits the offsets of the windows. */
function moved({ matrix, centre }: Placement, seen: Seen[]): Placement {
  const points = seen.filter(({ weight }) => weight > 0)
  if (points.length < 3) return { matrix, centre }
  const [a, b, e] = plane(points.map(({ x, y, dx, weight }) => [x - centre[0], y - centre[1], dx, weight]))
  const [c, d, f] = plane(points.map(({ x, y, dy, weight }) => [x - centre[0], y - centre[1], dy, weight]))
  // Waves change by the transpose of what places change by.
  const [m0, m1, m2, m3] = matrix
  const grow = [1 + a, b, c, 1 + d] as const
  return {
    matrix: [
      m0 * grow[0] + m1 * grow[1],
      m0 * grow[2] + m1 * grow[3],
      m2 * grow[0] + m3 * grow[1],
      m2 * grow[2] + m3 * grow[3],
    ],
    centre: [centre[0] + e, centre[1] + f],
  }
}

/** Slopes and height of the plane that fits values at places best, by their weights; slopes are held back a little. */
function plane(points: [number, number, number, number][]): [number, number, number] {
  const sums = Array.from({ length: 9 }, () => 0)
  const right = [0, 0, 0]
  for (const [x, y, value, weight] of points) {
    const row = [x, y, 1]
    for (let i = 0; i < 3; i++) {
      right[i]! += weight * row[i]! * value
      for (let j = 0; j < 3; j++) sums[i * 3 + j]! += weight * row[i]! * row[j]!
    }
  }
  const total = points.reduce((sum, [, , , weight]) => sum + weight, 0)
  sums[0]! += 1e-4 * total
  sums[4]! += 1e-4 * total
  return solve(sums, right)
}

/** Three equations by Cramer's rule. */
function solve(m: number[], r: number[]): [number, number, number] {
  const det = (a: number[]) =>
    a[0]! * (a[4]! * a[8]! - a[5]! * a[7]!) -
    a[1]! * (a[3]! * a[8]! - a[5]! * a[6]!) +
    a[2]! * (a[3]! * a[7]! - a[4]! * a[6]!)
  const whole = det(m)
  if (Math.abs(whole) < 1e-15) return [0, 0, 0]
  return [0, 1, 2].map(
    (column) => det(m.map((value, i) => (i % 3 === column ? r[Math.floor(i / 3)]! : value))) / whole,
  ) as [number, number, number]
}
