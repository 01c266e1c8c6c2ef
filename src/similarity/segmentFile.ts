import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ColophonError, sha256Hex, syncDirectory } from '../foundation/index.ts'

const MAGIC = 'COLOPHON-SEGMENT-1\n'
/** Magic, length of the header, digest of the header; the header follows, then the sections. */
const PREFIX_BYTES = 64
const HEADER_BYTES_MAX = 1 << 20
const ALIGNMENT = 64

interface Section {
  name: string
  offset: number
  byteLength: number
  sha256: string
}

interface Header {
  kind: string
  sections: Section[]
}

/** An immutable file of named sections, each with its digest. */
export interface Segment {
  kind: string
  sections: Map<string, Uint8Array<ArrayBuffer>>
  /** Where sections begin in the file that were not read. */
  unread: Map<string, { offset: number; byteLength: number }>
}

/** Writes a segment so that after a crash it is there whole or not at all. */
export function writeSegment(path: string, kind: string, sections: Record<string, Uint8Array>): void {
  const entries = Object.entries(sections)
  const header = (offsets: number[]) =>
    new TextEncoder().encode(
      JSON.stringify({
        kind,
        sections: entries.map(([name, bytes], i) => ({
          name,
          offset: offsets[i],
          byteLength: bytes.length,
          sha256: digests[i],
        })),
      }),
    )
  const digests = entries.map(([, bytes]) => sha256Hex(bytes))
  const room = aligned(PREFIX_BYTES + header(entries.map(() => Number.MAX_SAFE_INTEGER)).length)
  const offsets: number[] = []
  let end = room
  for (const [, bytes] of entries) {
    offsets.push(end)
    end = aligned(end + bytes.length)
  }
  const head = new Uint8Array(room)
  const text = header(offsets)
  head.set(new TextEncoder().encode(MAGIC))
  new DataView(head.buffer).setUint32(28, text.length, true)
  head.set(Buffer.from(sha256Hex(text), 'hex'), 32)
  head.set(text, PREFIX_BYTES)
  const temporary = `${path}.${process.pid}.tmp`
  const file = openSync(temporary, 'w')
  try {
    writeAll(file, head, 0)
    entries.forEach(([, bytes], i) => writeAll(file, bytes, offsets[i]!))
    fdatasyncSync(file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

/**
 * Reads a segment and checks the digest of every section, but for those that are left on the disk.
 * Errors: `dataset_invalid`, with what is wrong and where.
 */
export function readSegment(path: string, leave: readonly string[] = []): Segment {
  if (!existsSync(path)) throw damaged(path, 'it is not there')
  const file = openSync(path, 'r')
  try {
    const size = fstatSync(file).size
    const header = readHeader(file, size, path)
    const sections: Segment['sections'] = new Map()
    const unread: Segment['unread'] = new Map()
    for (const { name, offset, byteLength, sha256 } of header.sections) {
      // The file ends with its last byte, so an empty section at the end may begin beyond it.
      const isBeyond = byteLength !== 0 && offset + byteLength > size
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(byteLength) || isBeyond)
        throw damaged(path, `section ${name} reaches beyond its end`)
      if (leave.includes(name)) {
        unread.set(name, { offset, byteLength })
        continue
      }
      const bytes = readAll(file, offset, byteLength)
      if (sha256Hex(bytes) !== sha256) throw damaged(path, `section ${name} is not what was written`)
      sections.set(name, bytes)
    }
    return { kind: header.kind, sections, unread }
  } finally {
    closeSync(file)
  }
}

/** A section as words, or an error when the segment does not have it. */
export function wordsOf(segment: Segment, name: string, path: string): Uint32Array<ArrayBuffer> {
  const bytes = segment.sections.get(name)
  if (!bytes || bytes.length % 4 !== 0) throw damaged(path, `section ${name} is missing or cut off`)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

/** The bytes of a list of numbers, as a section holds them. */
export function bytesOf(list: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength)
}

export function damaged(path: string, what: string): ColophonError {
  return new ColophonError('dataset_invalid', `the index file is damaged: ${what}`, {
    where: path,
    remedy: 'Write it anew with: colophon index repair',
  })
}

function readHeader(file: number, size: number, path: string): Header {
  const prefix = readAll(file, 0, Math.min(size, PREFIX_BYTES))
  if (prefix.length < PREFIX_BYTES || new TextDecoder().decode(prefix.subarray(0, MAGIC.length)) !== MAGIC)
    throw damaged(path, 'it does not begin like one of this version')
  const length = new DataView(prefix.buffer).getUint32(28, true)
  if (length > HEADER_BYTES_MAX || PREFIX_BYTES + length > size) throw damaged(path, 'it is cut off')
  const text = readAll(file, PREFIX_BYTES, length)
  if (sha256Hex(text) !== Buffer.from(prefix.subarray(32, 64)).toString('hex'))
    throw damaged(path, 'its header is not what was written')
  return JSON.parse(new TextDecoder().decode(text)) as Header
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, Math.min(bytes.length - done, 1 << 28), at + done)
}

export function readAll(file: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, Math.min(length - done, 1 << 28), at + done)
    if (read === 0) return bytes.slice(0, done)
    done += read
  }
  return bytes
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}
