import type { Seeded } from '../seeded.ts'
import { brushed, hatched, strokes } from './brush.ts'
import { dots, element, group, path, type Point, straight } from './svg.ts'

export const FACE =
  'M302 470C300 280 410 208 520 214C650 220 716 320 706 480C700 620 668 740 596 824Q530 892 462 842C370 774 308 650 302 470Z'

/** The carved face, its left half lit and its right half hatched. */
export function face(random: Seeded): string {
  const shade = hatched(random, { x: 540, y: 220, width: 190, height: 640 }, 58, 10)
  const second = hatched(random, { x: 620, y: 300, width: 110, height: 520 }, 20, 13)
  return group(
    {},
    path(FACE, { fill: 'url(#skin)', stroke: '#2a1214', 'stroke-width': 5 }),
    group(
      { 'clip-path': 'url(#face)' },
      path('M522 200C540 330 516 420 544 520Q580 560 546 610Q540 700 528 880L760 860V200Z', {
        fill: '#4a1f2c',
        opacity: 0.42,
      }),
      brushed(random, { x: 300, y: 220, width: 240, height: 600 }, ['#ffe0ac', '#c97a46'], {
        count: 60,
        length: 60,
        thickness: 9,
        angle: 70,
        opacity: 0.25,
      }),
      strokes(shade, '#2a1214', 2, { opacity: 0.5 }),
      strokes(second, '#2a1214', 1.6, { opacity: 0.45 }),
      path('M330 590Q360 560 410 596Q396 660 352 662Z', { fill: '#d8553a', opacity: 0.5 }),
      path('M640 570Q690 550 700 590Q690 650 652 640Z', { fill: '#8c2334', opacity: 0.55 }),
    ),
  )
}

/** One eye under its brow. */
export function eye(random: Seeded, x: number, y: number, scale: number, iris: string): string {
  const spokes = Array.from({ length: 22 }, (_, index) => {
    const angle = (index / 22) * Math.PI * 2 + random.bell() * 0.06
    return `M${(Math.cos(angle) * 9).toFixed(1)} ${(Math.sin(angle) * 9).toFixed(1)}L${(Math.cos(angle) * 20).toFixed(1)} ${(Math.sin(angle) * 20).toFixed(1)}`
  })
  const lashes = Array.from(
    { length: 9 },
    (_, index) =>
      `M${-52 + index * 13} ${-14 - Math.sin((index + 1) / 3.2) * 15}l${-9 + index * 2} -${12 + random.next() * 8}`,
  )
  return group(
    { transform: `translate(${x} ${y}) scale(${scale}) rotate(${scale < 1 ? 5 : -4})` },
    path('M-78 6Q-20 -58 74 2Q10 60 -78 6Z', { fill: '#2a1214', opacity: 0.4, transform: 'translate(0 -9)' }),
    path('M-64 4Q-10 -44 62 2Q6 42 -64 4Z', { fill: '#f7efdc', stroke: '#1a0c10', 'stroke-width': 5 }),
    element('circle', { r: 23, cy: -2, fill: iris }),
    strokes(spokes.join(''), '#f2e2a8', 1.5, { opacity: 0.6, transform: 'translate(0 -2)' }),
    element('circle', { r: 10, cy: -2, fill: '#0c0608' }),
    element('circle', { cx: -7, cy: -9, r: 5, fill: '#ffffff' }),
    strokes(lashes.join(''), '#1a0c10', 3),
    strokes('M-58 30Q4 56 58 24', '#7a3a2c', 3, { opacity: 0.7 }),
    path('M-84 -50Q-10 -104 86 -46Q-4 -80 -84 -50Z', { fill: '#1a0c10' }),
  )
}

/** Nose and mouth. */
export function noseAndMouth(random: Seeded): string {
  const lines = Array.from(
    { length: 12 },
    (_, index) =>
      `M${446 + index * 12} ${704 - Math.abs(index - 6) * 1.5}l${random.bell() * 2} ${random.between(6, 14)}`,
  )
  return group(
    {},
    path('M500 452Q486 540 462 596Q470 626 506 622Q532 634 548 614Q560 598 540 574Q520 520 524 448Z', {
      fill: '#c98550',
    }),
    path('M524 448Q520 520 540 574Q560 598 548 614Q532 634 506 622Q530 590 516 520Z', { fill: '#6a2f30' }),
    strokes('M462 596Q466 626 494 622M548 614Q556 592 540 576M372 434Q470 400 500 452', '#2a1214', 4),
    path('M418 700Q468 672 500 684Q530 668 592 694Q556 718 504 712Q460 722 418 700Z', { fill: '#a3262e' }),
    path('M418 700Q460 722 504 712Q556 718 592 694Q562 752 506 756Q450 754 418 700Z', { fill: '#c93a38' }),
    strokes('M410 698Q460 722 504 712Q556 720 600 690', '#2a0c10', 5),
    strokes(lines.join(''), '#6f141e', 1.6, { opacity: 0.6 }),
    path('M454 728Q480 744 506 738Q484 734 462 722Z', { fill: '#f3a596', opacity: 0.8 }),
  )
}

/** The painted marks, which are not the same on both halves. */
export function paint(random: Seeded): string {
  const brow = Array.from(
    { length: 15 },
    (_, index) =>
      [
        364 + index * 21,
        330 - Math.sin((index / 14) * Math.PI) * 46 + random.bell() * 2,
        index % 2 ? 4.5 : 7.5,
      ] as const,
  )
  const cheek = Array.from({ length: 6 }, (_, row) =>
    Array.from(
      { length: 6 - row },
      (__, column) => [342 + column * 15 + row * 7, 560 + row * 15 + column * 3, 3.4] as const,
    ),
  ).flat()
  const teeth: Point[] = Array.from({ length: 13 }, (_, index): Point => [
    634 + (index % 2) * 20 - index * 4,
    548 + index * 17,
  ])
  return group(
    { 'clip-path': 'url(#face)' },
    path(dots(brow), { fill: '#f7efdc' }),
    path(dots(cheek), { fill: '#1f5a60' }),
    path('M512 200L544 300L516 396L484 298Z', { fill: '#c93a38', stroke: '#f7efdc', 'stroke-width': 4 }),
    path('M515 250L528 300L515 346L502 298Z', { fill: '#e0a83a' }),
    strokes(straight(teeth), '#e0a83a', 6),
    strokes('M470 780h70M478 796h56M488 812h38', '#1f5a60', 6),
    strokes('M320 420Q300 520 340 620', '#f7efdc', 5, { opacity: 0.75 }),
  )
}
