import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, element, group, mix, path, pebble, type Point } from './svg.ts'

export const INK = '#4a3a2c'

/** The bulb, and roots that branch until they are hairs. */
export function root(random: Seeded): string {
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
export function details(random: Seeded): string {
  const bars = strokes(
    'M112 1214h80m-80 -5v10m80 -10v10M240 1190h54m-54 -5v10m54 -10v10M656 1214h64m-64 -5v10m64 -10v10M770 1222h84m-84 -5v10m84 -10v10',
    INK,
    1.4,
  )
  return pod(random) + seed(random) + petal() + section() + bars
}

function pod(random: Seeded): string {
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
  return group(
    { transform: 'translate(152 1085) rotate(14)' },
    path('M0 -118C44 -90 46 60 6 112C-46 70 -42 -80 0 -118Z', { fill: 'url(#pod)', stroke: INK, 'stroke-width': 1.8 }),
    path('M2 -96C26 -70 28 50 6 92C-20 54 -18 -66 2 -96Z', { fill: '#ead9a0', stroke: INK, 'stroke-width': 1 }),
    ...seeds,
  )
}

function seed(random: Seeded): string {
  const grains = Array.from(
    { length: 120 },
    () => [random.bell() * 15, random.bell() * 20, random.between(0.6, 1.5)] as const,
  )
  return group(
    { transform: 'translate(268 1130) rotate(-24)' },
    path(curve(pebble(random, [0, 0], 32, 44, 0.05), true), { fill: '#8a6230', stroke: INK, 'stroke-width': 1.6 }),
    path(dots(grains), { fill: '#3f2813', opacity: 0.7 }),
    path('M-14 -22Q-4 -34 8 -32Q-6 -20 -10 -6Z', { fill: '#f1dcab', opacity: 0.7 }),
  )
}

function petal(): string {
  return group(
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
}

/** The ovary cut across: five cells inside a ring. */
function section(): string {
  return group(
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
}
