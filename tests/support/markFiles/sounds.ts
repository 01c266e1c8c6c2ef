import { createHash } from 'node:crypto'
import { BitWriter, concatBytes, uint32 } from './bits.ts'

export const TONE_RATE = 44_100

/** One second of a tone with an overtone that comes and goes, 16 bits, one channel. */
export function tone(): Int16Array {
  return Int16Array.from({ length: TONE_RATE }, (_, i) => {
    const t = i / TONE_RATE
    const swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * 3 * t)
    return Math.round(9000 * swell * (Math.sin(2 * Math.PI * 440 * t) + 0.4 * Math.sin(2 * Math.PI * 1320 * t)))
  })
}

/** The samples as bytes. */
export function toneBytes(isLittleEndian: boolean): Uint8Array {
  const samples = tone()
  const view = new DataView(new ArrayBuffer(samples.length * 2))
  samples.forEach((sample, i) => view.setInt16(i * 2, sample, isLittleEndian))
  return new Uint8Array(view.buffer)
}

/** RIFF/WAVE with linear PCM and a LIST chunk that names the software. */
export function makeWav(): Uint8Array {
  const little = (value: number, bytes: number) =>
    Uint8Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)
  const chunk = (name: string, content: Uint8Array) =>
    concatBytes(name, little(content.length, 4), content, new Uint8Array(content.length & 1))
  const format = concatBytes(
    little(1, 2),
    little(1, 2),
    little(TONE_RATE, 4),
    little(TONE_RATE * 2, 4),
    little(2, 2),
    little(16, 2),
  )
  const list = concatBytes('INFO', chunk('ISFT', concatBytes('tone by code\0')))
  const body = concatBytes('WAVE', chunk('fmt ', format), chunk('data', toneBytes(true)), chunk('LIST', list))
  return chunk('RIFF', body)
}

const MP3_FRAME_BYTES = 104
const MP3_FRAMES = 39

/**
 * MPEG-1 Layer III at 32 kbit/s, one channel, 39 frames: one line of the spectrum sounds in each granule, written by
 * Huffman table 1 of ISO/IEC 11172-3. An ID3v2.3 tag with a title stands before it.
 */
export function makeMp3(): Uint8Array {
  const frames = Array.from({ length: MP3_FRAMES }, () => mp3Frame())
  return concatBytes(id3Tag('TIT2', concatBytes('\0Tone')), ...frames)
}

function id3Tag(name: string, content: Uint8Array): Uint8Array {
  const frame = concatBytes(name, uint32(content.length), '\0\0', content)
  const padding = new Uint8Array(64)
  const length = frame.length + padding.length
  const synchsafe = Uint8Array.from([21, 14, 7, 0], (shift) => (length >>> shift) & 0x7f)
  return concatBytes('ID3\x03\0\0', synchsafe, frame, padding)
}

function mp3Frame(): Uint8Array {
  const bits = new BitWriter()
  bits
    .write(0xffb, 12)
    .write(1, 4)
    .write(0x18c0 >> 2, 14 - 2)
    .write(0, 4)
  bits.write(0, 9 + 5 + 4)
  const pairs = 12
  // Table 1: (0,0) is 1; (1,0) is 01 and a sign.
  const granuleBits = pairs - 1 + 3
  for (let granule = 0; granule < 2; granule++) {
    bits.write(granuleBits, 12).write(pairs, 9).write(198, 8).write(0, 4).write(0, 1)
    bits.write(1, 5).write(1, 5).write(1, 5).write(0, 4).write(0, 3).write(0, 3)
  }
  for (let granule = 0; granule < 2; granule++) bits.write(2 ** (pairs - 1) - 1, pairs - 1).write(0b010, 3)
  const frame = new Uint8Array(MP3_FRAME_BYTES)
  frame.set([0xff, 0xfb, 0x10, 0xc0])
  frame.set(bits.toBytes().subarray(4), 4)
  return frame
}

const FLAC_BLOCK = 4096

/** FLAC (RFC 9639) with verbatim subframes, a comment, and padding. */
export function makeFlac(): Uint8Array {
  const samples = tone()
  const frames: Uint8Array[] = []
  for (let start = 0; start < samples.length; start += FLAC_BLOCK)
    frames.push(flacFrame(samples.subarray(start, start + FLAC_BLOCK), frames.length))
  const info = new BitWriter().write(FLAC_BLOCK, 16).write(FLAC_BLOCK, 16).write(0, 24).write(0, 24)
  info.write(TONE_RATE, 20).write(0, 3).write(15, 5).write(samples.length, 36)
  const digest = createHash('md5').update(toneBytes(true)).digest()
  const block = (kind: number, content: Uint8Array) =>
    concatBytes(new BitWriter().write(kind, 8).write(content.length, 24).toBytes(), content)
  const comment = concatBytes('\x07\0\0\0by code\x01\0\0\0\x0a\0\0\0TITLE=Tone')
  return concatBytes(
    'fLaC',
    block(0, concatBytes(info.toBytes(), digest)),
    block(4, comment),
    block(0x81, new Uint8Array(256)),
    ...frames,
  )
}

function flacFrame(samples: Int16Array, index: number): Uint8Array {
  // Sync, fixed blocks; block size from 16 bits at the end of the header; 44.1 kHz; one channel; 16 bits.
  const header = new BitWriter()
    .write(0xfff8, 16)
    .write(0b0111, 4)
    .write(0b1001, 4)
    .write(0, 4)
    .write(0b100, 3)
    .write(0, 1)
  header.write(index, 8).write(samples.length - 1, 16)
  const head = header.toBytes()
  const body = new BitWriter().write(0b00000010, 8)
  for (const sample of samples) body.write(sample & 0xffff, 16)
  const frame = concatBytes(head, Uint8Array.of(crc(head, 8, 0x07)), body.toBytes())
  return concatBytes(frame, new BitWriter().write(crc(frame, 16, 0x8005), 16).toBytes())
}

function crc(bytes: Uint8Array, width: 8 | 16, polynomial: number): number {
  let value = 0
  for (const byte of bytes) {
    value ^= byte << (width - 8)
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ ((value >>> (width - 1)) & 1 ? polynomial : 0)
    value &= 2 ** width - 1
  }
  return value
}
