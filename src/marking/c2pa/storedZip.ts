import { crc32, inflateRawSync } from 'node:zlib'
import { ColophonError, limits } from '../../foundation/index.ts'

/**
 * The same archive with every entry stored as it is: same entries, same order, same times. The library that signs reads
 * no compressed entries. `rewrite` may give an entry other content. An archive with nothing to change is given back as
 * it is, and so is one that carries a manifest, unless that is to be left out, for it is kept elsewhere. Errors: `unreadable_file`, `unsupported_media`, `too_large`.
 */
export function storeEntries(
  archive: Uint8Array,
  rewrite: (name: string, content: Uint8Array) => Uint8Array = (_name, content) => content,
  isManifestKept = true,
): Uint8Array {
  const all = readDirectory(archive)
  const entries = isManifestKept ? all : all.filter((entry) => nameOf(entry) !== MANIFEST)
  const isStored = entries.every(({ method }) => method === STORED)
  if (entries.some((entry) => nameOf(entry) === MANIFEST)) {
    if (isStored) return archive
    throw unsupported('its manifest covers compressed entries, and would be lost')
  }
  let isSame = isStored && entries.length === all.length
  let left = limits.documentInflatedBytesMax
  const contents = entries.map((entry) => {
    const content = contentOf(archive, entry, left)
    left -= content.length
    const rewritten = rewrite(nameOf(entry), content)
    isSame &&= rewritten === content
    return rewritten
  })
  return isSame ? archive : writeArchive(entries, contents)
}

function writeArchive(entries: Entry[], contents: Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const [i, entry] of entries.entries()) {
    const content = contents[i]!
    const header = localHeader(entry, content)
    directory.push(directoryHeader(entry, header, offset), entry.comment)
    parts.push(header, entry.name, content)
    offset += header.length + entry.name.length + content.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = endOfDirectory(entries.length, directoryBytes.length, offset)
  return new Uint8Array(Buffer.concat([...parts, directoryBytes, end]))
}

/** What the central directory says of an entry (APPNOTE 6.3.10 section 4.3.12). */
interface Entry {
  flags: number
  method: number
  timeAndDate: Uint8Array
  crc: number
  compressedBytes: number
  name: Uint8Array
  comment: Uint8Array
  attributes: Uint8Array
  headerAt: number
}

const STORED = 0
const MANIFEST = 'META-INF/content_credential.c2pa'
const DEFLATED = 8
const FLAG_ENCRYPTED = 1
const FLAG_UTF8 = 0x0800
const LOCAL_HEADER = 0x04034b50
const DIRECTORY_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
const END_BYTES = 22

/** Names that matter here are of ASCII. */
function nameOf({ name }: Entry): string {
  return Buffer.from(name).toString('latin1')
}

function readDirectory(archive: Uint8Array): Entry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0 || end + END_BYTES > bytes.length) throw broken()
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0xffff || at === 0xffff_ffff) throw unsupported('it is written in the form for archives above 4 GB')
  if (count > limits.documentArchiveEntriesMax) throw new ColophonError('too_large', 'the archive has too many entries')
  const entries: Entry[] = []
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_HEADER) throw broken()
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    const commentAt = nameEnd + bytes.readUInt16LE(at + 30)
    const next = commentAt + bytes.readUInt16LE(at + 32)
    entries.push({
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      timeAndDate: bytes.subarray(at + 12, at + 16),
      crc: bytes.readUInt32LE(at + 16),
      compressedBytes: bytes.readUInt32LE(at + 20),
      name: bytes.subarray(at + 46, nameEnd),
      comment: bytes.subarray(commentAt, next),
      attributes: bytes.subarray(at + 36, at + 42),
      headerAt: bytes.readUInt32LE(at + 42),
    })
    at = next
  }
  return entries
}

function contentOf(archive: Uint8Array, entry: Entry, bytesMax: number): Uint8Array {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  const at = entry.headerAt
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL_HEADER) throw broken()
  if (entry.flags & FLAG_ENCRYPTED || ![STORED, DEFLATED].includes(entry.method))
    throw unsupported('an entry is encrypted or compressed in a rare way')
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  const packed = bytes.subarray(start, start + entry.compressedBytes)
  if (packed.length < entry.compressedBytes || entry.compressedBytes === 0xffff_ffff) throw broken()
  const content = entry.method === STORED ? packed : inflated(packed, bytesMax)
  if (content.length > bytesMax) throw new ColophonError('too_large', 'the archive is too large when it is unpacked')
  if (crc32(content) !== entry.crc) throw broken()
  return content
}

function inflated(packed: Uint8Array, bytesMax: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) })
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new ColophonError('too_large', 'the archive is too large when it is unpacked', { cause })
    throw broken()
  }
}

function localHeader({ flags, timeAndDate, name }: Entry, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(LOCAL_HEADER, 0)
  header.writeUInt16LE(10, 4)
  header.writeUInt16LE(flags & FLAG_UTF8, 6)
  header.set(timeAndDate, 10)
  header.writeUInt32LE(crc32(content), 14)
  header.writeUInt32LE(content.length, 18)
  header.writeUInt32LE(content.length, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

/** Its fixed part, followed by the name; the comment follows. */
function directoryHeader({ name, comment, attributes }: Entry, local: Uint8Array, offset: number): Uint8Array {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(DIRECTORY_HEADER, 0)
  header.writeUInt16LE(10, 4)
  // From "version needed" to the length of the name both headers say the same.
  header.set(local.subarray(4, 28), 6)
  header.writeUInt16LE(comment.length, 32)
  header.set(attributes, 36)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name])
}

function endOfDirectory(count: number, directoryBytes: number, offset: number): Uint8Array {
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END_OF_DIRECTORY, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(directoryBytes, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

function broken(): ColophonError {
  return new ColophonError('unreadable_file', 'the archive is broken', { remedy: 'Try the original file.' })
}

function unsupported(reason: string): ColophonError {
  return new ColophonError('unsupported_media', `this archive cannot be signed: ${reason}`, {
    remedy: 'Save it again with another program.',
  })
}
