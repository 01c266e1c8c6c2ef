import sharp from 'sharp'
import { background, mix, sheet } from './drawings/svg.ts'
import { type Seeded, seeded } from './seeded.ts'
import { bouquet, corridor, landscape, leaves, sea, town } from './unrelatedScenes.ts'
import { type Canvas, cells, collage, lights, scribble, stripes, tiles } from './unrelatedShapes.ts'

const SIZES = [
  [320, 240],
  [320, 214],
  [240, 320],
  [300, 300],
  [340, 226],
  [256, 320],
] as const

/**
 * Pictures that have nothing to do with the works: the crowd in which a search must find them. Twelve kinds take
 * turns, and within a kind colours, places and sizes differ. The same `count` or a larger one gives the same first ones.
 */
export async function drawUnrelatedPictures(count: number): Promise<{ fileName: string; bytes: Uint8Array }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const random = seeded(`unrelated ${index}`)
      const [width, height] = random.pick(SIZES)
      const canvas = { width, height, colours: palette(random) }
      const kind = KINDS[index % KINDS.length] as (random: Seeded, canvas: Canvas) => string
      const svg = sheet(width, height, background(width, height, canvas.colours[0]), kind(random, canvas))
      const file = await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 80 }).toBuffer()
      return { fileName: `unrelated-${String(index + 1).padStart(4, '0')}.jpg`, bytes: new Uint8Array(file) }
    }),
  )
}

const KINDS = [landscape, stripes, lights, tiles, bouquet, sea, town, scribble, cells, collage, corridor, leaves]

function palette(random: Seeded): Canvas['colours'] {
  const colour = (): string => {
    const parts = [random.next(), random.next(), random.next()].map((part) => Math.round(30 + part * 215))
    return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  }
  const [first, second] = [colour(), colour()]
  const light = random.chance(0.5)
  const ground = mix(first, light ? '#ffffff' : '#000000', random.between(0.2, 0.75))
  return [ground, first, second, mix(second, light ? '#000000' : '#ffffff', random.between(0.2, 0.6)), colour()]
}
