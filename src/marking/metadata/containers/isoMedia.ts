import { bigEndian, concat, hasAt, latin1, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable } from '../findings.ts'

interface Box {
  name: string
  start: number
  contentAt: number
  end: number
  /** It says that it reaches to the end, however long that is. */
  isOpen: boolean
}

/** The identifier of a box with XMP (XMP specification part 3, 1.2.7). */
const XMP_ID = '\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac'
const BOXES_MAX = 100_000
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])
/** Brands of still pictures, which have the same container and other places for metadata. */
const PICTURES = /^(avif|avis|heic|heix|mif1|msf1|heim|heis)$/

/**
 * MP4, QuickTime and M4A (ISO/IEC 14496-12): XMP stands in a box at the end, so that no sample moves and every address
 * in the file stays true. A box that it replaces becomes free space. QuickTime's own place for XMP is read as well.
 */
export const isoMedia: Container = {
  find(bytes) {
    const boxes = filmBoxes(bytes)
    return { packets: [...boxPackets(bytes, boxes), ...quickTimePackets(bytes, boxes)], findings: [] }
  },
  embed: (bytes, packet) => withPacket(bytes, filmBoxes(bytes), packet),
}

/**
 * AVIF has the same container. XMP as an item among the picture's own (ISO/IEC 23008-12, A.3) does not survive that C2PA
 * is added after it, and has broken pictures; in a box at the end it is read by ExifTool, and the picture stays. Where
 * there is such an item already nothing is written: two packets would contradict each other.
 */
export const avif: Container = {
  find(bytes) {
    const boxes = pictureBoxes(bytes)
    const packets = boxPackets(bytes, boxes)
    const message = 'It has XMP among the items of the picture, which is not read.'
    const isUnread = packets.length === 0 && hasXmpItem(bytes, boxes)
    return { packets, findings: isUnread ? [{ code: 'carries_no_xmp', severity: 'note', message }] : [] }
  },

  embed(bytes, packet) {
    const boxes = pictureBoxes(bytes)
    if (hasXmpItem(bytes, boxes))
      throw notWritable('it has XMP among the items of the picture', 'Keep the statement beside the file.')
    return withPacket(bytes, boxes, packet)
  },
}

function filmBoxes(bytes: Uint8Array): Box[] {
  const boxes = boxesIn(bytes, 0, bytes.length)
  const first = boxes[0]
  if (!first || !FIRST_BOXES.has(first.name)) throw unreadable('it is no film or sound of this kind')
  if (first.name === 'ftyp' && PICTURES.test(latin1(bytes, 8, 12))) throw unreadable('it is a picture')
  if (!boxes.some(({ name }) => name === 'moov' || name === 'moof'))
    throw unreadable('it says nothing about its tracks')
  return boxes
}

function pictureBoxes(bytes: Uint8Array): Box[] {
  const boxes = boxesIn(bytes, 0, bytes.length)
  const first = boxes[0]
  const isPicture = first?.name === 'ftyp' && PICTURES.test(latin1(bytes, 8, 12))
  if (!isPicture || !latin1(bytes, 8, first.end).includes('avi')) throw unreadable('it is not an AVIF')
  if (!boxes.some(({ name }) => name === 'meta')) throw unreadable('it says nothing about its picture')
  return boxes
}

function hasXmpItem(bytes: Uint8Array, boxes: Box[]): boolean {
  const meta = boxes.find(({ name }) => name === 'meta')!
  return latin1(bytes, meta.contentAt, meta.end).includes('application/rdf+xml')
}

function boxPackets(bytes: Uint8Array, boxes: Box[]): Uint8Array[] {
  const ours = boxes.filter((box) => isXmp(bytes, box))
  return ours.slice(0, 1).map(({ contentAt, end }) => bytes.subarray(contentAt + 16, end))
}

function withPacket(bytes: Uint8Array, boxes: Box[], packet: Uint8Array): Uint8Array {
  const last = boxes.at(-1)!
  const whole = bytes.slice()
  if (last.isOpen) close(whole, last)
  for (const box of boxes.filter((candidate) => candidate !== last && isXmp(bytes, candidate))) free(whole, box)
  // The index of fragments is found from the end of the file.
  const isBeforeLast = last.name === 'mfra' || isXmp(bytes, last)
  const tail = isXmp(bytes, last) ? new Uint8Array() : whole.subarray(last.start)
  const made = concat(bigEndian(packet.length + 24, 4), 'uuid', XMP_ID, packet)
  return isBeforeLast ? concat(whole.subarray(0, last.start), made, tail) : concat(whole, made)
}

function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const view = viewOf(bytes)
  const boxes: Box[] = []
  for (let start = from; start < to;) {
    if (start + 8 > to || boxes.length >= BOXES_MAX) throw unreadable('its boxes do not follow each other')
    const size = view.getUint32(start)
    const isLong = size === 1
    const contentAt = start + (isLong ? 16 : 8)
    const end = size === 0 ? to : start + (isLong ? Number(view.getBigUint64(start + 8)) : size)
    if (end < contentAt || end > to) throw unreadable('a box is cut short')
    boxes.push({ name: latin1(bytes, start + 4, start + 8), start, contentAt, end, isOpen: size === 0 })
    start = end
  }
  return boxes
}

function isXmp(bytes: Uint8Array, { name, contentAt, end }: Box): boolean {
  return name === 'uuid' && end - contentAt >= 16 && hasAt(bytes, contentAt, XMP_ID)
}

/** XMP in `moov/udta/XMP_`. */
function quickTimePackets(bytes: Uint8Array, top: Box[]): Uint8Array[] {
  const moov = top.find(({ name }) => name === 'moov')
  const udta = moov && boxesIn(bytes, moov.contentAt, moov.end).find(({ name }) => name === 'udta')
  if (!udta) return []
  // A user data box may end with four zeros, which are no box.
  const hasTerminator = udta.end - udta.contentAt >= 4 && viewOf(bytes).getUint32(udta.end - 4) === 0
  const inner =
    quietly(() => boxesIn(bytes, udta.contentAt, udta.end)) ??
    (hasTerminator ? quietly(() => boxesIn(bytes, udta.contentAt, udta.end - 4)) : undefined) ??
    []
  return inner
    .filter(({ name }) => name === 'XMP_')
    .map(({ contentAt, end }) => bytes.subarray(contentAt, end))
    .slice(0, 1)
}

function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Gives a box that reaches to the end its length, so that another one may follow. */
function close(bytes: Uint8Array, { start, end }: Box): void {
  if (end - start > 0xffff_ffff) throw notWritable('its last box has no length', 'Save it again in another program.')
  bytes.set(bigEndian(end - start, 4), start)
}

function free(bytes: Uint8Array, { start, contentAt, end }: Box): void {
  bytes.set(Buffer.from('free'), start + 4)
  bytes.fill(0, contentAt, end)
}
