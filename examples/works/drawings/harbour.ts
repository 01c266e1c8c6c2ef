import { seeded, type Seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, gradient, group, mix, path, ridge, sheet, straight } from './svg.ts'

const [WIDTH, HEIGHT, QUAY] = [1280, 920, 470]
const PLASTER = ['#e8b04b', '#d9694f', '#efe3cd', '#7fa3a8', '#c98b9b', '#e2d2a4', '#a9643f', '#8fae7f', '#f0c9a0']

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

interface House {
  x: number
  width: number
  top: number
  colour: string
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

function rowOfHouses(random: Seeded): House[] {
  const houses: House[] = []
  for (let x = -30; x < WIDTH - 250;) {
    const width = random.between(66, 128)
    const slope = 1 - Math.abs(x - 420) / 1100
    const colour = random.pick(PLASTER.filter((plaster) => plaster !== houses.at(-1)?.colour))
    houses.push({ x, width, top: QUAY - random.between(130, 260) * slope, colour })
    x += width + (random.chance(0.16) ? random.between(14, 46) : 0)
  }
  return houses
}

function facade(random: Seeded, { x, width, top, colour }: House): string {
  const roof = random.pick(['#8c4a35', '#a3573c', '#6d4034', '#58565c'])
  const rise = random.between(16, 52)
  const peak = x + width * random.between(0.4, 0.6)
  const parts = [
    element('rect', { x, y: top, width, height: QUAY - top, fill: colour }),
    brushed(
      random,
      { x, y: top, width, height: QUAY - top },
      [mix(colour, '#ffffff', 0.4), mix(colour, '#3a2a2a', 0.35)],
      { count: 12, length: 26, thickness: 5, angle: 80, opacity: 0.25 },
    ),
    element('rect', {
      x: x + width * 0.82,
      y: top,
      width: width * 0.18,
      height: QUAY - top,
      fill: '#2b2233',
      opacity: 0.16,
    }),
    element('rect', {
      x: x + width * random.between(0.15, 0.7),
      y: top - rise - 12,
      width: 13,
      height: rise + 10,
      fill: mix(roof, '#201818', 0.4),
    }),
    path(
      straight(
        [
          [x - 5, top + 3],
          [peak, top - rise],
          [x + width + 5, top + 3],
        ],
        true,
      ),
      { fill: roof },
    ),
    strokes(
      straight([
        [x - 5, top + 3],
        [peak, top - rise],
        [x + width + 5, top + 3],
      ]),
      mix(roof, '#201010', 0.5),
      3,
    ),
  ]
  const columns = Math.max(2, Math.round(width / 36))
  const shutter = random.pick(['#2f5d50', '#345b84', '#7a2f2f', '#4a4a4a', '#e9e2d0'])
  for (let y = top + 18; y < QUAY - 62; y += 47) {
    for (let column = 0; column < columns; column++) {
      const left = x + (width * (column + 0.5)) / columns - 8 + random.bell()
      const lit = random.chance(0.12)
      parts.push(
        element('rect', {
          x: left,
          y,
          width: 16,
          height: 25,
          fill: lit ? '#ffe6a3' : '#39424e',
          stroke: '#f4ecdc',
          'stroke-width': 2,
        }),
      )
      if (random.chance(0.72))
        parts.push(path(`M${left - 9} ${y - 1}h7v27h-7zM${left + 18} ${y - 1}h7v27h-7z`, { fill: shutter }))
      if (random.chance(0.2))
        parts.push(
          path(
            dots(
              Array.from(
                { length: 9 },
                () => [left + random.between(-2, 18), y + 27 + random.bell() * 2, random.between(1.5, 3.5)] as const,
              ),
            ),
            { fill: random.pick(['#c23b4e', '#5f8a3c', '#d889a8']) },
          ),
        )
    }
  }
  const door = x + width * random.between(0.12, 0.6)
  parts.push(path(`M${door} ${QUAY}v-38q11 -15 22 0v38z`, { fill: mix(shutter, '#1c1410', 0.35) }))
  if (random.chance(0.5)) {
    const awning = random.pick(['#b83a32', '#2d6a7a', '#d9a441'])
    for (let stripe = 0; stripe < 6; stripe++) {
      parts.push(path(`M${door + 26 + stripe * 8} ${QUAY - 42}h8l4 15h-8z`, { fill: stripe % 2 ? '#f7efe0' : awning }))
    }
  }
  return parts.join('')
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

/** A small fishing boat whose waterline starts at (x, y); `size` is its length in pixels. */
function boat(random: Seeded, x: number, y: number, size: number, hull: string, sail: string): string {
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
