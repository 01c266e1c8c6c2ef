import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { curve, dots, element, group, path, type Point } from './svg.ts'

/** A lobed leaf that grows from (x, y); `turn` in degrees from upright, `size` its length in pixels. */
export function leaf(random: Seeded, x: number, y: number, turn: number, size: number, fill: string): string {
  const [left, right]: [Point[], Point[]] = [[], []]
  const veins: string[] = []
  const lobes = 7
  const sway = random.bell() * size * 0.05
  const spine = (share: number): Point => [Math.sin(share * Math.PI) * sway, -size * share]
  for (let lobe = 1; lobe <= lobes; lobe++) {
    const share = lobe / (lobes + 0.6)
    const reach = Math.sin(share ** 0.75 * Math.PI) * size * 0.29
    for (const [side, edge] of [
      [-1, left],
      [1, right],
    ] as const) {
      const out = reach * random.between(0.88, 1.14) * (side < 0 ? 1 : 0.86)
      const [sx, sy] = spine(share)
      const tip: Point = [sx + side * out, sy - size * 0.035]
      edge.push([sx + side * out * 0.8, sy + size * 0.03], tip, [sx + side * out * 0.66, sy - size * 0.055])
      veins.push(
        curve([
          [sx * 0.9, sy + size * 0.09],
          [sx + side * out * 0.5, sy + size * 0.028],
          [tip[0] * 0.96, tip[1]],
        ]),
      )
    }
  }
  const outline = curve([[0, 0], ...left, [0, -size * 1.04], ...right.toReversed()], true)
  const midrib = curve([[0, 14], spine(0.3), spine(0.6), [0, -size * 1.02]])
  const shading = Array.from({ length: 46 }, () => {
    const share = random.between(0.14, 0.72)
    const [sx, sy] = spine(share)
    const start = sx + random.between(0.1, 0.6) * Math.sin(share * Math.PI) * size * 0.25
    return `M${start.toFixed(1)} ${sy.toFixed(1)}l${random.between(5, 13).toFixed(1)} -${random.between(4, 9).toFixed(1)}`
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn})` },
    path(outline, { fill: `url(#${fill})`, stroke: '#2b4a2a', 'stroke-width': 1.6 }),
    strokes(shading.join(''), '#1e4028', 1.1, { opacity: 0.4 }),
    strokes(veins.join(''), '#dbe6b0', 1.5, { opacity: 0.85 }),
    strokes(midrib, '#e6edc0', 3),
  )
}

/** An open flower at (x, y) in two rings of petals; `turn` is in degrees. */
export function flower(random: Seeded, x: number, y: number, scale: number, turn: number, petals: number): string {
  const ring = (count: number, length: number, width: number, lift: number): string =>
    Array.from({ length: count }, (_, index) => {
      const angle = (index / count) * 360 + random.bell() * 6
      const [long, wide] = [length * random.between(0.86, 1.1), width * random.between(0.85, 1.15)]
      const notch = random.between(4, 12)
      const d = `M0 0C${-wide} ${-long * 0.35} ${-wide * 1.1} ${-long * 0.9} ${-wide * 0.25} ${-long}L${random.bell() * 3} ${-long + notch}L${wide * 0.3} ${-long * 1.02}C${wide * 1.1} ${-long * 0.86} ${wide} ${-long * 0.35} 0 0Z`
      const lines = Array.from(
        { length: 5 },
        (__, vein) =>
          `M0 ${-long * 0.2}Q${(vein - 2) * wide * 0.3} ${-long * 0.5} ${(vein - 2) * wide * 0.32} ${-long * random.between(0.68, 0.88)}`,
      )
      // The flower is seen from the side, so petals that point to the reader are shorter.
      return group(
        { transform: `scale(1 0.78) rotate(${angle.toFixed(1)}) translate(0 ${-lift})` },
        path(d, { fill: 'url(#petal)', stroke: '#7a1f45', 'stroke-width': 1.3 }),
        strokes(lines.join(''), '#8f2150', 0.9, { opacity: 0.55 }),
      )
    }).join('')
  const stamens = Array.from({ length: 34 }, () => {
    const [angle, radius] = [random.between(0, Math.PI * 2), random.between(8, 31)]
    return [Math.cos(angle) * radius, Math.sin(angle) * radius * 0.75 - 4, random.between(1.8, 3.4)] as const
  })
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${scale})` },
    path('M-22 44Q-34 10 -8 -6L12 -6Q34 14 20 46Q0 62 -22 44Z', {
      fill: '#6d9149',
      stroke: '#2b4a2a',
      'stroke-width': 1.5,
    }),
    ring(petals, 112, 30, 4),
    ring(petals - 4, 78, 24, 2),
    element('ellipse', { cy: -3, rx: 24, ry: 18, fill: '#7d8f2f' }),
    strokes(stamens.map(([sx, sy]) => `M0 -3L${sx.toFixed(1)} ${sy.toFixed(1)}`).join(''), '#f6e2a0', 1.2),
    path(dots(stamens), { fill: '#e8ac27', stroke: '#8a5a14', 'stroke-width': 0.6 }),
  )
}

/** A bud that still holds its sepals. */
export function bud(x: number, y: number, turn: number, scale: number): string {
  return group(
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${scale})` },
    path('M0 14C-34 2 -28 -44 2 -70C32 -40 32 4 0 14Z', { fill: 'url(#bud)', stroke: '#7a1f45', 'stroke-width': 1.5 }),
    strokes('M0 -62Q-14 -30 -4 8M4 -60Q18 -30 8 8', '#8f2150', 1.2),
    path('M0 20C-30 12 -34 -14 -26 -26Q-14 -12 -8 -30Q0 -10 8 -28Q14 -10 27 -22C34 -8 28 12 0 20Z', {
      fill: '#7ea055',
      stroke: '#2b4a2a',
      'stroke-width': 1.4,
    }),
  )
}
