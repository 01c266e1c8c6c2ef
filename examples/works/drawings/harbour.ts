import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import { boat } from './harbourBoat.ts'
import { facade, type House, QUAY, rowOfHouses, WIDTH } from './harbourHouses.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, gradient, group, mix, path, ridge, sheet, straight } from './svg.ts'

const HEIGHT = 920

/** A harbour town in the morning: a row of plaster houses, their reflections, and boats at anchor. */
export function harbour(): Drawing {
  const random = seeded('harbour')
  const houses = rowOfHouses(random)
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      gradient('sky', 0, [
        [0, '#7ea9c9'],
        [0.55, '#d8d6c4'],
        [1, '#f6d9b0'],
      ]) +
        gradient('water', 0, [
          [0, '#b9b69c'],
          [0.25, '#6f98a0'],
          [1, '#1d4a5f'],
        ]),
    ),
    background(WIDTH, HEIGHT, 'url(#sky)'),
    brushed(random, { x: 0, y: 0, width: WIDTH, height: 330 }, ['#ffffff', '#f9e4c8', '#94b6cc'], {
      count: 90,
      length: 190,
      thickness: 9,
      opacity: 0.2,
    }),
    hills(random),
    houses.map((house) => facade(random, house)).join(''),
    quay(random),
    element('rect', { y: QUAY + 34, width: WIDTH, height: HEIGHT, fill: 'url(#water)' }),
    reflections(random, houses),
    ripples(random),
    boat(random, 880, 560, 150, '#b5322b', '#f3ead8'),
    boat(random, 470, 600, 190, '#23486b', '#e9c46a'),
    boat(random, 1120, 690, 250, '#2f6b57', '#f2efe6'),
    boat(random, 190, 740, 290, '#f1ede2', '#c3423f'),
    pier(random),
    gulls(random),
  )
  return { fileName: 'harbour-in-the-morning.jpg', title: 'Harbour in the Morning', svg, grain: 12 }
}

function hills(random: Seeded): string {
  return [
    ['#9fb4b8', 300, 70],
    ['#7f9d92', 360, 46],
  ]
    .map(([colour, y, height]) => {
      const points = ridge(random, [-20, Number(y) + 30], [WIDTH + 20, Number(y) - 60], Number(height), 0.52, 6)
      return path(`${straight(points)}L${WIDTH + 20} ${QUAY}L-20 ${QUAY}Z`, { fill: String(colour) })
    })
    .join('')
}

function quay(random: Seeded): string {
  const stones: string[] = []
  for (let row = 0; row < 3; row++) {
    for (let x = -20 - row * 13; x < WIDTH;) {
      const width = random.between(24, 58)
      stones.push(
        element('rect', {
          x,
          y: QUAY + row * 13,
          width,
          height: 12,
          rx: 2,
          fill: mix('#a99c87', '#655c55', random.next() * 0.7 + row * 0.1),
        }),
      )
      x += width + 2
    }
  }
  return element('rect', { y: QUAY - 3, width: WIDTH, height: 48, fill: '#534b47' }) + stones.join('')
}

function reflections(random: Seeded, houses: readonly House[]): string {
  return houses
    .map((house) => {
      let d = ''
      const depth = (QUAY - house.top) * 0.85
      for (let y = 4; y < depth; y += random.between(4, 8)) {
        if (!random.chance(1 - y / depth / 1.4)) continue
        const start = house.x + random.bell() * (3 + y / 9)
        d += `M${start.toFixed(1)} ${(QUAY + 36 + y).toFixed(1)}h${(house.width * random.between(0.5, 1)).toFixed(1)}`
      }
      return strokes(d, mix(house.colour, '#3d6673', 0.3), 4, { opacity: 0.62 })
    })
    .join('')
}

function ripples(random: Seeded): string {
  const bands: string[] = []
  for (let y = QUAY + 50; y < HEIGHT; y += 14 + (y - QUAY) / 40) {
    const near = (y - QUAY) / (HEIGHT - QUAY)
    let [bright, dark] = ['', '']
    for (let index = 0; index < 11; index++) {
      const [x, length] = [random.between(-40, WIDTH), random.between(20, 60 + 100 * near)]
      const wave = curve([
        [x, y],
        [x + length * 0.3, y - 3 * near - 1],
        [x + length * 0.65, y + 3 * near],
        [x + length, y - 1],
      ])
      if (random.chance(0.5)) bright += wave
      else dark += wave
    }
    bands.push(
      strokes(bright, '#f4e6c6', 1.3 + near * 2.4, { opacity: 0.45 }),
      strokes(dark, '#123d50', 1.5 + near * 3, { opacity: 0.4 }),
    )
  }
  return bands.join('')
}

function pier(random: Seeded): string {
  const posts = [700, 776, 846, 921].map((x, index) => {
    const top = 770 + index * 9 + random.bell() * 8
    return group(
      {},
      element('rect', { x, y: top, width: 24, height: 200, fill: '#3c2a22' }),
      element('rect', { x, y: top, width: 8, height: 200, fill: '#6d4e3a' }),
      element('ellipse', { cx: x + 12, cy: top, rx: 12, ry: 5, fill: '#8b6a50' }),
      strokes(`M${x - 1} ${top + 26}h26m-26 6h26m-26 6h26`, '#d8c49a', 3),
    )
  })
  return posts.join('') + strokes('M712 796Q748 850 788 822Q820 862 858 830Q892 862 933 826', '#d8c49a', 4)
}

function gulls(random: Seeded): string {
  let d = ''
  for (let index = 0; index < 9; index++) {
    const [x, y, s] = [random.between(640, 1240), random.between(50, 270), random.between(8, 22)]
    d += `M${x.toFixed(1)} ${y.toFixed(1)}q${-s * 0.5} ${-s * 0.75} ${-s * 1.3} ${-s * 0.2}M${x.toFixed(1)} ${y.toFixed(1)}q${s * 0.6} ${-s * 0.9} ${s * 1.4} ${-s * 0.5}`
  }
  return strokes(d, '#fdfaf2', 3.4) + strokes(d, '#566', 1, { transform: 'translate(0 2.5)' })
}
