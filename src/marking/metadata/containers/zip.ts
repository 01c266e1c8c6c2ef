import { crc32 } from 'node:zlib'
import { Inflate } from 'fflate'
import { assertInvariant, limits } from '../../../foundation/index.ts'
import { Archive, archiveEntries, asRefusal, type ArchiveEntry } from '../../../fingerprints/index.ts'
import { concat, littleEndian, viewOf } from '../bytes.ts'
import { notWritable, unreadable } from '../findings.ts'

const LOCAL_HEADER_BYTES = 30
const NAME_IN_UTF8 = 0x0800
/** 1 January 1980: the same file always becomes the same bytes. */
const DATE = 0x0021

/** A document that is an archive; parts are read within limits, and the others are copied as they are packed. */
export class Package {
  readonly #bytes: Uint8Array
  readonly #entries: ArchiveEntry[]
  readonly #archive: Archive

  /** Errors: `unreadable_file`, `too_large`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    const most = {
      archiveEntries: limits.documentArchiveEntriesMax,
      inflatedBytes: limits.documentInflatedBytesMax,
      textLength: 0,
      pages: 0,
      markupDepth: 0,
    }
    ;[this.#archive, this.#entries] = asRefusal(() => [new Archive(bytes, Inflate, most), [...archiveEntries(bytes)]])
  }

  get names(): string[] {
    return this.#entries.map(({ name }) => name)
  }

  /** Where the first part's content begins, if it is this part and is not packed. */
  isFirstAndStored(name: string): boolean {
    const first = this.#entries.find(({ headerAt }) => headerAt === 0)
    return first?.name === name && first.method === 0
  }

  /** A part as bytes; undefined when it is not there. Errors: `unreadable_file`, `too_large`. */
  read(name: string): Uint8Array | undefined {
    return this.#archive.has(name) ? asRefusal(() => this.#archive.read(name)) : undefined
  }

  text(name: string): string | undefined {
    const bytes = this.read(name)
    return bytes && decodeXml(bytes, name)
  }

  /** The archive with these parts in the place of those of their names, or at its end. Nothing else changes. */
  with(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
    const bytes = this.#bytes
    const replaced = new Set(this.#entries.filter(({ name }) => parts.has(name)))
    const directoryAt = this.#entries[0]?.recordAt ?? 0
    const directoryEnd = this.#entries.at(-1)?.recordEnd ?? 0
    const starts = [...new Set(this.#entries.map(({ headerAt }) => headerAt))].toSorted((a, b) => a - b)
    if (starts.some((start) => start >= directoryAt)) throw unreadable('the directory of the document is damaged')
    const kept = new Set(this.#entries.filter((entry) => !replaced.has(entry)).map(({ headerAt }) => headerAt))
    const pieces: Uint8Array[] = [bytes.subarray(0, starts[0] ?? 0)]
    const moved = new Map<number, number>()
    let at = pieces[0]!.length
    starts.forEach((start, index) => {
      if (!kept.has(start)) return
      moved.set(start, at)
      pieces.push(bytes.subarray(start, starts[index + 1] ?? directoryAt))
      at += pieces.at(-1)!.length
    })
    const records = this.#entries.filter((entry) => !replaced.has(entry)).map((entry) => this.#record(entry, moved))
    for (const [name, content] of parts) {
      const made = newEntry(name, content, at)
      pieces.push(made.local)
      records.push(made.record)
      at += made.local.length
    }
    const directory = concat(...records)
    if (records.length > 0xfffe || at + directory.length > 0xffff_fffe)
      throw notWritable('the document is too large', 'Make it smaller.')
    const count = littleEndian(records.length, 2)
    const end = concat('PK\x05\x06\0\0\0\0', count, count, littleEndian(directory.length, 4), littleEndian(at, 4))
    return concat(...pieces, directory, end, bytes.subarray(this.#commentAt(directoryEnd)))
  }

  #record({ recordAt, recordEnd, headerAt }: ArchiveEntry, moved: ReadonlyMap<number, number>): Uint8Array {
    const record = this.#bytes.slice(recordAt, recordEnd)
    viewOf(record).setUint32(42, moved.get(headerAt)!, true)
    return record
  }

  /** The length of the comment and itself stand behind the numbers of the end record. */
  #commentAt(directoryEnd: number): number {
    const end = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length).indexOf(
      'PK\x05\x06',
      directoryEnd,
      'latin1',
    )
    return end + 20
  }
}

function newEntry(name: string, content: Uint8Array, headerAt: number): { local: Uint8Array; record: Uint8Array } {
  const nameBytes = new TextEncoder().encode(name)
  const size = littleEndian(content.length, 4)
  const head = concat(
    littleEndian(20, 2),
    littleEndian(NAME_IN_UTF8, 2),
    littleEndian(0, 2),
    littleEndian(0, 2),
    littleEndian(DATE, 2),
    littleEndian(crc32(content), 4),
    size,
    size,
    littleEndian(nameBytes.length, 2),
    littleEndian(0, 2),
  )
  const local = concat('PK\x03\x04', head, nameBytes, content)
  assertInvariant(local.length === LOCAL_HEADER_BYTES + nameBytes.length + content.length, 'a whole header')
  const record = concat(
    'PK\x01\x02',
    littleEndian(20, 2),
    head,
    new Uint8Array(10),
    littleEndian(headerAt, 4),
    nameBytes,
  )
  return { local, record }
}

function decodeXml(bytes: Uint8Array, name: string): string {
  const label = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch (error) {
    throw unreadable(`${name} is not written in the Unicode that it claims`, error)
  }
}
