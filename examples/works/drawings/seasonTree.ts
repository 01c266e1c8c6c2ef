import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, path, type Point } from './svg.ts'

export const GROUND = 700

export interface Season {
  name: string
  sky: readonly [string, string]
  hill: string
  grass: string
  /** Colours of leaves or blossom from the shaded to the lit side; none in winter. */
  leaves: readonly string[]
  leafSize: number
  leafCount: number
  lean: number
}

export interface Tree {
  trunk: string
  twigs: [string, number][]
  bark: string
  tips: Point[]
}

/** The same way of growing in every panel, but never the same tree: branches fork until they are thin. */
export function growTree(random: Seeded, season: Season): Tree {
  const byThickness = new Map<number, string>()
  const tips: Point[] = []
  const grow = (x: number, y: number, angle: number, length: number, thickness: number, depth: number): void => {
    const bend = random.bell() * 7
    const end: Point = [x + Math.sin(angle) * length, y - Math.cos(angle) * length]
    const d = `M${x.toFixed(1)} ${y.toFixed(1)}Q${((x + end[0]) / 2 + bend).toFixed(1)} ${((y + end[1]) / 2).toFixed(1)} ${end[0].toFixed(1)} ${end[1].toFixed(1)}`
    const key = Math.max(1, Math.round(thickness))
    byThickness.set(key, (byThickness.get(key) ?? '') + d)
    if (depth < 3) tips.push(end)
    if (depth === 0) return
    const forks = random.chance(0.35) ? 3 : 2
    for (let fork = 0; fork < forks; fork++) {
      const spread = (fork - (forks - 1) / 2) * random.between(0.5, 0.85) + random.bell() * 0.14
      // Branches that turn downwards bend back to the light.
      grow(end[0], end[1], (angle + spread) * 0.94, length * random.between(0.66, 0.86), thickness * 0.66, depth - 1)
    }
  }
  const base = 175 + season.lean * 2
  const top: Point = [base + season.lean * 2, GROUND - 190]
  for (const angle of [-0.62, -0.12, 0.5])
    grow(top[0], top[1] + 14, angle + random.bell() * 0.08, random.between(74, 92), 13, 5)
  grow(top[0] - 4, top[1] + 70, -0.95, 66, 8, 4)
  const trunk = `M${base - 40} ${GROUND + 10}Q${base - 16} ${GROUND - 20} ${top[0] - 13} ${top[1]}L${top[0] + 14} ${top[1]}Q${base + 20} ${GROUND - 40} ${base + 46} ${GROUND + 12}Q${base + 10} ${GROUND - 2} ${base} ${GROUND + 14}Q${base - 10} ${GROUND} ${base - 40} ${GROUND + 10}Z`
  const bark = Array.from({ length: 22 }, () => {
    const [x, y] = [base + random.bell() * 9, random.between(top[1], GROUND - 20)]
    return curve([
      [x, y],
      [x + random.bell() * 3, y + 14],
      [x + random.bell() * 4, y + random.between(20, 44)],
    ])
  })
  return { trunk, twigs: [...byThickness].map(([thickness, d]) => [d, thickness]), bark: bark.join(''), tips }
}

/** Leaves or blossom around the tips of the twigs, the lit ones last. */
export function foliage(random: Seeded, { leaves, leafSize, leafCount }: Season, tips: readonly Point[]): string {
  const layers = leaves.map((colour, layer) => {
    const places = tips.flatMap(([x, y]) =>
      Array.from({ length: Math.max(1, Math.round(leafCount / (1 + layer * 0.9))) }, () => {
        const lift = layer * 4
        return [
          x + random.bell() * 17 - lift,
          y + random.bell() * 15 - lift,
          leafSize * random.between(0.45, 1.2),
        ] as const
      }),
    )
    return path(dots(places), { fill: colour, opacity: 0.92 })
  })
  return layers.join('')
}

/** Snow on most of the twigs. */
export function snowOn(random: Seeded, tips: readonly Point[]): string {
  const caps = tips
    .filter(() => random.chance(0.6))
    .map(([x, y]) => `M${(x - 6).toFixed(1)} ${(y + 2).toFixed(1)}q6 -6 12 0`)
  return strokes(caps.join(''), '#ffffff', 3.4)
}
