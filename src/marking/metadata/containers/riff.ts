import { concat, hasAt, latin1, littleEndian, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable } from '../findings.ts'

interface Chunk {
  name: string
  start: number
  /** Behind its content, and behind the byte that fills it up to an even length. */
  contentEnd: number
  end: number
}

interface Riff {
  chunks: Chunk[]
  /** Where what belongs to the RIFF ends; what others put behind it stays there. */
  end: number
}

/** WebP: XMP stands in a chunk at the end, and a flag in the extended header says so (RFC 9649, 2.7). */
export const webp = riffContainer('WEBP', 'XMP ', withExtendedHeader)

/** WAVE: XMP stands in a chunk of this name (XMP specification part 3, 1.2.5). */
export const wav = riffContainer('WAVE', '_PMX', (_bytes, _riff, body) => body)

function riffContainer(
  form: string,
  name: string,
  adapt: (bytes: Uint8Array, riff: Riff, body: Uint8Array) => Uint8Array,
): Container {
  return {
    find(bytes) {
      const packets = parseRiff(bytes, form)
        .chunks.filter((chunk) => chunk.name === name)
        .map(({ start, contentEnd }) => bytes.subarray(start + 8, contentEnd))
      return { packets: packets.slice(0, 1), findings: [] }
    },

    embed(bytes, packet) {
      const riff = parseRiff(bytes, form)
      const old = riff.chunks.find((chunk) => chunk.name === name)
      const made = concat(name, littleEndian(packet.length, 4), packet, new Uint8Array(packet.length & 1))
      const padding = new Uint8Array(riff.end & 1)
      const body = old
        ? concat(bytes.subarray(12, old.start), made, bytes.subarray(old.end, riff.end), padding)
        : concat(bytes.subarray(12, riff.end), padding, made)
      const adapted = adapt(bytes, riff, body)
      if (adapted.length + 4 > 0xffff_fffe) throw notWritable(`a ${form} holds no more than 4 GB`, 'Shorten it.')
      return concat('RIFF', littleEndian(adapted.length + 4, 4), form, adapted, bytes.subarray(riff.end))
    },
  }
}

function parseRiff(bytes: Uint8Array, form: string): Riff {
  if (!hasAt(bytes, 0, 'RIFF') || !hasAt(bytes, 8, form)) throw unreadable(`it is no RIFF file of the kind ${form}`)
  const view = viewOf(bytes)
  const end = 8 + view.getUint32(4, true)
  if (end > bytes.length) throw unreadable('it is shorter than it says')
  const chunks: Chunk[] = []
  for (let start = 12; start + 8 <= end;) {
    const contentEnd = start + 8 + view.getUint32(start + 4, true)
    if (contentEnd > end) throw unreadable('a chunk is cut short')
    const chunkEnd = Math.min(contentEnd + (contentEnd & 1), end)
    chunks.push({ name: latin1(bytes, start, start + 4), start, contentEnd, end: chunkEnd })
    start = chunkEnd
  }
  if (chunks.length === 0) throw unreadable('it holds nothing')
  return { chunks, end }
}

const HAS_XMP = 0x04
const HAS_ALPHA = 0x10

function withExtendedHeader(bytes: Uint8Array, { chunks }: Riff, body: Uint8Array): Uint8Array {
  const [first] = chunks
  if (first!.name === 'VP8X') {
    if (first!.contentEnd - first!.start < 18) throw unreadable('the header of the WebP is damaged')
    body[8] = body[8]! | HAS_XMP
    return body
  }
  const { width, height, hasAlpha } = sizeOf(bytes, first!)
  const flags = Uint8Array.of(HAS_XMP | (hasAlpha ? HAS_ALPHA : 0), 0, 0, 0)
  const header = concat(flags, littleEndian(width - 1, 3), littleEndian(height - 1, 3))
  return concat('VP8X', littleEndian(header.length, 4), header, body)
}

/** Width and height as the picture's own data gives them (RFC 6386, 9.1; RFC 9649, 3.4). */
function sizeOf(bytes: Uint8Array, { name, start, contentEnd }: Chunk) {
  const at = start + 8
  const view = viewOf(bytes)
  if (name === 'VP8 ' && contentEnd - at >= 10 && hasAt(bytes, at + 3, '\x9d\x01\x2a'))
    return {
      width: view.getUint16(at + 6, true) & 0x3fff,
      height: view.getUint16(at + 8, true) & 0x3fff,
      hasAlpha: false,
    }
  if (name === 'VP8L' && contentEnd - at >= 5 && bytes[at] === 0x2f) {
    const bits = view.getUint32(at + 1, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 }
  }
  throw unreadable('the WebP does not begin with a picture')
}
