import { type Seeded, seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { constellation, CONSTELLATIONS, GOLD, PALE } from './constellations.ts'
import type { Drawing } from './raster.ts'
import { corners } from './starMapCorners.ts'
import { background, curve, dots, element, glow, group, path, pebble, type Point, sheet, straight } from './svg.ts'

const [SIDE, CX, CY, RADIUS] = [1280, 660, 620, 560]

/** An invented sky as old atlases engraved it: circles, figures, a band of mist, the moons in a corner. */
export function starMap(): Drawing {
  const random = seeded('star map')
  const svg = sheet(
    SIDE,
    SIDE,
    element(
      'defs',
      {},
      [
        glow('deep', 0.42, 0.4, 0.75, [
          [0, '#24406e'],
          [0.7, '#142648'],
          [1, '#0b1530'],
        ]),
        glow('sunFace', 0.4, 0.35, 0.8, [
          [0, '#fff0b8'],
          [0.6, '#e8b54a'],
          [1, '#a8662a'],
        ]),
        element('clipPath', { id: 'dome' }, element('circle', { cx: CX, cy: CY, r: RADIUS })),
      ].join(''),
    ),
    background(SIDE, SIDE, '#0d1120'),
    corners(random),
    element('circle', { cx: CX, cy: CY, r: RADIUS + 26, fill: '#1c1f30', stroke: GOLD, 'stroke-width': 3 }),
    element('circle', { cx: CX, cy: CY, r: RADIUS, fill: 'url(#deep)', stroke: GOLD, 'stroke-width': 4 }),
    scale(),
    group(
      { 'clip-path': 'url(#dome)' },
      graticule(),
      mist(random),
      smallStars(random),
      ...CONSTELLATIONS.map((figure) => constellation(random, figure)),
      comet(random),
    ),
  )
  return { fileName: 'map-of-an-invented-sky.png', title: 'Map of an Invented Sky', svg, grain: 0 }
}

function graticule(): string {
  const circles = [120, 240, 360, 470].map((r) =>
    element('circle', { cx: CX, cy: CY, r, fill: 'none', stroke: '#6f8fc0', 'stroke-width': 1, opacity: 0.55 }),
  )
  const rays = Array.from({ length: 24 }, (_, hour) => {
    const angle = (hour / 24) * Math.PI * 2 + 0.06
    const near = hour % 6 === 0 ? 0 : hour % 2 === 0 ? 120 : 240
    return straight([
      [CX + Math.cos(angle) * near, CY + Math.sin(angle) * near],
      [CX + Math.cos(angle) * RADIUS, CY + Math.sin(angle) * RADIUS],
    ])
  })
  const ecliptic = element('circle', {
    cx: CX - 84,
    cy: CY + 62,
    r: 372,
    fill: 'none',
    stroke: '#d97a5a',
    'stroke-width': 2.2,
    'stroke-dasharray': '14 7',
  })
  return (
    circles.join('') +
    strokes(rays.join(''), '#6f8fc0', 0.9, { opacity: 0.5 }) +
    ecliptic +
    element('circle', {
      cx: CX + 150,
      cy: CY - 130,
      r: 300,
      fill: 'none',
      stroke: GOLD,
      'stroke-width': 1.2,
      'stroke-dasharray': '3 6',
    })
  )
}

function scale(): string {
  const ticks = Array.from({ length: 180 }, (_, index) => {
    const angle = (index / 180) * Math.PI * 2
    const far = RADIUS + (index % 15 === 0 ? 25 : index % 5 === 0 ? 15 : 8)
    return straight([
      [CX + Math.cos(angle) * RADIUS, CY + Math.sin(angle) * RADIUS],
      [CX + Math.cos(angle) * far, CY + Math.sin(angle) * far],
    ])
  })
  return strokes(ticks.join(''), GOLD, 1.6)
}

/** The band of mist runs across the dome and splits, as the Milky Way does in Cygnus. */
function mist(random: Seeded): string {
  const spine = (t: number): Point => [180 + t * 960, 980 - t * 640 + Math.sin(t * 5) * 70]
  const clouds = Array.from({ length: 26 }, (_, index) => {
    const [x, y] = spine(index / 25)
    return path(
      curve(
        pebble(
          random,
          [x + random.bell() * 22, y + random.bell() * 30],
          random.between(44, 92),
          random.between(30, 66),
          0.25,
        ),
        true,
      ),
      { fill: random.pick(['#7f9fd0', '#a9b8e0', '#6a7fc0']), opacity: 0.085 },
    )
  })
  const dust = Array.from({ length: 1500 }, () => {
    const t = random.next()
    const [x, y] = spine(t)
    const away = random.bell() * 46
    const split = t > 0.45 && t < 0.8 && Math.abs(away) < 14 ? 34 : 0
    return [x + away * 0.5 + split, y + away + split, random.between(0.4, 1.3)] as const
  })
  return (
    clouds.join('') +
    Array.from({ length: 10 }, (_, part) =>
      path(dots(dust.slice(part * 150, part * 150 + 150)), { fill: PALE, opacity: 0.35 + part * 0.05 }),
    ).join('')
  )
}

function smallStars(random: Seeded): string {
  const places = Array.from({ length: 620 }, () => {
    const [angle, distance] = [random.between(0, Math.PI * 2), Math.sqrt(random.next()) * RADIUS]
    return [CX + Math.cos(angle) * distance, CY + Math.sin(angle) * distance, 0.6 + random.next() ** 4 * 2.6] as const
  })
  return (
    path(dots(places.slice(0, 310)), { fill: '#ffffff', opacity: 0.85 }) +
    path(dots(places.slice(310, 520)), { fill: '#ffe7b0', opacity: 0.85 }) +
    path(dots(places.slice(520)), { fill: '#b9d2ff' })
  )
}

function comet(random: Seeded): string {
  const tail = Array.from({ length: 22 }, (_, index) => {
    const spread = (index - 11) * 0.022
    const far = random.between(90, 210)
    return curve([
      [300, 560],
      [300 - Math.cos(spread + 0.5) * far * 0.5, 560 + Math.sin(spread + 0.5) * far * 0.45],
      [300 - Math.cos(spread + 0.62) * far, 560 + Math.sin(spread + 0.62) * far],
    ])
  })
  return (
    strokes(tail.join(''), PALE, 1.6, { opacity: 0.6 }) + element('circle', { cx: 302, cy: 558, r: 9, fill: '#ffffff' })
  )
}
