import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { group, mix, path } from './svg.ts'

/** A small fishing boat whose waterline starts at (x, y); `size` is its length in pixels. */
export function boat(random: Seeded, x: number, y: number, size: number, hull: string, sail: string): string {
  const [s, lean] = [size / 100, random.between(-2.5, 2.5)]
  const hullShape = 'M-52 -15Q-40 8 -30 10L34 10Q48 4 56 -19Q10 -6 -52 -15Z'
  const mast = random.between(-10, 6)
  const tall = random.between(84, 108)
  const parts = [
    path(hullShape, { fill: mix(hull, '#12303c', 0.45), transform: 'translate(0 19) scale(1 -0.7)', opacity: 0.5 }),
    strokes(`M${mast} 14q3 12 -2 22t2 22t-3 18`, '#2a2420', 2, { opacity: 0.45 }),
    path(hullShape, { fill: hull }),
    path('M-52 -15Q10 -6 56 -19L55 -14Q10 -1 -50 -10Z', { fill: sail }),
    path('M-33 6L36 6L34 10L-30 10Z', { fill: '#5a2320' }),
    path('M6 -9v-17h26l4 16z', { fill: '#f3ecdd', stroke: '#6b5a4a', 'stroke-width': 1 }),
    path('M11 -22h7v7h-7zM22 -22h7v7h-7z', { fill: '#355062' }),
    strokes(`M${mast} -8V${-tall}M${mast} -${tall * 0.32}L${mast - 44} -${tall * 0.27}`, '#4b3524', 2.4),
    strokes(
      `M${mast} -${tall}L54 -18M${mast} -${tall}L-51 -15M${mast} -${tall * 0.8}L${mast - 44} -${tall * 0.27}`,
      '#3b3230',
      0.7,
    ),
    path(`M${mast - 2} -${tall * 0.36}q-14 9 -22 3t-19 5l0 5q12 -4 20 1t21 -6z`, { fill: sail }),
    path(`M${mast} -${tall}l16 4l-16 5z`, { fill: hull }),
  ]
  return group({ transform: `translate(${x} ${y}) scale(${s.toFixed(2)}) rotate(${lean.toFixed(1)})` }, ...parts)
}
