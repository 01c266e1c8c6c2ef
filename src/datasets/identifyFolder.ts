import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  documentText,
  identifyFile,
  type DecodedFile,
  type FilmFrames,
  type LocalFeatures,
} from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { makePreview } from './makePreview.ts'
import type { Preview } from './previews.ts'

/** What rows look or sound like, by their numbers. */
export interface RowContent {
  row: number
  features?: LocalFeatures
  items?: Uint32Array
  frames?: FilmFrames
  preview?: Preview
}

const CONTENTS_AT_ONCE = 2000

/**
 * Every file of a folder becomes a row, written as JSON lines to `path`; what cannot be read is counted and left out.
 * What they look or sound like is handed on as they come, so that a large folder needs no more memory than a small one.
 */
export async function identifyFolder(
  folder: string,
  path: string,
  take: (contents: RowContent[]) => void,
  withPreviews = true,
): Promise<number> {
  const lines: string[] = []
  const waiting: RowContent[] = []
  let unreadable = 0
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const entry of names.sort((a, b) =>
    join(a.parentPath, a.name).localeCompare(join(b.parentPath, b.name), 'en'),
  )) {
    const file = join(entry.parentPath, entry.name)
    try {
      const { content, row } = await folderRow(folder, file, withPreviews)
      waiting.push({ row: lines.length, ...content })
      lines.push(JSON.stringify(row))
    } catch (error) {
      if (!(error instanceof ColophonError)) throw error
      unreadable++
    }
    if (waiting.length === CONTENTS_AT_ONCE) take(waiting.splice(0))
  }
  if (lines.length === 0)
    throw new ColophonError('dataset_invalid', 'the folder holds no file that can be read', { where: folder })
  take(waiting)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return unreadable
}

async function folderRow(folder: string, file: string, withPreviews: boolean) {
  let decoded: DecodedFile = {}
  const found = await identifyFile(file, withPreviews ? (made) => (decoded = made) : undefined)
  const { medium, mediaType, codes, pdqQuality, features, items, frames, unread } = found
  const preview = await makePreview(decoded)
  const isText = medium === 'text' && unread === undefined && codes['iscc-text-v0'] !== undefined
  return {
    row: {
      url: relative(folder, file),
      text: isText ? await documentText(readFileSync(file), mediaType, file) : null,
      sha256: codes.sha256!,
      pdq: (pdqQuality ?? 0) >= 50 ? codes.pdq : null,
    },
    content: {
      ...(features ? { features } : {}),
      ...(items ? { items } : {}),
      ...(frames ? { frames } : {}),
      ...(preview ? { preview } : {}),
    },
  }
}
