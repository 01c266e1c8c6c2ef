import { ColophonError, bytesEqual } from '../foundation/index.ts'
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts'
import { appendToEdge, edgeRoot, emptyEdge } from './edge.ts'
import { noteIsSignedBy, type NoteVerifier } from './note.ts'
import { makeTileReader } from './tileReader.ts'
import {
  consistencyProof,
  inclusionProof,
  rangeRoot,
  verifyConsistency,
  type Hash,
  type SubtreeReader,
} from './merkle.ts'
import { TILE_WIDTH, bundlePath, decodeBundle, tilePath, tileWidth } from './tiles.ts'

/** Reads a file of a foreign log; undefined when it is not there. */
export type LogSource = (path: string) => Promise<Uint8Array | undefined>

export interface LogFinding {
  code:
    | 'checkpoint_missing'
    | 'checkpoint_malformed'
    | 'log_signature_verified'
    | 'log_signature_invalid'
    | 'bundle_missing'
    | 'bundle_damaged'
    | 'tile_missing'
    | 'tile_mismatch'
    | 'root_verified'
    | 'root_mismatch'
    | 'consistent_with_earlier'
    | 'inconsistent_with_earlier'
  severity: 'good' | 'bad'
  detail: string
}

export interface LogVerdict {
  isSound: boolean
  origin: string | undefined
  size: number
  findings: LogFinding[]
}

/**
 * Verifies a whole foreign log with nothing but its files and its key: every entry is hashed again, every tile compared,
 * and the root must be the signed one. `earlier` is a checkpoint seen before; the log must extend it.
 * `onEntries` is handed the entries as they pass. Memory does not grow with the log.
 */
export async function verifyLog(
  read: LogSource,
  options: {
    log: NoteVerifier
    earlier?: Checkpoint
    onEntries?: (firstIndex: number, entries: Uint8Array[]) => void | Promise<void>
  },
): Promise<LogVerdict> {
  const findings: LogFinding[] = []
  const checkpoint = await readCheckpoint(read, options.log, findings)
  if (checkpoint) {
    await walkEntries(read, checkpoint, findings, options.onEntries)
    if (options.earlier) await compareWithEarlier(read, checkpoint, options.earlier, findings)
  }
  return {
    isSound: findings.length > 0 && findings.every(({ severity }) => severity === 'good'),
    origin: checkpoint?.origin,
    size: checkpoint?.size ?? 0,
    findings,
  }
}

async function readCheckpoint(
  read: LogSource,
  log: NoteVerifier,
  findings: LogFinding[],
): Promise<Checkpoint | undefined> {
  const bytes = await read('checkpoint')
  if (!bytes) {
    findings.push({ code: 'checkpoint_missing', severity: 'bad', detail: 'there is no file named checkpoint' })
    return undefined
  }
  try {
    const checkpoint = parseCheckpoint(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const isSigned = checkpoint.origin === log.name && noteIsSignedBy(checkpoint.note, log)
    findings.push(
      isSigned
        ? {
            code: 'log_signature_verified',
            severity: 'good',
            detail: `${checkpoint.origin}, ${checkpoint.size} entries`,
          }
        : { code: 'log_signature_invalid', severity: 'bad', detail: `not signed by the log ${log.name}` },
    )
    return checkpoint
  } catch (error) {
    findings.push({ code: 'checkpoint_malformed', severity: 'bad', detail: (error as Error).message })
    return undefined
  }
}

async function walkEntries(
  read: LogSource,
  checkpoint: Checkpoint,
  findings: LogFinding[],
  onEntries: ((firstIndex: number, entries: Uint8Array[]) => void | Promise<void>) | undefined,
): Promise<void> {
  const edge = emptyEdge()
  const computed: { path: string; bytes: Uint8Array }[] = []
  for (let index = 0; index * TILE_WIDTH < checkpoint.size; index++) {
    const entries = await readBundle(read, index, checkpoint.size, findings)
    if (!entries) return
    for (const entry of entries) appendToEdge(edge, entry, (file) => computed.push(file))
    for (const file of computed.splice(0)) {
      if (file.path.startsWith('tile/entries/')) continue
      await compareTile(read, file.path, file.bytes, findings)
    }
    await onEntries?.(index * TILE_WIDTH, entries)
  }
  for (const [level, hashes] of edge.partials.entries()) {
    if (hashes.length === 0) continue
    const path = tilePath(level, Math.floor(checkpoint.size / TILE_WIDTH ** (level + 1)), hashes.length)
    await compareTile(read, path, Buffer.concat(hashes), findings)
  }
  findings.push(
    bytesEqual(edgeRoot(edge), checkpoint.root)
      ? { code: 'root_verified', severity: 'good', detail: `${checkpoint.size} entries lead to the signed root` }
      : { code: 'root_mismatch', severity: 'bad', detail: 'the entries do not lead to the signed root' },
  )
}

async function readBundle(read: LogSource, index: number, size: number, findings: LogFinding[]) {
  const width = tileWidth(0, index, size)
  const path = bundlePath(index, width)
  const bytes = (await read(path)) ?? (width < TILE_WIDTH ? await read(bundlePath(index)) : undefined)
  if (!bytes) {
    findings.push({ code: 'bundle_missing', severity: 'bad', detail: path })
    return undefined
  }
  try {
    const entries = decodeBundle(bytes, path)
    if (entries.length < width) throw new ColophonError('log_corrupt', `${entries.length} entries instead of ${width}`)
    return entries.slice(0, width)
  } catch (error) {
    findings.push({ code: 'bundle_damaged', severity: 'bad', detail: `${path}: ${(error as Error).message}` })
    return undefined
  }
}

async function compareTile(read: LogSource, path: string, expected: Uint8Array, findings: LogFinding[]): Promise<void> {
  const bytes = (await read(path)) ?? (await read(path.replace(/\.p\/[0-9]+$/, '')))
  if (!bytes) findings.push({ code: 'tile_missing', severity: 'bad', detail: path })
  else if (!bytesEqual(bytes.subarray(0, expected.length), expected)) {
    findings.push({ code: 'tile_mismatch', severity: 'bad', detail: path })
  }
}

async function compareWithEarlier(
  read: LogSource,
  newer: Checkpoint,
  earlier: Checkpoint,
  findings: LogFinding[],
): Promise<void> {
  let isConsistent = false
  if (earlier.origin === newer.origin && earlier.size <= newer.size) {
    const tiles = makeTileReader(async (path) => (await readTileOrPartial(read, path, newer.size))!)
    const proof = await consistencyProof((level, start) => tiles.subtree(level, start), earlier.size, newer.size).catch(
      () => [],
    )
    isConsistent = verifyConsistency(earlier.size, newer.size, earlier.root, newer.root, proof)
  }
  findings.push(
    isConsistent
      ? {
          code: 'consistent_with_earlier',
          severity: 'good',
          detail: `extends the checkpoint of ${earlier.size} entries`,
        }
      : {
          code: 'inconsistent_with_earlier',
          severity: 'bad',
          detail: `does not extend the checkpoint of ${earlier.size} entries`,
        },
  )
}

/**
 * That an entry stands in the first `size` entries of a log, from its static files alone: its leaf hash, and its path to
 * the root (RFC 9162 section 2.1.3). `published` is the size of the checkpoint among the files. Errors: `not_found`.
 */
export async function proveFromFiles(
  read: LogSource,
  { index, size, published }: { index: number; size: number; published: number },
): Promise<{ leaf: Hash; path: Hash[] }> {
  if (index >= size || size > published)
    throw new ColophonError('not_found', `entry ${index} is not among the first ${size}`)
  const subtree = subtreesOfFiles(read, published)
  return { leaf: await subtree(0, index), path: await inclusionProof(subtree, index, size) }
}

/** The root that the first `size` entries of a log have, from its static files alone. Errors: `not_found`. */
export async function rootFromFiles(read: LogSource, size: number, published: number): Promise<Hash> {
  if (size > published) throw new ColophonError('not_found', `the log has ${published} entries, not ${size}`)
  return rangeRoot(subtreesOfFiles(read, published), 0, size)
}

function subtreesOfFiles(read: LogSource, published: number): SubtreeReader {
  const tiles = makeTileReader(async (path) => {
    const tile = await readTileOrPartial(read, path, published)
    if (!tile) throw new ColophonError('not_found', 'a tile of the log is not there', { where: path })
    return tile
  })
  return (level, start) => tiles.subtree(level, start)
}

/** A partial tile, filled up with zeroes: proofs within the tree's size never touch what is filled. */
async function readTileOrPartial(read: LogSource, path: string, size: number): Promise<Uint8Array | undefined> {
  const full = await read(path)
  if (full) return full
  const [, level, index] = /^tile\/(\d+)\/(.+)$/.exec(path)!
  const width = tileWidth(Number(level), Number(index!.replaceAll(/[x/]/g, '')), size)
  const partial = await read(`${path}.p/${width}`)
  if (!partial) return undefined
  const padded = new Uint8Array(TILE_WIDTH * 32)
  padded.set(partial.subarray(0, width * 32))
  return padded
}
