import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { ColophonError, writeFileDurably } from '../foundation/index.ts'
import { formatNote, noteIsSignedBy, parseNote, parseVkey, signNote, type NoteSigner } from '../log/index.ts'

/** What the signature of a snapshot says: which register, up to where, and the digest of its lines. */
export interface SnapshotHeader {
  /** The name of the log. */
  origin: string
  /** How many entries of the log it holds, and their root, in base64. */
  size: number
  root: string
  /** SHA-256 of the lines, each with its newline. */
  sha256: string
  lines: number
  createdAt: string
}

export const SNAPSHOT_LINES = 'snapshot.jsonl.zst'
export const SNAPSHOT_NOTE = 'snapshot.note'
const FORMAT = 'colophon.example/snapshot/v1'
const LINE_CHARACTERS_MAX = 4 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024

/** Writes lines and their signed header into a folder. */
export async function writeSnapshot(
  folder: string,
  lines: readonly string[],
  { origin, size, root, createdAt }: Omit<SnapshotHeader, 'sha256' | 'lines'>,
  signer: NoteSigner,
): Promise<SnapshotHeader> {
  const header = { origin, size, root, createdAt, sha256: digestOf(lines), lines: lines.length }
  await writeLines(join(folder, SNAPSHOT_LINES), lines)
  const text = `${FORMAT}\n${origin}\n${size}\n${root}\n${header.sha256}\n${lines.length}\n${createdAt}\n`
  writeFileDurably(join(folder, SNAPSHOT_NOTE), formatNote({ text, signatures: [signNote(text, signer)] }))
  return header
}

export function digestOf(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return hash.digest('hex')
}

let writes = 0

/** Lines as a compressed file, put in place in one step. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const part = `${path}.${process.pid}-${writes++}.part`
  const text = function* () {
    let held = ''
    for (const line of lines) {
      held += `${line}\n`
      if (held.length < 1 << 20) continue
      yield held
      held = ''
    }
    yield held
  }
  await pipeline(Readable.from(text()), createZstdCompress(), createWriteStream(part))
  renameSync(part, path)
}

/** Reads a header and checks who signed it. Errors: `invalid_proof`. */
export function readHeader(note: string, vkey: string): SnapshotHeader {
  const parsed = parseNote(note)
  const [format, origin, size, root, sha256, lines, createdAt] = parsed.text.split('\n')
  const isWhole = format === FORMAT && /^\d+$/.test(size ?? '') && /^[0-9a-f]{64}$/.test(sha256 ?? '')
  if (!isWhole || !Number.isFinite(Date.parse(createdAt ?? '')))
    throw new ColophonError('invalid_proof', 'this is no snapshot of a register', {
      remedy: 'Get it with: colophon snapshot get',
    })
  const verifier = parseVkey(vkey)
  if (verifier.name !== origin || !noteIsSignedBy(parsed, verifier))
    throw new ColophonError('invalid_proof', 'the snapshot is not signed by this log', {
      where: origin!,
      remedy: 'Give the key of the log that it is of, with --vkey.',
    })
  return { origin, size: Number(size), root: root!, sha256: sha256!, lines: Number(lines), createdAt: createdAt! }
}

/** The header of the snapshot in a folder, with its signature checked; undefined when there is none. */
export function readSnapshotHeader(folder: string, vkey: string): SnapshotHeader | undefined {
  const path = join(folder, SNAPSHOT_NOTE)
  return existsSync(path) ? readHeader(readFileSync(path, 'utf8'), vkey) : undefined
}

/** The lines of a file, one by one. Errors: those of `readLineGroups`. */
export async function* readLines(
  path: string,
  header?: Pick<SnapshotHeader, 'sha256' | 'lines'>,
): AsyncGenerator<string> {
  for await (const lines of readLineGroups(path, header)) yield* lines
}

/**
 * The same as they are read, many at a time. With a header, the end is an error unless all together have the digest that
 * was signed: whoever acts on them acts after the end. Errors: `invalid_proof`, `too_large`, `unreadable_file`.
 */
export async function* readLineGroups(
  path: string,
  header?: Pick<SnapshotHeader, 'sha256' | 'lines'>,
): AsyncGenerator<string[]> {
  const hash = createHash('sha256')
  let [held, count] = ['', 0]
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const damaged = (cause?: unknown) =>
    new ColophonError('invalid_proof', 'the snapshot is not what was signed', {
      where: path,
      remedy: 'Delete it and get it again.',
      cause,
    })
  try {
    for await (const chunk of createReadStream(path).pipe(createZstdDecompress({ chunkSize: CHUNK_BYTES }))) {
      hash.update(chunk as Uint8Array)
      const lines = (held + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      held = lines.pop()!
      if (held.length > LINE_CHARACTERS_MAX) throw damaged()
      count += lines.length
      yield lines
    }
  } catch (error) {
    throw error instanceof ColophonError ? error : damaged(error)
  }
  if (held !== '' || (header && (hash.digest('hex') !== header.sha256 || count !== header.lines))) throw damaged()
}
