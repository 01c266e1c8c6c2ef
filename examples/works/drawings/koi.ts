import { seeded, type Seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, glow, group, mix, path, pebble, sheet, type Point } from './svg.ts'

const [WIDTH, HEIGHT] = [1180, 1180]

/** A pond from above: seven carp, lily pads, stones at the edge and rings on the water. */
export function koi(): Drawing {
  const random = seeded('carp in a pond')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element('defs', {}, glow('pond', 0.6, 0.4, 0.8, [[0, '#5fa79a'], [0.45, '#2f7a78'], [1, '#12403f']]) + glow('blossom', 0.5, 0.9, 1, [[0, '#fff7df'], [0.5, '#f6b9c6'], [1, '#d8607f']])),
    background(WIDTH, HEIGHT, 'url(#pond)'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, ['#0f3b3c', '#7fc4b0', '#1f6465'], { count: 70, length: 180, thickness: 15, angle: 24, opacity: 0.14 }),
    bottom(random),
    ...CARP.map((carp) => fish(random, carp)),
    rings(random),
    ...[[150, 940, 118, 20], [292, 1040, 92, 140], [96, 1092, 76, 250], [980, 700, 104, 200], [1092, 806, 82, 80], [700, 150, 66, 320], [414, 930, 52, 10]].map(([x, y, r, turn]) => pad(random, x as number, y as number, r as number, turn as number)),
    lotus(random, 236, 956, 1.05), lotus(random, 1046, 742, 0.74),
    shore(random),
    petals(random),
  )
  return { fileName: 'seven-carp.jpg', title: 'Seven Carp', svg, grain: 10 }
}

interface Carp { x: number; y: number; turn: number; size: number; bend: number; base: string; patch: string; ink?: boolean }

const CARP: readonly Carp[] = [
  { x: 640, y: 500, turn: 28, size: 1.5, bend: 0.5, base: '#f7f1e4', patch: '#e0532b' },
  { x: 330, y: 690, turn: -48, size: 1.28, bend: -0.6, base: '#f08a2c', patch: '#f6d9a8' },
  { x: 850, y: 400, turn: 112, size: 1.12, bend: 0.7, base: '#f3ede0', patch: '#d13a2a', ink: true },
  { x: 620, y: 830, turn: 170, size: 1.2, bend: -0.4, base: '#2a2a2e', patch: '#d8d2c4' },
  { x: 330, y: 330, turn: 205, size: 0.95, bend: 0.6, base: '#f2c33c', patch: '#fbe9a8' },
  { x: 850, y: 930, turn: -20, size: 1.06, bend: 0.45, base: '#f7f1e4', patch: '#1d1d22', ink: true },
  { x: 560, y: 250, turn: 66, size: 0.82, bend: -0.7, base: '#d9472b', patch: '#f7f1e4' },
]

/** A carp along a bent spine, head to the left before it is turned; its shadow lies on the bottom. */
function fish(random: Seeded, { x, y, turn, size, bend, base, patch, ink }: Carp): string {
  const spine = (t: number): Point => [-110 + t * 220, Math.sin(t * Math.PI * 1.15 - 0.3) * bend * 34 * t]
  const half = (t: number): number => 40 * Math.sin(Math.min(1, t * 1.35 + 0.12) * Math.PI * 0.5) * (1 - t) ** 0.62 + 7 * t
  const side = (sign: number): Point[] => Array.from({ length: 9 }, (_, index): Point => {
    const t = index / 8
    return [spine(t)[0], spine(t)[1] + sign * half(t)]
  })
  const outline = curve([[-124, 0], ...side(-1), ...side(1).toReversed()], true)
  const [tx, ty] = spine(1)
  const tail = `M${tx - 12} ${ty - 5}Q${tx + 40} ${ty - 44 + bend * 20} ${tx + 92} ${ty - 38 + bend * 50}Q${tx + 60} ${ty - 4 + bend * 20} ${tx + 50} ${ty + bend * 14}Q${tx + 66} ${ty + 16} ${tx + 84} ${ty + 46 + bend * 40}Q${tx + 30} ${ty + 34} ${tx - 12} ${ty + 5}Z`
  const fins = 'M-56 34Q-64 84 -14 92Q-8 60 -30 34ZM-56 -34Q-70 -82 -20 -94Q-10 -62 -30 -34ZM34 26Q34 54 62 58Q62 36 54 22ZM34 -22Q38 -50 66 -50Q64 -30 54 -18Z'
  const patches = Array.from({ length: 6 }, (_, index) => {
    const [px, py] = spine(index / 6 + random.between(0, 0.1))
    return path(curve(pebble(random, [px + 10, py + random.bell() * 13], random.between(13, 30), random.between(10, 25), 0.3), true), { fill: ink && index % 3 === 2 ? '#1d1d22' : patch })
  })
  const id = `carp${Math.round(x)}x${Math.round(y)}`
  const place = `rotate(${turn}) scale(${size})`
  return element('clipPath', { id }, path(outline, {})) +
    group({ transform: `translate(${x + 34} ${y + 46}) ${place}`, opacity: 0.3 }, path(outline + tail + fins, { fill: '#06201f' })) +
    group({ transform: `translate(${x} ${y}) ${place}` }, path(tail + fins, { fill: mix(base, '#ffffff', 0.3), opacity: 0.8, stroke: mix(base, '#402010', 0.5), 'stroke-width': 1 }), strokes(finRays(random, tx, ty, bend), mix(base, '#402010', 0.5), 0.9, { opacity: 0.6 }),
      path(outline, { fill: base }), group({ 'clip-path': `url(#${id})` }, ...patches, strokes(scales(spine, half), mix(base, '#201010', 0.45), 1, { opacity: 0.42 }), path(`M-130 20Q0 ${50 + bend * 10} 130 20V80H-130Z`, { fill: '#20120c', opacity: 0.2 })),
      path(outline, { fill: 'none', stroke: mix(base, '#201010', 0.6), 'stroke-width': 1.5 }), strokes(curve(Array.from({ length: 7 }, (_, index) => spine(0.3 + index * 0.09))), mix(base, '#ffffff', 0.6), 4, { opacity: 0.75 }),
      path(dots([[-97, -13, 4.5], [-97, 13, 4.5]]), { fill: '#0d0d10' }), path(dots([[-99, -14, 1.5], [-99, 12, 1.5]]), { fill: '#ffffff' }), strokes('M-122 -8Q-140 -14 -146 -28M-122 8Q-140 16 -144 30', mix(base, '#402010', 0.4), 2))
}

function finRays(random: Seeded, tx: number, ty: number, bend: number): string {
  const tail = Array.from({ length: 9 }, (_, index) => `M${tx} ${ty}Q${tx + 34} ${ty - 26 + index * 7} ${tx + random.between(56, 80)} ${ty - 32 + index * 8 + bend * 40}`)
  const breast = Array.from({ length: 5 }, (_, index) => `M-44 ${34}Q-46 62 ${-46 + index * 9} ${86 - index * 2}M-44 -34Q-48 -62 ${-50 + index * 9} ${-86 + index * 2}`)
  return tail.join('') + breast.join('')
}

function scales(spine: (t: number) => Point, half: (t: number) => number): string {
  let d = ''
  for (let row = 4; row < 18; row++) {
    const [px, py] = spine(row / 19)
    const reach = half(row / 19)
    for (let y = -reach + (row % 2 ? 0 : 6); y < reach; y += 12) d += `M${(px - 5).toFixed(1)} ${(py + y).toFixed(1)}q11 5 0 12`
  }
  return d
}

function bottom(random: Seeded): string {
  const pebbles = Array.from({ length: 130 }, () => path(curve(pebble(random, [random.between(0, WIDTH), random.between(0, HEIGHT)], random.between(6, 26), random.between(5, 19), 0.2, 8), true), { fill: random.pick(['#1a4f4c', '#3f8478', '#2a625c', '#5c9a86']), opacity: 0.4 }))
  const weeds = Array.from({ length: 46 }, () => {
    const [x, y] = [random.between(700, WIDTH), random.between(960, HEIGHT + 40)]
    return curve([[x, y], [x + random.bell() * 18, y - 40], [x + random.bell() * 30, y - 90], [x + random.bell() * 44, y - random.between(110, 170)]])
  })
  return pebbles.join('') + strokes(weeds.join(''), '#1c5a3c', 5, { opacity: 0.55 })
}

function rings(random: Seeded): string {
  const places = [[520, 470, 7], [930, 190, 5], [760, 690, 6], [200, 500, 4], [470, 1090, 5]] as const
  const circles = places.flatMap(([x, y, count]) => Array.from({ length: count }, (_, index) => strokes(curve(pebble(random, [x, y], 16 + index * 23, 13 + index * 19, 0.02, 18), true), '#e4f6ee', 2.4 - index * 0.25, { opacity: 0.62 - index * 0.07, 'stroke-dasharray': `${60 + index * 40} ${8 + index * 9}` })))
  return circles.join('') + brushed(random, { x: 480, y: 60, width: 560, height: 300 }, ['#f2fff8'], { count: 34, length: 90, thickness: 5, angle: -18, opacity: 0.3 })
}

function pad(random: Seeded, x: number, y: number, r: number, turn: number): string {
  const edge = Array.from({ length: 25 }, (_, index): Point => {
    const angle = 0.22 + (index / 24) * (Math.PI * 2 - 0.44)
    const radius = r * random.between(0.965, 1.03)
    return [Math.cos(angle) * radius, Math.sin(angle) * radius * 0.94]
  })
  const outline = `${curve(edge)}L0 0Z`
  const veins = edge.filter((_, index) => index % 2 === 1).map(([vx, vy]) => `M0 0Q${(vx * 0.5 + random.bell() * 4).toFixed(1)} ${(vy * 0.5 + random.bell() * 4).toFixed(1)} ${(vx * 0.9).toFixed(1)} ${(vy * 0.9).toFixed(1)}`)
  const green = mix('#4f9a4a', '#8fbf4f', random.next())
  const spots = Array.from({ length: 12 }, () => [random.bell() * r * 0.4, random.bell() * r * 0.4, random.between(1.5, 4)] as const)
  return path(outline, { fill: '#06201f', opacity: 0.35, transform: `translate(${x + 16} ${y + 22}) rotate(${turn})` }) +
    group({ transform: `translate(${x} ${y}) rotate(${turn})` }, path(outline, { fill: green, stroke: '#c7d98a', 'stroke-width': 3 }), path(`${curve(edge.slice(8, 20))}L0 0Z`, { fill: '#1f5f38', opacity: 0.28 }), strokes(veins.join(''), '#d8e8a0', 1.8, { opacity: 0.75 }), path(dots(spots), { fill: '#7a5a24', opacity: 0.55 }))
}

function lotus(random: Seeded, x: number, y: number, scale: number): string {
  const layer = (count: number, long: number, wide: number, start: number): string => Array.from({ length: count }, (_, index) => {
    const stretch = random.between(0.9, 1.1)
    return path(`M0 0C${-wide} ${-long * 0.4} ${-wide * 0.7} ${-long * 0.9} 0 ${-long * stretch}C${wide * 0.7} ${-long * 0.9} ${wide} ${-long * 0.4} 0 0Z`, { fill: 'url(#blossom)', stroke: '#b8446a', 'stroke-width': 1.2, transform: `rotate(${((index / count) * 360 + start).toFixed(1)})` })
  }).join('')
  const stamens = Array.from({ length: 26 }, () => [random.bell() * 10, random.bell() * 10, random.between(1.5, 3)] as const)
  return group({ transform: `translate(${x} ${y}) scale(${scale})` }, element('ellipse', { cx: 12, cy: 18, rx: 76, ry: 70, fill: '#06201f', opacity: 0.3 }), layer(11, 88, 27, 0), layer(9, 66, 23, 14), layer(6, 44, 18, 31), element('circle', { r: 16, fill: '#e9c04a' }), path(dots(stamens), { fill: '#b8802a' }))
}

/** Stones and moss along the top left edge, where somebody might stand. */
function shore(random: Seeded): string {
  const stones: string[] = []
  for (let index = 0; index < 30; index++) {
    const t = index / 29
    const [x, y] = [-30 + t * 560 + random.bell() * 20, 330 - t * 360 + random.bell() * 24 - Math.sin(t * Math.PI) * 60]
    const [rx, ry, tone] = [random.between(44, 92), random.between(36, 72), mix('#4d5250', '#a8a595', random.next())]
    const outline = pebble(random, [x, y], rx, ry, 0.13)
    const specks = Array.from({ length: 26 }, () => [x + random.bell() * rx * 0.4, y + random.bell() * ry * 0.4, random.between(0.8, 2.6)] as const)
    stones.push(path(curve(outline.map(([px, py]): Point => [px + 14, py + 20]), true), { fill: '#041615', opacity: 0.4 }), path(curve(outline, true), { fill: tone, stroke: '#262b29', 'stroke-width': 2 }),
      path(curve(pebble(random, [x - rx * 0.22, y - ry * 0.26], rx * 0.55, ry * 0.45, 0.18), true), { fill: mix(tone, '#ffffff', 0.3), opacity: 0.6 }), path(dots(specks), { fill: index % 3 ? '#2f3533' : '#5f8a4a', opacity: 0.65 }))
  }
  return path('M-20 -20H470Q330 40 250 120Q120 190 -20 300Z', { fill: '#39572f' }) + stones.join('')
}

function petals(random: Seeded): string {
  return Array.from({ length: 34 }, () => path('M0 0Q-8 -12 0 -20L3 -16L7 -20Q13 -10 0 0Z', { fill: random.pick(['#f6c3cf', '#fbe3e6', '#eda3b6']), transform: `translate(${random.between(300, WIDTH).toFixed(0)} ${random.between(40, 1120).toFixed(0)}) rotate(${random.whole(0, 359)}) scale(${random.between(0.8, 1.5).toFixed(2)})` })).join('')
}
