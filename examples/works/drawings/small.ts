import { seeded, type Seeded } from '../seeded.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, mix, pebble, ridge, sheet, straight, type Point } from './svg.ts'

const [WIDTH, HEIGHT] = [1200, 900]

type Painter = (random: Seeded) => string

/** Ten drawings, each from its own stream of numbers. */
const PAINTERS: [file: string, title: string, grain: number, paint: Painter][] = [
  ['mountains-at-dusk.jpg', 'Mountains at Dusk', 10, mountains],
  ['city-of-windows.png', 'City of Windows', 0, city],
  ['still-life-with-bowl.jpg', 'Still Life with a Bowl', 14, stillLife],
  ['four-trees.jpg', 'Four Trees', 10, trees],
  ['fern-plate.png', 'Fern, a Botanical Plate', 0, fern],
  ['woven-cloth.png', 'Woven Cloth', 0, cloth],
  ['composition-in-squares.jpg', 'Composition in Squares', 8, squares],
  ['mask.jpg', 'Mask', 12, mask],
  ['map-of-stars.png', 'Map of Stars', 0, stars],
  ['river-from-above.jpg', 'River from Above', 10, river],
]

export function smallDrawings(): Drawing[] {
  return PAINTERS.map(([fileName, title, grain, paint]) => ({
    fileName,
    title,
    grain,
    svg: sheet(WIDTH, HEIGHT, paint(seeded(fileName))),
  }))
}

function mountains(random: Seeded): string {
  const layers = Array.from({ length: 7 }, (_, i) => {
    const base = 330 + i * 85
    const points = ridge(
      random,
      [-20, base + random.between(-40, 40)],
      [WIDTH + 20, base + random.between(-60, 60)],
      120 - i * 9,
      0.55,
      7,
    )
    return element('path', {
      d: `${straight([...points, [WIDTH + 20, HEIGHT], [-20, HEIGHT]] as Point[], true)}`,
      fill: mix('#e7a587', '#1b2340', i / 6),
    })
  })
  return (
    background(WIDTH, HEIGHT, '#f3c9a0') +
    element('circle', { cx: 860, cy: 250, r: 74, fill: '#fff1d0' }) +
    layers.join('')
  )
}

function city(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#141a33')
  for (let x = -10; x < WIDTH;) {
    const width = random.between(60, 150)
    const top = random.between(140, 620)
    svg += rectangle(x, top, width, HEIGHT - top, mix('#26304f', '#3d4a70', random.next()))
    for (let y = top + 18; y < HEIGHT - 20; y += 34) {
      for (let at = x + 12; at < x + width - 20; at += 26) {
        if (random.chance(0.55))
          svg += rectangle(at, y, 13, 19, random.pick(['#ffd67d', '#ffb85c', '#9fc7e8', '#5b678f']))
      }
    }
    x += width + random.between(-14, 12)
  }
  return svg
}

function stillLife(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#b8a58a') + rectangle(0, 560, WIDTH, 340, '#6d4a35')
  svg += element('path', { d: 'M330 520 Q360 760 620 770 Q890 760 920 500 Z', fill: '#e9e3d4' })
  svg += element('ellipse', { cx: 625, cy: 510, rx: 297, ry: 62, fill: '#cfc6b0' })
  for (let i = 0; i < 9; i++) {
    const [x, y, radius] = [random.between(400, 850), random.between(360, 510), random.between(58, 96)]
    svg += element('circle', {
      cx: x,
      cy: y,
      r: radius,
      fill: random.pick(['#c8452d', '#e0912f', '#8da23d', '#d9b13b']),
    })
    svg += element('ellipse', {
      cx: x - radius / 3,
      cy: y - radius / 3,
      rx: radius / 4,
      ry: radius / 6,
      fill: '#fff',
      opacity: 0.35,
    })
  }
  return (
    svg +
    element('path', { d: 'M980 560 L1040 210 L1086 210 L1130 560 Z', fill: '#3f5e52' }) +
    rectangle(1042, 150, 42, 66, '#35504a')
  )
}

function trees(random: Seeded): string {
  const seasons = ['#f2c6d4', '#5f8f4e', '#cf7a2c', '#dfe6ec']
  return (
    background(WIDTH, HEIGHT, '#e6e2d6') +
    seasons
      .map((colour, i) => {
        const x = 150 + i * 300 + random.between(-30, 30)
        let svg = branch(random, x, 840, -Math.PI / 2 + random.between(-0.1, 0.1), random.between(150, 200), 22)
        const leaves = Array.from(
          { length: 170 },
          () => [x + random.bell() * 75, 400 + random.bell() * 95, random.between(4, 15)] as const,
        )
        svg += element('path', { d: dots(leaves), fill: colour, opacity: 0.85 })
        return svg
      })
      .join('')
  )
}

function branch(random: Seeded, x: number, y: number, angle: number, length: number, width: number): string {
  if (width < 2) return ''
  const [endX, endY] = [x + Math.cos(angle) * length, y + Math.sin(angle) * length]
  const own = element('line', {
    x1: x,
    y1: y,
    x2: endX,
    y2: endY,
    stroke: '#4c3a2e',
    'stroke-width': width,
    'stroke-linecap': 'round',
  })
  const next = () =>
    branch(random, endX, endY, angle + random.between(-0.7, 0.7), length * random.between(0.6, 0.8), width * 0.62)
  return own + next() + next() + next()
}

function fern(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#f4eedc')
  for (let stem = 0; stem < 5; stem++) {
    let [x, y, angle] = [560 + stem * 30, 870, -Math.PI / 2 + (stem - 2) * 0.24 + random.between(-0.05, 0.05)]
    for (let i = 0; i < 34; i++) {
      const length = 120 * Math.sin(((i + 2) / 37) * Math.PI) + 8
      for (const side of [-1, 1]) {
        const tip = angle + side * 1.1
        const points: Point[] = [
          [x, y],
          [x + Math.cos(tip) * length * 0.6, y + Math.sin(tip) * length * 0.6 - 8],
          [x + Math.cos(tip) * length, y + Math.sin(tip) * length],
        ]
        svg += element('path', {
          d: curve(points),
          fill: 'none',
          stroke: mix('#2f5d34', '#8fb65a', random.next()),
          'stroke-width': 9,
          'stroke-linecap': 'round',
        })
      }
      x += Math.cos(angle) * 22
      y += Math.sin(angle) * 22
      angle += (stem - 2) * 0.012 + random.between(-0.02, 0.02)
    }
  }
  return svg
}

function cloth(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#7c2f2c')
  const palette = ['#d8b45a', '#2c4a5e', '#efe2c8', '#a4452f', '#5b7a52', '#1f2430']
  for (let y = 0, row = 0; y < HEIGHT; y += 30, row++) {
    for (let x = 0; x < WIDTH; x += 30) {
      if ((Math.floor(x / 30) * 7 + row * row * 3) % 5 < 2 || random.chance(0.12))
        svg += rectangle(x, y, 30, 30, palette[(row + Math.floor(x / 90)) % palette.length]!)
      if (random.chance(0.3)) svg += rectangle(x + 4, y + 12, 22, 5, random.pick(palette))
    }
  }
  return svg
}

function squares(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#efe9dc')
  const split = (x: number, y: number, width: number, height: number, depth: number): void => {
    if (depth === 0 || (depth < 4 && random.chance(0.22))) {
      svg += rectangle(
        x + 5,
        y + 5,
        width - 10,
        height - 10,
        random.pick(['#c0392b', '#f1c40f', '#21538c', '#efe9dc', '#efe9dc', '#2b2b2b', '#d7d0bf']),
      )
    } else if (width > height) {
      const at = width * random.between(0.25, 0.75)
      split(x, y, at, height, depth - 1)
      split(x + at, y, width - at, height, depth - 1)
    } else {
      const at = height * random.between(0.25, 0.75)
      split(x, y, width, at, depth - 1)
      split(x, y + at, width, height - at, depth - 1)
    }
  }
  split(0, 0, WIDTH, HEIGHT, 6)
  return svg
}

function mask(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#31424a')
  svg += element('path', {
    d: 'M400 170 Q610 60 800 190 Q870 420 760 650 Q640 850 560 830 Q430 780 380 560 Q340 330 400 170 Z',
    fill: '#c79a5b',
  })
  svg += element('path', {
    d: 'M440 380 Q510 330 570 390 Q510 430 440 380 Z M660 370 Q730 330 790 400 Q720 430 660 370 Z',
    fill: '#1c1a18',
  })
  svg +=
    element('path', { d: 'M610 390 L560 590 L650 600 Z', fill: '#a37640' }) +
    element('ellipse', { cx: 600, cy: 690, rx: 92, ry: 38, fill: '#5a2320' })
  for (let i = 0; i < 70; i++)
    svg += element('circle', {
      cx: random.between(420, 760),
      cy: random.between(190, 330),
      r: random.between(3, 10),
      fill: random.pick(['#eee2c4', '#8d2f2a', '#2f5a63']),
    })
  for (let i = 0; i < 44; i++)
    svg += element('line', {
      x1: 400 + i * 9,
      y1: 180 - random.between(0, 30),
      x2: 330 + i * 12,
      y2: random.between(10, 90),
      stroke: '#6b4a2b',
      'stroke-width': 6,
    })
  return svg
}

function stars(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#0b1026')
  const places = Array.from(
    { length: 130 },
    () => [random.between(20, WIDTH - 20), random.between(20, HEIGHT - 20)] as Point,
  )
  for (let ring = 90; ring < 900; ring += 110)
    svg += element('circle', { cx: 420, cy: 520, r: ring, fill: 'none', stroke: '#3a4a80', 'stroke-width': 2 })
  for (let i = 0; i < 60; i++) {
    const [from, to] = [random.pick(places), random.pick(places)]
    if (Math.hypot(from[0] - to[0], from[1] - to[1]) < 320)
      svg += element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: '#c9b36b', 'stroke-width': 3 })
  }
  for (const [x, y] of places)
    svg += element('circle', {
      cx: x,
      cy: y,
      r: random.between(3, 15),
      fill: random.pick(['#fff', '#ffe7a8', '#a8c9ff']),
    })
  return svg
}

function river(random: Seeded): string {
  let svg = background(WIDTH, HEIGHT, '#8a9a5b')
  for (let i = 0; i < 60; i++)
    svg += element('path', {
      d: curve(
        pebble(
          random,
          [random.between(0, WIDTH), random.between(0, HEIGHT)],
          random.between(40, 140),
          random.between(30, 90),
          0.2,
        ),
        true,
      ),
      fill: random.pick(['#a7ad62', '#6f8450', '#c2b26b', '#94784a', '#5e7a58']),
    })
  const points: Point[] = Array.from({ length: 9 }, (_, i) => [
    i * 160 - 40,
    450 + Math.sin(i * 1.3) * 210 + random.between(-60, 60),
  ])
  svg += element('path', { d: curve(points), fill: 'none', stroke: '#c9c4a5', 'stroke-width': 120 })
  return svg + element('path', { d: curve(points), fill: 'none', stroke: '#3d6f86', 'stroke-width': 86 })
}

function rectangle(x: number, y: number, width: number, height: number, fill: string): string {
  return element('rect', { x, y, width, height, fill })
}
