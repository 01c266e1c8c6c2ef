import {
  byteCodes,
  greyThumbnail,
  pictureCodes,
  soundCodes,
  textCodes,
  wholePictureCodes,
  type FileCodes,
} from '../../fingerprints/codes.ts'
import { SOUND_RATE } from '../../fingerprints/chromaprint.ts'
import type { DocumentLibraries } from '../../fingerprints/documents/libraries.ts'
import { isDocument, readDocument } from '../../fingerprints/documents/readDocument.ts'
import { pictureKeepsake, soundKeepsake, type Keepsake } from './keepsake.ts'
import { decodePicture } from './decodePicture.ts'
import { filmFrames } from './film.ts'
import { sniff } from '../../fingerprints/sniff.ts'

const SOUND_SECONDS_MAX = 1800
export const FILE_BYTES_MAX = 300 * 1024 * 1024

/** What a document may be and become on this device. */
const MOST = {
  textLength: 64 * 1024 * 1024,
  pages: 10_000,
  archiveEntries: 10_000,
  inflatedBytes: 256 * 1024 * 1024,
  markupDepth: 500,
}

/** Each library is fetched when a document needs it. */
const libraries: DocumentLibraries = {
  fflate: () => load('fflate/esm/browser.js'),
  htmlparser2: () => load('htmlparser2/dist/Parser.js'),
  pdfjs: () => load('unpdf/dist/pdfjs.mjs'),
}

function load<Library>(path: string): Promise<Library> {
  return import(`/modules/vendor/${path}`)
}

/** Sounds and films are decoded by what only a page has. */
export class NeedsPage extends Error {}

/** All codes of a file, computed on this device. What is not plain text or a picture has the codes of its bytes. */
export async function identify(file: File, take?: (keepsake: Keepsake) => void): Promise<FileCodes> {
  return identifyFor('check', file, take)
}

/** The codes that a declaration holds: what parts are found by is left out. */
export async function identifyToDeclare(file: File): Promise<FileCodes> {
  return identifyFor('declare', file)
}

async function identifyFor(
  purpose: 'check' | 'declare',
  file: File,
  take?: (keepsake: Keepsake) => void,
): Promise<FileCodes> {
  if (file.size > FILE_BYTES_MAX) throw new Error(`> ${FILE_BYTES_MAX / 1024 / 1024} MB`)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const { medium, mediaType } = sniff(bytes)
  if ((medium === 'sound' || medium === 'video') && !('document' in globalThis)) throw new NeedsPage()
  const digests = { sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), blake3: await blake3(bytes) }
  const base = { medium, mediaType, byteLength: bytes.length, codes: byteCodes(bytes, digests) }
  if (medium === 'text') {
    const text = isDocument(mediaType)
      ? await readDocument(bytes, mediaType, libraries, MOST).catch((error: Error) => error)
      : new TextDecoder().decode(bytes)
    // A scan or a document with a password is still a work, known by its bytes.
    if (text instanceof Error) return { ...base, unread: text.message }
    const { codes, passages, passageText } = textCodes(text)
    return { ...base, codes: { ...base.codes, ...codes }, passages, passageText }
  }
  if (medium === 'sound' || medium === 'video') {
    // What this browser cannot decode is still a work, known by its bytes; many films are silent.
    const isSeen = medium === 'video' && purpose === 'check'
    const frames = isSeen ? await filmFrames(file).catch((error: Error) => error) : undefined
    const seen = frames && !(frames instanceof Error) ? { frames } : {}
    const samples = await decodeSound(bytes).catch((error: Error) => error)
    if (samples instanceof Error)
      return {
        ...base,
        ...seen,
        ...(frames === undefined || frames instanceof Error ? { unread: samples.message } : {}),
      }
    take?.(soundKeepsake(samples, SOUND_RATE))
    const { codes, items } = soundCodes(samples)
    return { ...base, ...seen, codes: { ...base.codes, ...codes }, items }
  }
  if (medium === 'picture') {
    const { pixels, whole } = await decodePicture(bytes, mediaType)
    if (take) take(await pictureKeepsake(file))
    const grey = greyThumbnail(pixels)
    const picture = purpose === 'check' ? pictureCodes(pixels, grey, whole) : wholePictureCodes(whole, grey)
    return { ...base, ...picture, codes: { ...base.codes, ...picture.codes } }
  }
  return base
}

/** The browser's own decoder, down to one channel at the rate that the codes want. */
async function decodeSound(bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, 1, SOUND_RATE)
  const sound = await context.decodeAudioData(bytes.slice().buffer)
  const seconds = Math.min(sound.duration, SOUND_SECONDS_MAX)
  const mixing = new OfflineAudioContext(1, Math.max(1, Math.floor(seconds * SOUND_RATE)), SOUND_RATE)
  const source = mixing.createBufferSource()
  source.buffer = sound
  source.connect(mixing.destination)
  source.start()
  return (await mixing.startRendering()).getChannelData(0)
}

async function blake3(bytes: Uint8Array): Promise<Uint8Array> {
  const library = '/modules/vendor/hash-wasm/dist/blake3.umd.min.js'
  await import(library)
  const hex: string = await (
    globalThis as unknown as { hashwasm: { blake3(data: Uint8Array): Promise<string> } }
  ).hashwasm.blake3(bytes)
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16))
}
