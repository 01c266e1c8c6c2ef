import { FRAME_SIDE } from './chips.ts'

/**
 * How a frame lies in the marked one, both with sides of 1: a wave with the frequencies k of the marked frame has
 * `matrix` · k here, and the middle of this frame was at `centre` there.
 */
export interface Placement {
  matrix: [number, number, number, number]
  centre: [number, number]
}

/** A frame put straight, and where it shows the marked one (1 inside, 0 outside). */
export interface StraightFrame {
  frame: Float64Array
  inside: Float64Array
}

/**
 * The marked frame as far as this one shows it. Beyond its edge it is mid-grey, or goes on as the edge is.
 */
export function straighten(
  frame: Float64Array,
  { matrix: [a, b, c, d], centre }: Placement,
  beyond: 'grey' | 'edge' = 'grey',
): StraightFrame {
  const det = a * d - b * c
  // A wave k there is M k here, so a step dp there is the inverse transpose of M times it here.
  const [ia, ib, ic, id] = [d / det, -c / det, -b / det, a / det]
  const straight = new Float64Array(FRAME_SIDE ** 2).fill(128)
  const inside = new Float64Array(FRAME_SIDE ** 2)
  for (let y = 0; y < FRAME_SIDE; y++) {
    for (let x = 0; x < FRAME_SIDE; x++) {
      const dx = (x + 0.5) / FRAME_SIDE - centre[0]
      const dy = (y + 0.5) / FRAME_SIDE - centre[1]
      const qx = (0.5 + ia * dx + ib * dy) * FRAME_SIDE - 0.5
      const qy = (0.5 + ic * dx + id * dy) * FRAME_SIDE - 0.5
      const isInside = qx >= 0 && qy >= 0 && qx <= FRAME_SIDE - 1 && qy <= FRAME_SIDE - 1
      if (!isInside && beyond === 'grey') continue
      straight[y * FRAME_SIDE + x] = cubicAt(frame, clamp(qx), clamp(qy))
      if (isInside) inside[y * FRAME_SIDE + x] = 1
    }
  }
  return { frame: straight, inside }
}

/** Catmull-Rom between the pixels of a frame; beyond its edge the edge goes on. */
function cubicAt(frame: Float64Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [across, down] = [weights(x - left), weights(y - top)]
  let sum = 0
  for (let j = 0; j < 4; j++) {
    const row = clamp(top - 1 + j) * FRAME_SIDE
    let line = 0
    for (let i = 0; i < 4; i++) line += across[i]! * frame[row + clamp(left - 1 + i)]!
    sum += down[j]! * line
  }
  return sum
}

/** Catmull-Rom weights of four neighbours for a place from 0 to 1 between the middle two. */
export function weights(t: number): [number, number, number, number] {
  return [
    ((-t + 2) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((-3 * t + 4) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ]
}

function clamp(index: number): number {
  return Math.max(0, Math.min(FRAME_SIDE - 1, index))
}
