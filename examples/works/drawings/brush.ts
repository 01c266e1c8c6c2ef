import type { Seeded } from '../seeded.ts'
import { curve, path, type Attributes } from './svg.ts'

/** A rectangle on the sheet, in pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Brush strokes that fill a box: `count` for each colour, `length` and `thickness` in pixels, `angle` in degrees from
 * the horizontal. Strokes bend a little and are never parallel, which is what makes a flat area look painted.
 */
export function brushed(
  random: Seeded,
  box: Box,
  colours: readonly string[],
  stroke: { count: number; length: number; thickness: number; angle?: number; opacity?: number },
): string {
  return colours
    .map((colour) => {
      let d = ''
      for (let index = 0; index < stroke.count; index++) {
        const angle = (((stroke.angle ?? 0) + random.bell() * 7) * Math.PI) / 180
        const length = stroke.length * random.between(0.4, 1.3)
        const [x, y] = [box.x + random.next() * box.width, box.y + random.next() * box.height]
        const [dx, dy] = [(Math.cos(angle) * length) / 2, (Math.sin(angle) * length) / 2]
        const bend = random.bell() * length * 0.06
        d += curve([
          [x - dx, y - dy],
          [x + bend * Math.sin(angle), y + bend],
          [x + dx, y + dy],
        ])
      }
      return strokes(d, colour, stroke.thickness * random.between(0.7, 1.3), { opacity: stroke.opacity ?? 0.35 })
    })
    .join('')
}

/** Parallel pen lines across a box, each trembling; clip them with `clip-path` to shade a shape. */
export function hatched(random: Seeded, box: Box, angle: number, gap: number): string {
  const radians = (angle * Math.PI) / 180
  const [along, across] = [
    [Math.cos(radians), Math.sin(radians)],
    [-Math.sin(radians), Math.cos(radians)],
  ] as const
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
  const reach = Math.hypot(box.width, box.height) / 2
  let d = ''
  for (let offset = -reach; offset < reach; offset += gap * random.between(0.75, 1.25)) {
    const point = (t: number): [number, number] => [
      cx + along[0] * t * reach + across[0] * (offset + random.bell()),
      cy + along[1] * t * reach + across[1] * (offset + random.bell()),
    ]
    d += curve([point(-1), point(-0.3), point(0.35), point(1)])
  }
  return d
}

/** A path that is drawn and not filled, with round ends. */
export function strokes(d: string, colour: string, thickness: number, more: Attributes = {}): string {
  return path(d, { fill: 'none', stroke: colour, 'stroke-width': thickness, 'stroke-linecap': 'round', ...more })
}
