import { type Seeded, seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { bridge } from './skylineBridge.ts'
import { background, curve, dots, element, glow, gradient, group, mix, path, pebble, sheet } from './svg.ts'

const [WIDTH, HEIGHT, RIVER] = [1080, 1400, 1090]

const LAMPS = ['#ffd873', '#ffb84d', '#fff0c2', '#f59a5a', '#bfe3ff']

/** A city by night seen over a river: towers with lit windows, a tram bridge, a moon behind thin cloud. */
export function skyline(): Drawing {
  const random = seeded('city skyline')
  const city = group(
    {},
    row(random, { top: 560, spread: 170, widths: [46, 96], colour: '#26365f', windows: 0.22, size: 3 }),
    row(random, { top: 680, spread: 240, widths: [60, 124], colour: '#1a2549', windows: 0.34, size: 5 }),
    tower(random),
    row(random, { top: 900, spread: 150, widths: [84, 170], colour: '#0f1733', windows: 0.45, size: 8 }),
  )
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      [
        gradient('night', 0, [
          [0, '#070b22'],
          [0.45, '#1c2a5c'],
          [0.7, '#5b4a7e'],
          [0.85, '#c26f6f'],
          [1, '#e99a6a'],
        ]),
        glow('halo', 0.5, 0.5, 0.5, [
          [0, '#fdf6dc', 0.75],
          [0.3, '#d9d8ea', 0.32],
          [1, '#8c9bd0', 0],
        ]),
        gradient('depth', 0, [
          [0, '#131a3a', 0.4],
          [1, '#050817', 0.92],
        ]),
      ].join(''),
    ),
    background(WIDTH, HEIGHT, 'url(#night)'),
    path(
      dots(
        Array.from(
          { length: 190 },
          () => [random.between(0, WIDTH), random.next() ** 1.6 * 640, random.between(0.5, 1.8)] as const,
        ),
      ),
      { fill: '#e8ecff', opacity: 0.75 },
    ),
    moon(random),
    city,
    group({ transform: `translate(0 ${RIVER * 2}) scale(1 -1)`, opacity: 0.55 }, city),
    element('rect', { y: RIVER, width: WIDTH, height: HEIGHT - RIVER, fill: 'url(#depth)' }),
    lights(random),
    bridge(random),
  )
  return { fileName: 'city-over-the-river.jpg', title: 'City over the River', svg, grain: 9 }
}

interface Row {
  top: number
  spread: number
  widths: readonly [number, number]
  colour: string
  windows: number
  size: number
}

function row(random: Seeded, { top, spread, widths, colour, windows, size }: Row): string {
  const parts: string[] = []
  for (let x = -30; x < WIDTH;) {
    const width = random.between(widths[0], widths[1])
    const roof = top + random.between(-spread, spread) * 0.6 + Math.abs(x - 640) * 0.13
    const shade = mix(colour, '#3d4f86', random.between(0, 0.22))
    parts.push(
      element('rect', { x, y: roof, width, height: RIVER - roof, fill: shade }),
      element('rect', {
        x: x + width * 0.78,
        y: roof,
        width: width * 0.22,
        height: RIVER - roof,
        fill: '#04081c',
        opacity: 0.35,
      }),
      crown(random, x, roof, width, shade),
      panes(random, { x, y: roof + size * 3, width, height: RIVER - roof - size * 3 }, windows, size),
    )
    x += width + random.between(-8, 10)
  }
  return parts.join('')
}

/** What stands on a roof: a tank, a gable, steps, an antenna, or nothing. */
function crown(random: Seeded, x: number, y: number, width: number, colour: string): string {
  const kind = random.whole(0, 6)
  const middle = x + width * random.between(0.3, 0.7)
  if (kind === 0) return path(`M${x} ${y}L${middle} ${y - width * 0.5}L${x + width} ${y}Z`, { fill: colour })
  if (kind === 1)
    return (
      strokes(`M${middle} ${y}V${y - random.between(40, 110)}M${middle - 9} ${y - 22}h18`, colour, 3) +
      element('circle', { cx: middle, cy: y - 44, r: 3, fill: '#ff5a4f' })
    )
  if (kind === 2)
    return path(`M${middle - 16} ${y}v-14h-4v-26l20 -12l20 12v26h-4v14h-6v-14h-20v14z`, {
      fill: mix(colour, '#000000', 0.25),
    })
  if (kind === 3)
    return path(`M${x + width * 0.12} ${y}v-18h${width * 0.18}v-20h${width * 0.34}v20h${width * 0.2}v18z`, {
      fill: colour,
    })
  if (kind === 4)
    return path(`M${x} ${y}Q${middle} ${y - width * 0.75} ${x + width} ${y}Z`, { fill: mix(colour, '#4d6b8f', 0.3) })
  return ''
}

function panes(
  random: Seeded,
  box: { x: number; y: number; width: number; height: number },
  share: number,
  size: number,
): string {
  const lit = new Map<string, string>()
  const habit = random.between(share * 0.5, share * 1.5)
  const [columnStep, rowStep] = [size * random.pick([2, 2.4, 3]), size * random.pick([2.4, 3, 3.4])]
  for (let y = box.y; y < box.y + box.height - size * 2; y += rowStep) {
    const floorIsBusy = random.chance(0.18) ? 2.2 : 1
    for (let x = box.x + size; x < box.x + box.width - size * 1.6; x += columnStep) {
      const colour = random.chance(habit * floorIsBusy) ? random.pick(LAMPS) : '#0a1230'
      lit.set(
        colour,
        `${lit.get(colour) ?? ''}M${x.toFixed(1)} ${y.toFixed(1)}h${size}v${(size * 1.5).toFixed(1)}h-${size}z`,
      )
    }
  }
  return [...lit].map(([colour, d]) => path(d, { fill: colour, opacity: colour === '#0a1230' ? 0.45 : 0.92 })).join('')
}

/** The one tower everybody knows: it stands off the middle and carries a clock. */
function tower(random: Seeded): string {
  const [x, top] = [690, 370]
  const ribs = Array.from({ length: 7 }, (_, index) => `M${x + 14 + index * 19} ${top + 120}V${RIVER}`).join('')
  return group(
    {},
    path(
      `M${x} ${RIVER}V${top + 110}l12 -10V${top + 50}l26 -20V${top - 20}L${x + 71} ${top - 190}L${x + 104} ${top - 20}v50l26 20v50l12 10V${RIVER}Z`,
      { fill: '#2c3566' },
    ),
    path(`M${x + 71} ${top - 190}L${x + 104} ${top - 20}v50l26 20v50l12 10V${RIVER}H${x + 96}V${top}Z`, {
      fill: '#151c40',
    }),
    panes(random, { x: x + 6, y: top + 140, width: 128, height: RIVER - top - 160 }, 0.5, 6),
    strokes(ribs, '#4a5590', 2, { opacity: 0.8 }),
    element('circle', { cx: x + 70, cy: top + 62, r: 33, fill: '#fff1c4' }),
    element('circle', { cx: x + 70, cy: top + 62, r: 33, fill: 'none', stroke: '#8a6a3a', 'stroke-width': 4 }),
    strokes(`M${x + 70} ${top + 62}l-4 -23M${x + 70} ${top + 62}l17 8`, '#2b2030', 4),
    path(`M${x + 52} ${top + 24}v-34q18 -22 36 0v34z`, { fill: '#ffb84d', opacity: 0.85 }),
    strokes(`M${x + 71} ${top - 190}v-70`, '#2c3566', 4),
    element('circle', { cx: x + 71, cy: top - 262, r: 5, fill: '#ff5a4f' }),
  )
}

function moon(random: Seeded): string {
  const seas = Array.from(
    { length: 9 },
    () => [300 + random.bell() * 26, 250 + random.bell() * 26, random.between(5, 17)] as const,
  )
  const veils = [246, 290, 318].map((y, index) => {
    const outline = pebble(random, [330 - index * 40, y], 250 - index * 50, 11, 0.35, 15)
    return path(curve(outline, true), { fill: '#2a3566', opacity: 0.6 })
  })
  return group(
    {},
    element('circle', { cx: 300, cy: 250, r: 290, fill: 'url(#halo)' }),
    element('circle', { cx: 300, cy: 250, r: 84, fill: '#fbf3d8' }),
    path(dots(seas), { fill: '#cfc6ae', opacity: 0.6 }),
    ...veils,
  )
}

function lights(random: Seeded): string {
  const columns = Array.from({ length: 58 }, () => {
    const [x, colour] = [random.between(0, WIDTH), random.pick(LAMPS)]
    let d = ''
    for (let y = RIVER + 6, reach = random.between(70, 290); y < RIVER + reach; y += random.between(6, 13)) {
      const half = random.between(3, 17)
      d += `M${(x - half + random.bell() * 4).toFixed(1)} ${y.toFixed(1)}h${(half * 2).toFixed(1)}`
    }
    return strokes(d, colour, random.between(2, 4), { opacity: random.between(0.25, 0.7) })
  })
  return columns.join('')
}
