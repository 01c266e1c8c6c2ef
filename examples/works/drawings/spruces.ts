import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, group, path, type Point, straight } from './svg.ts'

const BELOW_SHEET = 940

/** Spruces along a shore line; every tree has its own height, lean and missing branches. */
export function forest(random: Seeded, from: Point, to: Point, scale: number, colour: string): string {
  let d = ''
  const reach = to[0] - from[0]
  for (let x = from[0]; x < to[0]; x += random.between(8, 24) * scale) {
    const share = (x - from[0]) / reach
    const base = from[1] + (to[1] - from[1]) * share + random.bell() * 7
    const tall = random.between(46, 112) * scale * (1 - 0.45 * Math.sin(share * Math.PI))
    const lean = random.bell() * 2.4
    const [left, right]: [Point[], Point[]] = [[], []]
    for (let tier = 1; tier <= 9; tier++) {
      const y = base - tall * (1 - tier / 9)
      const half = tall * 0.024 * tier * random.between(0.6, 1.35)
      left.push([x + lean - half, y], [x + lean - half * 0.4, y - tall * 0.02])
      right.push(
        [x + lean + half * random.between(0.7, 1.2), y + random.bell() * 2],
        [x + lean + half * 0.4, y - tall * 0.02],
      )
    }
    d += straight([[x + lean * 2, base - tall], ...right, ...left.toReversed()], true)
  }
  const ground = `${curve([from, [from[0] + reach * 0.3, from[1] + (to[1] - from[1]) * 0.3 - 10], [from[0] + reach * 0.7, to[1] + 6], to])}L${to[0]} ${BELOW_SHEET}L${from[0]} ${BELOW_SHEET}Z`
  // The land of a far shore ends at the water; only the near one runs off the sheet.
  const land =
    scale > 1
      ? ground
      : `${curve([
          [from[0], from[1] - 14],
          [from[0] + reach * 0.5, Math.max(from[1], to[1]) - 4],
          [to[0], to[1] - 8],
        ])}L${to[0]} ${to[1] + 10}Q${from[0] + reach * 0.5} ${from[1] + 30} ${from[0]} ${from[1] + 8}Z`
  return path(d + land, { fill: colour })
}

/** A hut by the water whose windows are lit. */
export function hut(): string {
  return group(
    { transform: 'translate(690 628)' },
    path('M-70 22Q10 4 120 20Q60 34 -70 22Z', { fill: '#1a1a3a' }),
    path('M0 14V-16L30 -34L60 -16V14Z', { fill: '#2a1d33' }),
    path('M-8 -13L30 -38L69 -12L62 -8L30 -29L-4 -9Z', { fill: '#120d20' }),
    path('M12 -8h12v12h-12zM38 -8h10v10h-10z', { fill: '#ffd35c' }),
    path('M18 -8v12M12 -2h12', { stroke: '#2a1d33', 'stroke-width': 1.4 }),
    path('M46 -42h7v14l-7 -4z', { fill: '#120d20' }),
    strokes('M50 -46q10 -16 -2 -30t6 -34t-8 -40', '#e9c7c9', 6, { opacity: 0.28 }),
    strokes('M14 22l-3 10M20 24l1 16M24 23l4 9', '#ffd35c', 2.4, { opacity: 0.6 }),
  )
}
