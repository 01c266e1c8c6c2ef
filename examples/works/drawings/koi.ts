import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import { CARP, fish } from './carp.ts'
import { lotus, pad } from './lilies.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, glow, mix, path, pebble, type Point, sheet } from './svg.ts'

const [WIDTH, HEIGHT] = [1180, 1180]

/** A pond from above: seven carp, lily pads, stones at the edge and rings on the water. */
export function koi(): Drawing {
  const random = seeded('carp in a pond')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      glow('pond', 0.6, 0.4, 0.8, [
        [0, '#5fa79a'],
        [0.45, '#2f7a78'],
        [1, '#12403f'],
      ]) +
        glow('blossom', 0.5, 0.9, 1, [
          [0, '#fff7df'],
          [0.5, '#f6b9c6'],
          [1, '#d8607f'],
        ]),
    ),
    background(WIDTH, HEIGHT, 'url(#pond)'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, ['#0f3b3c', '#7fc4b0', '#1f6465'], {
      count: 70,
      length: 180,
      thickness: 15,
      angle: 24,
      opacity: 0.14,
    }),
    bottom(random),
    ...CARP.map((carp) => fish(random, carp)),
    rings(random),
    ...[
      [150, 940, 118, 20],
      [292, 1040, 92, 140],
      [96, 1092, 76, 250],
      [980, 700, 104, 200],
      [1092, 806, 82, 80],
      [700, 150, 66, 320],
      [414, 930, 52, 10],
    ].map(([x, y, r, turn]) => pad(random, x as number, y as number, r as number, turn as number)),
    lotus(random, 236, 956, 1.05),
    lotus(random, 1046, 742, 0.74),
    shore(random),
    petals(random),
  )
  return { fileName: 'seven-carp.jpg', title: 'Seven Carp', svg, grain: 10 }
}

function bottom(random: Seeded): string {
  const pebbles = Array.from({ length: 130 }, () =>
    path(
      curve(
        pebble(
          random,
          [random.between(0, WIDTH), random.between(0, HEIGHT)],
          random.between(6, 26),
          random.between(5, 19),
          0.2,
          8,
        ),
        true,
      ),
      { fill: random.pick(['#1a4f4c', '#3f8478', '#2a625c', '#5c9a86']), opacity: 0.4 },
    ),
  )
  const weeds = Array.from({ length: 46 }, () => {
    const [x, y] = [random.between(700, WIDTH), random.between(960, HEIGHT + 40)]
    return curve([
      [x, y],
      [x + random.bell() * 18, y - 40],
      [x + random.bell() * 30, y - 90],
      [x + random.bell() * 44, y - random.between(110, 170)],
    ])
  })
  return pebbles.join('') + strokes(weeds.join(''), '#1c5a3c', 5, { opacity: 0.55 })
}

function rings(random: Seeded): string {
  const places = [
    [520, 470, 7],
    [930, 190, 5],
    [760, 690, 6],
    [200, 500, 4],
    [470, 1090, 5],
  ] as const
  const circles = places.flatMap(([x, y, count]) =>
    Array.from({ length: count }, (_, index) =>
      strokes(
        curve(pebble(random, [x, y], 16 + index * 23, 13 + index * 19, 0.02, 18), true),
        '#e4f6ee',
        2.4 - index * 0.25,
        { opacity: 0.62 - index * 0.07, 'stroke-dasharray': `${60 + index * 40} ${8 + index * 9}` },
      ),
    ),
  )
  return (
    circles.join('') +
    brushed(random, { x: 480, y: 60, width: 560, height: 300 }, ['#f2fff8'], {
      count: 34,
      length: 90,
      thickness: 5,
      angle: -18,
      opacity: 0.3,
    })
  )
}

/** Stones and moss along the top left edge, where somebody might stand. */
function shore(random: Seeded): string {
  const stones: string[] = []
  for (let index = 0; index < 30; index++) {
    const t = index / 29
    const [x, y] = [-30 + t * 560 + random.bell() * 20, 330 - t * 360 + random.bell() * 24 - Math.sin(t * Math.PI) * 60]
    const [rx, ry, tone] = [random.between(44, 92), random.between(36, 72), mix('#4d5250', '#a8a595', random.next())]
    const outline = pebble(random, [x, y], rx, ry, 0.13)
    const specks = Array.from(
      { length: 26 },
      () => [x + random.bell() * rx * 0.4, y + random.bell() * ry * 0.4, random.between(0.8, 2.6)] as const,
    )
    stones.push(
      path(
        curve(
          outline.map(([px, py]): Point => [px + 14, py + 20]),
          true,
        ),
        { fill: '#041615', opacity: 0.4 },
      ),
      path(curve(outline, true), { fill: tone, stroke: '#262b29', 'stroke-width': 2 }),
      path(curve(pebble(random, [x - rx * 0.22, y - ry * 0.26], rx * 0.55, ry * 0.45, 0.18), true), {
        fill: mix(tone, '#ffffff', 0.3),
        opacity: 0.6,
      }),
      path(dots(specks), { fill: index % 3 ? '#2f3533' : '#5f8a4a', opacity: 0.65 }),
    )
  }
  return path('M-20 -20H470Q330 40 250 120Q120 190 -20 300Z', { fill: '#39572f' }) + stones.join('')
}

function petals(random: Seeded): string {
  return Array.from({ length: 34 }, () =>
    path('M0 0Q-8 -12 0 -20L3 -16L7 -20Q13 -10 0 0Z', {
      fill: random.pick(['#f6c3cf', '#fbe3e6', '#eda3b6']),
      transform: `translate(${random.between(300, WIDTH).toFixed(0)} ${random.between(40, 1120).toFixed(0)}) rotate(${random.whole(0, 359)}) scale(${random.between(0.8, 1.5).toFixed(2)})`,
    }),
  ).join('')
}
