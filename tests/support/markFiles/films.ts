import { BitWriter, concatBytes, uint16, uint32 } from './bits.ts'
import { tone, TONE_RATE, toneBytes } from './sounds.ts'

interface Track {
  kind: 'vide' | 'soun'
  /** Ticks per second, and ticks that one sample lasts. */
  timescale: number
  sampleTicks: number
  /** The last one may be shorter. */
  ticks: number
  entry: Uint8Array
  samples: Uint8Array[]
}

const WIDTH = 256
const HEIGHT = 192
const ALAC_FRAME = 4096

/** An ISO base media file: JPEG pictures as MPEG-4 visual object type 0x6C, `moov` before the samples. */
export function makeMp4(pictures: Uint8Array[]): Uint8Array {
  return film('isom', [pictureTrack(pictures, 'mp4v', esds(0x6c))], true)
}

/** A QuickTime film: JPEG pictures and a sound of linear PCM, `moov` behind the samples. */
export function makeMov(pictures: Uint8Array[]): Uint8Array {
  const sound: Track = {
    kind: 'soun',
    timescale: TONE_RATE,
    sampleTicks: 1,
    ticks: TONE_RATE,
    entry: soundEntry('twos'),
    samples: [toneBytes(false)],
  }
  return film('qt  ', [pictureTrack(pictures, 'jpeg', new Uint8Array()), sound], false)
}

/** A sound of Apple Lossless frames, written without prediction, `moov` before the samples. */
export function makeM4a(): Uint8Array {
  const samples = tone()
  const frames: Uint8Array[] = []
  for (let start = 0; start < samples.length; start += ALAC_FRAME)
    frames.push(alacFrame(samples.subarray(start, start + ALAC_FRAME)))
  const config = concatBytes(
    uint32(ALAC_FRAME),
    Uint8Array.of(0, 16, 40, 10, 14, 1, 0, 255),
    uint32(0),
    uint32(0),
    uint32(TONE_RATE),
  )
  const track: Track = {
    kind: 'soun',
    timescale: TONE_RATE,
    sampleTicks: ALAC_FRAME,
    ticks: TONE_RATE,
    entry: soundEntry('alac', fullBox('alac', config)),
    samples: frames,
  }
  return film('M4A ', [track], true)
}

function alacFrame(samples: Int16Array): Uint8Array {
  const isPartial = samples.length < ALAC_FRAME
  const bits = new BitWriter()
    .write(0, 3 + 4 + 12)
    .write(isPartial ? 1 : 0, 1)
    .write(0, 2)
    .write(1, 1)
  if (isPartial) bits.write(samples.length, 32)
  for (const sample of samples) bits.write(sample & 0xffff, 16)
  return bits.write(7, 3).toBytes()
}

function box(name: string, ...content: (Uint8Array | string)[]): Uint8Array {
  const body = concatBytes(...content)
  return concatBytes(uint32(body.length + 8), name, body)
}

const fullBox = (name: string, ...content: (Uint8Array | string)[]) => box(name, uint32(0), ...content)
const MATRIX = concatBytes(...[0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(uint32))

function pictureTrack(samples: Uint8Array[], coding: string, extra: Uint8Array): Track {
  const name = concatBytes(Uint8Array.of(0), new Uint8Array(31))
  const entry = box(
    coding,
    new Uint8Array(6),
    uint16(1),
    new Uint8Array(16),
    uint16(WIDTH),
    uint16(HEIGHT),
    uint32(0x480000),
    uint32(0x480000),
    uint32(0),
    uint16(1),
    name,
    uint16(24),
    uint16(0xffff),
    extra,
  )
  return { kind: 'vide', timescale: 12, sampleTicks: 1, ticks: samples.length, entry, samples }
}

function soundEntry(coding: string, extra: Uint8Array = new Uint8Array()): Uint8Array {
  const fields = concatBytes(uint16(1), uint16(16), uint32(0), uint16(TONE_RATE), uint16(0))
  return box(coding, new Uint8Array(6), uint16(1), new Uint8Array(8), fields, extra)
}

function esds(objectType: number): Uint8Array {
  const decoder = concatBytes(Uint8Array.of(4, 13, objectType, 0x11, 0, 0, 0), uint32(0), uint32(0))
  const descriptor = concatBytes(Uint8Array.of(3, 3 + decoder.length + 3), uint16(1), '\0', decoder, '\x06\x01\x02')
  return fullBox('esds', descriptor)
}

function film(brand: string, tracks: Track[], isMoovFirst: boolean): Uint8Array {
  const ftyp = box('ftyp', brand, uint32(0x200), brand, brand === 'qt  ' ? '' : 'isommp42')
  const data = box('mdat', ...tracks.flatMap((track) => track.samples))
  const moovLength = movie(tracks, 0).length
  const samplesAt = ftyp.length + 8 + (isMoovFirst ? moovLength : 0)
  const moov = movie(tracks, samplesAt)
  return isMoovFirst ? concatBytes(ftyp, moov, data) : concatBytes(ftyp, data, moov)
}

function movie(tracks: Track[], samplesAt: number): Uint8Array {
  const times = concatBytes(uint32(0), uint32(0))
  const head = concatBytes(
    times,
    uint32(1000),
    uint32(1000),
    uint32(0x10000),
    uint16(0x100),
    new Uint8Array(10),
    MATRIX,
  )
  let at = samplesAt
  const boxes = tracks.map((track, index) => {
    const made = trackBox(track, index + 1, at)
    at += track.samples.reduce((sum, sample) => sum + sample.length, 0)
    return made
  })
  return box('moov', fullBox('mvhd', head, new Uint8Array(24), uint32(tracks.length + 1)), ...boxes)
}

function trackBox(track: Track, id: number, samplesAt: number): Uint8Array {
  const times = concatBytes(uint32(0), uint32(0))
  const isPicture = track.kind === 'vide'
  const size = isPicture ? [WIDTH << 16, HEIGHT << 16] : [0, 0]
  const volume = uint16(isPicture ? 0 : 0x100)
  const header = box(
    'tkhd',
    uint32(3),
    times,
    uint32(id),
    uint32(0),
    uint32(1000),
    new Uint8Array(12),
    volume,
    uint16(0),
    MATRIX,
    ...size.map(uint32),
  )
  const language = concatBytes(uint16(0x55c4), uint16(0))
  const media = box(
    'mdia',
    fullBox('mdhd', times, uint32(track.timescale), uint32(track.ticks), language),
    fullBox('hdlr', uint32(0), track.kind, new Uint8Array(12), 'By code\0'),
    box(
      'minf',
      isPicture ? box('vmhd', uint32(1), new Uint8Array(8)) : fullBox('smhd', uint32(0)),
      box('dinf', fullBox('dref', uint32(1), box('url ', uint32(1)))),
      sampleTable(track, samplesAt),
    ),
  )
  return box('trak', header, media)
}

function sampleTable({ samples, sampleTicks, ticks, entry }: Track, samplesAt: number): Uint8Array {
  // Linear PCM lies there as one block, of which each sample has two bytes.
  const isBlock = samples.length === 1
  const count = isBlock ? samples[0]!.length / 2 : samples.length
  const lastTicks = ticks - (count - 1) * sampleTicks
  const times = [uint32(count - 1), uint32(sampleTicks), uint32(1), uint32(lastTicks)]
  return box(
    'stbl',
    fullBox('stsd', uint32(1), entry),
    fullBox('stts', uint32(2), ...times),
    fullBox('stsc', uint32(1), uint32(1), uint32(count), uint32(1)),
    isBlock
      ? fullBox('stsz', uint32(2), uint32(count))
      : fullBox('stsz', uint32(0), uint32(count), ...samples.map((sample) => uint32(sample.length))),
    fullBox('stco', uint32(1), uint32(samplesAt)),
  )
}
