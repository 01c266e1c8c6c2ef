import { boxMean } from './boxMean.ts'
import { FRAME_SIDE } from './chips.ts'
import { evened } from './evened.ts'
import { fft2 } from './fft.ts'
import { PILOTS } from './pilots.ts'
import type { Placement } from './placement.ts'
import { bestOffset } from './refine.ts'

/** Twice the frame: half cycles are told apart. */
const SIDE = FRAME_SIDE * 2
/** What a picture may have been cut to or widened to, as a part of its width or height, and how far turned. */
const SCALE = { from: 0.7, to: 1.2, step: 0.011 }
const TURN = { most: (6 * Math.PI) / 180, step: (0.6 * Math.PI) / 180 }
/** A wave that stands out counts no more than so many times its surroundings. */
const POWER_CAP = 8
const CANDIDATES = 24

interface Geometry {
  across: number
  down: number
  turn: number
}

interface Waves {
  /** Power by frequency in half cycles, as many times that of the neighbourhood. */
  power: Float64Array
  /** The same without a cap, as a logarithm: it tells where exactly a wave is. */
  height: Float64Array
  /** The wave itself, divided by the root of what is around it; its phase is that at the middle of the frame. */
  re: Float64Array
  im: Float64Array
}

/** Where the frame may lie in a marked one, the likeliest first. */
export function findPlacements(frame: Float64Array, aspect: number, most: number): Placement[] {
  const waves = wavesOf(frame)
  const found = coarse(waves, aspect).map((geometry) => {
    const refined = climb(geometry, (at) => heightOf(waves, at, aspect), [0.004, 0.004, 0.003])
    return place(waves, refined, aspect)
  })
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ placement }) => placement)
}

function wavesOf(frame: Float64Array): Waves {
  const even = evened(frame)
  const padded = new Float64Array(SIDE ** 2)
  const half = FRAME_SIDE / 2
  for (let y = 0; y < FRAME_SIDE; y++)
    for (let x = 0; x < FRAME_SIDE; x++) {
      const window =
        Math.sin((Math.PI * (x + 0.5)) / FRAME_SIDE) ** 2 * Math.sin((Math.PI * (y + 0.5)) / FRAME_SIDE) ** 2
      const at = ((y - half + SIDE) % SIDE) * SIDE + ((x - half + SIDE) % SIDE)
      padded[at] = even[y * FRAME_SIDE + x]! * window
    }
  const { re, im } = fft2(padded, SIDE)
  const raw = re.map((value, i) => value * value + im[i]! * im[i]!)
  const around = boxMean(raw, 14, SIDE)
  const above = raw.map((value, i) => value / (around[i]! + 1e-9))
  const power = above.map((value) => Math.min(POWER_CAP, value))
  const height = above.map((value) => Math.log1p(value))
  for (let i = 0; i < re.length; i++) {
    const scale = 1 / Math.sqrt(around[i]! + 1e-9)
    // A pixel lies in its middle: half a pixel from where the transform has it.
    const shift = (-Math.PI * (signed(i % SIDE) + signed(Math.floor(i / SIDE)))) / SIDE
    const [c, s] = [Math.cos(shift) * scale, Math.sin(shift) * scale]
    const [x, y] = [re[i]!, im[i]!]
    re[i] = x * c - y * s
    im[i] = x * s + y * c
  }
  return { power, height, re, im }
}

function signed(index: number): number {
  return index < SIDE / 2 ? index : index - SIDE
}

function matrixOf({ across, down, turn }: Geometry, aspect: number): [number, number, number, number] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)]
  return [across * c, -down * aspect * s, (across / aspect) * s, down * c]
}

/** The best of all geometries on a grid, no two of them neighbours. */
function coarse(waves: Waves, aspect: number): Geometry[] {
  const best: (Geometry & { score: number })[] = []
  const turns = Math.floor(TURN.most / TURN.step)
  const scales = Math.floor((SCALE.to - SCALE.from) / SCALE.step)
  for (let turning = -turns; turning <= turns; turning++)
    for (let i = 0; i <= scales; i++)
      for (let j = 0; j <= scales; j++) {
        const geometry = {
          across: SCALE.from + i * SCALE.step,
          down: SCALE.from + j * SCALE.step,
          turn: turning * TURN.step,
        }
        const score = nearPower(waves.power, matrixOf(geometry, aspect))
        if (best.length === CANDIDATES && score <= best.at(-1)!.score) continue
        const near = best.findIndex((other) => isNear(other, geometry))
        if (near >= 0) {
          if (best[near]!.score >= score) continue
          best.splice(near, 1)
        }
        const at = best.findIndex((other) => other.score < score)
        best.splice(at < 0 ? best.length : at, 0, { ...geometry, score })
        if (best.length > CANDIDATES) best.pop()
      }
  return best
}

function isNear(a: Geometry, b: Geometry): boolean {
  return Math.abs(a.across - b.across) < 0.025 && Math.abs(a.down - b.down) < 0.025 && Math.abs(a.turn - b.turn) < 0.022
}

/** The pilots' power at the nearest frequencies. */
function nearPower(power: Float64Array, [a, b, c, d]: [number, number, number, number]): number {
  let sum = 0
  for (const { across, down } of PILOTS) {
    const x = Math.round(2 * (a * across + b * down))
    const y = Math.round(2 * (c * across + d * down))
    sum += power[(y & (SIDE - 1)) * SIDE + (x & (SIDE - 1))]!
  }
  return sum
}

function heightOf(waves: Waves, geometry: Geometry, aspect: number): number {
  const [a, b, c, d] = matrixOf(geometry, aspect)
  let sum = 0
  for (const { across, down } of PILOTS)
    sum += between(waves.height, 2 * (a * across + b * down), 2 * (c * across + d * down))
  return sum
}

/** A value between four frequencies. */
function between(values: Float64Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [x - left, y - top]
  const at = (dx: number, dy: number) => values[((top + dy) & (SIDE - 1)) * SIDE + ((left + dx) & (SIDE - 1))]!
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1))
}

/** Goes uphill in each direction by turns, with ever smaller steps. */
function climb(start: Geometry, scoreOf: (geometry: Geometry) => number, steps: [number, number, number]): Geometry {
  let best = { ...start }
  let score = scoreOf(best)
  const fields = ['across', 'down', 'turn'] as const
  for (let round = 0; round < 5; round++) {
    const scale = 2 ** -round
    for (let again = true; again;) {
      again = false
      fields.forEach((field, i) => {
        for (const sign of [-1, 1]) {
          const next = { ...best, [field]: best[field] + sign * steps[i]! * scale }
          const reached = scoreOf(next)
          if (reached > score) {
            best = next
            score = reached
            again = true
          }
        }
      })
    }
  }
  return best
}

/** Where the middle of the frame was, by the phases of the pilots; the score is how well they agree, from 0 to 1. */
function place(waves: Waves, geometry: Geometry, aspect: number): { placement: Placement; score: number } {
  const matrix = matrixOf(geometry, aspect)
  const [a, b, c, d] = matrix
  const phasors = PILOTS.map(({ across, down, phase }) => {
    const [x, y] = [2 * (a * across + b * down), 2 * (c * across + d * down)]
    const [re, im] = [between(waves.re, x, y), between(waves.im, x, y)]
    // A wave that stands out more than its neighbourhood is sure; how much more does not matter.
    const length = Math.max(1, Math.hypot(re, im))
    const [cos, sin] = [Math.cos(phase), Math.sin(phase)]
    return { across, down, re: (re * cos + im * sin) / length, im: (im * cos - re * sin) / length }
  })
  const { dx, dy, score } = bestOffset(phasors, [0.5, 0.5], [room(geometry.across), room(geometry.down)], 1 / 384)
  return { placement: { matrix, centre: [dx, dy] }, score: score / PILOTS.length }
}

/** How far the middle of a cut can lie from the middle of the whole: a cut lies within it. */
function room(scale: number): number {
  return Math.max(0, (1 - scale) / 2) + 0.03
}
