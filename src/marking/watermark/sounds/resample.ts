const ZERO_CROSSINGS = 8
/** Places between two samples that are told apart; from or to 48,000 a second there are 640. */
const PHASES_MAX = 1024

/**
 * Band-limited resampling with a windowed sinc whose values are worked out once for each place between samples, so that
 * minutes of sound take tenths of a second.
 */
export function resampled(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const phases = Math.min(PHASES_MAX, to / divisorOf(from, to))
  const { taps, reach } = tapsOf(Math.min(1, to / from) * 0.92, phases)
  const width = 2 * reach + 1
  const out = new Float32Array(Math.round((samples.length * to) / from))
  for (let i = 0; i < out.length; i++) {
    const place = Math.round(((i * from) / to) * phases)
    const row = (place % phases) * width
    const first = Math.floor(place / phases) - reach
    const end = Math.min(width, samples.length - first)
    let sum = 0
    for (let tap = Math.max(0, -first); tap < end; tap++) sum += samples[first + tap]! * taps[row + tap]!
    out[i] = sum
  }
  return out
}

/** One row for each place between two samples. */
function tapsOf(cutoff: number, phases: number): { taps: Float64Array; reach: number } {
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff)
  const width = 2 * reach + 1
  const taps = Float64Array.from({ length: phases * width }, (_, i) => {
    const x = (i % width) - reach - Math.floor(i / width) / phases
    if (Math.abs(x) >= reach) return 0
    const sinc = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x)
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach))
  })
  return { taps, reach }
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b)
}
