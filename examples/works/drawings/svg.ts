import type { Seeded } from '../seeded.ts'

/** A place on the sheet, in pixels from the top left corner. */
export type Point = readonly [x: number, y: number]

/** Attributes of an element; undefined ones are left out. */
export type Attributes = Record<string, string | number | undefined>

/** One SVG element as text. */
export function element(name: string, attributes: Attributes, children = ''): string {
  let text = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue
    const written = typeof value === 'number' ? short(value) : value
    // A renderer paints a shape with `opacity` on a layer of its own, as large as the sheet; these two need no layer.
    if (key === 'opacity' && name !== 'g') text += ` fill-opacity="${written}" stroke-opacity="${written}"`
    else text += ` ${key}="${written}"`
  }
  return children === '' ? `${text}/>` : `${text}>${children}</${name}>`
}

/** A `path` element. */
export function path(d: string, attributes: Attributes): string {
  return element('path', { d, ...attributes })
}

/** Elements that share attributes. */
export function group(attributes: Attributes, ...children: string[]): string {
  return element('g', attributes, children.join(''))
}

/** A whole SVG document of the given size in pixels. */
export function sheet(width: number, height: number, ...children: string[]): string {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` }
  return element('svg', attributes, children.join(''))
}

/** A background that covers the whole sheet. */
export function background(width: number, height: number, fill: string): string {
  return element('rect', { width, height, fill })
}

/** A linear gradient; `angle` 0 runs downwards, 90 to the right. Stops are [offset 0..1, colour, opacity]. */
export function gradient(id: string, angle: number, stops: readonly (readonly [number, string, number?])[]): string {
  const attributes = { id, x1: 0, y1: 0, x2: 0, y2: 1, gradientTransform: `rotate(${-angle} 0.5 0.5)` }
  return element('linearGradient', attributes, stops.map(stop).join(''))
}

/** A radial gradient whose light sits at (cx, cy), in fractions of the shape it fills. */
export function glow(
  id: string,
  cx: number,
  cy: number,
  r: number,
  stops: readonly (readonly [number, string, number?])[],
): string {
  return element('radialGradient', { id, cx, cy, r }, stops.map(stop).join(''))
}

function stop([offset, colour, opacity]: readonly [number, string, number?]): string {
  return element('stop', { offset, 'stop-color': colour, 'stop-opacity': opacity })
}

/** Path data of straight lines through the points. */
export function straight(points: readonly Point[], closed = false): string {
  const text = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
  return closed ? `${text}Z` : text
}

/** Path data of a smooth curve through the points: a uniform Catmull-Rom spline written as cubic Béziers. */
export function curve(points: readonly Point[], closed = false): string {
  const count = points.length
  const at = (index: number): Point =>
    points[closed ? (index + count) % count : Math.min(count - 1, Math.max(0, index))] as Point
  let text = `M${short(at(0)[0])} ${short(at(0)[1])}`
  for (let index = 0; index < (closed ? count : count - 1); index++) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)]
    const first = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6] as const
    const second = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6] as const
    text += `C${[...first, ...second, ...to].map(short).join(' ')}`
  }
  return closed ? `${text}Z` : text
}

/** Points of an uneven round shape, as a hand would cut it; `unevenness` is a fraction of the radius. */
export function pebble(
  random: Seeded,
  [cx, cy]: Point,
  rx: number,
  ry: number,
  unevenness: number,
  corners = 11,
): Point[] {
  const points: Point[] = []
  for (let index = 0; index < corners; index++) {
    const angle = ((index + random.between(-0.25, 0.25)) / corners) * Math.PI * 2
    const radius = 1 + random.between(-unevenness, unevenness)
    points.push([cx + Math.cos(angle) * rx * radius, cy + Math.sin(angle) * ry * radius])
  }
  return points
}

/**
 * A ridge from left to right by midpoint displacement: `height` is the largest rise in pixels, `roughness` (0..1) how
 * much of it each halving keeps, `halvings` how often a segment is cut in two.
 */
export function ridge(
  random: Seeded,
  from: Point,
  to: Point,
  height: number,
  roughness: number,
  halvings: number,
): Point[] {
  let points: Point[] = [from, to]
  for (let level = 0, rise = height; level < halvings; level++, rise *= roughness) {
    const finer: Point[] = []
    for (let index = 0; index + 1 < points.length; index++) {
      const [left, right] = [points[index] as Point, points[index + 1] as Point]
      finer.push(left, [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2 + random.between(-rise, rise)])
    }
    points = [...finer, to]
  }
  return points
}

/** Path data of many small dots, one path for speed. */
export function dots(places: readonly (readonly [x: number, y: number, radius: number])[]): string {
  return places
    .map(([x, y, r]) => {
      const [radius, across] = [short(r), short(r * 2)]
      return `M${short(x - r)} ${short(y)}a${radius} ${radius} 0 1 0 ${across} 0a${radius} ${radius} 0 1 0 -${across} 0`
    })
    .join('')
}

/** The colour between two #rrggbb colours; `share` 0 is the first, 1 the second. */
export function mix(first: string, second: string, share: number): string {
  const part = (colour: string, index: number): number => Number.parseInt(colour.slice(index, index + 2), 16)
  const parts = [1, 3, 5].map((index) => part(first, index) * (1 - share) + part(second, index) * share)
  return `#${parts.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

/** One decimal is a tenth of a pixel; more digits only make the file slow to read. */
function short(value: number): string {
  return String(Math.abs(value) < 1 ? Math.round(value * 1000) / 1000 : Math.round(value * 10) / 10)
}
