import type { Seeded } from '../seeded.ts'
import { brushed, hatched, strokes } from './brush.ts'
import { element, group, path, type Point } from './svg.ts'

/** A clay jug with a band of glaze. */
export function jug(random: Seeded): string {
  const body =
    'M300 300Q285 340 312 372Q228 430 232 530Q236 622 300 648H440Q506 616 508 528Q508 432 424 372Q446 338 432 296Q404 286 392 290L300 286Z'
  return group(
    {},
    path('M436 350Q560 330 556 430Q552 506 486 548L476 520Q524 486 524 432Q520 372 442 384Z', { fill: '#5d301a' }),
    path('M446 356Q548 340 546 424', { fill: 'none', stroke: '#b57a4a', 'stroke-width': 5, 'stroke-linecap': 'round' }),
    path(body, { fill: 'url(#jug)' }),
    element('clipPath', { id: 'jugShape' }, path(body, {})),
    group(
      { 'clip-path': 'url(#jugShape)' },
      brushed(random, { x: 230, y: 300, width: 290, height: 350 }, ['#e8bd83', '#3c1c10', '#93572d'], {
        count: 46,
        length: 120,
        thickness: 7,
        angle: 4,
        opacity: 0.2,
      }),
      path('M220 470Q370 520 520 466V560Q370 612 220 566Z', { fill: '#2d5a67', opacity: 0.85 }),
      strokes(zigzag(228, 520, 520, 24), '#f1e3c0', 5),
      strokes('M220 476Q370 526 520 472M220 562Q370 606 520 556', '#f1e3c0', 4),
    ),
    element('ellipse', { cx: 366, cy: 294, rx: 68, ry: 15, fill: '#2a130b' }),
    strokes('M300 296Q366 322 432 295', '#d8a56a', 6),
    strokes('M270 470Q262 520 282 580', '#fff2d0', 12, { opacity: 0.4 }),
  )
}

function zigzag(x: number, y: number, end: number, step: number): string {
  const points: Point[] = []
  for (let index = 0; x + index * step <= end; index++) {
    const bulge = Math.sin((index * step * Math.PI) / (end - x)) * 22
    points.push([x + index * step, y + bulge + (index % 2 ? 18 : -18)])
  }
  return points.map(([px, py], index) => `${index ? 'L' : 'M'}${px} ${py.toFixed(1)}`).join('')
}

/** A white bowl painted with leaves and berries, hatched where it turns from the light. */
export function bowl(random: Seeded): string {
  const outer = 'M470 590Q486 770 640 806L660 826H870L886 806Q1042 764 1052 588Q760 690 470 590Z'
  const leaf = (x: number, y: number, turn: number): string =>
    path('M0 0Q16 -22 44 -20Q30 4 0 0Z', { fill: '#2a5aa0', transform: `translate(${x} ${y}) rotate(${turn})` })
  const pattern = Array.from({ length: 15 }, (_, index) => {
    const x = 512 + index * 35
    const y = 702 + Math.sin((index / 14) * Math.PI) * 50
    return (
      leaf(x, y, random.between(-70, -20)) +
      leaf(x + 6, y + 6, random.between(20, 80)) +
      element('circle', { cx: x + 20, cy: y - 22, r: random.between(4, 8), fill: '#c8463c' })
    )
  })
  return group(
    {},
    path(outer, { fill: 'url(#bowl)' }),
    element('clipPath', { id: 'bowlShape' }, path(outer, {})),
    group(
      { 'clip-path': 'url(#bowlShape)' },
      ...pattern,
      strokes('M470 626Q760 730 1056 620M480 650Q760 752 1046 646M560 770Q760 812 980 762', '#2a5aa0', 5),
      strokes(hatched(random, { x: 880, y: 580, width: 190, height: 260 }, 68, 9), '#26304a', 2, { opacity: 0.45 }),
    ),
    strokes('M471 592Q760 694 1051 590', '#fffdf4', 8),
    strokes('M520 640Q545 720 600 768', '#ffffff', 14, { opacity: 0.55 }),
  )
}

/** A knife with a wooden handle. */
export function knife(): string {
  return group(
    { transform: 'translate(645 915) rotate(-5)' },
    path('M-20 12H330V22H0Z', { fill: '#1d0f0a', opacity: 0.35 }),
    path('M-30 2Q60 -24 210 -12V12H20Q-10 12 -30 2Z', { fill: '#c9ced2' }),
    path('M-30 2Q60 10 210 6V12H20Q-10 12 -30 2Z', { fill: '#7d868e' }),
    path('M210 -14H340Q356 0 340 14H210Z', { fill: '#3a2116' }),
    path('M230 -3h8v6h-8zM275 -3h8v6h-8zM318 -3h8v6h-8z', { fill: '#d6b36a' }),
  )
}
