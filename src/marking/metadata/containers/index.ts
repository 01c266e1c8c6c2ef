import type { MarkFormat } from '../../formats.ts'
import type { Container } from '../container.ts'
import { docx, epub, odt } from './documents.ts'
import { flac } from './flac.ts'
import { gif } from './gif.ts'
import { mp3 } from './id3.ts'
import { avif, isoMedia } from './isoMedia.ts'
import { jpeg } from './jpeg.ts'
import { pdf } from './pdf.ts'
import { png } from './png.ts'
import { wav, webp } from './riff.ts'
import { svg } from './svg.ts'
import { tiff } from './tiff.ts'

/** How each format holds XMP. */
export const containers: Partial<Record<MarkFormat, Container>> = {
  jpeg,
  png,
  webp,
  tiff,
  avif,
  gif,
  svg,
  pdf,
  mp4: isoMedia,
  mov: isoMedia,
  m4a: isoMedia,
  mp3,
  wav,
  flac,
  epub,
  docx,
  odt,
}
