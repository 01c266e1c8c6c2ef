import { crc32 } from './crc32.ts'
import type { DocumentLimits, InflateClass } from './libraries.ts'
import { damaged, DocumentRefusal, tooLarge } from './refusal.ts'

/** An entry as the archive's directory describes it (PKWARE APPNOTE 6.3.10, 4.3.12). */
export interface ArchiveEntry {
  name: string
  isEncrypted: boolean
  method: number
  crc: number
  packedBytes: number
  bytes: number
  headerAt: number
  /** Where its record in the directory stands, and ends. */
  recordAt: number
  recordEnd: number
}

const INFLATE_STEP_BYTES = 16 * 1024
const STORED = 0
const DEFLATED = 8

/** Reads single files out of a ZIP archive in memory; together they may not become more than is allowed. */
export class Archive {
  readonly #bytes: Uint8Array
  readonly #Inflate: InflateClass
  readonly #entries = new Map<string, ArchiveEntry>()
  #bytesLeft: number

  /** Errors: `unreadable_file` for damage and for names that lead out of the archive, `too_large` for many entries. */
  constructor(bytes: Uint8Array, Inflate: InflateClass, most: DocumentLimits) {
    this.#bytes = bytes
    this.#Inflate = Inflate
    this.#bytesLeft = most.inflatedBytes
    let count = 0
    for (const entry of archiveEntries(bytes)) {
      if (++count > most.archiveEntries) throw tooLarge(`the document has more than ${most.archiveEntries} parts`)
      if (leadsOut(entry.name)) {
        throw new DocumentRefusal(
          'unreadable_file',
          'the document has a part whose name leads out of it',
          'Do not open it; ask whoever sent it.',
        )
      }
      this.#entries.set(entry.name, entry)
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** A file's bytes, checked. Errors: `unreadable_file`; `too_large` before more than allowed is inflated. */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name)
    if (!entry) throw damaged('a part of the document is missing')
    if (entry.isEncrypted) throw locked()
    if (entry.bytes > this.#bytesLeft) throw tooLarge('the document becomes too large when it is unpacked')
    this.#bytesLeft -= entry.bytes
    const packed = packedBytes(this.#bytes, entry)
    if (entry.method === STORED) return checked(packed, entry, crc32(packed))
    if (entry.method === DEFLATED) return inflate(packed, entry, this.#Inflate)
    throw damaged('a part of the document is packed in a way that is not known')
  }
}

/** A document that only its reader's key opens. */
export function locked(): DocumentRefusal {
  return new DocumentRefusal('unreadable_file', 'the document is encrypted', 'Save a copy without protection.')
}

/** The entries of a ZIP archive in the order of its directory. Errors: `unreadable_file`. */
export function* archiveEntries(bytes: Uint8Array): Generator<ArchiveEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw damaged('the directory of the document is damaged')
    const nameBytes = view.getUint16(at + 28, true)
    const recordEnd = at + 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (recordEnd > end) throw damaged('the directory of the document is damaged')
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
      recordAt: at,
      recordEnd,
    }
    at = recordEnd
  }
}

/** Where the end record stands: at the end, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at
  throw damaged('the document has no directory')
}

function leadsOut(name: string): boolean {
  return /^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes('..')
}

export function packedBytes(bytes: Uint8Array, entry: ArchiveEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = entry.headerAt
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50)
    throw damaged('a part of the document is missing')
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  if (start + entry.packedBytes > bytes.length) throw damaged('a part of the document is cut short')
  return bytes.subarray(start, start + entry.packedBytes)
}

/** Inflates in small steps and stops as soon as more comes out than the directory says. */
function inflate(packed: Uint8Array, entry: ArchiveEntry, Inflate: InflateClass): Uint8Array {
  const whole = new Uint8Array(entry.bytes)
  let length = 0
  let crc = 0
  const stream = new Inflate((piece) => {
    if (length + piece.length > whole.length) throw damaged('a part of the document is larger than it says')
    whole.set(piece, length)
    length += piece.length
    crc = crc32(piece, crc)
  })
  try {
    for (let at = 0; at < packed.length; at += INFLATE_STEP_BYTES) {
      const next = at + INFLATE_STEP_BYTES
      stream.push(packed.subarray(at, next), next >= packed.length)
    }
  } catch (error) {
    if (error instanceof DocumentRefusal) throw error
    throw damaged('a part of the document cannot be unpacked', error)
  }
  return checked(whole.subarray(0, length), entry, crc)
}

function checked(bytes: Uint8Array, entry: ArchiveEntry, crc: number): Uint8Array {
  if (bytes.length !== entry.bytes || crc !== entry.crc) throw damaged('a part of the document is damaged')
  return bytes
}
