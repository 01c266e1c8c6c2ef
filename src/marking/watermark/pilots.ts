import { FRAME_SIDE } from './chips.ts'
import { numbersFrom } from './random.ts'

/** A wave over the whole frame: cycles across and down, and where it begins (radians). */
export interface Pilot {
  across: number
  down: number
  phase: number
}

const COUNT = 16
const RADIUS_MIN = 34
const RADIUS_MAX = 60

/**
 * Waves by which a picture is put straight again: a crop moves their phases, another size or a turn moves their
 * frequencies, all together. None lies near an axis, where pictures have edges of their own.
 */
export const PILOTS: readonly Pilot[] = (() => {
  const next = numbersFrom(0x0f1a6e5)
  const fraction = () => next() / 2 ** 32
  const pilots: Pilot[] = []
  while (pilots.length < COUNT) {
    const angle = ((pilots.length + 0.2 + 0.6 * fraction()) * Math.PI) / COUNT
    const radius = RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * fraction()
    const [across, down] = [Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle))]
    const phase = 2 * Math.PI * fraction()
    if (Math.abs(across) >= 4 && Math.abs(down) >= 4) pilots.push({ across, down, phase })
    else
      pilots.push({ across: across < 0 ? Math.min(across, -4) : Math.max(across, 4), down: Math.max(down, 4), phase })
  }
  return pilots
})()

let pattern: Float64Array | undefined

/** All pilots together, each with an amplitude of one; always the same list. */
export function pilotPattern(): Float64Array {
  return (pattern ??= drawPilots())
}

function drawPilots(): Float64Array {
  const pattern = new Float64Array(FRAME_SIDE ** 2)
  for (const { across, down, phase } of PILOTS)
    for (let y = 0; y < FRAME_SIDE; y++)
      for (let x = 0; x < FRAME_SIDE; x++)
        pattern[y * FRAME_SIDE + x]! += Math.cos(
          (2 * Math.PI * (across * (x + 0.5) + down * (y + 0.5))) / FRAME_SIDE + phase,
        )
  return pattern
}
