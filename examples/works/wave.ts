import { SAMPLE_RATE_HZ, type Samples } from './instruments.ts'

/** A sheet of sound on which notes are laid; lengths and places in seconds. */
export interface Track {
  samples: Samples
  add(sound: Samples, atSeconds: number, level: number): void
}

/** An empty track; what is laid beyond its end is cut off. */
export function track(seconds: number): Track {
  const samples = new Float64Array(Math.round(seconds * SAMPLE_RATE_HZ))
  return {
    samples,
    add(sound, atSeconds, level) {
      const start = Math.round(atSeconds * SAMPLE_RATE_HZ)
      const count = Math.min(sound.length, samples.length - start)
      for (let index = 0; index < count; index++) {
        samples[start + index] = (samples[start + index] as number) + (sound[index] as number) * level
      }
    },
  }
}

/** The sound of a room, by four echoes that feed back (Schroeder's comb filters); `wet` 0..1. */
export function inRoom(dry: Samples, wet: number): Samples {
  const out = dry.slice()
  for (const [milliseconds, feedback] of [
    [29.7, 0.78],
    [37.1, 0.76],
    [41.1, 0.74],
    [43.7, 0.72],
  ] as const) {
    const delay = Math.round((milliseconds / 1000) * SAMPLE_RATE_HZ)
    const echo = new Float64Array(dry.length)
    for (let index = delay; index < dry.length; index++) {
      echo[index] = (dry[index - delay] as number) + (echo[index - delay] as number) * feedback
      out[index] = (out[index] as number) + (echo[index] as number) * wet * 0.25
    }
  }
  return out
}

/** A RIFF WAVE file: PCM, 16 bits, one channel. The loudest sample comes to 0.9 of full scale; both ends are faded. */
export function waveFile(samples: Samples): Uint8Array {
  const header = 44
  const bytes = new Uint8Array(header + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const text = (offset: number, value: string): void => bytes.set(new TextEncoder().encode(value), offset)
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, SAMPLE_RATE_HZ, true)
  view.setUint32(28, SAMPLE_RATE_HZ * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  const fade = SAMPLE_RATE_HZ * 0.4
  samples.forEach((value, index) => {
    const level = Math.min(1, (samples.length - 1 - index) / fade) * 0.9
    view.setInt16(header + index * 2, Math.round((value / peak) * level * 32767), true)
  })
  return bytes
}
