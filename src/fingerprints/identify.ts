import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { blake3, createBLAKE3 } from 'hash-wasm'
import { ColophonError, fromHex, limits, sha256, toHex } from '../foundation/index.ts'
import { byteCodes, greyThumbnail, pictureCodes, soundCodes, textCodes, type FileCodes } from './codes.ts'
import { documentText } from './documents.ts'
import { decodeFilm } from './decodeFilm.ts'
import { decodePicture } from './decodePicture.ts'
import { decodeSound } from './decodeSound.ts'
import type { MediaSource } from './ffmpeg.ts'
import { openDataCode } from './isccData.ts'
import type { Pixels } from './pdq.ts'
import { sniff } from './sniff.ts'

/** What was decoded on the way to the codes, for whoever wants to keep something of it. */
export interface DecodedFile {
  /** Upright, on white. */
  pixels?: Pixels
  /** One channel at `SOUND_RATE`. */
  samples?: Float32Array
}

/** All codes of a file on disk. Errors: `unreadable_file`, `empty_file`, `too_large`, `picture_too_large`. */
export async function identifyFile(path: string, take?: (decoded: DecodedFile) => void): Promise<FileCodes> {
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
  return identifyBytes(bytes, path, take)
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
  const kind = sniff(head!.subarray(0, end - 1))
  return withMediaCodes({ ...kind, byteLength, codes }, { path }, path)
}

/** Adds what is heard and seen in a sound or film. What cannot be decoded is still a work, known by its bytes. */
async function withMediaCodes(
  base: FileCodes,
  source: MediaSource,
  where: string,
  take?: (decoded: DecodedFile) => void,
): Promise<FileCodes> {
  if (base.medium !== 'sound' && base.medium !== 'video') {
    const isRead = base.medium === 'other' || 'bytes' in source
    return isRead ? base : { ...base, unread: 'the file is too large to be opened' }
  }
  const found: FileCodes = { ...base, codes: { ...base.codes } }
  const reasons: string[] = []
  const attempt = async (read: () => Promise<void>) => {
    try {
      await read()
    } catch (error) {
      if (!(error instanceof ColophonError) || error.code !== 'unreadable_file') throw error
      reasons.push(error.message)
    }
  }
  if (base.medium === 'video')
    await attempt(async () => {
      const { frames, videoCode, isComplete } = await decodeFilm(source, base.mediaType, where)
      if (frames) found.frames = frames
      if (videoCode) found.codes['iscc-video-v0'] = toHex(videoCode)
      if (!isComplete) reasons.push('the film took too long: only its beginning was looked at')
    })
  await attempt(async () => {
    const samples = await decodeSound(source, base.mediaType, where)
    take?.({ samples })
    const { codes, items } = soundCodes(samples)
    Object.assign(found.codes, codes)
    found.items = items
  })
  // Many films are silent, and that is no fault of theirs.
  const isSilentFilm = found.frames !== undefined && reasons.length === 1 && found.items === undefined
  return { ...found, ...(reasons.length > 0 && !isSilentFilm ? { unread: [...new Set(reasons)].join('; ') } : {}) }
}

/** All codes of a file in memory. `where` names it in errors; `take` is given what was decoded. */
export async function identifyBytes(
  bytes: Uint8Array,
  where: string,
  take?: (decoded: DecodedFile) => void,
): Promise<FileCodes> {
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
  if (medium === 'picture') {
    const { pixels, whole, frames } = await decodePicture(bytes, where)
    take?.({ pixels })
    const picture = pictureCodes(pixels, greyThumbnail(pixels), whole)
    return { ...base, ...picture, ...(frames ? { frames } : {}), codes: { ...base.codes, ...picture.codes } }
  }
  return withMediaCodes(base, { bytes }, where, take)
}
