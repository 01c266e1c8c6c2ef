import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ColophonError } from '../../foundation/index.ts'

/** A stretch of a dump that ends where a line does, or between two values of a line that does not end. */
export interface DumpBlock {
  text: string
  /** The number of its first line, from 1. */
  line: number
}

/** What may become of a packed dump; text of hashes shrinks little, lists of addresses to a tenth. */
const UNPACKED_BYTES_MAX = 512 * 1024 ** 3
const LINE_CHARACTERS_MAX = 256 * 1024
/** What remains when a value itself does not end. */
const VALUE_CHARACTERS_MAX = 4096

/**
 * The text of a dump in blocks, unpacked when it is gzip. Nothing but one block is held. Errors: `unreadable_file` for
 * what is no text, or damaged; `too_large`.
 */
export async function* dumpBlocks(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<DumpBlock> {
  const decoder = new TextDecoder()
  let rest = ''
  let line = 1
  let isFirst = true
  for await (const piece of unpacked(pieces, name)) {
    if (isFirst && isNoText(piece))
      throw new ColophonError('unreadable_file', 'it is no text of hashes or addresses', { where: name })
    isFirst = false
    rest += decoder.decode(piece, { stream: true })
    const end = endOf(rest)
    if (end === 0) continue
    const text = rest.slice(0, end)
    rest = rest.slice(end)
    yield { text, line }
    line += text.split('\n').length - 1
  }
  rest += decoder.decode()
  if (rest !== '') yield { text: rest, line }
}

/** Behind the last line; in a line that is too long behind its last value; 0 when more has to come. */
function endOf(text: string): number {
  const line = text.lastIndexOf('\n') + 1
  if (line > 0 || text.length < LINE_CHARACTERS_MAX) return line
  const value = Math.max(...[',', ';', '"', ' ', '\t'].map((each) => text.lastIndexOf(each))) + 1
  return value > text.length - VALUE_CHARACTERS_MAX ? value : text.length - VALUE_CHARACTERS_MAX
}

/** Tables of other kinds begin with a name (Parquet, ORC, ZIP), and hold bytes that no text has. */
function isNoText(piece: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(piece.subarray(0, 4))
  return /^(PAR1|ORC|PK)/.test(start) || piece.subarray(0, 4096).includes(0)
}

/** Enough for the names that kinds of files begin with. */
const START_BYTES = 4

async function* unpacked(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const reader = pieces[Symbol.asyncIterator]()
  try {
    // A piece may be as small as one byte: what it is shows only in several.
    let start = Buffer.alloc(0)
    while (start.length < START_BYTES) {
      const next = await reader.next()
      if (next.done) break
      start = Buffer.concat([start, next.value])
    }
    if (start.length === 0) return
    const all = chained(start, reader)
    yield* start[0] === 0x1f && start[1] === 0x8b ? gunzipped(all, name) : all
  } finally {
    await reader.return?.()
  }
}

async function* chained(first: Uint8Array, reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value
}

async function* gunzipped(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  // Errors of every part come out of the last one.
  const inflated = pipeline(Readable.from(pieces), createGunzip({ chunkSize: 256 * 1024 }), () => {})
  let bytes = 0
  try {
    for await (const piece of inflated as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > UNPACKED_BYTES_MAX)
        throw new ColophonError('too_large', 'it becomes too large when it is unpacked', { where: name })
      yield piece
    }
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    throw new ColophonError('unreadable_file', 'it cannot be unpacked', { where: name, cause })
  } finally {
    inflated.destroy()
  }
}
