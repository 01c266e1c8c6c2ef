import { hatched, strokes } from './drawings/brush.ts'
import { curve, dots, element, gradient, group, mix, path, pebble, type Point, straight } from './drawings/svg.ts'
import type { Seeded } from './seeded.ts'

/** What a kind of picture gets: a size in pixels and five colours, the first for the ground. */
export interface Canvas {
  width: number
  height: number
  colours: readonly [string, string, string, string, string]
}

/** Stripes of uneven width, turned. */
export function stripes(random: Seeded, { width, height, colours }: Canvas): string {
  const angle = random.between(-90, 90)
  let x = -width
  const bars: string[] = []
  while (x < width * 2) {
    const wide = random.between(4, 40)
    bars.push(element('rect', { x, y: -height, width: wide, height: height * 3, fill: random.pick(colours) }))
    x += wide + random.between(0, 12)
  }
  return group({ transform: `rotate(${angle.toFixed(0)} ${width / 2} ${height / 2})` }, ...bars)
}

/** Lights out of focus. */
export function lights(random: Seeded, { width, height, colours }: Canvas): string {
  const [cx, cy] = [random.between(0, width), random.between(0, height)]
  return colours
    .slice(1)
    .map((colour) =>
      path(
        dots(
          Array.from(
            { length: random.whole(5, 16) },
            () => [cx + random.bell() * width * 0.4, cy + random.bell() * height * 0.4, random.between(4, 38)] as const,
          ),
        ),
        { fill: colour, opacity: random.between(0.3, 0.8) },
      ),
    )
    .join('')
}

/** Tiles cut in four ways. */
export function tiles(random: Seeded, { width, height, colours }: Canvas): string {
  const size = random.between(18, 60)
  const parts: string[] = []
  for (let y = 0; y < height; y += size) {
    for (let x = 0; x < width; x += size) {
      const [right, below] = [x + size, y + size]
      const corner = random.pick<Point[]>([
        [
          [x, y],
          [right, y],
          [x, below],
        ],
        [
          [right, y],
          [right, below],
          [x, y],
        ],
        [
          [x, y],
          [right, y],
          [right, below],
          [x, below],
        ],
        [
          [x, below],
          [right, below],
          [(x + right) / 2, y],
        ],
      ])
      if (random.chance(0.75)) parts.push(path(straight(corner, true), { fill: random.pick(colours) }))
    }
  }
  return parts.join('')
}

/** A few long lines of a pen. */
export function scribble(random: Seeded, { width, height, colours }: Canvas): string {
  return colours
    .slice(1)
    .map((colour) => {
      const points = Array.from({ length: random.whole(6, 22) }, (): Point => [
        random.between(-10, width + 10),
        random.between(-10, height + 10),
      ])
      return strokes(curve(points), colour, random.between(1.5, 13))
    })
    .join('')
}

/** Cells with their kernels. */
export function cells(random: Seeded, { width, height, colours }: Canvas): string {
  return Array.from({ length: random.whole(8, 40) }, () => {
    const [place, rx, ry]: [Point, number, number] = [
      [random.between(0, width), random.between(0, height)],
      random.between(10, 52),
      random.between(10, 46),
    ]
    const colour = random.pick(colours)
    return (
      path(curve(pebble(random, place, rx, ry, 0.2), true), {
        fill: colour,
        stroke: mix(colour, '#000000', 0.5),
        'stroke-width': 2,
      }) + path(curve(pebble(random, place, rx * 0.35, ry * 0.35, 0.2), true), { fill: mix(colour, '#ffffff', 0.5) })
    )
  }).join('')
}

/** Cut papers with some pen work. */
export function collage(random: Seeded, { width, height, colours }: Canvas): string {
  const id = 'fade'
  const papers = Array.from({ length: random.whole(3, 9) }, (_, index) => {
    const box = {
      x: random.between(-30, width * 0.8),
      y: random.between(-30, height * 0.8),
      width: random.between(40, width * 0.7),
      height: random.between(30, height * 0.7),
    }
    const turn = `rotate(${random.between(-40, 40).toFixed(0)} ${width / 2} ${height / 2})`
    return element('rect', {
      ...box,
      fill: index % 3 ? random.pick(colours) : `url(#${id})`,
      opacity: 0.9,
      transform: turn,
    })
  })
  const pen = strokes(
    hatched(
      random,
      { x: random.between(0, width / 2), y: random.between(0, height / 2), width: 120, height: 90 },
      random.between(0, 180),
      7,
    ),
    colours[3],
    1.6,
  )
  return (
    element(
      'defs',
      {},
      gradient(id, random.between(0, 180), [
        [0, colours[2]],
        [1, colours[4]],
      ]),
    ) +
    papers.join('') +
    pen
  )
}
