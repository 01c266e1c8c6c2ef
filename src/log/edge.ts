import { assertInvariant } from '../foundation/index.ts'
import { emptyRoot, leafHash, nodeHash, type Hash } from './merkle.ts'
import { TILE_WIDTH, bundlePath, encodeBundle, tileLevels, tilePath } from './tiles.ts'

/**
 * The right edge of the tree: all that must be in memory to append. At each tile level it holds the hashes of the last,
 * partial tile, and beside them the entries of the last, partial bundle.
 */
export interface Edge {
  size: number
  /** `partials[level]` are the hashes of the partial tile at that level: 0 to 255 of them. */
  partials: Hash[][]
  /** Entries of the partial bundle: as many as `partials[0]` has hashes. */
  bundle: Uint8Array[]
}

export type TileFile = { path: string; bytes: Uint8Array }

export function emptyEdge(): Edge {
  return { size: 0, partials: [[]], bundle: [] }
}

/** Appends one entry; hands every tile and bundle that became full to `onFull`. */
export function appendToEdge(edge: Edge, entry: Uint8Array, onFull: (file: TileFile) => void): void {
  edge.bundle.push(entry)
  edge.partials[0]!.push(leafHash(entry))
  edge.size++
  if (edge.bundle.length === TILE_WIDTH) {
    onFull({ path: bundlePath(edge.size / TILE_WIDTH - 1), bytes: encodeBundle(edge.bundle) })
    edge.bundle = []
  }
  for (let level = 0; edge.partials[level]!.length === TILE_WIDTH; level++) {
    const hashes = edge.partials[level]!
    const index = edge.size / TILE_WIDTH ** (level + 1) - 1
    assertInvariant(Number.isInteger(index), 'a tile becomes full at a multiple of its span')
    onFull({ path: tilePath(level, index), bytes: Buffer.concat(hashes) })
    edge.partials[level] = []
    edge.partials[level + 1] ??= []
    edge.partials[level + 1]!.push(tileLevels(hashes).at(-1)![0]!)
  }
}

/** The partial tiles and the partial bundle as files: what a checkpoint of this size needs beside the full ones. */
export function partialFiles(edge: Edge): TileFile[] {
  const files: TileFile[] = []
  edge.partials.forEach((hashes, level) => {
    if (hashes.length === 0) return
    const index = Math.floor(edge.size / TILE_WIDTH ** (level + 1))
    files.push({ path: tilePath(level, index, hashes.length), bytes: Buffer.concat(hashes) })
  })
  if (edge.bundle.length > 0) {
    const index = Math.floor(edge.size / TILE_WIDTH)
    files.push({ path: bundlePath(index, edge.bundle.length), bytes: encodeBundle(edge.bundle) })
  }
  return files
}

/** The root of the whole tree: the complete subtrees of the edge, folded from the right. */
export function edgeRoot(edge: Edge): Hash {
  let root: Hash | undefined
  for (const hashes of edge.partials) {
    const levels = tileLevels(hashes)
    let start = hashes.length
    for (let level = 0; level < levels.length; level++) {
      if (Math.floor(hashes.length / 2 ** level) % 2 === 0) continue
      start -= 2 ** level
      const left = levels[level]![start / 2 ** level]!
      root = root ? nodeHash(left, root) : left
    }
  }
  return root ?? emptyRoot()
}
