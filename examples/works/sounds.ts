import { seeded } from './seeded.ts'
import type { ExampleWork } from './index.ts'

const SAMPLE_RATE = 22_050

/** Steps of the scale in semitones above A3 (220 Hz). */
const SCALE = [0, 2, 3, 5, 7, 8, 10, 12]

type Voice = (frequency: number, seconds: number) => number

const VOICES: [file: string, title: string, noteSeconds: number, voice: Voice][] = [
  [
    'plucked.wav',
    'Plucked Study',
    0.32,
    (frequency, t) =>
      Math.exp(-t * 5) * (wave(frequency, t) + 0.5 * wave(frequency * 2, t) + 0.25 * wave(frequency * 3, t)),
  ],
  [
    'bells.wav',
    'Bells over the Valley',
    0.7,
    (frequency, t) => Math.exp(-t * 2) * (wave(frequency * 2, t) + 0.6 * wave(frequency * 5.4, t)),
  ],
  [
    'organ.wav',
    'Small Organ Piece',
    0.55,
    (frequency, t) => 0.5 * (wave(frequency, t) + wave(frequency * 1.5, t) + wave(frequency / 2, t)),
  ],
  [
    'flute.wav',
    'Flute at Night',
    0.45,
    (frequency, t) => Math.min(1, t * 12) * Math.exp(-t) * wave(frequency * 2 * (1 + 0.004 * Math.sin(t * 34)), t),
  ],
]

/** Four short tunes by the example musician: 12 seconds, 16-bit mono WAV at 22,050 Hz. */
export function soundWorks(): ExampleWork[] {
  return VOICES.map(([fileName, title, noteSeconds, voice]) => ({
    fileName,
    medium: 'sound',
    mediaType: 'audio/wav',
    title,
    party: 'musician',
    role: 'creator',
    bytes: wavFile(melody(fileName, noteSeconds, voice)),
  }))
}

function melody(seed: string, noteSeconds: number, voice: Voice): Float32Array {
  const random = seeded(seed)
  const samples = new Float32Array(SAMPLE_RATE * 12)
  for (let start = 0; start < 11.5; start += noteSeconds) {
    const frequency = 220 * 2 ** (random.pick(SCALE) / 12)
    const first = Math.floor(start * SAMPLE_RATE)
    const last = Math.min(samples.length, first + Math.floor(noteSeconds * 1.6 * SAMPLE_RATE))
    for (let i = first; i < last; i++) samples[i]! += 0.28 * voice(frequency, (i - first) / SAMPLE_RATE)
  }
  return samples
}

function wave(frequency: number, seconds: number): number {
  return Math.sin(2 * Math.PI * frequency * seconds)
}

function wavFile(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(44 + samples.length * 2)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(SAMPLE_RATE, 24)
  bytes.writeUInt32LE(SAMPLE_RATE * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((sample, i) => bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + i * 2))
  return new Uint8Array(bytes)
}
