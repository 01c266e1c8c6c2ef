import sharp from 'sharp'
import { seeded } from '../seeded.ts'

const GRAIN_SIDE = 512

/** A drawing before it becomes pixels. */
export interface Drawing {
  /** File name with `.jpg` or `.png`: it decides the format. */
  fileName: string
  title: string
  svg: string
  /** How much paper or canvas shows through, in steps of 0..255; 0 leaves the surface clean. */
  grain: number
}

/**
 * The drawing as the bytes of a JPEG or PNG file. The same drawing gives the same bytes as long as the renderer is the
 * same one; nothing of the day or of the machine is written into the file.
 */
export async function rasterise(drawing: Drawing): Promise<Uint8Array> {
  const { data, info } = await sharp(Buffer.from(drawing.svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  addGrain(data, info.width, info.channels, drawing.grain)
  const pixels = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
  const file = drawing.fileName.endsWith('.png')
    ? pixels.png({ compressionLevel: 4 })
    : pixels.jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
  return new Uint8Array(await file.toBuffer())
}

/** Flat areas of a computed drawing look like plastic; paper and canvas scatter light. */
function addGrain(data: Uint8Array, width: number, channels: number, strength: number): void {
  if (strength === 0) return
  const grain = grainTile()
  for (let offset = 0, pixel = 0; offset < data.length; offset += channels, pixel++) {
    const x = pixel % width
    const y = (pixel - x) / width
    const change = (grain[(y % GRAIN_SIDE) * GRAIN_SIDE + (x % GRAIN_SIDE)] as number) * strength
    for (let channel = 0; channel < channels; channel++) {
      const value = (data[offset + channel] as number) + change
      data[offset + channel] = value < 0 ? 0 : value > 255 ? 255 : value
    }
  }
}

let tile: Float32Array | undefined

/** Noise in -1..1 that is smeared along both threads of a canvas. */
function grainTile(): Float32Array {
  if (tile) return tile
  const random = seeded('paper grain')
  const raw = Float32Array.from({ length: GRAIN_SIDE * GRAIN_SIDE }, () => random.between(-1, 1))
  tile = raw.map((value, index) => {
    const right = raw[(index + 1) % raw.length] as number
    const below = raw[(index + GRAIN_SIDE) % raw.length] as number
    return (value * 2 + right + below) / 4
  })
  return tile
}
