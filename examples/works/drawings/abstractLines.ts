import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, path, pebble, type Point } from './svg.ts'

/** Bows around one point, and a wave in two colours. */
export function arcs(random: Seeded): string {
  const bows = Array.from({ length: 11 }, (_, index) => {
    const r = 60 + index * 21
    const start = random.between(-0.5, 0.2)
    const sweep = random.between(0.9, 1.9)
    const point = (angle: number): string =>
      `${(640 + Math.cos(angle) * r).toFixed(1)} ${(640 + Math.sin(angle) * r).toFixed(1)}`
    return strokes(
      `M${point(start)}A${r} ${r} 0 0 1 ${point(start + sweep)}`,
      random.pick(['#1f1c1a', '#c2452d', '#1c2b4a', '#2f7f86']),
      random.pick([1.5, 3, 5, 11]),
      { 'stroke-linecap': 'butt' },
    )
  })
  const wave = Array.from({ length: 24 }, (_, index): Point => [
    560 + index * 27,
    150 + Math.sin(index / 1.7) * (10 + index * 1.8) - index * 2,
  ])
  return (
    bows.join('') +
    strokes(curve(wave), '#1c2b4a', 5) +
    strokes(curve(wave.map(([x, y]): Point => [x + 6, y + 16])), '#c2452d', 2)
  )
}

/** A fan of lines, and the long ones that hold the sheet together. */
export function rays(random: Seeded): string {
  const fan = Array.from({ length: 15 }, (_, index) => {
    const angle = -0.75 + index * 0.072 + random.bell() * 0.008
    const [near, far] = [random.between(40, 90), random.between(300, 560)]
    return `M${(250 + Math.cos(angle) * near).toFixed(1)} ${(985 + Math.sin(angle) * near).toFixed(1)}L${(250 + Math.cos(angle) * far).toFixed(1)} ${(985 + Math.sin(angle) * far).toFixed(1)}`
  })
  return (
    strokes(fan.join(''), '#1f1c1a', 1.8) +
    strokes('M20 300L900 30M60 990L1220 380', '#1f1c1a', 3) +
    strokes('M620 20L560 500M1150 60L1180 960', '#1f1c1a', 1.4) +
    strokes('M700 350L905 300', '#c2452d', 13, { 'stroke-linecap': 'butt' })
  )
}

/** A cloud of dots that drifts up to the right, and beads that balance it. */
export function particles(random: Seeded): string {
  const cloud = Array.from({ length: 120 }, () => {
    const along = random.next()
    return [
      730 + along * 440 + random.bell() * 26,
      330 - along * 190 + random.bell() * 40,
      random.between(1.2, 6.5) * (1 - along * 0.5),
    ] as const
  })
  const beads = [
    [620, 470, 34, '#d94f2b'],
    [668, 428, 16, '#1f1c1a'],
    [580, 512, 12, '#2f7f86'],
    [1128, 592, 46, '#e6a72e'],
    [1148, 578, 21, '#1f1c1a'],
    [906, 664, 26, '#d7a9a0'],
    [96, 470, 40, '#2f7f86'],
    [88, 478, 18, '#f4ead2'],
  ] as const
  return (
    path(dots(cloud.slice(0, 80)), { fill: '#1f1c1a' }) +
    path(dots(cloud.slice(80)), { fill: '#c2452d' }) +
    beads.map(([x, y, r, fill]) => path(curve(pebble(random, [x, y], r, r, 0.03, 16), true), { fill })).join('')
  )
}

/** Small marks of the hand: a ladder, a key, a boat of three strokes. */
export function signs(random: Seeded): string {
  const ladder = `M880 760L940 560M915 770L975 572${Array.from({ length: 9 }, (_, rung) => `M${884 + rung * 6.4} ${746 - rung * 21}l35 ${6 + random.bell() * 2}`).join('')}`
  return (
    strokes(ladder, '#f6edd8', 3.5) +
    strokes('M60 80h70m-60 0v42m18 -42v28M150 80a17 17 0 1 0 1 1', '#1f1c1a', 5) +
    strokes('M1080 690q40 40 90 0M1124 706V640L1160 690', '#f6edd8', 4) +
    strokes('M760 60l20 30l20 -30l20 30l20 -30l20 30', '#1f1c1a', 4)
  )
}
