import { type Seeded, seeded } from '../seeded.ts'
import { details, INK, root } from './botanicalDetails.ts'
import { bud, flower, leaf } from './botanicalParts.ts'
import { strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, glow, gradient, path, pebble, type Point, sheet, straight } from './svg.ts'

const [WIDTH, HEIGHT] = [960, 1300]

/** A botanical plate of a plant that never grew: stem, root, leaves, flowers, and three details beside them. */
export function botanical(): Drawing {
  const random = seeded('botanical plate')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element('defs', {}, inks()),
    background(WIDTH, HEIGHT, 'url(#paper)'),
    foxing(random),
    root(random),
    stem(random),
    flower(random, 476, 232, 1.18, -8, 13),
    flower(random, 655, 400, 0.8, 42, 11),
    flower(random, 306, 372, 0.72, -52, 12),
    bud(596, 214, 26, 0.9),
    bud(392, 178, -30, 0.75),
    bud(744, 512, 58, 0.8),
    details(random),
    frame(34, 2.5),
    frame(44, 0.8),
    caption(random),
  )
  return { fileName: 'plate-of-an-invented-plant.jpg', title: 'Plate of an Invented Plant', svg, grain: 9 }
}

function inks(): string {
  return [
    glow('paper', 0.45, 0.4, 0.75, [
      [0, '#f8f0da'],
      [0.8, '#eddfbd'],
      [1, '#d8c498'],
    ]),
    gradient('leaf', 35, [
      [0, '#9dba62'],
      [0.5, '#5f8a45'],
      [1, '#2f5a38'],
    ]),
    gradient('underside', 35, [
      [0, '#c3cf9a'],
      [1, '#7fa06a'],
    ]),
    glow('petal', 0.5, 0.95, 1, [
      [0, '#fff3d6'],
      [0.3, '#f2a6a0'],
      [0.75, '#d14a66'],
      [1, '#8f2150'],
    ]),
    gradient('bud', 0, [
      [0, '#c23a60'],
      [0.6, '#e58a92'],
      [1, '#6f9450'],
    ]),
    gradient('pod', 60, [
      [0, '#c7b26a'],
      [1, '#7d6a30'],
    ]),
  ].join('')
}

function frame(inset: number, thickness: number): string {
  const [width, height] = [WIDTH - inset * 2, HEIGHT - inset * 2]
  return element('rect', { x: inset, y: inset, width, height, fill: 'none', stroke: INK, 'stroke-width': thickness })
}

function foxing(random: Seeded): string {
  const stains = Array.from({ length: 26 }, () =>
    path(
      curve(
        pebble(
          random,
          [random.between(0, WIDTH), random.between(0, HEIGHT)],
          random.between(4, 34),
          random.between(4, 26),
          0.3,
        ),
        true,
      ),
      { fill: '#b98d4c', opacity: random.between(0.04, 0.13) },
    ),
  )
  return stains.join('')
}

/** The stem with its side shoots; leaves hang on it in alternation. */
function stem(random: Seeded): string {
  const main: Point[] = [
    [470, 1010],
    [486, 860],
    [462, 690],
    [488, 520],
    [472, 380],
    [478, 250],
  ]
  const shoots: Point[][] = [
    [
      [468, 640],
      [548, 540],
      [610, 470],
      [650, 412],
    ],
    [
      [480, 560],
      [410, 500],
      [350, 440],
      [312, 388],
    ],
    [
      [474, 400],
      [520, 320],
      [570, 262],
      [592, 222],
    ],
    [
      [474, 350],
      [430, 290],
      [402, 240],
      [394, 190],
    ],
    [
      [596, 488],
      [660, 500],
      [706, 516],
      [740, 516],
    ],
  ]
  const lines = (colour: string, share: number): string =>
    strokes(curve(main), colour, 15 * share) +
    shoots.map((shoot) => strokes(curve(shoot), colour, 8.5 * share)).join('')
  const leaves = [
    leaf(random, 476, 830, -62, 215, 'leaf'),
    leaf(random, 484, 880, 66, 245, 'leaf'),
    leaf(random, 466, 720, 74, 230, 'underside'),
    leaf(random, 466, 700, -74, 235, 'leaf'),
    leaf(random, 486, 940, -84, 190, 'underside'),
    leaf(random, 548, 540, 82, 150, 'leaf'),
    leaf(random, 405, 498, -86, 160, 'leaf'),
    leaf(random, 482, 470, -28, 120, 'leaf'),
    leaf(random, 620, 458, 8, 104, 'underside'),
  ]
  return (
    leaves.slice(0, 5).join('') +
    lines(INK, 1) +
    lines('#6d9149', 0.8) +
    strokes(curve(main.map(([x, y]): Point => [x - 3, y])), '#b9cf86', 3, { opacity: 0.8 }) +
    leaves.slice(5).join('')
  )
}

/** Handwriting that says nothing: letters would need a font, and fonts differ between machines. */
function caption(random: Seeded): string {
  const scribble = (x: number, y: number, letters: number, size: number): string => {
    const points: Point[] = [[x, y]]
    for (let letter = 0; letter < letters; letter++) {
      const left = x + letter * size * 0.62
      const tall = random.chance(0.25) ? 1.7 : random.between(0.5, 0.8)
      points.push(
        [left + size * 0.2, y - size * tall],
        [left + size * 0.36, y - size * 0.1 + random.bell()],
        [left + size * 0.52, y - size * random.between(0.1, 0.45)],
      )
    }
    return curve(points)
  }
  return (
    strokes(scribble(350, 1236, 9, 20) + scribble(494, 1236, 7, 20), INK, 2) +
    strokes(
      scribble(796, 92, 5, 13) +
        straight([
          [790, 102],
          [880, 100],
        ]),
      INK,
      1.3,
    )
  )
}
