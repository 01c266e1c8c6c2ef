import type { Seeded } from './seeded.ts'

export const SAMPLE_RATE_HZ = 22050

/** Samples of one sound in about -1..1, at `SAMPLE_RATE_HZ`. */
export type Samples = Float64Array<ArrayBuffer>

/** A plucked string: noise that runs round a delay line and loses its edge at every turn (Karplus and Strong, 1983). */
export function pluck(random: Seeded, frequencyHz: number, seconds: number): Samples {
  const period = Math.max(2, Math.round(SAMPLE_RATE_HZ / frequencyHz - 0.5))
  const line = Float64Array.from({ length: period }, () => random.between(-1, 1))
  return sampled(seconds, (_, index) => {
    const at = index % period
    const value = line[at] as number
    line[at] = (value + (line[(at + 1) % period] as number)) * 0.498
    return value
  })
}

/** An organ pipe with five stops drawn: harmonics 1, 2, 3, 4 and 8, a slow start and a soft tremolo. */
export function organ(frequencyHz: number, seconds: number): Samples {
  const stops = [
    [1, 0.5],
    [2, 0.32],
    [3, 0.14],
    [4, 0.12],
    [8, 0.05],
  ] as const
  const pipe = new Float64Array(Math.round(seconds * SAMPLE_RATE_HZ))
  for (const [harmonic, level] of stops) addPartial(pipe, frequencyHz * harmonic, level, 0)
  return sampled(seconds, (t, index) => {
    const swell = Math.min(1, t * 18, (seconds - t) * 12) * (1 + 0.06 * sine(5.2, t))
    return (pipe[index] as number) * swell * 0.8
  })
}

/** A bell: partials that are no harmonics, the higher ones dying first (hum, prime, tierce, quint, nominal, above). */
export function bell(frequencyHz: number, seconds: number): Samples {
  const partials = [
    [0.5, 0.35, 0.5],
    [1, 0.5, 0.8],
    [1.19, 0.4, 1.1],
    [1.5, 0.2, 1.4],
    [2, 0.45, 1.7],
    [2.74, 0.2, 2.8],
    [3.76, 0.12, 4.5],
    [5.1, 0.08, 7],
  ] as const
  const bronze = new Float64Array(Math.round(seconds * SAMPLE_RATE_HZ))
  for (const [ratio, level, decay] of partials) addPartial(bronze, frequencyHz * ratio, level, decay)
  return sampled(seconds, (t, index) => (bronze[index] as number) * Math.min(1, t * 400, (seconds - t) * 8) * 0.5)
}

/**
 * Adds a sine that fades by `decay` per second. Each sample follows from the two before it, which is many times faster
 * than a call of `Math.sin` for each.
 */
function addPartial(out: Samples, frequencyHz: number, level: number, decay: number): void {
  const angle = (Math.PI * 2 * frequencyHz) / SAMPLE_RATE_HZ
  const shrink = Math.exp(-decay / SAMPLE_RATE_HZ)
  const [first, second] = [2 * shrink * Math.cos(angle), -shrink * shrink]
  let [before, now] = [(-Math.sin(angle) / shrink) * level, 0]
  for (let index = 0; index < out.length; index++) {
    out[index] = (out[index] as number) + now
    const next = first * now + second * before
    before = now
    now = next
  }
}

/** A wooden flute: few harmonics, breath, and a vibrato that comes late. */
export function flute(random: Seeded, frequencyHz: number, seconds: number): Samples {
  let breath = 0
  let phase = 0
  return sampled(seconds, (t) => {
    const vibrato = 1 + 0.006 * Math.min(1, t * 1.6) * sine(5.4, t)
    phase += (Math.PI * 2 * frequencyHz * vibrato) / SAMPLE_RATE_HZ
    breath = breath * 0.82 + random.between(-0.18, 0.18)
    const tone = Math.sin(phase) + 0.28 * Math.sin(phase * 2) + 0.1 * Math.sin(phase * 3)
    return (tone * 0.55 + breath * (0.25 + 0.5 * Math.exp(-t * 22))) * Math.min(1, t * 22, (seconds - t) * 14)
  })
}

/** Drums by name: a skin whose pitch falls, with more or less rattle in it. */
export const drums = {
  bass: (random: Seeded): Samples => skin(random, { startHz: 140, endHz: 46, decay: 9, rattle: 0.05, seconds: 0.5 }),
  tom: (random: Seeded): Samples => skin(random, { startHz: 210, endHz: 118, decay: 10, rattle: 0.08, seconds: 0.45 }),
  snare: (random: Seeded): Samples => skin(random, { startHz: 240, endHz: 180, decay: 17, rattle: 0.7, seconds: 0.32 }),
  rim: (random: Seeded): Samples => skin(random, { startHz: 1750, endHz: 1600, decay: 60, rattle: 0.3, seconds: 0.1 }),
  shaker: (random: Seeded): Samples => skin(random, { startHz: 0, endHz: 0, decay: 34, rattle: 1, seconds: 0.16 }),
}

interface Skin {
  startHz: number
  endHz: number
  /** How fast the stroke fades, per second. */
  decay: number
  /** Share of noise, 0..1. */
  rattle: number
  seconds: number
}

function skin(random: Seeded, { startHz, endHz, decay, rattle, seconds }: Skin): Samples {
  let phase = 0
  let previous = 0
  return sampled(seconds, (t) => {
    phase += (Math.PI * 2 * (endHz + (startHz - endHz) * Math.exp(-t * 26))) / SAMPLE_RATE_HZ
    const noise = random.between(-1, 1)
    // The difference of neighbouring samples keeps the hiss and drops the rumble.
    const hiss = (noise - previous) * 0.5
    previous = noise
    return (Math.sin(phase) * (1 - rattle) + hiss * rattle) * Math.exp(-decay * t) * Math.min(1, t * 900)
  })
}

function sine(frequencyHz: number, t: number): number {
  return Math.sin(Math.PI * 2 * frequencyHz * t)
}

function sampled(seconds: number, value: (t: number, index: number) => number): Samples {
  const samples = new Float64Array(Math.round(seconds * SAMPLE_RATE_HZ))
  for (let index = 0; index < samples.length; index++) samples[index] = value(index / SAMPLE_RATE_HZ, index)
  return samples
}
