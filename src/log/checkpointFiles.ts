import { ColophonError } from '../foundation/index.ts'
import type { TileFile } from './edge.ts'
import { TILE_WIDTH, bundlePath, decodeBundle, encodeBundle, tilePath, tileWidth } from './tiles.ts'
import type { LogSource } from './verifyLog.ts'

const HASH_BYTES = 32

/**
 * Every tile and bundle that a checkpoint of this size needs, one after the other. A log that has grown since has lost
 * partial ones that became full: they are cut out of those. Errors: `log_corrupt` for one that is missing.
 */
export async function* checkpointFiles(read: LogSource, size: number): AsyncGenerator<TileFile> {
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const count = Math.ceil(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH)
    for (let index = 0; index < count; index++) {
      const width = tileWidth(level, index, size)
      const cutTile = (bytes: Uint8Array) => bytes.subarray(0, width * HASH_BYTES)
      yield await readOrCut(read, width, (partial) => tilePath(level, index, partial), cutTile)
      if (level > 0) continue
      const cutBundle = (bytes: Uint8Array) => encodeBundle(decodeBundle(bytes, bundlePath(index)).slice(0, width))
      yield await readOrCut(read, width, (partial) => bundlePath(index, partial), cutBundle)
    }
  }
}

async function readOrCut(
  read: LogSource,
  width: number,
  pathOf: (width?: number) => string,
  cut: (full: Uint8Array) => Uint8Array,
): Promise<TileFile> {
  const path = width === TILE_WIDTH ? pathOf() : pathOf(width)
  const bytes = await read(path)
  if (bytes) return { path, bytes }
  const full = width === TILE_WIDTH ? undefined : await read(pathOf())
  if (full) return { path, bytes: cut(full) }
  throw new ColophonError('log_corrupt', 'a tile is missing', {
    where: path,
    remedy: 'Restore the log from a backup or a mirror.',
  })
}

/** The entries of a log from `start` on, below the size of its checkpoint, from its files alone. */
export async function* entriesFrom(read: LogSource, start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < size; index++) {
    const width = tileWidth(0, index, size)
    const cut = (bytes: Uint8Array) => bytes
    const { path, bytes } = await readOrCut(read, width, (partial) => bundlePath(index, partial), cut)
    yield* decodeBundle(bytes, path).slice(Math.max(0, start - index * TILE_WIDTH), width)
  }
}
