import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, element, group, mix, path, pebble, type Point } from './svg.ts'

interface Carp {
  x: number
  y: number
  turn: number
  size: number
  bend: number
  base: string
  patch: string
  ink?: boolean
}

export const CARP: readonly Carp[] = [
  { x: 640, y: 500, turn: 28, size: 1.5, bend: 0.5, base: '#f7f1e4', patch: '#e0532b' },
  { x: 330, y: 690, turn: -48, size: 1.28, bend: -0.6, base: '#f08a2c', patch: '#f6d9a8' },
  { x: 850, y: 400, turn: 112, size: 1.12, bend: 0.7, base: '#f3ede0', patch: '#d13a2a', ink: true },
  { x: 620, y: 830, turn: 170, size: 1.2, bend: -0.4, base: '#2a2a2e', patch: '#d8d2c4' },
  { x: 330, y: 330, turn: 205, size: 0.95, bend: 0.6, base: '#f2c33c', patch: '#fbe9a8' },
  { x: 850, y: 930, turn: -20, size: 1.06, bend: 0.45, base: '#f7f1e4', patch: '#1d1d22', ink: true },
  { x: 560, y: 250, turn: 66, size: 0.82, bend: -0.7, base: '#d9472b', patch: '#f7f1e4' },
]

/** A carp along a bent spine, head to the left before it is turned; its shadow lies on the bottom. */
export function fish(random: Seeded, { x, y, turn, size, bend, base, patch, ink }: Carp): string {
  const spine = (t: number): Point => [-110 + t * 220, Math.sin(t * Math.PI * 1.15 - 0.3) * bend * 34 * t]
  const half = (t: number): number =>
    40 * Math.sin(Math.min(1, t * 1.35 + 0.12) * Math.PI * 0.5) * (1 - t) ** 0.62 + 7 * t
  const side = (sign: number): Point[] =>
    Array.from({ length: 9 }, (_, index): Point => {
      const t = index / 8
      return [spine(t)[0], spine(t)[1] + sign * half(t)]
    })
  const outline = curve([[-124, 0], ...side(-1), ...side(1).toReversed()], true)
  const [tx, ty] = spine(1)
  const tail = `M${tx - 12} ${ty - 5}Q${tx + 40} ${ty - 44 + bend * 20} ${tx + 92} ${ty - 38 + bend * 50}Q${tx + 60} ${ty - 4 + bend * 20} ${tx + 50} ${ty + bend * 14}Q${tx + 66} ${ty + 16} ${tx + 84} ${ty + 46 + bend * 40}Q${tx + 30} ${ty + 34} ${tx - 12} ${ty + 5}Z`
  const fins =
    'M-56 34Q-64 84 -14 92Q-8 60 -30 34ZM-56 -34Q-70 -82 -20 -94Q-10 -62 -30 -34ZM34 26Q34 54 62 58Q62 36 54 22ZM34 -22Q38 -50 66 -50Q64 -30 54 -18Z'
  const patches = Array.from({ length: 6 }, (_, index) => {
    const [px, py] = spine(index / 6 + random.between(0, 0.1))
    return path(
      curve(
        pebble(random, [px + 10, py + random.bell() * 13], random.between(13, 30), random.between(10, 25), 0.3),
        true,
      ),
      { fill: ink && index % 3 === 2 ? '#1d1d22' : patch },
    )
  })
  const id = `carp${Math.round(x)}x${Math.round(y)}`
  const place = `rotate(${turn}) scale(${size})`
  return (
    element('clipPath', { id }, path(outline, {})) +
    group(
      { transform: `translate(${x + 34} ${y + 46}) ${place}`, opacity: 0.3 },
      path(outline + tail + fins, { fill: '#06201f' }),
    ) +
    group(
      { transform: `translate(${x} ${y}) ${place}` },
      path(tail + fins, {
        fill: mix(base, '#ffffff', 0.3),
        opacity: 0.8,
        stroke: mix(base, '#402010', 0.5),
        'stroke-width': 1,
      }),
      strokes(finRays(random, tx, ty, bend), mix(base, '#402010', 0.5), 0.9, { opacity: 0.6 }),
      path(outline, { fill: base }),
      group(
        { 'clip-path': `url(#${id})` },
        ...patches,
        strokes(scales(spine, half), mix(base, '#201010', 0.45), 1, { opacity: 0.42 }),
        path(`M-130 20Q0 ${50 + bend * 10} 130 20V80H-130Z`, { fill: '#20120c', opacity: 0.2 }),
      ),
      path(outline, { fill: 'none', stroke: mix(base, '#201010', 0.6), 'stroke-width': 1.5 }),
      strokes(curve(Array.from({ length: 7 }, (_, index) => spine(0.3 + index * 0.09))), mix(base, '#ffffff', 0.6), 4, {
        opacity: 0.75,
      }),
      head(base),
    )
  )
}

/** Eyes, the light in them, and barbels. */
function head(base: string): string {
  return [
    path(
      dots([
        [-97, -13, 4.5],
        [-97, 13, 4.5],
      ]),
      { fill: '#0d0d10' },
    ),
    path(
      dots([
        [-99, -14, 1.5],
        [-99, 12, 1.5],
      ]),
      { fill: '#ffffff' },
    ),
    strokes('M-122 -8Q-140 -14 -146 -28M-122 8Q-140 16 -144 30', mix(base, '#402010', 0.4), 2),
  ].join('')
}

function finRays(random: Seeded, tx: number, ty: number, bend: number): string {
  const tail = Array.from(
    { length: 9 },
    (_, index) =>
      `M${tx} ${ty}Q${tx + 34} ${ty - 26 + index * 7} ${tx + random.between(56, 80)} ${ty - 32 + index * 8 + bend * 40}`,
  )
  const breast = Array.from(
    { length: 5 },
    (_, index) =>
      `M-44 ${34}Q-46 62 ${-46 + index * 9} ${86 - index * 2}M-44 -34Q-48 -62 ${-50 + index * 9} ${-86 + index * 2}`,
  )
  return tail.join('') + breast.join('')
}

function scales(spine: (t: number) => Point, half: (t: number) => number): string {
  let d = ''
  for (let row = 4; row < 18; row++) {
    const [px, py] = spine(row / 19)
    const reach = half(row / 19)
    for (let y = -reach + (row % 2 ? 0 : 6); y < reach; y += 12)
      d += `M${(px - 5).toFixed(1)} ${(py + y).toFixed(1)}q11 5 0 12`
  }
  return d
}
