import { Mp3Encoder } from '@breezystack/lamejs'
import { MPEGDecoder } from 'mpg123-decoder'
import { openWav } from '../../src/fingerprints/index.ts'

/** As many samples a second as on a CD. */
export const CD_RATE = 44_100

/** Samples at 44,100 a second as MP3 at 128 kbit/s. */
export function encodeMp3(samples: Float32Array): Uint8Array {
  const encoder = new Mp3Encoder(1, CD_RATE, 128)
  const whole = Int16Array.from(samples, (value) => Math.round(value * 32_767))
  return new Uint8Array(
    Buffer.concat([encoder.encodeBuffer(whole), encoder.flush()].map((part) => new Uint8Array(part))),
  )
}

/** The samples of the first channel of a WAV file, and how many of them are a second. */
export function readSamples(bytes: Uint8Array): { samples: Float32Array; rate: number } {
  const { frames, rate, sampleAt, read: readAt } = openWav(bytes)!
  return { samples: Float32Array.from({ length: frames }, (_, i) => readAt(sampleAt(i, 0))), rate }
}

/** A WAV file with a chunk behind its samples. */
export function wavOf(
  channels: Float32Array[],
  { rate = CD_RATE, bits = 16, isFloat = false }: { rate?: number; bits?: number; isFloat?: boolean } = {},
): Uint8Array {
  const frames = channels[0]!.length
  const data = frames * channels.length * (bits / 8)
  const buffer = Buffer.alloc(44 + data + (data & 1) + 12)
  buffer.write('RIFF')
  buffer.writeUInt32LE(buffer.length - 8, 4)
  buffer.write('WAVEfmt ', 8)
  buffer.writeUInt32LE(16, 16)
  buffer.writeUInt16LE(isFloat ? 3 : 1, 20)
  buffer.writeUInt16LE(channels.length, 22)
  buffer.writeUInt32LE(rate, 24)
  buffer.writeUInt32LE((rate * channels.length * bits) / 8, 28)
  buffer.writeUInt16LE((channels.length * bits) / 8, 32)
  buffer.writeUInt16LE(bits, 34)
  buffer.write('data', 36)
  buffer.writeUInt32LE(data, 40)
  const full = 2 ** (bits - 1)
  let at = 44
  for (let frame = 0; frame < frames; frame++)
    for (const channel of channels) {
      const whole = Math.max(-full, Math.min(full - 1, Math.round(channel[frame]! * full)))
      if (isFloat) buffer.writeFloatLE(channel[frame]!, at)
      else if (bits === 8) buffer.writeUInt8(whole + 128, at)
      else buffer.writeIntLE(whole, at, bits / 8)
      at += bits / 8
    }
  buffer.write('note', at + (data & 1))
  buffer.writeUInt32LE(4, at + (data & 1) + 4)
  buffer.write('stay', at + (data & 1) + 8)
  return new Uint8Array(buffer)
}

/** What is left of samples at 44,100 a second after MP3 at 128 kbit/s, as a WAV file. */
export async function throughMp3(samples: Float32Array): Promise<Uint8Array> {
  const encoded = encodeMp3(samples)
  const decoder = new MPEGDecoder()
  await decoder.ready
  const { channelData, sampleRate } = decoder.decode(encoded)
  decoder.free()
  return wavOf([channelData[0]!], { rate: sampleRate })
}
