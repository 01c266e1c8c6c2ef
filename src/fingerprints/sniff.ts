import { sniffDocument } from './documents/sniffDocument.ts'

export type Medium = 'picture' | 'text' | 'sound' | 'video' | 'other'

/** What a file is by its first bytes; its name and its sender's word do not count. */
export function sniff(bytes: Uint8Array): { medium: Medium; mediaType: string } {
  const documentType = sniffDocument(bytes)
  if (documentType) return { medium: 'text', mediaType: documentType }
  for (const [mediaType, medium, test] of SIGNATURES) if (test(bytes)) return { medium, mediaType }
  if (isText(bytes)) return { medium: 'text', mediaType: 'text/plain' }
  return { medium: 'other', mediaType: 'application/octet-stream' }
}

function starts(text: string, at = 0) {
  return (bytes: Uint8Array) => [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0))
}

const riff = (form: string) => (bytes: Uint8Array) => starts('RIFF')(bytes) && starts(form, 8)(bytes)
const ftyp =
  (...brands: string[]) =>
  (bytes: Uint8Array) =>
    starts('ftyp', 4)(bytes) && brands.some((brand) => starts(brand, 8)(bytes))

const SIGNATURES: [string, Medium, (bytes: Uint8Array) => boolean][] = [
  ['image/jpeg', 'picture', starts('\xff\xd8\xff')],
  ['image/png', 'picture', starts('\x89PNG\r\n\x1a\n')],
  ['image/webp', 'picture', riff('WEBP')],
  ['image/gif', 'picture', (bytes) => starts('GIF87a')(bytes) || starts('GIF89a')(bytes)],
  ['image/tiff', 'picture', (bytes) => starts('II*\0')(bytes) || starts('MM\0*')(bytes)],
  ['image/avif', 'picture', ftyp('avif', 'avis')],
  ['audio/wav', 'sound', riff('WAVE')],
  ['audio/flac', 'sound', (bytes) => starts('fLaC', id3Length(bytes))(bytes)],
  ['audio/ogg', 'sound', starts('OggS')],
  ['audio/mpeg', 'sound', (bytes) => starts('ID3')(bytes) || (bytes[0] === 0xff && (bytes[1]! & 0xe6) === 0xe2)],
  ['audio/mp4', 'sound', ftyp('M4A ')],
  ['video/mp4', 'video', ftyp('isom', 'iso', 'mp4', 'avc1', 'qt  ', 'M4V', 'dash', '3gp', 'MSNV')],
  ['video/webm', 'video', starts('\x1a\x45\xdf\xa3')],
  ['video/avi', 'video', riff('AVI ')],
  ['application/zip', 'other', starts('PK\x03\x04')],
]

/** Bytes of an ID3v2 tag at the beginning, which some writers put before FLAC, too (ID3v2.4 section 3.1). */
function id3Length(bytes: Uint8Array): number {
  if (!starts('ID3')(bytes) || bytes.length < 10) return 0
  return 10 + bytes.subarray(6, 10).reduce((length, byte) => length * 128 + (byte & 0x7f), 0)
}

/** Whole and valid UTF-8 without control characters other than white space. */
function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes.subarray(0, 65_536))
    if (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return bytes.length > 0
  } catch {
    return false
  }
}
