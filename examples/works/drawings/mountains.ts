import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { forest, hut } from './spruces.ts'
import {
  background,
  curve,
  dots,
  element,
  glow,
  gradient,
  group,
  mix,
  path,
  type Point,
  ridge,
  sheet,
  straight,
} from './svg.ts'

const [WIDTH, HEIGHT, SHORE] = [1400, 880, 640]

const HAZE = '#f2a978'

/** A mountain range at dusk over a lake, with a hut whose window is lit. */
export function mountains(): Drawing {
  const random = seeded('mountains at dusk')
  const land = group(
    {},
    range(random, { from: 400, to: 470, height: 70, halvings: 7, colour: mix('#8a5a8c', HAZE, 0.5) }),
    snowPeak(random, 820, 262, 340),
    snowPeak(random, 130, 292, 300),
    snowPeak(random, 430, 168, 430),
    range(random, { from: 560, to: 470, height: 50, halvings: 8, colour: mix('#54407c', HAZE, 0.16) }),
    range(random, { from: 585, to: 560, height: 40, halvings: 8, colour: '#3d3261' }),
  )
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      [
        gradient('sky', 0, [
          [0, '#1d2356'],
          [0.2, '#543a80'],
          [0.34, '#b8557f'],
          [0.45, '#f08a6c'],
          [0.56, '#ffc98a'],
          [1, '#ffd98e'],
        ]),
        glow('sun', 0.5, 0.5, 0.5, [
          [0, '#fff6cf', 1],
          [0.16, '#ffe3a0', 0.95],
          [0.2, '#ffc27a', 0.5],
          [1, '#ff9a6a', 0],
        ]),
        gradient('dim', 0, [
          [0, '#241c4a', 0.25],
          [1, '#0d1030', 0.86],
        ]),
      ].join(''),
    ),
    background(WIDTH, HEIGHT, 'url(#sky)'),
    stars(random),
    element('circle', { cx: 1090, cy: 430, r: 300, fill: 'url(#sun)' }),
    clouds(random),
    land,
    group({ transform: `translate(0 ${SHORE * 2}) scale(1 -1)`, opacity: 0.75 }, land),
    element('rect', { y: SHORE, width: WIDTH, height: HEIGHT - SHORE, fill: 'url(#dim)' }),
    glints(random),
    forest(random, [-10, 690], [520, 660], 0.9, '#1a1a3a'),
    forest(random, [960, 668], [1420, 700], 0.8, '#191736'),
    hut(),
    forest(random, [-20, 850], [420, 905], 2.1, '#0c0d22'),
    forest(random, [1130, 905], [1430, 840], 2.3, '#0b0b1f'),
  )
  return { fileName: 'mountains-at-dusk.jpg', title: 'Mountains at Dusk', svg, grain: 10 }
}

interface Range {
  from: number
  to: number
  height: number
  halvings: number
  colour: string
}

function range(random: Seeded, { from, to, height, halvings, colour }: Range): string {
  const points = ridge(random, [-20, from], [WIDTH + 20, to], height, 0.53, halvings)
  const outline = `${straight(points)}L${WIDTH + 20} ${SHORE}L-20 ${SHORE}Z`
  const ribs = points
    .filter((_, index) => index % 3 === 1)
    .map(([x, y]) =>
      curve([
        [x, y + 3],
        [x + random.between(0, 10), y + random.between(10, 26)],
        [x + random.between(8, 30), y + random.between(34, 70)],
      ]),
    )
  return path(outline, { fill: colour }) + strokes(ribs.join(''), mix(colour, '#140f30', 0.35), 2.5, { opacity: 0.4 })
}

/** A peak with a lit right flank (the sun stands there), a shaded left one, and snow that thins out downwards. */
function snowPeak(random: Seeded, x: number, y: number, halfWidth: number): string {
  const foot = SHORE - 40
  const left = ridge(random, [x - halfWidth, foot], [x, y], 42, 0.5, 5)
  const right = ridge(random, [x, y], [x + halfWidth * 1.15, foot], 46, 0.5, 5)
  const spine = ridge(random, [x, y], [x + halfWidth * 0.12, foot], 26, 0.6, 5).map(([px, py], index): Point => [
    px + random.bell() * (6 + index * 0.35),
    py,
  ])
  const parts = [
    path(straight([...left, ...spine], true), { fill: '#4a3c78' }),
    path(straight([...spine.toReversed(), ...right], true), { fill: '#a35d7c' }),
  ]
  for (const side of [-1, 1]) {
    const light = side > 0
    let d = ''
    for (let gully = 0; gully < 44; gully++) {
      const start = random.next() ** 1.5 * 0.62
      const [px, py] = [x + side * halfWidth * start * random.between(0.15, 0.9), y + (foot - y) * start + 6]
      const long = random.between(44, 130) * (1 - start)
      d += straight(
        [
          [px, py],
          [px + side * random.between(4, 12), py + long * 0.4],
          [px + side * random.between(10, 44), py + long],
          [px + side * random.between(-6, 4), py + long * 0.55],
        ],
        true,
      )
    }
    parts.push(path(d, { fill: light ? '#ffd3b8' : '#9c8fc4', opacity: 0.85 }))
  }
  return parts.join('')
}

function clouds(random: Seeded): string {
  const bank = (y: number, x: number, length: number, colour: string): string => {
    const top: Point[] = []
    for (let step = 0; step <= 7; step++) {
      const share = step / 7
      top.push([x + share * length, y - Math.sin(share * Math.PI) * random.between(9, 24)])
    }
    return path(`${curve(top)}Z`, { fill: colour, opacity: random.between(0.35, 0.75) })
  }
  const colours = ['#f58f7a', '#ffb88a', '#c9607f', '#8a4f8e', '#ffd0a0']
  const banks = Array.from({ length: 34 }, () => {
    const y = random.between(70, 400)
    return bank(y, random.between(-200, WIDTH), random.between(140, 520), random.pick(colours))
  })
  return (
    banks.join('') +
    brushed(random, { x: 500, y: 300, width: 900, height: 140 }, ['#ffe0a8', '#ff9a78'], {
      count: 36,
      length: 210,
      thickness: 5,
      opacity: 0.28,
    })
  )
}

function stars(random: Seeded): string {
  const places = Array.from(
    { length: 110 },
    () => [random.between(0, WIDTH), random.next() ** 1.8 * 260, random.between(0.5, 1.7)] as const,
  )
  return path(dots(places), { fill: '#fff4e0', opacity: 0.8 })
}

function glints(random: Seeded): string {
  let [warm, cool] = ['', '']
  for (let y = SHORE + 4; y < HEIGHT; y += random.between(3, 7)) {
    const spread = 26 + (y - SHORE) * 0.5
    for (let index = 0; index < 4; index++) {
      const start = 1090 + random.bell() * spread
      warm += straight([
        [start, y],
        [start + random.between(8, 40), y + random.bell()],
      ])
    }
    const start = random.between(0, WIDTH)
    cool += straight([
      [start, y],
      [start + random.between(30, 190), y],
    ])
  }
  return strokes(warm, '#ffcf94', 2.2, { opacity: 0.75 }) + strokes(cool, '#c9a0c0', 1.4, { opacity: 0.3 })
}
