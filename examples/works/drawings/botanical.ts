import { seeded, type Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
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
  pebble,
  sheet,
  straight,
  type Point,
} from './svg.ts'

const [WIDTH, HEIGHT] = [960, 1300]
const INK = '#4a3a2c'

/** A botanical plate of a plant that never grew: stem, root, leaves, flowers, and three details beside them. */
export function botanical(): Drawing {
  const random = seeded('botanical plate')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      [
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
      ].join(''),
    ),
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
    element('rect', {
      x: 34,
      y: 34,
      width: WIDTH - 68,
      height: HEIGHT - 68,
      fill: 'none',
      stroke: INK,
      'stroke-width': 2.5,
    }),
    element('rect', {
      x: 44,
      y: 44,
      width: WIDTH - 88,
      height: HEIGHT - 88,
      fill: 'none',
      stroke: INK,
      'stroke-width': 0.8,
    }),
    caption(random),
  )
  return { fileName: 'plate-of-an-invented-plant.jpg', title: 'Plate of an Invented Plant', svg, grain: 9 }
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

/** A lobed leaf that grows from (x, y); `turn` in degrees from upright, `size` its length in pixels. */
function leaf(random: Seeded, x: number, y: number, turn: number, size: number, fill: string): string {
  const [left, right]: [Point[], Point[]] = [[], []]
  const veins: string[] = []
  const lobes = 7
  const sway = random.bell() * size * 0.05
  const spine = (share: number): Point => [Math.sin(share * Math.PI) * sway, -size * share]
  for (let lobe = 1; lobe <= lobes; lobe++) {
    const share = lobe / (lobes + 0.6)
    const reach = Math.sin(share ** 0.75 * Math.PI) * size * 0.29
    for (const [side, edge] of [
      [-1, left],
      [1, right],
    ] as const) {
      const out = reach * random.between(0.88, 1.14) * (side < 0 ? 1 : 0.86)
      const [sx, sy] = spine(share)
      const tip: Point = [sx + side * out, sy - size * 0.035]
      edge.push([sx + side * out * 0.8, sy + size * 0.03], tip, [sx + side * out * 0.66, sy - size * 0.055])
      veins.push(
        curve([
          [sx * 0.9, sy + size * 0.09],
          [sx + side * out * 0.5, sy + size * 0.028],
          [tip[0] * 0.96, tip[1]],
        ]),
      )
    }
  }
  const outline = curve([[0, 0], ...left, [0, -size * 1.04], ...right.toReversed()], true)
  const midrib = curve([[0, 14], spine(0.3), spine(0.6), [0, -size * 1.02]])
  const shading = Array.from({ length: 46 }, () => {
    const share = random.between(0.14, 0.72)
    const [sx, sy] = spine(share)
    const start = sx + random.between(0.1, 0.6) * Math.sin(share * Math.PI) * size * 0.25
    return `M${start.toFixed(1)} ${sy.toFixed(1)}l${random.between(5, 13).toFixed(1)} -${random.between(4, 9).toFixed(1)}`
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn})` },
    path(outline, { fill: `url(#${fill})`, stroke: '#2b4a2a', 'stroke-width': 1.6 }),
    strokes(shading.join(''), '#1e4028', 1.1, { opacity: 0.4 }),
    strokes(veins.join(''), '#dbe6b0', 1.5, { opacity: 0.85 }),
    strokes(midrib, '#e6edc0', 3),
  )
}

function flower(random: Seeded, x: number, y: number, scale: number, turn: number, petals: number): string {
  const ring = (count: number, length: number, width: number, lift: number): string =>
    Array.from({ length: count }, (_, index) => {
      const angle = (index / count) * 360 + random.bell() * 6
      const [long, wide] = [length * random.between(0.86, 1.1), width * random.between(0.85, 1.15)]
      const notch = random.between(4, 12)
      const d = `M0 0C${-wide} ${-long * 0.35} ${-wide * 1.1} ${-long * 0.9} ${-wide * 0.25} ${-long}L${random.bell() * 3} ${-long + notch}L${wide * 0.3} ${-long * 1.02}C${wide * 1.1} ${-long * 0.86} ${wide} ${-long * 0.35} 0 0Z`
      const lines = Array.from(
        { length: 5 },
        (__, vein) =>
          `M0 ${-long * 0.2}Q${(vein - 2) * wide * 0.3} ${-long * 0.5} ${(vein - 2) * wide * 0.32} ${-long * random.between(0.68, 0.88)}`,
      )
      // The flower is seen from the side, so petals that point to the reader are shorter.
      return group(
        { transform: `scale(1 0.78) rotate(${angle.toFixed(1)}) translate(0 ${-lift})` },
        path(d, { fill: 'url(#petal)', stroke: '#7a1f45', 'stroke-width': 1.3 }),
        strokes(lines.join(''), '#8f2150', 0.9, { opacity: 0.55 }),
      )
    }).join('')
  const stamens = Array.from({ length: 34 }, () => {
    const [angle, radius] = [random.between(0, Math.PI * 2), random.between(8, 31)]
    return [Math.cos(angle) * radius, Math.sin(angle) * radius * 0.75 - 4, random.between(1.8, 3.4)] as const
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${scale})` },
    path('M-22 44Q-34 10 -8 -6L12 -6Q34 14 20 46Q0 62 -22 44Z', {
      fill: '#6d9149',
      stroke: '#2b4a2a',
      'stroke-width': 1.5,
    }),
    ring(petals, 112, 30, 4),
    ring(petals - 4, 78, 24, 2),
    element('ellipse', { cy: -3, rx: 24, ry: 18, fill: '#7d8f2f' }),
    strokes(stamens.map(([sx, sy]) => `M0 -3L${sx.toFixed(1)} ${sy.toFixed(1)}`).join(''), '#f6e2a0', 1.2),
    path(dots(stamens), { fill: '#e8ac27', stroke: '#8a5a14', 'stroke-width': 0.6 }),
  )
}

function bud(x: number, y: number, turn: number, scale: number): string {
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${scale})` },
    path('M0 14C-34 2 -28 -44 2 -70C32 -40 32 4 0 14Z', { fill: 'url(#bud)', stroke: '#7a1f45', 'stroke-width': 1.5 }),
    strokes('M0 -62Q-14 -30 -4 8M4 -60Q18 -30 8 8', '#8f2150', 1.2),
    path('M0 20C-30 12 -34 -14 -26 -26Q-14 -12 -8 -30Q0 -10 8 -28Q14 -10 27 -22C34 -8 28 12 0 20Z', {
      fill: '#7ea055',
      stroke: '#2b4a2a',
      'stroke-width': 1.4,
    }),
  )
}

function root(random: Seeded): string {
  const hairs: string[] = []
  const grow = (x: number, y: number, angle: number, length: number, thickness: number): void => {
    const points: Point[] = [[x, y]]
    let heading = angle
    for (let step = 0; step < 6; step++) {
      const [px, py] = points.at(-1) as Point
      heading += random.bell() * 0.24
      points.push([px + Math.sin(heading) * (length / 6), py + Math.cos(heading) * (length / 6)])
    }
    hairs.push(strokes(curve(points), INK, thickness + 1.6), strokes(curve(points), '#c8a26c', thickness))
    if (thickness < 1.2) return
    for (let branch = 0; branch < 5; branch++) {
      const [px, py] = points[1 + (branch % 5)] as Point
      grow(
        px,
        py,
        angle + random.pick([-1, 1]) * random.between(0.4, 1),
        length * random.between(0.35, 0.6),
        thickness * 0.4,
      )
    }
  }
  for (const [x, angle, length] of [
    [470, -0.15, 140],
    [448, -0.85, 140],
    [492, 0.7, 125],
    [478, 0.25, 110],
  ] as const)
    grow(x, 1030, angle, length, 5)
  const bulb = 'M470 975C520 985 548 1030 520 1070Q490 1100 462 1096Q416 1084 414 1044C412 1010 440 980 470 975Z'
  const rings = [0, 1, 2, 3].map(
    (index) => `M${430 + index * 22} ${1072 - index * 4}Q${424 + index * 26} 1020 ${466 + index * 5} 984`,
  )
  return (
    hairs.join('') +
    path(bulb, { fill: '#b98a52', stroke: INK, 'stroke-width': 2 }) +
    strokes(rings.join(''), '#7a5227', 1.6) +
    strokes('M434 1050Q432 1014 456 994', '#efd9a8', 5, { opacity: 0.6 })
  )
}

/** A seed pod cut open, a seed, and a petal: the reader sees the size of each from the bar below it. */
function details(random: Seeded): string {
  const seeds = Array.from({ length: 9 }, (_, index) =>
    element('ellipse', {
      cx: 4 + random.bell() * 2,
      cy: -70 + index * 17,
      rx: 11,
      ry: 7.5,
      fill: mix('#5a3a1c', '#9a7038', random.next()),
      stroke: INK,
      'stroke-width': 1,
      transform: `rotate(${(random.bell() * 8).toFixed(1)})`,
    }),
  )
  const pod = group(
    { transform: 'translate(152 1085) rotate(14)' },
    path('M0 -118C44 -90 46 60 6 112C-46 70 -42 -80 0 -118Z', { fill: 'url(#pod)', stroke: INK, 'stroke-width': 1.8 }),
    path('M2 -96C26 -70 28 50 6 92C-20 54 -18 -66 2 -96Z', { fill: '#ead9a0', stroke: INK, 'stroke-width': 1 }),
    ...seeds,
  )
  const grains = Array.from(
    { length: 120 },
    () => [random.bell() * 15, random.bell() * 20, random.between(0.6, 1.5)] as const,
  )
  const seed = group(
    { transform: 'translate(268 1130) rotate(-24)' },
    path(curve(pebble(random, [0, 0], 32, 44, 0.05), true), { fill: '#8a6230', stroke: INK, 'stroke-width': 1.6 }),
    path(dots(grains), { fill: '#3f2813', opacity: 0.7 }),
    path('M-14 -22Q-4 -34 8 -32Q-6 -20 -10 -6Z', { fill: '#f1dcab', opacity: 0.7 }),
  )
  const petal = group(
    { transform: 'translate(812 1120) rotate(24)' },
    path('M0 92C-66 30 -72 -62 -18 -108L2 -90L24 -110C74 -56 62 34 0 92Z', {
      fill: 'url(#petal)',
      stroke: '#7a1f45',
      'stroke-width': 1.6,
    }),
    strokes(
      Array.from(
        { length: 9 },
        (_, vein) => `M0 84Q${(vein - 4) * 15} 10 ${(vein - 4) * 10} ${-86 + Math.abs(vein - 4) * 7}`,
      ).join(''),
      '#8f2150',
      1,
      { opacity: 0.6 },
    ),
  )
  const section = group(
    { transform: 'translate(694 1152)' },
    element('circle', { r: 52, fill: '#a9c07a', stroke: INK, 'stroke-width': 2 }),
    element('circle', { r: 40, fill: '#eef0c8', stroke: '#6d9149', 'stroke-width': 1.4 }),
    ...Array.from({ length: 5 }, (_, cell) =>
      path('M0 -6Q-15 -22 0 -35Q15 -22 0 -6Z', {
        fill: '#d9c77e',
        stroke: INK,
        'stroke-width': 1,
        transform: `rotate(${cell * 72 + 9})`,
      }),
    ),
    path(
      dots(
        Array.from(
          { length: 30 },
          (_, index) => [Math.cos(index * 0.209) * 46, Math.sin(index * 0.209) * 46, 2] as const,
        ),
      ),
      { fill: '#5f8a45' },
    ),
  )
  return (
    pod +
    seed +
    petal +
    section +
    strokes(
      'M112 1214h80m-80 -5v10m80 -10v10M240 1190h54m-54 -5v10m54 -10v10M656 1214h64m-64 -5v10m64 -10v10M770 1222h84m-84 -5v10m84 -10v10',
      INK,
      1.4,
    )
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
