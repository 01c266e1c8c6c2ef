import sharp from 'sharp'
import { identifyBytes } from '../fingerprints/index.ts'
import { ColophonError, limits } from '../foundation/index.ts'
import type { MarkFormat } from './formats.ts'

const PICTURES: readonly MarkFormat[] = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif', 'svg']

/**
 * Opens a file as its readers do, before it is handed out: a mark that breaks a work is worse than none.
 * Errors: `unreadable_file`.
 */
export async function checkDecodes(bytes: Uint8Array, format: MarkFormat): Promise<void> {
  try {
    if (PICTURES.includes(format))
      await sharp(bytes, {
        limitInputPixels: limits.picturePixelsMax,
        failOn: 'warning',
        pages: format === 'gif' ? -1 : 1,
      }).stats()
    else await identifyBytes(bytes, `marked.${format}`)
  } catch (error) {
    throw new ColophonError(
      'unreadable_file',
      `the marked ${format} cannot be opened any more, so it is not given out`,
      {
        cause: error,
        remedy: 'The file that was given is unchanged. Mark it without metadata, or in another format.',
      },
    )
  }
}
