import { ColophonError } from '../../foundation/index.ts'

/**
 * The part of the tar format (POSIX.1-1988 ustar) that a backup needs: regular files. Sizes from 8 GiB on are written in
 * binary, as GNU tar and others read them.
 */
const BLOCK = 512
const OCTAL_SIZE_MAX = 0o77777777777

export const endOfTar = Buffer.alloc(2 * BLOCK)

/** The header of a file; its bytes follow, then `tarPadding`. */
export function tarHeader(path: string, size: number, mode: number, mtimeSeconds: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const [prefix, name] = splitPath(path)
  header.write(name, 0)
  header.write(octal(mode, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  if (size <= OCTAL_SIZE_MAX) header.write(octal(size, 11), 124)
  else {
    header[124] = 0x80
    header.writeBigUInt64BE(BigInt(size), 128)
  }
  header.write(octal(mtimeSeconds, 11), 136)
  header.write('0', 156)
  header.write('ustar\u000000', 257, 'latin1')
  header.write(prefix, 345)
  header.write(`${octal(checksum(header), 6)}\0 `, 148, 'latin1')
  return header
}

export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

/** The sum of all bytes, its own field counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0)
}

function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [prefix, name]
  }
  throw new ColophonError('too_large', 'the name of a file is too long for a backup', { where: path })
}

export interface TarEntry {
  path: string
  size: number
  mode: number
  /** The file's bytes; they must be read to their end before the next entry is asked for. */
  bytes: AsyncIterable<Uint8Array>
}

/** Reads the files of a tar stream one after the other. Whatever is torn or no plain file is refused, by its name. */
export async function* readTar(stream: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<TarEntry> {
  const source = new BlockSource(stream, where)
  for (;;) {
    const header = await source.take(BLOCK)
    if (header.every((byte) => byte === 0)) return
    const entry = readHeader(header, source.where)
    source.where = entry.path
    yield { ...entry, bytes: source.stream(entry.size) }
    await source.take(tarPadding(entry.size).length)
    source.where = `what follows ${entry.path}`
  }
}

function readHeader(header: Buffer, where: string): { path: string; size: number; mode: number } {
  const text = (start: number, length: number) => header.toString('utf8', start, start + length).replace(/\0[^]*$/, '')
  const number = (start: number, length: number) => Number.parseInt(text(start, length).trim() || '0', 8)
  const isTar = header.toString('latin1', 257, 262) === 'ustar' && number(148, 8) === checksum(header)
  if (!isTar || text(156, 1) !== '0') throw damaged('this is no archive that colophon backup wrote', where)
  const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : number(124, 12)
  if (!Number.isSafeInteger(size)) throw damaged('a file has no size', where)
  const path = [text(345, 155), text(0, 100)].filter((part) => part !== '').join('/')
  return { path, size, mode: number(100, 8) & 0o777 }
}

/** Takes as many bytes at a time as are asked for from chunks of any size. */
class BlockSource {
  /** What is being read, for errors. */
  where: string
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: AsyncIterable<Uint8Array>, where: string) {
    this.#chunks = stream[Symbol.asyncIterator]()
    this.where = where
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.stream(length)) parts.push(part)
    return Buffer.concat(parts)
  }

  async *stream(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (this.#rest.length === 0) this.#rest = await this.#next()
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  async #next(): Promise<Buffer> {
    let result: IteratorResult<Uint8Array>
    try {
      result = await this.#chunks.next()
    } catch (cause) {
      throw damaged(`the archive is damaged or torn: ${(cause as Error).message}`, this.where, cause)
    }
    if (result.done) throw damaged('the archive ends too early', this.where)
    return Buffer.from(result.value.buffer, result.value.byteOffset, result.value.byteLength)
  }
}

export function damaged(message: string, where: string, cause?: unknown): ColophonError {
  return new ColophonError('unreadable_file', message, { where, remedy: 'Use another backup.', cause })
}
