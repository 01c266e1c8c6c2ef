import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import { eye, FACE, face, noseAndMouth, paint } from './maskFace.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, gradient, group, mix, path, pebble, type Point, sheet } from './svg.ts'

const [WIDTH, HEIGHT] = [1000, 1280]

/** A carved and painted mask, half in light: nobody's portrait. */
export function mask(): Drawing {
  const random = seeded('portrait of a mask')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      [
        gradient('ground', 28, [
          [0, '#1f4a4d'],
          [0.55, '#2f6a62'],
          [1, '#12292f'],
        ]),
        gradient('skin', 78, [
          [0, '#f0c48a'],
          [0.46, '#dd9a5c'],
          [0.56, '#a8603c'],
          [1, '#5a2a2a'],
        ]),
        element('clipPath', { id: 'face' }, path(FACE, {})),
        element('clipPath', { id: 'cloak' }, path(CLOAK, {})),
      ].join(''),
    ),
    background(WIDTH, HEIGHT, 'url(#ground)'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, ['#4f8f80', '#0f2a30', '#c98a3a', '#2b5f63'], {
      count: 80,
      length: 130,
      thickness: 20,
      angle: 48,
      opacity: 0.17,
    }),
    halo(random),
    hair(random),
    cloak(random),
    path('M424 800Q420 900 372 940L520 1010L660 930Q604 890 606 790Z', { fill: '#7d3f30' }),
    path('M530 850Q604 830 606 790Q604 890 660 930L560 990Z', { fill: '#3d1c20' }),
    necklace(random),
    face(random),
    eye(random, 408, 470, 1, '#2f7f86'),
    eye(random, 606, 458, 0.9, '#c98a2a'),
    noseAndMouth(random),
    paint(random),
    earring(random),
  )
  return { fileName: 'painted-mask.jpg', title: 'Painted Mask', svg, grain: 17 }
}

const CLOAK = 'M60 1290Q110 1010 330 940Q420 1010 520 1012Q600 1006 690 926Q900 1000 960 1290Z'

function halo(random: Seeded): string {
  const rays = Array.from({ length: 38 }, (_, index) => {
    const angle = Math.PI * (0.93 + (index / 37) * 1.2)
    const [near, far] = [330, random.between(390, 470) + (index % 3) * 24]
    const at = (turn: number, radius: number): string =>
      `${(505 + Math.cos(angle + turn) * radius).toFixed(1)} ${(480 + Math.sin(angle + turn) * radius).toFixed(1)}`
    return path(`M${at(-0.03, near)}L${at(random.bell() * 0.01, far)}L${at(0.035, near)}Z`, {
      fill: random.pick(['#e0a83a', '#c9562e', '#f1dca0', '#e0a83a']),
    })
  })
  return (
    rays.join('') +
    element('circle', { cx: 505, cy: 480, r: 336, fill: 'none', stroke: '#e0a83a', 'stroke-width': 7 }) +
    element('circle', { cx: 505, cy: 480, r: 322, fill: '#173a40', opacity: 0.75 })
  )
}

function hair(random: Seeded): string {
  const locks = Array.from({ length: 86 }, () => {
    const side = random.chance(0.62) ? -1 : 1
    const start: Point = [505 + random.bell() * 70, 236 + random.between(-16, 20)]
    const reach = random.between(140, 262)
    const fall = random.between(120, side < 0 ? 660 : 420)
    const middle: Point = [start[0] + side * reach * 0.8, start[1] + fall * 0.22]
    const low: Point = [505 + side * reach * random.between(0.9, 1.15), start[1] + fall * 0.7]
    const curl = side * random.between(-30, 60)
    return strokes(
      curve([start, middle, low, [low[0] + curl, low[1] + 60], [low[0] + curl * 0.3, low[1] + 86]]),
      mix('#1a1016', '#7a3a2c', random.next() ** 2),
      random.between(6, 19),
    )
  })
  return path(curve(pebble(random, [498, 360], 232, 190, 0.06), true), { fill: '#1a1016' }) + locks.join('')
}

function cloak(random: Seeded): string {
  const tiles: string[] = []
  for (let row = 0; row < 9; row++) {
    for (let column = 0; column < 21; column++) {
      const [x, y] = [40 + column * 47 + (row % 2) * 23, 930 + row * 44 + Math.abs(column - 10) * 7]
      tiles.push(
        path(`M${x} ${y - 22}L${x + 23} ${y}L${x} ${y + 22}L${x - 23} ${y}Z`, {
          fill: random.pick(['#b23a2e', '#8c2430', '#d98a34', '#5c1c30', '#e6c27a', '#b23a2e']),
          stroke: '#2a0f18',
          'stroke-width': 2,
        }),
      )
      if (random.chance(0.4))
        tiles.push(
          element('circle', {
            cx: x,
            cy: y,
            r: random.between(4, 8),
            fill: random.pick(['#f1dca0', '#2f7f86', '#1a1016']),
          }),
        )
    }
  }
  return (
    path(CLOAK, { fill: '#7a2230' }) +
    group(
      { 'clip-path': 'url(#cloak)' },
      ...tiles,
      path('M540 930Q700 1000 740 1290H990V920Z', { fill: '#1c0a16', opacity: 0.45 }),
      strokes('M330 940Q300 1100 340 1290M690 926Q760 1090 730 1290', '#1c0a16', 9, { opacity: 0.5 }),
    )
  )
}

function necklace(random: Seeded): string {
  const beads = Array.from({ length: 23 }, (_, index) => {
    const share = index / 22
    const [x, y] = [362 + share * 306, 938 + Math.sin(share * Math.PI) * 96 - share * 10]
    const r = 10 + Math.sin(share * Math.PI) * 8
    return (
      element('circle', {
        cx: x,
        cy: y,
        r,
        fill: ['#2f7f86', '#e0a83a', '#f1e6cc'][index % 3],
        stroke: '#1a0c10',
        'stroke-width': 2.5,
      }) + element('circle', { cx: x - r * 0.3, cy: y - r * 0.3, r: r * 0.28, fill: '#fff', opacity: 0.7 })
    )
  })
  return (
    beads.join('') +
    path(curve(pebble(random, [516, 1078], 34, 44, 0.03), true), {
      fill: '#c93a38',
      stroke: '#e0a83a',
      'stroke-width': 7,
    }) +
    path('M498 1058Q508 1044 524 1046Q508 1058 504 1076Z', { fill: '#fff', opacity: 0.55 })
  )
}

function earring(random: Seeded): string {
  const drops = Array.from(
    { length: 5 },
    (_, index) => `M${284 - 16 + index * 8} 640l${random.bell() * 2} ${34 + Math.abs(index - 2) * -6}`,
  )
  return (
    element('circle', { cx: 286, cy: 566, r: 15, fill: '#e0a83a', stroke: '#1a0c10', 'stroke-width': 3 }) +
    path('M286 580L312 628Q286 652 260 628Z', { fill: '#2f7f86', stroke: '#e0a83a', 'stroke-width': 5 }) +
    strokes(drops.join(''), '#e0a83a', 4)
  )
}
