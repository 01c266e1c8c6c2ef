import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, element, group, mix, path, type Point } from './svg.ts'

/** A lily pad of radius `r` with its notch at `turn` degrees. */
export function pad(random: Seeded, x: number, y: number, r: number, turn: number): string {
  const edge = Array.from({ length: 25 }, (_, index): Point => {
    const angle = 0.22 + (index / 24) * (Math.PI * 2 - 0.44)
    const radius = r * random.between(0.965, 1.03)
    return [Math.cos(angle) * radius, Math.sin(angle) * radius * 0.94]
  })
  const outline = `${curve(edge)}L0 0Z`
  const veins = edge
    .filter((_, index) => index % 2 === 1)
    .map(
      ([vx, vy]) =>
        `M0 0Q${(vx * 0.5 + random.bell() * 4).toFixed(1)} ${(vy * 0.5 + random.bell() * 4).toFixed(1)} ${(vx * 0.9).toFixed(1)} ${(vy * 0.9).toFixed(1)}`,
    )
  const green = mix('#4f9a4a', '#8fbf4f', random.next())
  const spots = Array.from(
    { length: 12 },
    () => [random.bell() * r * 0.4, random.bell() * r * 0.4, random.between(1.5, 4)] as const,
  )
  return (
    path(outline, { fill: '#06201f', opacity: 0.35, transform: `translate(${x + 16} ${y + 22}) rotate(${turn})` }) +
    group(
      { transform: `translate(${x} ${y}) rotate(${turn})` },
      path(outline, { fill: green, stroke: '#c7d98a', 'stroke-width': 3 }),
      path(`${curve(edge.slice(8, 20))}L0 0Z`, { fill: '#1f5f38', opacity: 0.28 }),
      strokes(veins.join(''), '#d8e8a0', 1.8, { opacity: 0.75 }),
      path(dots(spots), { fill: '#7a5a24', opacity: 0.55 }),
    )
  )
}

/** A lotus seen from above, in three rings of petals. */
export function lotus(random: Seeded, x: number, y: number, scale: number): string {
  const layer = (count: number, long: number, wide: number, start: number): string =>
    Array.from({ length: count }, (_, index) => {
      const stretch = random.between(0.9, 1.1)
      return path(
        `M0 0C${-wide} ${-long * 0.4} ${-wide * 0.7} ${-long * 0.9} 0 ${-long * stretch}C${wide * 0.7} ${-long * 0.9} ${wide} ${-long * 0.4} 0 0Z`,
        {
          fill: 'url(#blossom)',
          stroke: '#b8446a',
          'stroke-width': 1.2,
          transform: `rotate(${((index / count) * 360 + start).toFixed(1)})`,
        },
      )
    }).join('')
  const stamens = Array.from(
    { length: 26 },
    () => [random.bell() * 10, random.bell() * 10, random.between(1.5, 3)] as const,
  )
  return group(
    { transform: `translate(${x} ${y}) scale(${scale})` },
    element('ellipse', { cx: 12, cy: 18, rx: 76, ry: 70, fill: '#06201f', opacity: 0.3 }),
    layer(11, 88, 27, 0),
    layer(9, 66, 23, 14),
    layer(6, 44, 18, 31),
    element('circle', { r: 16, fill: '#e9c04a' }),
    path(dots(stamens), { fill: '#b8802a' }),
  )
}
