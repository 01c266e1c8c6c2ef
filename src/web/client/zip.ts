import { crc32 } from '../../fingerprints/documents/crc32.ts'
import type { InflateClass } from '../../fingerprints/documents/libraries.ts'
import { FILE_BYTES_MAX } from './identify.ts'

/** A file in an archive, as the archive's directory describes it (PKWARE APPNOTE 6.3.10, 4.3.12). */
export interface ZipEntry {
  name: string
  isEncrypted: boolean
  method: number
  crc: number
  packedBytes: number
  bytes: number
  headerAt: number
}

const ENTRIES_MAX = 100_000
const DIRECTORY_BYTES_MAX = 64 * 1024 * 1024
/** Beyond ten megabytes nothing that people make is packed as tightly as this. */
const RATIO_MAX = 200
const RATIO_FREE_BYTES = 10 * 1024 * 1024
const STEP_BYTES = 16 * 1024
const FULL_16 = 0xff_ff
const FULL_32 = 0xff_ff_ff_ff

/** The files of an archive, of which only the directory is read. Errors: damage, and more than is allowed. */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const { count, at, length } = await findDirectory(archive)
  if (count > ENTRIES_MAX || length > DIRECTORY_BYTES_MAX) throw new Error(`ZIP: > ${ENTRIES_MAX} files`)
  const view = await viewOf(archive, at, length)
  const entries: ZipEntry[] = []
  let packed = 0
  let place = 0
  for (let i = 0; i < count; i++) {
    if (place + 46 > length || view.getUint32(place, true) !== 0x02_01_4b_50) throw damaged()
    const nameEnd = place + 46 + view.getUint16(place + 28, true)
    const extraEnd = nameEnd + view.getUint16(place + 30, true)
    if (extraEnd > length) throw damaged()
    const entry = readEntry(view, place, nameEnd, extraEnd)
    packed += entry.packedBytes
    // Entries that lie over each other are how a small archive becomes a huge one.
    if (packed > archive.size) throw damaged()
    if (!entry.name.endsWith('/')) entries.push(entry)
    place = extraEnd + view.getUint16(place + 32, true)
  }
  return entries
}

/** One file out of an archive, checked. Errors: damage, encryption, and more than is allowed before it is unpacked. */
export async function unzip(archive: Blob, entry: ZipEntry): Promise<File> {
  const { packedBytes, bytes, headerAt, method } = entry
  if (entry.isEncrypted) throw new Error('ZIP: encrypted')
  if (bytes > FILE_BYTES_MAX) throw new Error(`> ${FILE_BYTES_MAX / 1024 / 1024} MB`)
  if (bytes > RATIO_FREE_BYTES && bytes > packedBytes * RATIO_MAX) throw new Error(`ZIP: > ${RATIO_MAX} : 1`)
  if (method !== 0 && method !== 8) throw new Error(`ZIP: method ${method}`)
  const header = await viewOf(archive, headerAt, 30)
  if (header.getUint32(0, true) !== 0x04_03_4b_50) throw damaged()
  const start = headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + packedBytes > archive.size) throw damaged()
  const packed = archive.slice(start, start + packedBytes)
  const whole = method === 0 ? new Uint8Array(await packed.arrayBuffer()) : await inflate(packed, bytes)
  if (whole.length !== bytes || crc32(whole) !== entry.crc) throw damaged()
  return new File([whole], entry.name.split('/').at(-1)!)
}

/** Where the directory lies: told by the end record, or by its larger form where numbers do not fit (4.3.14). */
async function findDirectory(archive: Blob): Promise<{ count: number; at: number; length: number }> {
  const tailAt = Math.max(0, archive.size - 22 - FULL_16)
  const tail = await viewOf(archive, tailAt, archive.size - tailAt)
  let end = tail.byteLength - 22
  while (end >= 0 && tail.getUint32(end, true) !== 0x06_05_4b_50) end--
  if (end < 0) throw damaged()
  const found = {
    count: tail.getUint16(end + 10, true),
    length: tail.getUint32(end + 12, true),
    at: tail.getUint32(end + 16, true),
  }
  const isFull = found.count === FULL_16 || found.length === FULL_32 || found.at === FULL_32
  if (!isFull || end < 20 || tail.getUint32(end - 20, true) !== 0x07_06_4b_50) return found
  const large = await viewOf(archive, Number(tail.getBigUint64(end - 12, true)), 56)
  if (large.getUint32(0, true) !== 0x06_06_4b_50) throw damaged()
  const [count, length, at] = [32, 40, 48].map((place) => Number(large.getBigUint64(place, true))) as [
    number,
    number,
    number,
  ]
  return { count, length, at }
}

function readEntry(view: DataView, at: number, nameEnd: number, extraEnd: number): ZipEntry {
  const wide = wideNumbers(view, nameEnd, extraEnd)
  const next = (place: number) => {
    const value = view.getUint32(place, true)
    return value === FULL_32 ? (wide.shift() ?? value) : value
  }
  // In this order they stand in the larger form, too.
  const bytes = next(at + 24)
  const packedBytes = next(at + 20)
  const headerAt = next(at + 42)
  return {
    name: readName(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameEnd - at - 46)),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes,
    bytes,
    headerAt,
  }
}

/** Numbers of 64 bits in the extra field (4.5.3). */
function wideNumbers(view: DataView, from: number, end: number): number[] {
  for (let at = from; at + 4 <= end;) {
    const length = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1 && at + 4 + length <= end)
      return Array.from({ length: Math.floor(length / 8) }, (_, i) => Number(view.getBigUint64(at + 4 + i * 8, true)))
    at += 4 + length
  }
  return []
}

/** Names are in UTF-8, or from programs that did not know it. */
function readName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Inflates in small steps and stops as soon as more comes out than the directory says. */
async function inflate(packed: Blob, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const library = '/modules/vendor/fflate/esm/browser.js'
  const { Inflate } = (await import(library)) as { Inflate: InflateClass }
  const whole = new Uint8Array(bytes)
  let length = 0
  const stream = new Inflate((piece) => {
    if (length + piece.length > bytes) throw damaged()
    whole.set(piece, length)
    length += piece.length
  })
  const data = new Uint8Array(await packed.arrayBuffer())
  for (let at = 0; at < data.length; at += STEP_BYTES)
    stream.push(data.subarray(at, at + STEP_BYTES), at + STEP_BYTES >= data.length)
  return whole.subarray(0, length)
}

async function viewOf(blob: Blob, at: number, length: number): Promise<DataView> {
  if (at < 0 || length < 0 || at + length > blob.size) throw damaged()
  return new DataView(await blob.slice(at, at + length).arrayBuffer())
}

function damaged(): Error {
  return new Error('ZIP: damaged')
}
