import type { MarkFormat } from '../formats.ts'

interface FormatFacts {
  mediaType: string
  /** Whether a file can be of this format, by its first bytes. */
  starts(head: string): boolean
}

const HEAD_BYTES = 1024
const MP4_BRANDS = /^.{4}(?:ftyp|moov|mdat|wide|free|skip)/s
const ZIP = 'PK\x03\x04'

const FORMATS: Record<MarkFormat, FormatFacts> = {
  jpeg: facts('image/jpeg', /^\xff\xd8\xff/),
  png: facts('image/png', '\x89PNG\r\n\x1a\n'),
  webp: facts('image/webp', /^RIFF.{4}WEBP/s),
  tiff: facts('image/tiff', /^(?:II[*+]\0|MM\0[*+])/),
  avif: facts('image/avif', /^.{4}ftyp(?:.{0,200})(?:avif|avis)/s),
  gif: facts('image/gif', /^GIF8[79]a/),
  svg: facts('image/svg+xml', /^(?:\xef\xbb\xbf)?\s*<[^]*?svg/i),
  pdf: facts('application/pdf', /%PDF-/),
  mp4: facts('video/mp4', MP4_BRANDS),
  mov: facts('video/quicktime', MP4_BRANDS),
  m4a: facts('audio/mp4', MP4_BRANDS),
  mp3: facts('audio/mpeg', /^(?:ID3|\xff[\xe2-\xff])/),
  wav: facts('audio/wav', /^(?:RIFF|RF64).{4}WAVE/s),
  flac: facts('audio/flac', /^(?:ID3|fLaC)/),
  epub: facts('application/epub+zip', ZIP),
  docx: facts('application/vnd.openxmlformats-officedocument.wordprocessingml.document', ZIP),
  odt: facts('application/vnd.oasis.opendocument.text', ZIP),
}

function facts(mediaType: string, start: RegExp | string): FormatFacts {
  return { mediaType, starts: (head) => (typeof start === 'string' ? head.startsWith(start) : start.test(head)) }
}

export const mediaTypeOf = (format: MarkFormat) => FORMATS[format].mediaType

export function startsLike(bytes: Uint8Array, format: MarkFormat): boolean {
  return FORMATS[format].starts(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1'))
}
