import { sniff } from '../fingerprints/index.ts'
import type { MarkFormat } from './formats.ts'

const BY_MEDIA_TYPE: Record<string, MarkFormat> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/tiff': 'tiff',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'application/epub+zip': 'epub',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.oasis.opendocument.text': 'odt',
}

/** Which of the formats that can be marked a file is, by its bytes; its name does not count. */
export function sniffFormat(bytes: Uint8Array): MarkFormat | undefined {
  const { mediaType } = sniff(bytes)
  if (Object.hasOwn(BY_MEDIA_TYPE, mediaType)) return BY_MEDIA_TYPE[mediaType]
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1')
  if (mediaType === 'video/mp4') return head.startsWith('ftypqt', 4) ? 'mov' : 'mp4'
  if (beginsSvg(head)) return 'svg'
  return undefined
}

/** Where what may come first ends: a document type that declares something has it in brackets. */
const ENDS = [
  ['<?xml', /\?>/],
  ['<!--', /-->/],
  ['<!DOCTYPE', /^[^[>]*>|\]\s{0,9}>/],
] as const

/** Document types of drawing programs, with their entities, take several hundred. */
const HEAD_BYTES = 4096

/** What comes before the root element of an SVG: a byte order mark, a declaration, comments, a document type. */
function beginsSvg(head: string): boolean {
  let at = head.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (;;) {
    while (/\s/.test(head[at] ?? '')) at++
    const found = ENDS.find(([begin]) => head.startsWith(begin, at))
    if (!found) return /^<(\w{1,40}:)?svg[\s>]/.test(head.slice(at, at + 60))
    const end = head.slice(at).search(found[1])
    if (end < 0) return false
    at = head.indexOf('>', at + end) + 1
  }
}
