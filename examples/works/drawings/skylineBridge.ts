import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { dots, element, group, path } from './svg.ts'

/** A tram bridge with lamps, people and a red tram. */
export function bridge(random: Seeded): string {
  const arches = [760, 480, 200, -80].map((x) => `L${x + 232} 1216C${x + 226} 1084 ${x + 6} 1084 ${x} 1216`)
  const lamps = Array.from({ length: 9 }, (_, index) => {
    const x = 40 + index * 104
    return (
      strokes(`M${x} 1072v-42`, '#070b1c', 4) +
      element('circle', { cx: x, cy: 1026, r: 26, fill: '#ffd873', opacity: 0.2 }) +
      element('circle', { cx: x, cy: 1026, r: 7, fill: '#fff0c2' })
    )
  })
  const people = Array.from({ length: 11 }, () => {
    const [x, tall] = [random.between(10, 960), random.between(18, 25)]
    return `M${x.toFixed(1)} 1072v-${(tall * 0.7).toFixed(1)}m-3 -${(tall * 0.25).toFixed(1)}h6`
  })
  const tram = group(
    { transform: 'translate(470 1022)' },
    element('rect', { width: 236, height: 46, rx: 9, fill: '#c3363a' }),
    element('rect', { y: 26, width: 236, height: 8, fill: '#f5e9cf' }),
    path(Array.from({ length: 8 }, (_, index) => `M${10 + index * 28} 7h20v17h-20z`).join(''), { fill: '#ffe9a8' }),
    path('M116 0l-16 -22h40', { fill: 'none', stroke: '#070b1c', 'stroke-width': 3 }),
    path(
      dots([
        [40, 48, 7],
        [62, 48, 7],
        [176, 48, 7],
        [198, 48, 7],
      ]),
      { fill: '#070b1c' },
    ),
  )
  return group(
    {},
    path(`M-170 1070L1010 1064Q1060 1068 1090 1084V1216${arches.join('')}L-170 1216Z`, { fill: '#0a1026' }),
    stonework(random),
    strokes('M-10 1070L1010 1064Q1060 1068 1090 1084', '#3a4677', 5),
    strokes('M-10 1000L1090 996', '#070b1c', 1.5),
    ...lamps,
    strokes(people.join(''), '#070b1c', 6),
    tram,
  )
}

/** Courses of stone along the parapet and cutwaters in front of the piers. */
function stonework(random: Seeded): string {
  const stones = Array.from({ length: 130 }, () => {
    const [x, row] = [random.between(0, 1060), random.whole(0, 1)]
    return `M${x.toFixed(1)} ${1078 + row * 11}h${random.between(10, 26).toFixed(1)}`
  })
  const cutwaters = [736, 456, 176].map((x) => `M${x - 24} 1216V1150L${x} 1128L${x + 24} 1150V1216Z`)
  return strokes(stones.join(''), '#27325f', 2.5, { opacity: 0.7 }) + path(cutwaters.join(''), { fill: '#141b3d' })
}
