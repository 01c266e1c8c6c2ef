import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { GOLD, PALE } from './constellations.ts'
import { dots, element, group, path } from './svg.ts'

/** Four corners, four things: a sun, the phases of a moon, a planet with its ring, and a pair of compasses. */
export function corners(random: Seeded): string {
  const flames = Array.from({ length: 24 }, (_, index) =>
    path(`M-7 -66Q${index % 2 ? 14 : 0} -84 ${random.bell() * 3} ${index % 2 ? -122 : -98}Q-4 -84 7 -66Z`, {
      fill: index % 2 ? '#e8b54a' : '#c9743a',
      transform: `rotate(${index * 15})`,
    }),
  )
  const sun = group(
    { transform: 'translate(128 128) scale(0.92)' },
    ...flames,
    element('circle', { r: 62, fill: 'url(#sunFace)', stroke: '#8a5424', 'stroke-width': 3 }),
    strokes('M-24 -10q8 -8 18 0M10 -10q8 -8 18 0M-2 -6q-6 16 2 20M-18 28q20 14 38 -2', '#7a4420', 4),
  )
  const moons = [0, 1, 2, 3].map((phase) => {
    const [x, y, r] = [1236 - phase * 56 + (phase > 1 ? 20 : 0), 58 + phase * phase * 9, 24 - phase * 3]
    return (
      element('circle', { cx: x, cy: y, r, fill: PALE }) +
      element('circle', { cx: x + r * (0.4 + phase * 0.38), cy: y - 2, r: r * 1.02, fill: '#0d1120' })
    )
  })
  const planet = group(
    { transform: 'translate(112 1160) rotate(-22)' },
    element('circle', { r: 50, fill: '#b5714a' }),
    strokes('M-46 -18Q0 -8 46 -20M-50 2Q0 14 50 0M-44 24Q0 34 44 20', '#e9c79a', 5, { opacity: 0.6 }),
    path('M-50 -2A50 50 0 0 1 50 -2', { fill: 'none' }),
    strokes('M-50 -4Q-96 10 -84 22Q-20 44 70 12Q96 -2 50 -10', GOLD, 7),
    strokes('M-58 4Q-104 22 -88 32Q-10 58 84 16', '#8a6a34', 3),
  )
  const compasses = group(
    { transform: 'translate(1196 1118) rotate(18)' },
    strokes('M0 -70L-38 100M0 -70L44 96', GOLD, 8),
    strokes('M-38 100l-4 26M44 96l6 28', PALE, 3),
    element('circle', { cy: -78, r: 15, fill: '#8a6a34', stroke: GOLD, 'stroke-width': 4 }),
    strokes('M-24 30Q4 46 28 28', GOLD, 4),
  )
  const sparks = Array.from(
    { length: 60 },
    () =>
      [
        random.pick([random.between(20, 250), random.between(1050, 1260)]),
        random.pick([random.between(20, 200), random.between(1080, 1260)]),
        random.between(0.6, 2),
      ] as const,
  )
  return (
    path(dots(sparks), { fill: GOLD, opacity: 0.8 }) +
    sun +
    moons.join('') +
    planet +
    compasses +
    strokes('M16 16H1264V1264H16Z', GOLD, 2)
  )
}
