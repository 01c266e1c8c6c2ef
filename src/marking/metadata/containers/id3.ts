import { bigEndian, concat, hasAt, latin1, viewOf } from '../bytes.ts'
import { notWritable, unreadable } from '../findings.ts'
import type { Container } from '../container.ts'

interface Tag {
  version: number
  /** Frames and padding, undone from the coding that keeps decoders from taking them for sound. */
  body: Uint8Array
  end: number
}

interface Frame {
  start: number
  end: number
  content: Uint8Array
}

const OWNER = 'XMP\0'
const UNSYNCHRONISED = 0x80
const EXTENDED = 0x40
const FOOTER = 0x10
const BODY_BYTES_MAX = 0x0fff_ffff

/** MP3: XMP stands in a private frame of an ID3v2 tag at the beginning (XMP specification part 3, 1.1.4). */
export const mp3: Container = {
  find(bytes) {
    const tag = readTag(bytes)
    const packet = tag && findFrame(tag)?.content
    return { packets: packet ? [packet] : [], findings: [] }
  },

  embed(bytes, packet) {
    const tag = readTag(bytes) ?? { version: 3, body: new Uint8Array(), end: 0 }
    if (tag.version === 2)
      throw notWritable('its ID3 tag is of version 2.2, which has no place for XMP', 'Save its tags as ID3v2.3.')
    const old = findFrame(tag)
    const size = packet.length + OWNER.length
    const length = tag.version === 4 ? synchsafe(size) : bigEndian(size, 4)
    const frame = concat('PRIV', length, '\0\0', OWNER, packet)
    const others = old ? concat(tag.body.subarray(0, old.start), tag.body.subarray(old.end)) : tag.body
    const body = concat(frame, others)
    if (body.length > BODY_BYTES_MAX) throw notWritable('its ID3 tag is full', 'Remove a picture from its tags.')
    return concat('ID3', Uint8Array.of(tag.version, 0, 0), synchsafe(body.length), body, bytes.subarray(tag.end))
  },
}

/** Where an ID3v2 tag at the beginning ends; 0 without one. */
export function tagEnd(bytes: Uint8Array): number {
  if (!hasAt(bytes, 0, 'ID3') || bytes.length < 10) return 0
  return 10 + fromSynchsafe(bytes, 6) + (bytes[5]! & FOOTER ? 10 : 0)
}

function readTag(bytes: Uint8Array): Tag | undefined {
  const end = tagEnd(bytes)
  if (end > bytes.length) throw unreadable('its ID3 tag is cut short')
  if (!isSoundAt(bytes, end)) throw unreadable('it is not an MP3')
  if (end === 0) return undefined
  const [version, flags] = [bytes[3]!, bytes[5]!]
  if (version < 2 || version > 4) throw unreadable(`its ID3 tag is of version 2.${version}, which is not known`)
  const raw = bytes.subarray(10, 10 + fromSynchsafe(bytes, 6))
  const body = flags & UNSYNCHRONISED && version < 4 ? resynchronise(raw) : raw
  const extended = version > 2 && flags & EXTENDED ? extendedHeader(body, version) : 0
  if (extended > body.length) throw unreadable('its ID3 tag is damaged')
  return { version, body: body.subarray(extended), end }
}

/** The first frame of sound may follow after padding that nobody counted. */
function isSoundAt(bytes: Uint8Array, from: number): boolean {
  let at = from
  while (at < bytes.length && at - from < 65_536 && bytes[at] === 0) at++
  // Eleven bits of synchronisation, and a layer that exists.
  return bytes[at] === 0xff && (bytes[at + 1]! & 0xe0) === 0xe0 && (bytes[at + 1]! & 0x06) !== 0
}

function extendedHeader(body: Uint8Array, version: number): number {
  if (body.length < 4) return body.length + 1
  return version === 4 ? fromSynchsafe(body, 0) : 4 + viewOf(body).getUint32(0)
}

/** The private frame with XMP. Frames whose lengths lie end the search: what follows is left alone. */
function findFrame({ version, body }: Tag): Frame | undefined {
  if (version === 2) return undefined
  const view = viewOf(body)
  for (let start = 0; start + 10 <= body.length && /^[A-Z\d]{4}$/.test(latin1(body, start, start + 4));) {
    const size = version === 4 ? fromSynchsafe(body, start + 4) : view.getUint32(start + 4)
    const end = start + 10 + size
    if (end > body.length) return undefined
    const isPlain = (body[start + 9]! & 0xff) === 0
    if (isPlain && hasAt(body, start, 'PRIV') && hasAt(body, start + 10, OWNER))
      return { start, end, content: body.subarray(start + 10 + OWNER.length, end) }
    start = end
  }
  return undefined
}

function fromSynchsafe(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((value, i) => value * 128 + (bytes[at + i]! & 0x7f), 0)
}

function synchsafe(value: number): Uint8Array {
  return Uint8Array.from([21, 14, 7, 0], (shift) => (value >>> shift) & 0x7f)
}

/** Takes back the zero that stands after each 0xFF (ID3v2.3, 5). */
function resynchronise(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    out[length++] = bytes[i]!
    if (bytes[i] === 0xff && bytes[i + 1] === 0) i++
  }
  return out.subarray(0, length)
}
