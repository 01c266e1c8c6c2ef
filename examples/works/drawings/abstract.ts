import { type Seeded, seeded } from '../seeded.ts'
import { arcs, particles, rays, signs } from './abstractLines.ts'
import { brushed, hatched, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, glow, group, path, pebble, type Point, sheet, straight } from './svg.ts'

const [WIDTH, HEIGHT] = [1240, 1020]

/** A composition of circles, wedges, grids and lines that hang in balance around a point left of the middle. */
export function abstract(): Drawing {
  const random = seeded('abstract composition')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      [
        glow('aura', 0.5, 0.5, 0.5, [
          [0, '#f5b34a', 0.9],
          [0.55, '#e8895a', 0.35],
          [1, '#e8895a', 0],
        ]),
        element('clipPath', { id: 'disc' }, element('circle', { cx: 392, cy: 372, r: 205 })),
        element('clipPath', { id: 'wedge' }, path('M700 960L1010 250L1096 900Z', {})),
      ].join(''),
    ),
    background(WIDTH, HEIGHT, '#ece1c8'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, ['#fbf5e4', '#d9c7a2', '#e4cfb4', '#cfd0c0'], {
      count: 90,
      length: 200,
      thickness: 24,
      angle: -24,
      opacity: 0.2,
    }),
    planes(random),
    disc(random),
    wedge(random),
    chequers(random),
    arcs(random),
    rays(random),
    particles(random),
    signs(random),
  )
  return { fileName: 'composition-with-a-large-disc.jpg', title: 'Composition with a Large Disc', svg, grain: 15 }
}

function planes(random: Seeded): string {
  const plane = (points: Point[], fill: string, opacity: number): string =>
    path(
      straight(
        points.map(([x, y]): Point => [x + random.bell() * 3, y + random.bell() * 3]),
        true,
      ),
      { fill, opacity },
    )
  return [
    plane(
      [
        [60, 560],
        [560, 690],
        [470, 980],
        [30, 900],
      ],
      '#7fa7a0',
      0.75,
    ),
    plane(
      [
        [520, 60],
        [1180, 130],
        [1120, 300],
        [600, 250],
      ],
      '#d7a9a0',
      0.7,
    ),
    plane(
      [
        [820, 420],
        [1215, 520],
        [1190, 760],
        [760, 610],
      ],
      '#38506e',
      0.82,
    ),
    plane(
      [
        [180, 640],
        [700, 540],
        [720, 600],
        [200, 720],
      ],
      '#1f1c1a',
      0.9,
    ),
    element('circle', { cx: 1010, cy: 215, r: 190, fill: 'url(#aura)' }),
    path('M40 120Q210 40 300 190T520 300L500 330Q330 330 270 220T50 160Z', { fill: '#c2452d', opacity: 0.9 }),
  ].join('')
}

function disc(random: Seeded): string {
  const rings = [205, 168, 150, 112, 76, 48, 22].map((r, index) => {
    const cx = 392 + index * 7
    const cy = 372 - index * 5
    return path(curve(pebble(random, [cx, cy], r, r, 0.012, 24), true), {
      fill: ['#1c2b4a', '#d94f2b', '#f0c24a', '#2f7f86', '#f4ead2', '#1f1c1a', '#e6a72e'][index],
    })
  })
  return group(
    {},
    element('circle', { cx: 410, cy: 388, r: 222, fill: '#c8b694', opacity: 0.55 }),
    ...rings,
    group(
      { 'clip-path': 'url(#disc)' },
      path('M392 150L640 372L392 600Z', { fill: '#101a30', opacity: 0.34 }),
      strokes(hatched(random, { x: 390, y: 170, width: 220, height: 410 }, 35, 13), '#f7edd6', 1.6, { opacity: 0.5 }),
    ),
    path('M180 372A212 212 0 0 1 330 169L342 200A178 178 0 0 0 214 372Z', { fill: '#f7e6b8', opacity: 0.7 }),
  )
}

function wedge(random: Seeded): string {
  return group(
    {},
    path('M700 960L1010 250L1096 900Z', { fill: '#e2b338' }),
    group(
      { 'clip-path': 'url(#wedge)' },
      path('M1010 250L1096 900L960 930Z', { fill: '#b5572c', opacity: 0.75 }),
      ...[330, 420, 530, 660, 810].map((y, index) =>
        path(`M600 ${y}L1200 ${y - 70 + index * 20}v${16 + index * 7}L600 ${y + 18 + index * 5}Z`, {
          fill: index % 2 ? '#1f1c1a' : '#f6edd8',
        }),
      ),
      strokes(hatched(random, { x: 690, y: 260, width: 420, height: 700 }, 66, 22), '#7d3a1c', 1.4, { opacity: 0.5 }),
    ),
    strokes('M1010 250L690 990', '#1f1c1a', 6),
    strokes('M1016 236L1102 906', '#1f1c1a', 2),
  )
}

function chequers(random: Seeded): string {
  const cells: string[] = []
  const colours = ['#1f1c1a', '#f6edd8', '#d94f2b', '#2f7f86', '#e6a72e', '#f6edd8', '#f6edd8']
  for (let row = 0; row < 7; row++) {
    for (let column = 0; column < 6; column++) {
      if (random.chance(0.12)) continue
      const size = 34 - row * 1.6
      cells.push(
        element('rect', {
          x: column * 36 + random.bell(),
          y: row * 36 + random.bell(),
          width: size,
          height: size,
          fill: (row + column) % 2 ? random.pick(colours) : '#1f1c1a',
          opacity: 0.94,
        }),
      )
    }
  }
  return group({ transform: 'translate(120 690) rotate(-13)' }, ...cells)
}
