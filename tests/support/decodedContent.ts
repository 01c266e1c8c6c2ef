import { createHash } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import sharp from 'sharp'
import { documentText } from '../../src/fingerprints/index.ts'
import type { MarkFormat } from '../../src/marking/formats.ts'

/**
 * What a file holds for whoever uses it: pixels, samples, texts, entries. Two files whose answers are equal are the same
 * work; marks in them do not count.
 */
export async function decodedContent(bytes: Uint8Array, format: MarkFormat): Promise<unknown> {
  if (format === 'svg') return [await pixels(bytes), withoutMetadata(strFromU8(bytes))]
  if (format === 'pdf') return documentText(bytes, 'application/pdf', 'test')
  if (format === 'epub' || format === 'docx' || format === 'odt') return entries(bytes)
  if (format === 'wav') return riffChunk(bytes, 'data')
  if (format === 'flac') return flacFrames(bytes)
  if (format === 'mp3') return mp3Frames(bytes)
  if (format === 'mp4' || format === 'mov' || format === 'm4a') return chunksOfTracks(bytes)
  return pixels(bytes)
}

async function pixels(bytes: Uint8Array): Promise<unknown> {
  const { data, info } = await sharp(bytes, { animated: true }).raw().toBuffer({ resolveWithObject: true })
  return [info.width, info.height, info.channels, digest(data)]
}

function withoutMetadata(svg: string): string {
  return svg.replace(/<metadata>[^]*?<\/metadata>/g, '').replace(/ xmlns:c2pa="[^"]*"/, '')
}

/** Without the manifest, its folder, and the line that declares its kind. */
function entries(bytes: Uint8Array): unknown {
  return Object.entries(unzipSync(bytes))
    .filter(([name]) => name !== 'META-INF/' && name !== 'META-INF/content_credential.c2pa')
    .map(([name, content]) => [name, name.endsWith('.xml') ? withoutDeclaration(strFromU8(content)) : digest(content)])
}

function withoutDeclaration(xml: string): string {
  return xml.replace('<Default Extension="c2pa" ContentType="application/c2pa"/>', '')
}

function riffChunk(bytes: Uint8Array, id: string): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let at = 12; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2))
    if (strFromU8(bytes.subarray(at, at + 4)) === id)
      return digest(bytes.subarray(at + 8, at + 8 + view.getUint32(at + 4, true)))
  throw new Error(`no chunk ${id}`)
}

/** Everything after the last block of metadata. A tag may stand before the stream. */
function flacFrames(bytes: Uint8Array): string {
  let at = Buffer.from(bytes).indexOf('fLaC') + 4
  for (let isLast = false; !isLast; at += 4 + bytes[at + 1]! * 65_536 + bytes[at + 2]! * 256 + bytes[at + 3]!)
    isLast = bytes[at]! >= 0x80
  return digest(bytes.subarray(at))
}

function mp3Frames(bytes: Uint8Array): string {
  if (strFromU8(bytes.subarray(0, 3)) !== 'ID3') return digest(bytes)
  const [a, b, c, d] = bytes.subarray(6, 10) as unknown as [number, number, number, number]
  return digest(bytes.subarray(10 + ((a << 21) | (b << 14) | (c << 7) | d)))
}

/** The bytes at every place where a track says that its samples lie, up to 64 of each chunk; and all media data. */
function chunksOfTracks(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const media: string[] = []
  const chunks: string[][] = []
  const walk = (start: number, end: number) => {
    for (let at = start; at + 8 <= end; at += view.getUint32(at)) {
      const type = strFromU8(bytes.subarray(at + 4, at + 8), true)
      const next = at + view.getUint32(at)
      if (['moov', 'trak', 'mdia', 'minf', 'stbl'].includes(type)) walk(at + 8, next)
      if (type === 'mdat') media.push(digest(bytes.subarray(at + 8, next)))
      if (type !== 'stco') continue
      const offsets = Array.from({ length: view.getUint32(at + 12) }, (_, i) => view.getUint32(at + 16 + 4 * i))
      chunks.push(offsets.map((offset) => digest(bytes.subarray(offset, offset + 64))))
    }
  }
  walk(0, bytes.length)
  if (chunks.length === 0 || media.length === 0) throw new Error('no track, or no media')
  return { media, chunks }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
