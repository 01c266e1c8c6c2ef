import { LruMap } from '../foundation/index.ts'
import type { Edge } from './edge.ts'
import type { Hash } from './merkle.ts'
import { TILE_WIDTH, decodeTile, tileLevels, tilePath } from './tiles.ts'

const TILE_HEIGHT = 8
const TILES_CACHED = 512

export interface TileReader {
  /** Hash of the complete subtree of 2^level leaves from `start`. */
  subtree(level: number, start: number, edge?: Edge): Promise<Hash>
}

/** Reads subtree hashes out of tiles, keeping a bounded number of decoded ones. `read` gives a full tile's bytes. */
export function makeTileReader(read: (path: string) => Promise<Uint8Array>): TileReader {
  const cache = new LruMap<string, Hash[][]>(TILES_CACHED)
  return {
    async subtree(level, start, edge) {
      const tileLevel = Math.floor(level / TILE_HEIGHT)
      const span = TILE_WIDTH ** tileLevel
      const position = start / span
      const index = Math.floor(position / TILE_WIDTH)
      const inner = level % TILE_HEIGHT
      const within = (position % TILE_WIDTH) / 2 ** inner
      if (edge && index === Math.floor(edge.size / (span * TILE_WIDTH)))
        return edgeSubtree(edge, tileLevel, inner, within)
      const path = tilePath(tileLevel, index)
      let levels = cache.get(path)
      if (!levels) {
        levels = tileLevels(decodeTile(await read(path), TILE_WIDTH, path))
        cache.set(path, levels)
      }
      return levels[inner]![within]!
    },
  }
}

function edgeSubtree(edge: Edge, tileLevel: number, inner: number, within: number): Hash {
  const width = 2 ** inner
  const hashes = edge.partials[tileLevel]!.slice(within * width, (within + 1) * width)
  return tileLevels(hashes)[inner]![0]!
}
