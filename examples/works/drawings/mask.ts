import { seeded, type Seeded } from '../seeded.ts'
import { brushed, hatched, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import {
  background,
  curve,
  dots,
  element,
  gradient,
  group,
  mix,
  path,
  pebble,
  sheet,
  straight,
  type Point,
} from './svg.ts'

const [WIDTH, HEIGHT] = [1000, 1280]
const FACE =
  'M302 470C300 280 410 208 520 214C650 220 716 320 706 480C700 620 668 740 596 824Q530 892 462 842C370 774 308 650 302 470Z'

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

function face(random: Seeded): string {
  const shade = hatched(random, { x: 540, y: 220, width: 190, height: 640 }, 58, 10)
  const second = hatched(random, { x: 620, y: 300, width: 110, height: 520 }, 20, 13)
  return group(
    {},
    path(FACE, { fill: 'url(#skin)', stroke: '#2a1214', 'stroke-width': 5 }),
    group(
      { 'clip-path': 'url(#face)' },
      path('M522 200C540 330 516 420 544 520Q580 560 546 610Q540 700 528 880L760 860V200Z', {
        fill: '#4a1f2c',
        opacity: 0.42,
      }),
      brushed(random, { x: 300, y: 220, width: 240, height: 600 }, ['#ffe0ac', '#c97a46'], {
        count: 60,
        length: 60,
        thickness: 9,
        angle: 70,
        opacity: 0.25,
      }),
      strokes(shade, '#2a1214', 2, { opacity: 0.5 }),
      strokes(second, '#2a1214', 1.6, { opacity: 0.45 }),
      path('M330 590Q360 560 410 596Q396 660 352 662Z', { fill: '#d8553a', opacity: 0.5 }),
      path('M640 570Q690 550 700 590Q690 650 652 640Z', { fill: '#8c2334', opacity: 0.55 }),
    ),
  )
}

function eye(random: Seeded, x: number, y: number, scale: number, iris: string): string {
  const spokes = Array.from({ length: 22 }, (_, index) => {
    const angle = (index / 22) * Math.PI * 2 + random.bell() * 0.06
    return `M${(Math.cos(angle) * 9).toFixed(1)} ${(Math.sin(angle) * 9).toFixed(1)}L${(Math.cos(angle) * 20).toFixed(1)} ${(Math.sin(angle) * 20).toFixed(1)}`
  })
  const lashes = Array.from(
    { length: 9 },
    (_, index) =>
      `M${-52 + index * 13} ${-14 - Math.sin((index + 1) / 3.2) * 15}l${-9 + index * 2} -${12 + random.next() * 8}`,
  )
  return group(
    { transform: `translate(${x} ${y}) scale(${scale}) rotate(${scale < 1 ? 5 : -4})` },
    path('M-78 6Q-20 -58 74 2Q10 60 -78 6Z', { fill: '#2a1214', opacity: 0.4, transform: 'translate(0 -9)' }),
    path('M-64 4Q-10 -44 62 2Q6 42 -64 4Z', { fill: '#f7efdc', stroke: '#1a0c10', 'stroke-width': 5 }),
    element('circle', { r: 23, cy: -2, fill: iris }),
    strokes(spokes.join(''), '#f2e2a8', 1.5, { opacity: 0.6, transform: 'translate(0 -2)' }),
    element('circle', { r: 10, cy: -2, fill: '#0c0608' }),
    element('circle', { cx: -7, cy: -9, r: 5, fill: '#ffffff' }),
    strokes(lashes.join(''), '#1a0c10', 3),
    strokes('M-58 30Q4 56 58 24', '#7a3a2c', 3, { opacity: 0.7 }),
    path('M-84 -50Q-10 -104 86 -46Q-4 -80 -84 -50Z', { fill: '#1a0c10' }),
  )
}

function noseAndMouth(random: Seeded): string {
  const lines = Array.from(
    { length: 12 },
    (_, index) =>
      `M${446 + index * 12} ${704 - Math.abs(index - 6) * 1.5}l${random.bell() * 2} ${random.between(6, 14)}`,
  )
  return group(
    {},
    path('M500 452Q486 540 462 596Q470 626 506 622Q532 634 548 614Q560 598 540 574Q520 520 524 448Z', {
      fill: '#c98550',
    }),
    path('M524 448Q520 520 540 574Q560 598 548 614Q532 634 506 622Q530 590 516 520Z', { fill: '#6a2f30' }),
    strokes('M462 596Q466 626 494 622M548 614Q556 592 540 576M372 434Q470 400 500 452', '#2a1214', 4),
    path('M418 700Q468 672 500 684Q530 668 592 694Q556 718 504 712Q460 722 418 700Z', { fill: '#a3262e' }),
    path('M418 700Q460 722 504 712Q556 718 592 694Q562 752 506 756Q450 754 418 700Z', { fill: '#c93a38' }),
    strokes('M410 698Q460 722 504 712Q556 720 600 690', '#2a0c10', 5),
    strokes(lines.join(''), '#6f141e', 1.6, { opacity: 0.6 }),
    path('M454 728Q480 744 506 738Q484 734 462 722Z', { fill: '#f3a596', opacity: 0.8 }),
  )
}

function paint(random: Seeded): string {
  const brow = Array.from(
    { length: 15 },
    (_, index) =>
      [
        364 + index * 21,
        330 - Math.sin((index / 14) * Math.PI) * 46 + random.bell() * 2,
        index % 2 ? 4.5 : 7.5,
      ] as const,
  )
  const cheek = Array.from({ length: 6 }, (_, row) =>
    Array.from(
      { length: 6 - row },
      (__, column) => [342 + column * 15 + row * 7, 560 + row * 15 + column * 3, 3.4] as const,
    ),
  ).flat()
  const teeth: Point[] = Array.from({ length: 13 }, (_, index): Point => [
    634 + (index % 2) * 20 - index * 4,
    548 + index * 17,
  ])
  return group(
    { 'clip-path': 'url(#face)' },
    path(dots(brow), { fill: '#f7efdc' }),
    path(dots(cheek), { fill: '#1f5a60' }),
    path('M512 200L544 300L516 396L484 298Z', { fill: '#c93a38', stroke: '#f7efdc', 'stroke-width': 4 }),
    path('M515 250L528 300L515 346L502 298Z', { fill: '#e0a83a' }),
    strokes(straight(teeth), '#e0a83a', 6),
    strokes('M470 780h70M478 796h56M488 812h38', '#1f5a60', 6),
    strokes('M320 420Q300 520 340 620', '#f7efdc', 5, { opacity: 0.75 }),
  )
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
