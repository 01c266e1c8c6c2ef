import { ColophonError, assertInvariant, limits } from '../foundation/index.ts'
import { nodeHash, type Hash } from './merkle.ts'

/** Hashes in a full tile. C2SP tlog-tiles. */
export const TILE_WIDTH = 256
const HASH_BYTES = 32

/** The path of a hash tile below a log's prefix; `width` < 256 names a partial tile. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index)}${partialSuffix(width)}`
}

/** The path of an entry bundle below a log's prefix. */
export function bundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${partialSuffix(width)}`
}

/** How many hashes the tile (level, index) holds in a tree of `size` leaves: 0 to 256. */
export function tileWidth(level: number, index: number, size: number): number {
  const atLevel = Math.floor(size / TILE_WIDTH ** level)
  return Math.max(0, Math.min(TILE_WIDTH, atLevel - index * TILE_WIDTH))
}

function indexPath(index: number): string {
  const parts = [pad(index % 1000)]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    parts.unshift(`x${pad(rest % 1000)}`)
  return parts.join('/')
}

function pad(value: number): string {
  return String(value).padStart(3, '0')
}

function partialSuffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`
}

/** Entries as an entry bundle: each with its length before it as a big-endian uint16. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
  let offset = 0
  for (const entry of entries) {
    assertInvariant(entry.length <= limits.logEntryBytesMax, 'a log entry fits its length field')
    offset = bundle.writeUInt16BE(entry.length, offset)
    bundle.set(entry, offset)
    offset += entry.length
  }
  return bundle
}

/** Splits an entry bundle; a bundle that does not end where its last entry ends is `log_corrupt`. */
export function decodeBundle(bundle: Uint8Array, where: string): Uint8Array[] {
  const entries: Uint8Array[] = []
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength)
  for (let offset = 0; offset < bundle.length;) {
    const end = offset + 2 <= bundle.length ? offset + 2 + view.getUint16(offset) : Infinity
    if (end > bundle.length)
      throw new ColophonError('log_corrupt', 'an entry bundle ends in the middle of an entry', { where })
    entries.push(bundle.subarray(offset + 2, end))
    offset = end
  }
  return entries
}

/** Splits a hash tile into its hashes. */
export function decodeTile(bytes: Uint8Array, width: number, where: string): Hash[] {
  if (bytes.length < width * HASH_BYTES || bytes.length % HASH_BYTES !== 0) {
    throw new ColophonError('log_corrupt', `a hash tile holds ${bytes.length} bytes, not ${width * HASH_BYTES}`, {
      where,
    })
  }
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}

/** All complete subtrees of a tile, level by level, so that proofs only look them up. */
export function tileLevels(hashes: readonly Hash[]): Hash[][] {
  const levels: Hash[][] = [[...hashes]]
  for (let below = levels[0]!; below.length > 1; below = levels.at(-1)!) {
    const above: Hash[] = []
    for (let i = 0; i + 1 < below.length; i += 2) above.push(nodeHash(below[i]!, below[i + 1]!))
    levels.push(above)
  }
  return levels
}
