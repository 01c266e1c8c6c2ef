import { seeded, type Seeded } from '../seeded.ts'
import { brushed, hatched, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, glow, gradient, group, mix, path, pebble, sheet, type Point } from './svg.ts'

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

function shadow(random: Seeded, x: number, y: number, rx: number, ry: number): string {
  return [1.12, 0.95, 0.75]
    .map((size) =>
      path(curve(pebble(random, [x + 30, y], rx * size, ry * size, 0.05), true), { fill: '#1d0f0a', opacity: 0.26 }),
    )
    .join('')
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

function jug(random: Seeded): string {
  const body =
    'M300 300Q285 340 312 372Q228 430 232 530Q236 622 300 648H440Q506 616 508 528Q508 432 424 372Q446 338 432 296Q404 286 392 290L300 286Z'
  return group(
    {},
    path('M436 350Q560 330 556 430Q552 506 486 548L476 520Q524 486 524 432Q520 372 442 384Z', { fill: '#5d301a' }),
    path('M446 356Q548 340 546 424', { fill: 'none', stroke: '#b57a4a', 'stroke-width': 5, 'stroke-linecap': 'round' }),
    path(body, { fill: 'url(#jug)' }),
    element('clipPath', { id: 'jugShape' }, path(body, {})),
    group(
      { 'clip-path': 'url(#jugShape)' },
      brushed(random, { x: 230, y: 300, width: 290, height: 350 }, ['#e8bd83', '#3c1c10', '#93572d'], {
        count: 46,
        length: 120,
        thickness: 7,
        angle: 4,
        opacity: 0.2,
      }),
      path('M220 470Q370 520 520 466V560Q370 612 220 566Z', { fill: '#2d5a67', opacity: 0.85 }),
      strokes(zigzag(228, 520, 520, 24), '#f1e3c0', 5),
      strokes('M220 476Q370 526 520 472M220 562Q370 606 520 556', '#f1e3c0', 4),
    ),
    element('ellipse', { cx: 366, cy: 294, rx: 68, ry: 15, fill: '#2a130b' }),
    strokes('M300 296Q366 322 432 295', '#d8a56a', 6),
    strokes('M270 470Q262 520 282 580', '#fff2d0', 12, { opacity: 0.4 }),
  )
}

function zigzag(x: number, y: number, end: number, step: number): string {
  const points: Point[] = []
  for (let index = 0; x + index * step <= end; index++) {
    const bulge = Math.sin((index * step * Math.PI) / (end - x)) * 22
    points.push([x + index * step, y + bulge + (index % 2 ? 18 : -18)])
  }
  return points.map(([px, py], index) => `${index ? 'L' : 'M'}${px} ${py.toFixed(1)}`).join('')
}

function bowl(random: Seeded): string {
  const outer = 'M470 590Q486 770 640 806L660 826H870L886 806Q1042 764 1052 588Q760 690 470 590Z'
  const leaf = (x: number, y: number, turn: number): string =>
    path('M0 0Q16 -22 44 -20Q30 4 0 0Z', { fill: '#2a5aa0', transform: `translate(${x} ${y}) rotate(${turn})` })
  const pattern = Array.from({ length: 15 }, (_, index) => {
    const x = 512 + index * 35
    const y = 702 + Math.sin((index / 14) * Math.PI) * 50
    return (
      leaf(x, y, random.between(-70, -20)) +
      leaf(x + 6, y + 6, random.between(20, 80)) +
      element('circle', { cx: x + 20, cy: y - 22, r: random.between(4, 8), fill: '#c8463c' })
    )
  })
  return group(
    {},
    path(outer, { fill: 'url(#bowl)' }),
    element('clipPath', { id: 'bowlShape' }, path(outer, {})),
    group(
      { 'clip-path': 'url(#bowlShape)' },
      ...pattern,
      strokes('M470 626Q760 730 1056 620M480 650Q760 752 1046 646M560 770Q760 812 980 762', '#2a5aa0', 5),
      strokes(hatched(random, { x: 880, y: 580, width: 190, height: 260 }, 68, 9), '#26304a', 2, { opacity: 0.45 }),
    ),
    strokes('M471 592Q760 694 1051 590', '#fffdf4', 8),
    strokes('M520 640Q545 720 600 768', '#ffffff', 14, { opacity: 0.55 }),
  )
}

function fruitBehind(random: Seeded): string {
  return group(
    {},
    element('ellipse', { cx: 761, cy: 592, rx: 291, ry: 64, fill: 'url(#inside)' }),
    element('ellipse', { cx: 761, cy: 598, rx: 270, ry: 52, fill: '#3d4658', opacity: 0.6 }),
    pear(random, 905, 520),
    apple(random, 596, 540, 78, 'apple', -12),
    apple(random, 812, 566, 74, 'orange', 0),
    apple(random, 700, 520, 88, 'green', 8),
    apple(random, 960, 590, 58, 'plum', 22),
    apple(random, 890, 604, 54, 'plum', -14),
    apple(random, 640, 610, 62, 'orange', 0),
    path('M735 452Q770 380 850 400Q810 458 735 452Z', { fill: '#46682f' }),
    strokes('M738 450Q780 420 838 404', '#a8bf6a', 3),
  )
}

function apple(random: Seeded, x: number, y: number, r: number, fill: string, turn: number): string {
  const outline =
    fill === 'apple' || fill === 'green'
      ? 'M0 -0.8C0.55 -1.15 1.1 -0.7 1 0C0.92 0.7 0.45 1.05 0 0.92C-0.45 1.05 -0.95 0.7 -1 0C-1.1 -0.7 -0.55 -1.15 0 -0.8Z'
      : 'M0 -1C0.6 -1 1 -0.6 1 0C1 0.6 0.6 0.98 0 0.98C-0.6 0.98 -1 0.6 -1 0C-1 -0.6 -0.6 -1 0 -1Z'
  const freckles = Array.from(
    { length: 46 },
    () => [random.bell() * 0.4, random.bell() * 0.4, random.between(0.006, 0.02)] as const,
  )
  const streaks = Array.from({ length: 16 }, () => {
    const at = random.between(-0.75, 0.75)
    return `M${(at * 0.3).toFixed(2)} -0.74Q${at.toFixed(2)} -0.4 ${(at * 1.05).toFixed(2)} ${random.between(0, 0.6).toFixed(2)}`
  })
  const leaf = fill === 'plum' ? '' : strokes('M0.02 -0.78Q0.04 -1 0.16 -1.16', '#4a3119', 0.07)
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${r})` },
    path(outline, { fill: `url(#${fill})` }),
    fill === 'apple' || fill === 'green'
      ? strokes(streaks.join(''), fill === 'apple' ? '#f3b34c' : '#e6e58a', 0.02, { opacity: 0.5 })
      : path(
          freckles.map(([a, b, c]) => `M${a.toFixed(3)} ${b.toFixed(3)}h${c.toFixed(3)}v${c.toFixed(3)}z`).join(''),
          { fill: mix('#ffffff', '#804010', 0.3), opacity: 0.5 },
        ),
    path('M-0.52 -0.5Q-0.36 -0.72 -0.14 -0.66Q-0.3 -0.5 -0.4 -0.3Z', { fill: '#fff', opacity: 0.6 }),
    leaf,
  )
}

function pear(random: Seeded, x: number, y: number): string {
  const shape =
    'M-14 -132C22 -140 26 -96 36 -66C52 -26 84 0 74 56C64 96 -66 98 -76 54C-84 4 -52 -28 -40 -66C-32 -94 -40 -126 -14 -132Z'
  const specks = Array.from(
    { length: 70 },
    () => [random.bell() * 28, 22 + random.bell() * 26, random.between(0.8, 2)] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) rotate(16)` },
    path(shape, { fill: 'url(#green)' }),
    path(dots(specks), { fill: '#7a5a20', opacity: 0.5 }),
    path('M-40 20Q-46 -16 -22 -44Q-26 -6 -28 26Z', { fill: '#fff', opacity: 0.45 }),
    strokes('M-10 -130Q-8 -156 12 -170', '#3d2915', 7),
  )
}

function lemon(random: Seeded, x: number, y: number): string {
  const specks = Array.from(
    { length: 90 },
    () => [random.bell() * 34, random.bell() * 21, random.between(0.7, 1.6)] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) rotate(-14)` },
    path(
      'M-104 4Q-92 -8 -78 -18Q-40 -62 24 -56Q66 -50 84 -18Q102 -8 104 4Q100 14 84 20Q56 60 -8 58Q-58 54 -80 22Q-98 14 -104 4Z',
      { fill: 'url(#lemon)' },
    ),
    path(dots(specks), { fill: '#9a7414', opacity: 0.5 }),
    path('M-46 -26Q-20 -44 20 -42Q-14 -28 -40 -14Z', { fill: '#fff', opacity: 0.6 }),
  )
}

function lemonHalf(random: Seeded, x: number, y: number): string {
  const wedges = Array.from({ length: 9 }, (_, index) => {
    const angle = (index / 9) * Math.PI * 2 + random.bell() * 0.05
    const at = (turn: number, radius: number): string =>
      `${(Math.cos(angle + turn) * radius).toFixed(1)} ${(Math.sin(angle + turn) * radius * 0.86).toFixed(1)}`
    return `M${at(0, 6)}L${at(-0.28, 43)}Q${at(0, 52)} ${at(0.28, 43)}Z`
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(9)` },
    element('ellipse', { cx: 14, cy: 16, rx: 70, ry: 52, fill: '#20110b', opacity: 0.35 }),
    element('ellipse', { cx: 3, cy: 4, rx: 64, ry: 56, fill: '#d6ab22' }),
    element('ellipse', { rx: 61, ry: 53, fill: '#fdf6d2' }),
    path(wedges.join(''), { fill: '#f2d94e', stroke: '#e8c93a', 'stroke-width': 1 }),
    strokes('M-30 -20l8 6M20 -28l-4 8M26 16l-8 -5', '#fffbe0', 3),
  )
}

function grapes(random: Seeded): string {
  const berries = Array.from({ length: 27 }, (_, index) => {
    const row = Math.floor(index / 5)
    return apple(
      random,
      486 + (index % 5) * 31 + random.bell() * 8 - row * 15,
      836 + row * 19 + random.bell() * 7,
      random.between(17, 23),
      'plum',
      0,
    )
  })
  return (
    shadow(random, 510, 920, 110, 30) +
    strokes('M590 790Q556 812 540 838M590 790L602 778', '#5c3b1e', 6) +
    berries.join('')
  )
}

function knife(): string {
  return group(
    { transform: 'translate(645 915) rotate(-5)' },
    path('M-20 12H330V22H0Z', { fill: '#1d0f0a', opacity: 0.35 }),
    path('M-30 2Q60 -24 210 -12V12H20Q-10 12 -30 2Z', { fill: '#c9ced2' }),
    path('M-30 2Q60 10 210 6V12H20Q-10 12 -30 2Z', { fill: '#7d868e' }),
    path('M210 -14H340Q356 0 340 14H210Z', { fill: '#3a2116' }),
    path('M230 -3h8v6h-8zM275 -3h8v6h-8zM318 -3h8v6h-8z', { fill: '#d6b36a' }),
  )
}
