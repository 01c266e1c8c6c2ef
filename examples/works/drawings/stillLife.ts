import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import { apple, fruitBehind, grapes, lemon, lemonHalf, shadow } from './fruit.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, glow, gradient, path, type Point, sheet } from './svg.ts'
import { bowl, jug, knife } from './vessels.ts'

const [WIDTH, HEIGHT, TABLE] = [1200, 980, 560]

/** A painted bowl with fruit, a jug and a lemon on a table with a cloth. The light comes from the left. */
export function stillLife(): Drawing {
  const random = seeded('still life with a bowl')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element('defs', {}, definitions()),
    background(WIDTH, HEIGHT, 'url(#wall)'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: TABLE }, ['#8d9a83', '#4d5f58', '#b3a983', '#39463f'], {
      count: 120,
      length: 90,
      thickness: 17,
      angle: 62,
      opacity: 0.16,
    }),
    element('rect', { y: TABLE, width: WIDTH, height: HEIGHT - TABLE, fill: 'url(#wood)' }),
    brushed(random, { x: 0, y: TABLE + 8, width: WIDTH, height: HEIGHT - TABLE }, ['#3a2013', '#a8683a', '#6f4124'], {
      count: 90,
      length: 260,
      thickness: 4,
      angle: 1,
      opacity: 0.28,
    }),
    cloth(random),
    shadow(random, 370, 640, 150, 26),
    jug(random),
    shadow(random, 760, 800, 330, 44),
    fruitBehind(random),
    bowl(random),
    shadow(random, 318, 842, 105, 20),
    lemon(random, 270, 810),
    lemonHalf(random, 150, 868),
    shadow(random, 1075, 872, 95, 18),
    apple(random, 1030, 825, 72, 'apple', 14),
    grapes(random),
    knife(),
  )
  return { fileName: 'still-life-with-a-bowl.jpg', title: 'Still Life with a Bowl', svg, grain: 13 }
}

function definitions(): string {
  return [
    gradient('wall', 90, [
      [0, '#8f957c'],
      [0.5, '#66746a'],
      [1, '#35413f'],
    ]),
    gradient('wood', 0, [
      [0, '#7c4a29'],
      [1, '#4a2815'],
    ]),
    glow('apple', 0.34, 0.28, 0.85, [
      [0, '#ffb27a'],
      [0.25, '#e0452f'],
      [0.7, '#9c1d22'],
      [1, '#4a0d18'],
    ]),
    glow('green', 0.34, 0.28, 0.85, [
      [0, '#f4f3a8'],
      [0.3, '#b8c34a'],
      [0.75, '#6d8428'],
      [1, '#33471a'],
    ]),
    glow('orange', 0.34, 0.28, 0.85, [
      [0, '#ffe0a0'],
      [0.3, '#f59a2c'],
      [0.75, '#c7611b'],
      [1, '#6e2f12'],
    ]),
    glow('lemon', 0.36, 0.26, 0.85, [
      [0, '#fffbd0'],
      [0.35, '#f4d83c'],
      [0.8, '#c79a1c'],
      [1, '#7d5a12'],
    ]),
    glow('plum', 0.34, 0.28, 0.85, [
      [0, '#b9a3d8'],
      [0.25, '#5d4488'],
      [0.8, '#2f1f4f'],
      [1, '#140b26'],
    ]),
    gradient('bowl', 90, [
      [0, '#f7f3e6'],
      [0.35, '#e6e2d4'],
      [0.75, '#9aa3ab'],
      [1, '#565f70'],
    ]),
    gradient('inside', 90, [
      [0, '#5f6d80'],
      [0.6, '#c9cfd0'],
      [1, '#f3f1e6'],
    ]),
    gradient('jug', 90, [
      [0, '#d9a869'],
      [0.3, '#b4713a'],
      [0.75, '#6d3a1f'],
      [1, '#35190f'],
    ]),
    gradient('cloth', 90, [
      [0, '#fbf7ea'],
      [0.6, '#e2dccb'],
      [1, '#b7b0a3'],
    ]),
  ].join('')
}

function cloth(random: Seeded): string {
  const outline = 'M-20 690Q200 640 470 655Q700 640 905 672L1000 760Q960 860 1010 990H-20Z'
  let [folds, light] = ['', '']
  for (let fold = 0; fold < 15; fold++) {
    const x = 40 + fold * 64 + random.bell() * 18
    const points: Point[] = [
      [x + 40, 672 + random.between(20, 110)],
      [x + 4 + random.bell() * 5, 790],
      [x - 34 + random.bell() * 6, 890],
      [x - 80, 1000],
    ]
    folds += curve(points)
    light += curve(points.map(([px, py]): Point => [px - 15, py]))
  }
  const stripes = [735, 752, 940]
    .map((y) =>
      curve([
        [-20, y + 18],
        [210, y - 22],
        [480, y - 14],
        [740, y - 18],
        [985, y + 12],
      ]),
    )
    .join('')
  return (
    path(outline, { fill: 'url(#cloth)' }) +
    strokes(folds, '#8f8878', 15, { opacity: 0.22 }) +
    strokes(light, '#ffffff', 9, { opacity: 0.5 }) +
    strokes(stripes, '#9d3b36', 7, { opacity: 0.75 }) +
    strokes(folds, '#6f685c', 2, { opacity: 0.3 })
  )
}
