import { createReadStream, existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { unreadable } from '../record.ts'

const SAMPLE_BYTES = 65_536

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** A file that is there and not empty. */
export function requireFile(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile())
    throw unreadable('there is no such file', path, 'Give the path of a file.')
  if (statSync(path).size === 0) throw unreadable('the file is empty', path, 'Give a file with records.')
}

/** The first bytes of a file, by which its format is told. */
export async function firstBytes(path: string, count = SAMPLE_BYTES): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * Which encoding a text file is in: what its byte order mark says, UTF-16 without one by its zeros, UTF-8 when most
 * letters of the file are, and otherwise the one of Windows, which takes any byte. The whole file is read once for that, because the
 * first letter that is not ASCII may stand on its last line.
 */
export async function encodingOf(path: string): Promise<TextEncodingName> {
  const start = await firstBytes(path)
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  start.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++
  })
  if (zeros[1]! > start.length / 8 && zeros[0]! < zeros[1]! / 4) return 'utf-16le'
  if (zeros[0]! > start.length / 8 && zeros[1]! < zeros[0]! / 4) return 'utf-16be'
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      decoder.decode(chunk as Uint8Array, { stream: true })
    decoder.decode()
    return 'utf-8'
  } catch {
    if (await isMostlyUtf8(path)) return 'utf-8'
    // In this encoding any bytes are letters: a picture that is called a table would be read as titles.
    const controls = start.filter((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)).length
    if (controls > start.length / 200) throw unreadable('it is no text', path, 'Give a table: CSV, TSV, XLSX or ODS.')
    return 'windows-1252'
  }
}

/** Letters of another encoding are hardly ever letters of this one by chance: a few broken ones do not make it another. */
async function isMostlyUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8')
  let [letters, broken] = [0, 0]
  const count = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0xfffd) broken++
      else if (code > 0x7f) letters++
    }
  }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    count(decoder.decode(chunk as Uint8Array, { stream: true }))
  count(decoder.decode())
  return letters > broken
}

/** The text of a file, a piece at a time, in the encoding that it is in; what is none of its letters is U+FFFD. */
export async function* readText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(path))
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }))
    yield decoder.decode(chunk as Uint8Array, { stream: true })
  yield decoder.decode()
}

/** The text of a file of ours, which is UTF-8. */
export async function* readUtf8(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    yield decoder.decode(chunk as Uint8Array, { stream: true })
}

/** Lines by their numbers, without their ends. Only line feeds end a line: JSON may hold any other such character. */
export async function* readLines(text: AsyncIterable<string>): AsyncGenerator<{ line: number; text: string }> {
  let rest: string[] = []
  let line = 1
  for await (const piece of text) {
    const lines = piece.split('\n')
    for (const [i, part] of lines.entries()) {
      rest.push(part)
      if (i === lines.length - 1) continue
      yield { line: line++, text: rest.join('').replace(/\r$/, '') }
      rest = []
    }
  }
  const last = rest.join('')
  if (last !== '') yield { line, text: last }
}
