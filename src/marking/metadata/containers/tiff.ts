import { bigEndian, concat, littleEndian, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable } from '../findings.ts'

const XMP_TAG = 700
const BYTE = 1
const UNDEFINED = 7

/** A directory of the picture, in the small (TIFF 6.0) or the large form (BigTIFF). */
interface Directory {
  isLittle: boolean
  isBig: boolean
  /** Where its address stands, itself, and its entries. */
  pointerAt: number
  start: number
  entriesAt: number
  count: number
  entryBytes: number
  wordBytes: 4 | 8
}

/**
 * TIFF: XMP is the value of tag 700 in the first directory. Nothing that stands in the file is moved: a new value, and a
 * new directory where there was no such tag, go to the end.
 */
export const tiff: Container = {
  find(bytes) {
    const directory = firstDirectory(bytes)
    const at = findEntry(bytes, directory)
    if (at === undefined) return { packets: [], findings: [] }
    const { length, valueAt } = valueOf(bytes, directory, at)
    return { packets: [bytes.subarray(valueAt, valueAt + length)], findings: [] }
  },

  embed(bytes, packet) {
    const directory = firstDirectory(bytes)
    const padded = concat(bytes, new Uint8Array(-bytes.length & 7))
    const value = concat(packet, new Uint8Array(-packet.length & 7))
    if (!directory.isBig && padded.length + value.length + directory.count * 12 > 0xffff_ff00)
      throw notWritable('a TIFF of this form holds no more than 4 GB', 'Save it as BigTIFF.')
    const entry = entryOf(directory, packet.length, padded.length)
    const known = findEntry(bytes, directory)
    if (known !== undefined) {
      padded.set(entry, known)
      return concat(padded, value)
    }
    const directoryAt = padded.length + value.length
    padded.set(number(directory, directoryAt, directory.wordBytes), directory.pointerAt)
    return concat(padded, value, withEntry(bytes, directory, entry))
  },
}

function firstDirectory(bytes: Uint8Array): Directory {
  const mark = bytes.length >= 16 ? viewOf(bytes).getUint32(0) : 0
  const isLittle = mark === 0x49492a00 || mark === 0x49492b00
  const isBig = mark === 0x49492b00 || mark === 0x4d4d002b
  if (!isLittle && !isBig && mark !== 0x4d4d002a) throw unreadable('it is not a TIFF')
  const wordBytes = isBig ? 8 : 4
  const pointerAt = isBig ? 8 : 4
  const start = readNumber(bytes, isLittle, pointerAt, wordBytes)
  const count = readNumber(bytes, isLittle, start, isBig ? 8 : 2)
  const entryBytes = isBig ? 20 : 12
  const entriesAt = start + (isBig ? 8 : 2)
  if (start < 8 || count === 0 || entriesAt + count * entryBytes + wordBytes > bytes.length)
    throw unreadable('the directory of the TIFF is damaged')
  return { isLittle, isBig, pointerAt, start, entriesAt, count, entryBytes, wordBytes }
}

function readNumber(bytes: Uint8Array, isLittle: boolean, at: number, length: number): number {
  const view = viewOf(bytes)
  if (length === 2) return view.getUint16(at, isLittle)
  return length === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle))
}

function number({ isLittle }: Directory, value: number, length: number): Uint8Array {
  return isLittle ? littleEndian(value, length) : bigEndian(value, length)
}

function findEntry(bytes: Uint8Array, { isLittle, entriesAt, count, entryBytes }: Directory): number | undefined {
  for (let at = entriesAt; at < entriesAt + count * entryBytes; at += entryBytes)
    if (readNumber(bytes, isLittle, at, 2) === XMP_TAG) return at
  return undefined
}

function valueOf(bytes: Uint8Array, { isLittle, wordBytes }: Directory, at: number) {
  const type = readNumber(bytes, isLittle, at + 2, 2)
  const length = readNumber(bytes, isLittle, at + 4, wordBytes)
  const isInline = length <= wordBytes
  const valueAt = isInline ? at + 4 + wordBytes : readNumber(bytes, isLittle, at + 4 + wordBytes, wordBytes)
  if ((type !== BYTE && type !== UNDEFINED) || valueAt + length > bytes.length)
    throw unreadable('the metadata of the TIFF is cut short')
  return { length, valueAt }
}

function entryOf(directory: Directory, length: number, valueAt: number): Uint8Array {
  const { wordBytes } = directory
  return concat(
    number(directory, XMP_TAG, 2),
    number(directory, BYTE, 2),
    number(directory, length, wordBytes),
    number(directory, valueAt, wordBytes),
  )
}

/** The directory with one entry more, in the order of the tags, and with the address of the next picture. */
function withEntry(bytes: Uint8Array, directory: Directory, entry: Uint8Array): Uint8Array {
  const { entriesAt, count, entryBytes, isLittle, wordBytes, isBig } = directory
  let at = entriesAt
  const end = entriesAt + count * entryBytes
  while (at < end && readNumber(bytes, isLittle, at, 2) < XMP_TAG) at += entryBytes
  return concat(
    number(directory, count + 1, isBig ? 8 : 2),
    bytes.subarray(entriesAt, at),
    entry,
    bytes.subarray(at, end + wordBytes),
  )
}
