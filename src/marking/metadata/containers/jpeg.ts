import { ColophonError } from '../../../foundation/index.ts'
import { bigEndian, concat, hasAt, latin1, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable, type MetadataFinding } from '../findings.ts'

interface Segment {
  marker: number
  start: number
  end: number
}

const XMP = 'http://ns.adobe.com/xap/1.0/\0'
const EXTENSION = 'http://ns.adobe.com/xmp/extension/\0'
/** XMP specification part 3, 1.1.3: a segment's length counts itself and is two bytes. */
const PACKET_BYTES_MAX = 65_533 - XMP.length
const EXTENDED_BYTES_MAX = 8 * 1024 * 1024

const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2

/** JPEG (ITU-T T.81): XMP stands in a segment APP1, what does not fit into 64 kB in further ones. */
export const jpeg: Container = {
  find(bytes) {
    const segments = headSegments(bytes)
    const standard = segments.filter((segment) => isApp1(bytes, segment, XMP))
    const packets = standard.map(({ start, end }) => bytes.subarray(start + 4 + XMP.length, end))
    const findings: MetadataFinding[] = []
    if (packets.length > 1)
      findings.push({ code: 'several_packets', severity: 'warning', message: 'There is more than one XMP packet.' })
    const extended = packets[0] && extendedPacket(bytes, segments, latin1(packets[0], 0, packets[0].length), findings)
    return { packets: extended ? [packets[0]!, extended] : packets.slice(0, 1), findings }
  },

  embed(bytes, packet) {
    if (packet.length > PACKET_BYTES_MAX)
      throw new ColophonError('too_large', `a JPEG holds ${PACKET_BYTES_MAX} bytes of XMP in one piece`, {
        remedy: 'Write fewer or shorter fields, and an address where the rest stands.',
      })
    const segments = headSegments(bytes)
    const old = segments.find((segment) => isApp1(bytes, segment, XMP))
    const made = concat('\xff\xe1', bigEndian(packet.length + XMP.length + 2, 2), XMP, packet)
    const at = old?.start ?? firstFreePlace(bytes, segments)
    const isBehindIndex = segments.some(
      ({ marker, start }) => marker === APP2 && hasAt(bytes, start + 4, 'MPF\0') && start < at,
    )
    if (isBehindIndex && made.length !== (old ? old.end - old.start : 0))
      throw notWritable(
        'its further pictures are found by distances that would change',
        'Save the first picture alone.',
      )
    return concat(bytes.subarray(0, at), made, bytes.subarray(old?.end ?? at))
  },
}

/** The segments before the picture's own data. Errors: `unreadable_file`. */
function headSegments(bytes: Uint8Array): Segment[] {
  if (!hasAt(bytes, 0, '\xff\xd8\xff')) throw unreadable('it is not a JPEG')
  const view = viewOf(bytes)
  const segments: Segment[] = []
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw unreadable('the segments of the JPEG do not follow each other')
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    const isScan = marker === 0xda || marker === 0xd9
    const hasNoLength = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    if (isScan) return segments
    const end = hasNoLength ? at + 2 : at + 2 + view.getUint16(at + 2)
    if (end > bytes.length || (!hasNoLength && end < at + 4)) throw unreadable('a segment of the JPEG is cut short')
    segments.push({ marker, start: at, end })
    at = end
  }
  throw unreadable('the JPEG ends before its picture begins')
}

function isApp1(bytes: Uint8Array, { marker, start, end }: Segment, mark: string): boolean {
  return marker === APP1 && end - start >= 4 + mark.length && hasAt(bytes, start + 4, mark)
}

/** Behind JFIF and Exif, which some readers expect first. */
function firstFreePlace(bytes: Uint8Array, segments: Segment[]): number {
  let at = 2
  for (const segment of segments) {
    if (segment.marker !== APP0 && !isApp1(bytes, segment, 'Exif\0')) break
    at = segment.end
  }
  return at
}

/** The further packet that the first one names by its digest; pieces give their place in it. */
function extendedPacket(
  bytes: Uint8Array,
  segments: Segment[],
  first: string,
  findings: MetadataFinding[],
): Uint8Array | undefined {
  const id = /HasExtendedXMP(?:>|\s*=\s*["'])\s*([\dA-Fa-f]{32})/.exec(first)?.[1]
  if (id === undefined) return undefined
  const view = viewOf(bytes)
  let whole: Uint8Array | undefined
  let filled = 0
  for (const { start, end } of segments.filter((segment) => isApp1(bytes, segment, EXTENSION + id))) {
    const at = start + 4 + EXTENSION.length + id.length
    if (at + 8 > end) break
    const [length, offset] = [view.getUint32(at), view.getUint32(at + 4)]
    if (length > EXTENDED_BYTES_MAX) break
    whole ??= new Uint8Array(length)
    const piece = bytes.subarray(at + 8, end)
    if (whole.length !== length || offset + piece.length > length) break
    whole.set(piece, offset)
    filled += piece.length
  }
  if (whole && filled === whole.length) return whole
  const message = 'A part of the metadata that the file names is not there, or too long.'
  findings.push({ code: 'malformed_xmp', severity: 'warning', message })
  return undefined
}
