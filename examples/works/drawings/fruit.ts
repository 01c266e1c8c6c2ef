import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, element, group, mix, path, pebble } from './svg.ts'

/** What a thing throws on the table, darker towards its foot. */
export function shadow(random: Seeded, x: number, y: number, rx: number, ry: number): string {
  return [1.12, 0.95, 0.75]
    .map((size) =>
      path(curve(pebble(random, [x + 30, y], rx * size, ry * size, 0.05), true), { fill: '#1d0f0a', opacity: 0.26 }),
    )
    .join('')
}

/** The fruit in the bowl and the inside of the bowl behind it. */
export function fruitBehind(random: Seeded): string {
  return group(
    {},
    element('ellipse', { cx: 761, cy: 592, rx: 291, ry: 64, fill: 'url(#inside)' }),
    element('ellipse', { cx: 761, cy: 598, rx: 270, ry: 52, fill: '#3d4658', opacity: 0.6 }),
    pear(random, 905, 520),
    apple(random, 596, 540, 78, 'apple', -12),
    apple(random, 812, 566, 74, 'orange', 0),
    apple(random, 700, 520, 88, 'green', 8),
    apple(random, 960, 590, 58, 'plum', 22),
    apple(random, 890, 604, 54, 'plum', -14),
    apple(random, 640, 610, 62, 'orange', 0),
    path('M735 452Q770 380 850 400Q810 458 735 452Z', { fill: '#46682f' }),
    strokes('M738 450Q780 420 838 404', '#a8bf6a', 3),
  )
}

/** A round fruit of radius `r`; `fill` names the gradient and decides between stripes and pores. */
export function apple(random: Seeded, x: number, y: number, r: number, fill: string, turn: number): string {
  const outline =
    fill === 'apple' || fill === 'green'
      ? 'M0 -0.8C0.55 -1.15 1.1 -0.7 1 0C0.92 0.7 0.45 1.05 0 0.92C-0.45 1.05 -0.95 0.7 -1 0C-1.1 -0.7 -0.55 -1.15 0 -0.8Z'
      : 'M0 -1C0.6 -1 1 -0.6 1 0C1 0.6 0.6 0.98 0 0.98C-0.6 0.98 -1 0.6 -1 0C-1 -0.6 -0.6 -1 0 -1Z'
  const freckles = Array.from(
    { length: 46 },
    () => [random.bell() * 0.4, random.bell() * 0.4, random.between(0.006, 0.02)] as const,
  )
  const streaks = Array.from({ length: 16 }, () => {
    const at = random.between(-0.75, 0.75)
    return `M${(at * 0.3).toFixed(2)} -0.74Q${at.toFixed(2)} -0.4 ${(at * 1.05).toFixed(2)} ${random.between(0, 0.6).toFixed(2)}`
  })
  const leaf = fill === 'plum' ? '' : strokes('M0.02 -0.78Q0.04 -1 0.16 -1.16', '#4a3119', 0.07)
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${r})` },
    path(outline, { fill: `url(#${fill})` }),
    fill === 'apple' || fill === 'green'
      ? strokes(streaks.join(''), fill === 'apple' ? '#f3b34c' : '#e6e58a', 0.02, { opacity: 0.5 })
      : path(
          freckles.map(([a, b, c]) => `M${a.toFixed(3)} ${b.toFixed(3)}h${c.toFixed(3)}v${c.toFixed(3)}z`).join(''),
          { fill: mix('#ffffff', '#804010', 0.3), opacity: 0.5 },
        ),
    path('M-0.52 -0.5Q-0.36 -0.72 -0.14 -0.66Q-0.3 -0.5 -0.4 -0.3Z', { fill: '#fff', opacity: 0.6 }),
    leaf,
  )
}

function pear(random: Seeded, x: number, y: number): string {
  const shape =
    'M-14 -132C22 -140 26 -96 36 -66C52 -26 84 0 74 56C64 96 -66 98 -76 54C-84 4 -52 -28 -40 -66C-32 -94 -40 -126 -14 -132Z'
  const specks = Array.from(
    { length: 70 },
    () => [random.bell() * 28, 22 + random.bell() * 26, random.between(0.8, 2)] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) rotate(16)` },
    path(shape, { fill: 'url(#green)' }),
    path(dots(specks), { fill: '#7a5a20', opacity: 0.5 }),
    path('M-40 20Q-46 -16 -22 -44Q-26 -6 -28 26Z', { fill: '#fff', opacity: 0.45 }),
    strokes('M-10 -130Q-8 -156 12 -170', '#3d2915', 7),
  )
}

/** A whole lemon. */
export function lemon(random: Seeded, x: number, y: number): string {
  const specks = Array.from(
    { length: 90 },
    () => [random.bell() * 34, random.bell() * 21, random.between(0.7, 1.6)] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) rotate(-14)` },
    path(
      'M-104 4Q-92 -8 -78 -18Q-40 -62 24 -56Q66 -50 84 -18Q102 -8 104 4Q100 14 84 20Q56 60 -8 58Q-58 54 -80 22Q-98 14 -104 4Z',
      { fill: 'url(#lemon)' },
    ),
    path(dots(specks), { fill: '#9a7414', opacity: 0.5 }),
    path('M-46 -26Q-20 -44 20 -42Q-14 -28 -40 -14Z', { fill: '#fff', opacity: 0.6 }),
  )
}

/** A lemon cut across. */
export function lemonHalf(random: Seeded, x: number, y: number): string {
  const wedges = Array.from({ length: 9 }, (_, index) => {
    const angle = (index / 9) * Math.PI * 2 + random.bell() * 0.05
    const at = (turn: number, radius: number): string =>
      `${(Math.cos(angle + turn) * radius).toFixed(1)} ${(Math.sin(angle + turn) * radius * 0.86).toFixed(1)}`
    return `M${at(0, 6)}L${at(-0.28, 43)}Q${at(0, 52)} ${at(0.28, 43)}Z`
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(9)` },
    element('ellipse', { cx: 14, cy: 16, rx: 70, ry: 52, fill: '#20110b', opacity: 0.35 }),
    element('ellipse', { cx: 3, cy: 4, rx: 64, ry: 56, fill: '#d6ab22' }),
    element('ellipse', { rx: 61, ry: 53, fill: '#fdf6d2' }),
    path(wedges.join(''), { fill: '#f2d94e', stroke: '#e8c93a', 'stroke-width': 1 }),
    strokes('M-30 -20l8 6M20 -28l-4 8M26 16l-8 -5', '#fffbe0', 3),
  )
}

/** A bunch of grapes. */
export function grapes(random: Seeded): string {
  const berries = Array.from({ length: 27 }, (_, index) => {
    const row = Math.floor(index / 5)
    return apple(
      random,
      486 + (index % 5) * 31 + random.bell() * 8 - row * 15,
      836 + row * 19 + random.bell() * 7,
      random.between(17, 23),
      'plum',
      0,
    )
  })
  return (
    shadow(random, 510, 920, 110, 30) +
    strokes('M590 790Q556 812 540 838M590 790L602 778', '#5c3b1e', 6) +
    berries.join('')
  )
}
