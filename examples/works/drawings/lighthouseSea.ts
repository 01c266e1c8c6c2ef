import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, group, mix, path, pebble, type Point } from './svg.ts'

export const WIDTH = 1360

export const HEIGHT = 960

export const INK = '#14202b'

export const PAPER = '#ece4cf'

/** Rows of waves that all lean the same way. */
export function swell(random: Seeded, y: number, colour: string, size: number, count: number): string {
  const crest: Point[] = [[-60, y + 10]]
  let [foam, cuts] = ['', '']
  const step = (WIDTH + 160) / count
  for (let index = 0; index < count; index++) {
    const [x, tall] = [-50 + index * step + random.bell() * 8, size * random.between(0.6, 1.3)]
    crest.push(
      [x + step * 0.35, y - tall * 0.3],
      [x + step * 0.62, y - tall],
      [x + step * 0.7, y - tall * 0.5],
      [x + step * 0.95, y + 6],
    )
    foam += curve([
      [x + step * 0.36, y - tall * 0.28],
      [x + step * 0.52, y - tall * 0.86],
      [x + step * 0.64, y - tall * 0.96],
      [x + step * 0.72, y - tall * 0.56],
    ])
    for (let cut = 1; cut < 6; cut++) {
      cuts += curve([
        [x + step * (0.2 - cut * 0.02), y + cut * 11],
        [x + step * 0.5, y - tall * 0.5 + cut * 14],
        [x + step * 0.8, y + 10 + cut * 12],
      ])
    }
  }
  return (
    path(`${curve(crest)}L${WIDTH + 80} ${HEIGHT}L-60 ${HEIGHT}Z`, { fill: colour }) +
    strokes(cuts, mix(colour, PAPER, 0.4), 1.8, { opacity: 0.6 }) +
    strokes(foam, PAPER, 4)
  )
}

/** A wave that breaks to the right: body, lip, claws of foam, spray. */
export function breaker(random: Seeded, x: number, y: number, scale: number, colour: string): string {
  const body = 'M-330 190C-200 170 -150 20 -40 -70C40 -130 150 -110 176 -30C150 -66 90 -64 64 -16C40 40 90 130 330 190Z'
  const ribs = Array.from({ length: 15 }, (_, index) => {
    const share = index / 14
    return curve([
      [-300 + share * 190, 186],
      [-170 + share * 120, 90 - share * 20],
      [-70 + share * 80, -30 + share * 34],
      [20 + share * 60, -92 + share * 78],
    ])
  })
  const claws = Array.from({ length: 13 }, (_, index) => {
    const share = index / 12
    const [px, py] = [-40 + share * 216, -72 - Math.sin(share * Math.PI * 0.8) * 44 + share * 46]
    return (
      curve(pebble(random, [px, py], random.between(13, 25), random.between(11, 20), 0.25), true) +
      curve([
        [px, py],
        [px + random.between(16, 30), py + random.between(6, 24)],
        [px + random.between(10, 22), py + random.between(26, 48)],
      ])
    )
  })
  const spray = Array.from(
    { length: 70 },
    () =>
      [
        random.between(-60, 260),
        -(random.next() ** 1.5) * 150 - 20 + random.bell() * 22,
        random.between(1.2, 5),
      ] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) scale(${scale})` },
    path(body, { fill: colour, stroke: INK, 'stroke-width': 4 }),
    strokes(ribs.join(''), mix(colour, PAPER, 0.55), 3),
    path('M64 -16C90 -64 150 -66 176 -30C160 20 120 60 110 110C84 70 50 40 64 -16Z', {
      fill: mix(colour, '#05101a', 0.55),
    }),
    path(claws.join(''), { fill: PAPER, stroke: INK, 'stroke-width': 2.4 }),
    path(dots(spray), { fill: PAPER }),
    strokes('M-200 176Q-60 120 30 178M-60 190Q60 140 200 186', PAPER, 5, { opacity: 0.8 }),
  )
}
