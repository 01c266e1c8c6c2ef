import type { ArchiveEntry } from '../../fingerprints/index.ts'

const LOCAL_HEADER = { signature: 0x0403_4b50, bytes: 30 }
const END_RECORD = { signature: 0x0605_4b50, bytes: 22 }
/** Sizes stand behind the file, where not every program looks for them. */
const SIZES_BEHIND = 0x0008

/**
 * Why two programs may read different files out of a ZIP (PKWARE APPNOTE 6.3.10): bytes that no entry owns, headers that
 * disagree with the directory, more than one end, a comment. Undefined when files lie one behind the other from the first
 * byte, the directory behind them, and its end record is the end.
 */
export function ambiguityOf(bytes: Uint8Array, entries: readonly ArchiveEntry[]): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  for (const entry of entries.toSorted((one, other) => one.headerAt - other.headerAt)) {
    const start = at
    if (entry.headerAt !== start || start + LOCAL_HEADER.bytes > bytes.length) return 'bytes that belong to no file'
    if (view.getUint32(start, true) !== LOCAL_HEADER.signature) return `no header before ${entry.name}`
    const nameLength = view.getUint16(start + 26, true)
    const nameAt = start + LOCAL_HEADER.bytes
    const name = new TextDecoder().decode(bytes.subarray(nameAt, nameAt + nameLength))
    const isSame =
      name === entry.name &&
      (view.getUint16(start + 6, true) & SIZES_BEHIND) === 0 &&
      view.getUint16(start + 8, true) === entry.method &&
      view.getUint32(start + 14, true) === entry.crc &&
      view.getUint32(start + 18, true) === entry.packedBytes &&
      view.getUint32(start + 22, true) === entry.bytes
    if (!isSame) return `the header of ${entry.name} is not what the directory says`
    at = nameAt + nameLength + view.getUint16(start + 28, true) + entry.packedBytes
  }
  for (const { recordAt, recordEnd } of entries.toSorted((one, other) => one.recordAt - other.recordAt)) {
    if (recordAt !== at) return 'bytes between the files and their directory'
    at = recordEnd
  }
  const isEnd =
    at + END_RECORD.bytes === bytes.length &&
    view.getUint32(at, true) === END_RECORD.signature &&
    view.getUint32(at + 4, true) === 0 &&
    view.getUint16(at + 8, true) === entries.length &&
    view.getUint16(at + 10, true) === entries.length &&
    view.getUint16(at + 20, true) === 0
  return isEnd ? undefined : 'another end than the one that closes it, or a comment'
}
