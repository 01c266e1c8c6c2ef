import sharp, { type Sharp } from 'sharp'
import { photographed } from './photograph.ts'

/** A picture to which something is done; three others for a collage; and numbers from 0 to 1 that are the same every time. */
interface Shot {
  bytes: Uint8Array
  width: number
  height: number
  others: readonly Uint8Array[]
  random: () => number
}

/** The changed copy as the file that somebody would publish. */
export type Attack = (shot: Shot) => Promise<Buffer>

/** A change after which the copy is saved as an ordinary JPEG. */
const saved =
  (change: (image: Sharp, shot: Shot) => Sharp): Attack =>
  (shot) =>
    change(sharp(shot.bytes), shot).jpeg({ quality: 80 }).toBuffer()

const crop = (area: number, x = 0.5, y = 0.5): Attack => saved((image, shot) => image.extract(cut(shot, area, x, y)))

function cut({ width, height }: Shot, area: number, x: number, y: number) {
  const [w, h] = [width, height].map((side) => Math.round(side * Math.sqrt(area))) as [number, number]
  return { left: Math.round((width - w) * x), top: Math.round((height - h) * y), width: w, height: h }
}

export const PICTURE_ATTACKS: Record<string, Attack> = {
  unchanged: ({ bytes }) => sharp(bytes).jpeg({ quality: 90 }).toBuffer(),
  'JPEG quality 20': ({ bytes }) => sharp(bytes).jpeg({ quality: 20 }).toBuffer(),
  'WebP quality 30': ({ bytes }) => sharp(bytes).webp({ quality: 30 }).toBuffer(),
  'a quarter of the size': saved((image, { width }) => image.resize(Math.round(width / 4))),
  'a tenth of the size': saved((image, { width }) => image.resize(Math.round(width / 10))),
  mirrored: saved((image) => image.flop()),
  'mirrored crop to 50% of the area': async (shot) =>
    sharp(await crop(0.5, 0.3, 0.6)(shot))
      .flop()
      .jpeg({ quality: 80 })
      .toBuffer(),
  'turned by 90°': saved((image) => image.rotate(90)),
  'turned by 10°': saved((image) => image.rotate(10, { background: '#fff' })),
  'turned by 33°': saved((image) => image.rotate(33, { background: '#000' })),
  grey: saved((image) => image.greyscale()),
  darker: saved((image) => image.modulate({ brightness: 0.6 })),
  'stronger contrast': saved((image) => image.linear(1.5, -60)),
  blurred: saved((image, { width }) => image.blur(Math.max(1, width / 300))),
  'squeezed to three quarters': saved((image, { width, height }) =>
    image.resize(Math.round(width * 0.75), height, { fit: 'fill' }),
  ),
  'crop to 90% of the area': crop(0.9, 0.3, 0.7),
  'crop to 70% of the area': crop(0.7, 0.2, 0.5),
  'crop to 50% of the area': crop(0.5, 0.7, 0.3),
  'crop to 30% of the area': crop(0.3, 0.4, 0.6),
  'crop to 20% of the area': crop(0.2, 0.6, 0.4),
  'border of 15%': saved((image, { width }) => {
    const side = Math.round(width * 0.15)
    return image.extend({ top: side, bottom: side, left: side, right: side, background: '#224' })
  }),
  'one of four in a collage': collage,
  'in a window on a screen, half as wide as it': screenshot,
  'a print, photographed from an angle': ({ bytes, random }) => photographed(bytes, random),
  'text across it': watermarked,
  'first frame of an animated GIF': animated,
}

/** Four pictures in equal cells, the one that is looked for in the second. */
async function collage({ bytes, others }: Shot): Promise<Buffer> {
  const [width, height] = [700, 520]
  const cells = [others[0]!, bytes, others[1]!, others[2]!]
  const pieces = await Promise.all(
    cells.map((cell) => sharp(cell).resize(width, height, { fit: 'cover' }).png().toBuffer()),
  )
  return sharp({ create: { width: 2 * width + 30, height: 2 * height + 30, channels: 3, background: '#fff' } })
    .composite(
      pieces.map((input, i) => ({
        input,
        left: 10 + (i % 2) * (width + 10),
        top: 10 + Math.floor(i / 2) * (height + 10),
      })),
    )
    .jpeg({ quality: 80 })
    .toBuffer()
}

const SCREEN = { width: 1600, height: 1000 }

/** The picture in a window among a tool bar, a side bar and lines of text. */
async function screenshot({ bytes }: Shot): Promise<Buffer> {
  const picture = await sharp(bytes)
    .resize(SCREEN.width / 2, 660, { fit: 'inside' })
    .png()
    .toBuffer()
  const lines = Array.from({ length: 34 }, (_, i) => {
    const words = WORDS.slice(i % 7, (i % 7) + 5).join(' ')
    return `<text x="${i < 26 ? 30 : 360}" y="${i < 26 ? 140 + i * 32 : 870 + (i - 26) * 16}" font-size="15">${words}</text>`
  })
  const icons = Array.from({ length: 14 }, (_, i) => `<rect x="${350 + i * 44}" y="68" width="28" height="28" rx="5"/>`)
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${SCREEN.width}" height="${SCREEN.height}" font-family="sans-serif">
    <rect width="100%" height="100%" fill="#dfe3e8"/><rect width="100%" height="48" fill="#2b3440"/>
    <rect x="0" y="48" width="310" height="952" fill="#f6f6f4"/><rect x="330" y="56" width="1250" height="54" fill="#fff"/>
    <g fill="#7a8794">${icons.join('')}</g><g fill="#333">${lines.join('')}</g>
    <circle cx="28" cy="24" r="9" fill="#e66"/><circle cx="56" cy="24" r="9" fill="#eb5"/></svg>`
  return sharp(Buffer.from(frame))
    .composite([{ input: picture, left: 420, top: 150 }])
    .flatten({ background: '#fff' })
    .jpeg({ quality: 85 })
    .toBuffer()
}

const WORDS = 'every work has a note at its end that says who made it and how'.split(' ')

/** Words across the whole picture, as agencies and sellers put them. */
function watermarked({ bytes, width, height }: Shot): Promise<Buffer> {
  const size = Math.round(width / 14)
  const words = Array.from(
    { length: 6 },
    (_, i) =>
      `<text x="${(i % 2) * width * 0.1}" y="${((i + 0.7) * height) / 6}" font-size="${size}">PREVIEW ONLY · SAMPLE</text>`,
  )
  const layer = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g font-family="sans-serif" font-weight="bold" fill="#fff" fill-opacity=".55" stroke="#000" stroke-opacity=".3" transform="rotate(-14 ${width / 2} ${height / 2})">${words.join('')}</g></svg>`
  return sharp(bytes)
    .composite([{ input: Buffer.from(layer) }])
    .jpeg({ quality: 80 })
    .toBuffer()
}

async function animated({ bytes }: Shot): Promise<Buffer> {
  const first = await sharp(bytes).resize(480, 480, { fit: 'inside' }).png().toBuffer()
  const second = await sharp(first).negate().png().toBuffer()
  return sharp([first, second], { join: { animated: true } })
    .gif({ colours: 64 })
    .toBuffer()
}
