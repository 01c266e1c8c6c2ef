import { ColophonError, bytesEqual } from '../foundation/index.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { edgeRoot, emptyEdge, type Edge } from './edge.ts'
import type { LogFiles } from './files.ts'
import { leafHash } from './merkle.ts'
import { noteIsSignedBy, parseVkey, type NoteSigner } from './note.ts'
import { TILE_WIDTH, bundlePath, decodeBundle, decodeTile, tilePath, tileWidth } from './tiles.ts'

/** Loads the edge of the published tree and checks that its root is the one that was signed. */
export async function loadPublishedEdge(files: LogFiles, signer: NoteSigner): Promise<Edge> {
  const text = await files.read('checkpoint')
  if (!text) {
    await refuseHeadlessLog(files)
    return emptyEdge()
  }
  const checkpoint = parseCheckpoint(new TextDecoder().decode(text))
  if (checkpoint.origin !== signer.name || !noteIsSignedBy(checkpoint.note, parseVkey(signer.vkey))) {
    throw new ColophonError('log_corrupt', 'the checkpoint is not signed by this key', {
      where: 'checkpoint',
      remedy: 'Give the log the key that it was made with.',
    })
  }
  const edge = emptyEdge()
  edge.size = checkpoint.size
  for (let level = 0; TILE_WIDTH ** level <= checkpoint.size; level++) {
    const index = Math.floor(checkpoint.size / TILE_WIDTH ** (level + 1))
    const width = tileWidth(level, index, checkpoint.size)
    edge.partials[level] =
      width === 0
        ? []
        : decodeTile(await need(files, tilePath(level, index, width)), width, tilePath(level, index, width))
  }
  const bundleWidth = checkpoint.size % TILE_WIDTH
  if (bundleWidth > 0) {
    const path = bundlePath(Math.floor(checkpoint.size / TILE_WIDTH), bundleWidth)
    edge.bundle = decodeBundle(await need(files, path), path)
  }
  if (edge.bundle.some((entry, i) => !bytesEqual(leafHash(entry), edge.partials[0]![i]!))) {
    throw new ColophonError('log_corrupt', 'an entry is not the one that its tile names', {
      where: bundlePath(Math.floor(checkpoint.size / TILE_WIDTH), bundleWidth),
      remedy: 'Restore the log from a backup or a mirror.',
    })
  }
  if (!bytesEqual(edgeRoot(edge), checkpoint.root)) {
    throw new ColophonError('log_corrupt', 'the tiles do not lead to the signed root', {
      where: 'checkpoint',
      remedy: 'Restore the log from a backup or a mirror.',
    })
  }
  return edge
}

/** Without a checkpoint a log is new, or it has lost its head; a head signed anew would be a fork. */
async function refuseHeadlessLog(files: LogFiles): Promise<void> {
  const journals = await files.list('journal')
  const hasHistory = (await files.list('tile')).length > 0 || journals.some((name) => /[1-9]/.test(name))
  if (!hasHistory) return
  throw new ColophonError('log_corrupt', 'the log has entries but its checkpoint is missing', {
    where: 'checkpoint',
    remedy: 'Restore the checkpoint from a backup or a mirror; do not start a new log under this key.',
  })
}

async function need(files: LogFiles, path: string): Promise<Uint8Array> {
  const bytes = await files.read(path)
  if (!bytes)
    throw new ColophonError('log_corrupt', 'a tile is missing', {
      where: path,
      remedy: 'Restore the log from a backup or a mirror.',
    })
  return bytes
}
