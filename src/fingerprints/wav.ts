/**
 * The sound of a WAV file (whole numbers of 8 to 32 bits, or floats) as one channel at the wanted rate, at most so many
 * seconds of it. Undefined when it is damaged or compressed.
 */
export function readWav(bytes: Uint8Array, rate: number, secondsMax: number): Float32Array | undefined {
  const wav = openWav(bytes)
  if (!wav) return undefined
  const { channels, read } = wav
  const frames = Math.min(wav.frames, Math.floor(secondsMax * wav.rate))
  const mono = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += read(wav.sampleAt(frame, channel))
    mono[frame] = sum / channels
  }
  return resample(mono, wav.rate, rate)
}

/** Where the samples of a WAV file are, and how one is read. */
export interface Wav extends Format {
  frames: number
  /** Offset in bytes. */
  sampleAt(frame: number, channel: number): number
  /** A sample at an offset, from −1 to 1. */
  read(at: number): number
}

/** Undefined when the file is damaged or compressed. */
export function openWav(bytes: Uint8Array): Wav | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = findChunks(view)
  if (!found) return undefined
  const { format, dataAt, dataLength } = found
  const sampleBytes = format.bits / 8
  const read = reader(view, format)
  if (!read || format.channels === 0 || format.rate < 1000 || format.rate > 384_000) return undefined
  return {
    ...format,
    frames: Math.floor(dataLength / (format.channels * sampleBytes)),
    sampleAt: (frame, channel) => dataAt + (frame * format.channels + channel) * sampleBytes,
    read,
  }
}

interface Format {
  isFloat: boolean
  channels: number
  rate: number
  bits: number
}

const CHUNKS_MAX = 1000

function findChunks(view: DataView): { format: Format; dataAt: number; dataLength: number } | undefined {
  let format: Format | undefined
  let at = 12
  for (let chunk = 0; chunk < CHUNKS_MAX && at + 8 <= view.byteLength; chunk++) {
    const name = view.getUint32(at)
    const length = Math.min(view.getUint32(at + 4, true), view.byteLength - at - 8)
    if (name === 0x666d_7420 && length >= 16) {
      const tag = view.getUint16(at + 8, true)
      const kind = tag === 0xfffe && length >= 26 ? view.getUint16(at + 32, true) : tag
      if (kind !== 1 && kind !== 3) return undefined
      format = {
        isFloat: kind === 3,
        channels: view.getUint16(at + 10, true),
        rate: view.getUint32(at + 12, true),
        bits: view.getUint16(at + 22, true),
      }
    }
    if (name === 0x6461_7461) return format ? { format, dataAt: at + 8, dataLength: length } : undefined
    at += 8 + length + (length & 1)
  }
  return undefined
}

function reader(view: DataView, { isFloat, bits }: Format): ((at: number) => number) | undefined {
  if (isFloat) return bits === 32 ? (at) => view.getFloat32(at, true) || 0 : undefined
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128
    case 16:
      return (at) => view.getInt16(at, true) / 32_768
    case 24:
      return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608
    case 32:
      return (at) => view.getInt32(at, true) / 2_147_483_648
    default:
      return undefined
  }
}

const ZERO_CROSSINGS = 16
/** Weights of more places between two samples than this are not kept: usual rates have 441 at most. */
const PHASES_MAX = 1024

/** Band-limited resampling with a windowed sinc, whose weights are worked out once for each place between two samples. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const cutoff = Math.min(1, to / from) * 0.95
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff)
  const phases = to / divisorOf(from, to)
  const kept: Float64Array[] = []
  const resampled = new Float32Array(Math.floor((samples.length * to) / from))
  for (let i = 0; i < resampled.length; i++) {
    const centre = (i * from) / to
    const first = Math.ceil(centre - reach)
    const phase = i % phases
    const weights = kept[phase] ?? weightsAround(centre - first, cutoff, reach)
    if (phases <= PHASES_MAX) kept[phase] = weights
    const end = Math.min(weights.length, samples.length - first)
    let sum = 0
    for (let tap = Math.max(0, -first); tap < end; tap++) sum += samples[first + tap]! * weights[tap]!
    resampled[i] = sum
  }
  return resampled
}

/** Weights of the samples within reach; the place that they are for lies `offset` behind the first of them. */
function weightsAround(offset: number, cutoff: number, reach: number): Float64Array {
  const weights = new Float64Array(Math.floor(offset + reach) + 1)
  for (let tap = 0; tap < weights.length; tap++) {
    const x = tap - offset
    const phase = Math.PI * cutoff * x
    const sinc = x === 0 ? cutoff : Math.sin(phase) / (Math.PI * x)
    weights[tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach))
  }
  return weights
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b)
}
