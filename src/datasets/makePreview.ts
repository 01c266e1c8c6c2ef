import type { DecodedFile } from '../fingerprints/index.ts'
import { SOUND_RATE } from '../fingerprints/index.ts'
import type { Preview } from './previews.ts'

const PICTURE_SIDE_MAX = 192
const PICTURE_QUALITY = 70
const PEAKS = 200

/** A preview of what was decoded while a file was identified: nothing is decoded twice. */
export async function makePreview({ pixels, samples }: DecodedFile): Promise<Preview | undefined> {
  if (pixels) return picturePreview(pixels)
  return samples && samples.length > 0 ? soundPreview(samples) : undefined
}

async function picturePreview({ width, height, channels, data }: NonNullable<DecodedFile['pixels']>): Promise<Preview> {
  const { default: sharp } = await import('sharp')
  const { data: bytes, info } = await sharp(data, { raw: { width, height, channels } })
    .resize({ width: PICTURE_SIDE_MAX, height: PICTURE_SIDE_MAX, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: PICTURE_QUALITY })
    .toBuffer({ resolveWithObject: true })
  return { kind: 'picture', measures: [info.width, info.height], bytes }
}

/** The loudest sample of each of two hundred parts, as a byte. */
function soundPreview(samples: Float32Array): Preview {
  const bytes = Uint8Array.from({ length: PEAKS }, (_, part) => {
    let most = 0
    const end = Math.floor(((part + 1) * samples.length) / PEAKS)
    for (let i = Math.floor((part * samples.length) / PEAKS); i < end; i++) most = Math.max(most, Math.abs(samples[i]!))
    return Math.min(255, Math.round(most * 255))
  })
  return { kind: 'sound', measures: [samples.length / SOUND_RATE, 0], bytes }
}
