import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { blake3, createBLAKE3 } from 'hash-wasm'
import { ColophonError, asColophonError, fromHex, limits, sha256, toHex } from '../foundation/index.ts'
import {
  byteCodes,
  decodedSideMax,
  greyThumbnail,
  pictureCodes,
  soundCodes,
  textCodes,
  type FileCodes,
} from './codes.ts'
import { documentText } from './documents.ts'
import { decodeSound } from './decodeSound.ts'
import { openDataCode } from './isccData.ts'
import type { Pixels } from './pdq.ts'
import { sniff } from './sniff.ts'

/** All codes of a file on disk. Errors: `unreadable_file`, `empty_file`, `too_large`, `picture_too_large`. */
export async function identifyFile(path: string): Promise<FileCodes> {
  let bytes: Uint8Array
  try {
    const { size } = statSync(path)
    if (size > limits.fileBytesMax)
      throw new ColophonError('too_large', `files of more than ${limits.fileBytesMax} bytes are not read`, {
        where: path,
      })
    if (size > WHOLE_BYTES_MAX) return await identifyStream(path, size)
    bytes = new Uint8Array(readFileSync(path))
  } catch (error) {
    if (error instanceof ColophonError) throw error
    throw new ColophonError('unreadable_file', 'the file cannot be read', {
      where: path,
      remedy: 'Check the name and the permissions.',
      cause: error,
    })
  }
  return identifyBytes(bytes, path)
}

/** Larger files are read as a stream: their bytes have codes, what they show or say is not looked at. */
const WHOLE_BYTES_MAX = 512 * 1024 * 1024

/** Codes of the bytes of a file of any size, in constant memory. */
async function identifyStream(path: string, byteLength: number): Promise<FileCodes> {
  const [sha, blake, data] = [createHash('sha256'), await createBLAKE3(), openDataCode()]
  let head: Uint8Array | undefined
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    head ??= Uint8Array.from(chunk)
    sha.update(chunk)
    blake.update(chunk)
    data.update(chunk)
  }
  const codes = {
    sha256: sha.digest('hex'),
    'iscc-instance-v0': blake.digest('hex'),
    'iscc-data-v0': toHex(data.digest()),
  }
  // The first piece may end within a character.
  let end = head!.length
  while (end > head!.length - 4 && (head![end - 1]! & 0xc0) === 0x80) end--
  return { ...sniff(head!.subarray(0, end - 1)), byteLength, codes }
}

/** All codes of a file in memory. `where` names it in errors. */
export async function identifyBytes(bytes: Uint8Array, where: string): Promise<FileCodes> {
  if (bytes.length === 0) throw new ColophonError('empty_file', 'the file is empty', { where })
  const { medium, mediaType } = sniff(bytes)
  const digests = { sha256: sha256(bytes), blake3: fromHex(await blake3(bytes)) }
  const base: FileCodes = { medium, mediaType, byteLength: bytes.length, codes: byteCodes(bytes, digests) }
  if (medium === 'text') {
    try {
      const { codes, ...passages } = textCodes(await documentText(bytes, mediaType, where))
      return { ...base, codes: { ...base.codes, ...codes }, ...passages }
    } catch (error) {
      // A scan, a document with a password, or a text of a thousand pages too many is still a work, known by its bytes.
      if (!(error instanceof ColophonError) || !['unreadable_file', 'too_large'].includes(error.code)) throw error
      return { ...base, unread: error.message }
    }
  }
  if (medium === 'sound' || medium === 'video') {
    try {
      const { codes, items } = soundCodes(await decodeSound(bytes, mediaType, where))
      return { ...base, codes: { ...base.codes, ...codes }, items }
    } catch (error) {
      if (!(error instanceof ColophonError) || error.code !== 'unreadable_file') throw error
      return { ...base, unread: error.message }
    }
  }
  if (medium === 'picture') {
    const pixels = await decodePicture(bytes, where)
    const picture = pictureCodes(pixels, greyThumbnail(pixels))
    return { ...base, ...picture, codes: { ...base.codes, ...picture.codes } }
  }
  return base
}

/** Decodes a picture upright and on white, within limits on its declared size, so that a bomb is refused unopened. */
async function decodePicture(bytes: Uint8Array, where: string): Promise<Pixels> {
  const pixelsMax = limits.picturePixelsMax
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  try {
    const image = sharp(bytes, { limitInputPixels: pixelsMax, failOn: 'error', pages: 1 })
    const { width, height } = await image.metadata()
    if (width > limits.pictureSideMax || height > limits.pictureSideMax || width * height > pixelsMax) {
      throw new ColophonError('picture_too_large', `the picture claims ${width} × ${height} pixels`, {
        where,
        remedy: 'Send a smaller version of it.',
      })
    }
    const side = decodedSideMax(width, height)
    const { data, info } = await image
      .rotate()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, channels: info.channels as 3 | 4, data }
  } catch (error) {
    if (error instanceof ColophonError) throw error
    if (/exceeds pixel limit/i.test(asColophonError(error).message)) {
      throw new ColophonError('picture_too_large', 'the picture is too large to be opened safely', {
        where,
        cause: error,
      })
    }
    throw new ColophonError('unreadable_file', 'the picture cannot be decoded', {
      where,
      remedy: 'It may be damaged or cut short; try the original file.',
      cause: error,
    })
  }
}
