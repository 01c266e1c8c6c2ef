import type { Sharp } from 'sharp'
import { ColophonError, asColophonError, limits } from '../foundation/index.ts'
import { decodedSideMax, isDecodedWhole } from './codes.ts'
import { openFrames, type FilmFrames } from './frames.ts'
import type { Pixels } from './pdq.ts'

/** Pixels reduced to what most codes look at, those before they were, where there are not too many, and other pages. */
export interface DecodedPicture {
  pixels: Pixels
  whole: Pixels
  frames: FilmFrames | undefined
}

/**
 * Decodes a picture upright and on white, within limits on its declared size, so that a bomb is refused unopened. Of an
 * animated picture, or one with several pages, the others are frames. Errors: `picture_too_large`, `unreadable_file`.
 */
export async function decodePicture(bytes: Uint8Array, where: string): Promise<DecodedPicture> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  const openPage = (page: number) =>
    sharp(bytes, { limitInputPixels: limits.picturePixelsMax, failOn: 'error', pages: 1, page })
  try {
    const { width, height, pages = 1, delay } = await openPage(0).metadata()
    checkSize(width, height, where)
    const side = decodedSideMax(width, height)
    const isWhole = isDecodedWhole(width, height)
    const whole = await decodePage(openPage(0), isWhole ? Math.max(width, height) : side)
    const { data, ...raw } = whole
    const pixels =
      whole.width > side || whole.height > side
        ? await decodePage(sharp(Buffer.from(data.buffer, data.byteOffset, data.length), { raw }), side)
        : whole
    return { pixels, whole, frames: pages === 1 ? undefined : await decodePages(openPage, pages, delay) }
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

function checkSize(width: number, height: number, where: string): void {
  const { picturePixelsMax, pictureSideMax } = limits
  if (width > pictureSideMax || height > pictureSideMax || width * height > picturePixelsMax) {
    throw new ColophonError('picture_too_large', `the picture claims ${width} × ${height} pixels`, {
      where,
      remedy: 'Send a smaller version of it.',
    })
  }
}

async function decodePage(image: Sharp, side: number): Promise<Pixels> {
  const { data, info } = await image
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels as 3 | 4, data }
}

/** Of many or large pages so many are looked at as their pixels allow, evenly spread. A page without a time of its own stands for a second. */
async function decodePages(
  openPage: (page: number) => Sharp,
  pages: number,
  delay: number[] | undefined,
): Promise<FilmFrames | undefined> {
  const frames = openFrames()
  const { width = 1, height = 1 } = await openPage(0).metadata()
  const affordable = Math.max(1, Math.floor(limits.picturePagesPixelsMax / (width * height)))
  const step = Math.max(1, pages / Math.min(limits.picturePagesMax, affordable))
  const startMs = (page: number) => (delay ? delay.slice(0, page).reduce((sum, ms) => sum + ms, 0) : page * 1000)
  for (let at = 0; at < pages; at += step) {
    const page = Math.floor(at)
    const image = openPage(page)
    const size = await image.metadata()
    if (size.width * size.height > limits.picturePixelsMax) continue
    frames.take(await decodePage(image, 512), startMs(page) / 1000)
  }
  return frames.frames()
}
