import { SOUND_RATE, decodeSound, openWav, sniff, type Wav } from '../../../fingerprints/index.ts'
import { ColophonError, limits } from '../../../foundation/index.ts'
import type { WatermarkPayload } from '../payload.ts'
import { detectSound, type FoundSoundWatermark } from './detectSound.ts'
import { soundWatermarkOf } from './embedSound.ts'
import { resampled } from './resample.ts'
import { writerOf } from './writeSample.ts'

/** Shorter sounds do not hold the watermark once. */
const SECONDS_MIN = 12
const CHANNELS_MAX = 16

export interface WatermarkedSound {
  bytes: Uint8Array
  /** How far the sound is above what was added, in decibels, over its whole length. */
  snr: number
}

/**
 * Puts a watermark into the samples of a WAV file (whole numbers of 8 to 32 bits, or floats); every other byte stays.
 * What comes out was read again before it is given: `state_not_allowed` when a sound is too short, too long, or too
 * quiet to carry one. Errors: `unreadable_file`, `unsupported_media` for compressed WAV.
 */
export async function watermarkSound(bytes: Uint8Array, payload: WatermarkPayload): Promise<WatermarkedSound> {
  const wav = open(bytes)
  const slow = channelsOf(wav, (channel) => resampled(samplesOf(wav, [channel]), wav.rate, SOUND_RATE))
  const marked = bytes.slice()
  const snr = add(marked, wav, soundWatermarkOf(slow, payload))
  const found = await readSoundWatermark(marked)
  if (found?.payload.pointer !== payload.pointer)
    throw new ColophonError('state_not_allowed', 'this sound is too quiet, or too plain, to carry a watermark', {
      remedy: 'Mark it without one: its metadata and its fingerprint still lead to its disclosure.',
    })
  return { bytes: marked, snr }
}

/**
 * The watermark of a sound in any format that is heard here, however it was cut or encoded again, as long as it plays at
 * its own speed; undefined when none can be read, which proves nothing. Errors: `unreadable_file`.
 */
export async function readSoundWatermark(bytes: Uint8Array): Promise<FoundSoundWatermark | undefined> {
  const wav = openWav(bytes)
  if (!wav) return detectSound(await decodeSound({ bytes }, sniff(bytes).mediaType, 'sound'))
  const all = channelsOf(wav, (channel) => channel)
  return detectSound(resampled(samplesOf(wav, all), wav.rate, SOUND_RATE))
}

function open(bytes: Uint8Array): Wav {
  if (sniff(bytes).mediaType !== 'audio/wav') throw new ColophonError('unreadable_file', 'this is no WAV file')
  const wav = openWav(bytes)
  if (!wav || wav.channels > CHANNELS_MAX)
    throw new ColophonError('unsupported_media', 'a watermark needs samples that are not compressed', {
      remedy: 'Export the sound as WAV, PCM, with at most 16 channels.',
    })
  const seconds = wav.frames / wav.rate
  if (seconds < SECONDS_MIN)
    throw new ColophonError(
      'state_not_allowed',
      `a sound of less than ${SECONDS_MIN} seconds has no room for a watermark`,
    )
  if (seconds > limits.soundSecondsMax)
    throw new ColophonError(
      'state_not_allowed',
      `a sound of more than ${limits.soundSecondsMax} seconds gets no watermark`,
    )
  return wav
}

function channelsOf<Value>({ channels }: Wav, make: (channel: number) => Value): Value[] {
  return Array.from({ length: channels }, (_, channel) => make(channel))
}

/** The mean of some channels. */
function samplesOf({ frames, rate, sampleAt, read }: Wav, channels: readonly number[]): Float32Array {
  const samples = new Float32Array(Math.min(frames, limits.soundSecondsMax * rate))
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0
    for (const channel of channels) sum += read(sampleAt(frame, channel))
    samples[frame] = sum / channels.length
  }
  return samples
}

/** Adds to each channel what is its own, and returns how far the sound is above it, in decibels. */
function add(bytes: Uint8Array, wav: Wav, added: readonly Float32Array[]): number {
  const { frames, sampleAt, read } = wav
  const write = writerOf(bytes, wav)
  let [signal, noise] = [0, 0]
  added.forEach((slow, channel) => {
    const fast = resampled(slow, SOUND_RATE, wav.rate)
    for (let frame = 0; frame < frames; frame++) {
      const at = sampleAt(frame, channel)
      const before = read(at)
      const more = fast[frame] ?? 0
      signal += before ** 2
      noise += more ** 2
      if (more !== 0) write(at, before + more)
    }
  })
  return 10 * Math.log10(signal / noise)
}
