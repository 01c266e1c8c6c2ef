import { seeded, type Seeded } from '../seeded.ts'
import type { Drawing } from './raster.ts'
import { background, group, mix, path, sheet } from './svg.ts'

const [COLUMNS, ROWS, STITCH] = [104, 128, 10]
const [MARGIN, FRINGE] = [40, 60]
const [WIDTH, HEIGHT] = [COLUMNS * STITCH + MARGIN * 2, ROWS * STITCH + FRINGE * 2]
const [RED, BLUE, CREAM, OCHRE, GREEN, BROWN, ROSE] = [
  '#9c2f2a',
  '#22416b',
  '#eadcbd',
  '#d19a3a',
  '#4a6b4a',
  '#4a2c20',
  '#c9786b',
]

/** A woven rug: bands of different motifs, each stitch a thread over the warp, dyed a little unevenly. */
export function textile(): Drawing {
  const random = seeded('woven textile')
  const byColour = new Map<string, string>()
  const shadows: string[] = []
  const dye = Array.from({ length: ROWS }, () => random.bell() * 0.07)
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const worn = wear(column, row, random)
      const fade =
        Math.round(Math.min(0.45, Math.max(0, 0.12 + (dye[row] as number) + random.bell() * 0.05 + worn)) * 10) / 10
      const colour = mix(motif(column, row), (column + row) % 2 ? '#f0e2c4' : '#2a1812', fade)
      const [x, y] = [MARGIN + column * STITCH, FRINGE + row * STITCH]
      const lift = (column % 2 ? 1.2 : -1.2) + random.bell() * 0.4
      const d = `M${(x + 1.1).toFixed(1)} ${(y + 5 + lift).toFixed(1)}q3.8 -2.2 7.6 ${(column % 2 ? -0.8 : 0.8).toFixed(1)}`
      byColour.set(colour, (byColour.get(colour) ?? '') + d)
    }
    shadows.push(`M${MARGIN} ${FRINGE + row * STITCH + 9.6}h${COLUMNS * STITCH}`)
  }
  const threads = [...byColour].map(([colour, d]) => path(d, { stroke: colour }))
  const svg = sheet(
    WIDTH,
    HEIGHT,
    background(WIDTH, HEIGHT, '#cfc8bb'),
    path(`M${MARGIN + 8} ${FRINGE + 10}h${COLUMNS * STITCH + 4}v${ROWS * STITCH}h-${COLUMNS * STITCH + 4}z`, {
      fill: '#5f584e',
      opacity: 0.5,
    }),
    fringe(random),
    path(`M${MARGIN} ${FRINGE}h${COLUMNS * STITCH}v${ROWS * STITCH}h-${COLUMNS * STITCH}z`, { fill: '#2b1a14' }),
    group({ fill: 'none', 'stroke-width': 8.4 }, ...threads),
    path(shadows.join(''), { stroke: '#180c08', 'stroke-width': 1, opacity: 0.35 }),
  )
  return { fileName: 'rug-with-seven-bands.jpg', title: 'Rug with Seven Bands', svg, grain: 14 }
}

/** Feet wear a rug where they step on it, not everywhere. */
function wear(column: number, row: number, random: Seeded): number {
  const distance = Math.hypot((column - 66) / 30, (row - 76) / 18)
  return distance < 1 ? (1 - distance) * random.between(0.05, 0.28) : 0
}

/** The colour of one stitch. The border runs around; inside, seven bands lie under each other. */
function motif(column: number, row: number): string {
  const edge = Math.min(column, row, COLUMNS - 1 - column, ROWS - 1 - row)
  if (edge < 2) return BROWN
  if (edge < 7) return border(column, row, edge)
  if (edge === 7) return CREAM
  const [x, y] = [column - 8, row - 8]
  if (y < 17) return arrows(x, y)
  if (y < 34) return diamonds(x, y - 17)
  if (y < 46) return waves(x, y - 34)
  if (y < 76) return medallions(x, y - 46)
  if (y < 86) return combs(x, y - 76)
  if (y < 102) return birds(x, y - 86)
  return steps(x, y - 102)
}

function border(column: number, row: number, edge: number): string {
  const along = edge === Math.min(row, ROWS - 1 - row) ? column : row
  if (edge === 2 || edge === 6) return OCHRE
  return Math.abs((along % 8) - 4) <= edge - 3 ? CREAM : along % 16 < 8 ? RED : BLUE
}

function arrows(x: number, y: number): string {
  const stripe = (x + Math.abs(y - 8) * 2) % 22
  if (stripe < 3) return CREAM
  if (stripe < 7) return OCHRE
  return stripe < 15 ? BLUE : RED
}

function diamonds(x: number, y: number): string {
  const [u, v] = [Math.abs(((x + 3) % 22) - 11), Math.abs(y - 8)]
  const ring = u + v
  if (ring < 2) return OCHRE
  if (ring < 5) return Math.floor((x + 3) / 22) % 2 ? GREEN : RED
  if (ring < 7) return CREAM
  if (ring < 10) return BLUE
  return (x + y) % 4 === 0 ? ROSE : BROWN
}

function waves(x: number, y: number): string {
  const crest = Math.round(Math.sin(x / 4.6) * 2.6 + Math.sin(x / 13) * 1.6)
  const level = y - 6 - crest
  if (level < -3) return GREEN
  if (level < -1) return CREAM
  if (level < 1) return OCHRE
  return level < 3 ? CREAM : x % 9 === 4 && y % 3 === 1 ? OCHRE : RED
}

/** Three medallions, the last one smaller: the weaver ran out of room, as weavers do. */
function medallions(x: number, y: number): string {
  const places = [
    [15, 15, 14],
    [48, 14, 15],
    [77, 16, 9],
  ] as const
  for (const [cx, cy, size] of places) {
    const [u, v] = [Math.abs(x - cx), Math.abs(y - cy)]
    const ring = Math.max(u, v, (u + v) * 0.72)
    if (ring > size) continue
    if (ring > size - 1.4) return BROWN
    if (ring > size - 4) return (x + y) % 3 ? CREAM : BLUE
    if (ring > size - 7) return RED
    if (u === v || u === 0 || v === 0) return OCHRE
    return ring > 3 ? BLUE : CREAM
  }
  return (x * 2 + y * 3) % 13 === 0 ? OCHRE : (x + y * 5) % 17 === 0 ? GREEN : ROSE
}

function combs(x: number, y: number): string {
  if (y < 2) return OCHRE
  const tooth = x % 10
  if (tooth < 2 || (y < 5 && tooth < 8)) return x % 20 < 10 ? GREEN : BLUE
  return CREAM
}

const BIRD = [
  '......##....',
  '.....####...',
  '#....#####..',
  '##..#####...',
  '###########.',
  '.#########..',
  '..#######...',
  '....#..#....',
  '....#..#....',
  '...##.##....',
]

function birds(x: number, y: number): string {
  const cell = Math.floor(x / 15)
  const facing = cell % 3 === 1
  const [u, v] = [x % 15, y - 3]
  const mark = BIRD[v]?.[facing ? 11 - u : u]
  if (mark === '#')
    return v === 1 && u === (facing ? 3 : 8) ? CREAM : ([OCHRE, CREAM, ROSE, OCHRE, CREAM, GREEN][cell % 6] as string)
  return y < 1 || y > 14 ? OCHRE : BLUE
}

function steps(x: number, y: number): string {
  const level = (Math.floor((x + y * 2) / 4) + Math.floor(y / 3) * 2) % 7
  return [RED, RED, OCHRE, BROWN, CREAM, BLUE, BLUE][level] as string
}

function fringe(random: Seeded): string {
  let d = ''
  for (let x = MARGIN + 3; x < WIDTH - MARGIN; x += random.between(5, 9)) {
    for (const [y, way] of [
      [FRINGE, -1],
      [HEIGHT - FRINGE, 1],
    ] as const) {
      d += `M${x.toFixed(1)} ${y}q${(random.bell() * 4).toFixed(1)} ${way * 20} ${(random.bell() * 7).toFixed(1)} ${(way * random.between(30, 52)).toFixed(1)}`
    }
  }
  return (
    path(d, { fill: 'none', stroke: '#8b7d66', 'stroke-width': 4 }) +
    path(d, { fill: 'none', stroke: '#f0e6cd', 'stroke-width': 2.4 })
  )
}
