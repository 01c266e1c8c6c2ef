import { type Seeded, seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { foliage, GROUND, growTree, type Season, snowOn } from './seasonTree.ts'
import {
  background,
  curve,
  dots,
  element,
  gradient,
  group,
  mix,
  path,
  pebble,
  type Point,
  ridge,
  sheet,
  straight,
} from './svg.ts'

const [WIDTH, HEIGHT] = [1480, 940]

const PANEL = 350

const SEASONS: readonly Season[] = [
  {
    name: 'spring',
    sky: ['#cfe3ea', '#f7e8e4'],
    hill: '#a9c48f',
    grass: '#86ad5c',
    leaves: ['#c9768f', '#e9a3b5', '#f6c9d2', '#fff0f0'],
    leafSize: 5,
    leafCount: 3,
    lean: 4,
  },
  {
    name: 'summer',
    sky: ['#4fa0d0', '#cfe9e6'],
    hill: '#5d8f4e',
    grass: '#4d8a3c',
    leaves: ['#1f5230', '#2f7238', '#57993f', '#98c452'],
    leafSize: 7.5,
    leafCount: 4,
    lean: -3,
  },
  {
    name: 'autumn',
    sky: ['#e6b878', '#f6e3c0'],
    hill: '#a8783c',
    grass: '#9a7a34',
    leaves: ['#7f2a1e', '#c1432a', '#e07a2c', '#f2b83c'],
    leafSize: 6.4,
    leafCount: 2,
    lean: 7,
  },
  {
    name: 'winter',
    sky: ['#7d8da6', '#d9dfe6'],
    hill: '#c3cfdb',
    grass: '#eef2f5',
    leaves: [],
    leafSize: 0,
    leafCount: 0,
    lean: -6,
  },
]

/** One tree through a year, in four tall panels on a dark mount. */
export function seasons(): Drawing {
  const random = seeded('tree in four seasons')
  const panels = SEASONS.map((season, index) => {
    const x = 28 + index * (PANEL + 8)
    return group({ transform: `translate(${x} 30)`, 'clip-path': 'url(#panel)' }, panel(random, season))
  })
  const skies = SEASONS.map(({ name, sky }) =>
    gradient(name, 0, [
      [0, sky[0]],
      [1, sky[1]],
    ]),
  ).join('')
  const clip = element('clipPath', { id: 'panel' }, element('rect', { width: PANEL, height: HEIGHT - 60 }))
  const svg = sheet(WIDTH, HEIGHT, element('defs', {}, skies + clip), background(WIDTH, HEIGHT, '#26231f'), ...panels)
  return { fileName: 'a-tree-through-the-year.jpg', title: 'A Tree through the Year', svg, grain: 11 }
}

function panel(random: Seeded, season: Season): string {
  const tree = growTree(random, season)
  return [
    element('rect', { width: PANEL, height: HEIGHT, fill: `url(#${season.name})` }),
    sun(season),
    brushed(random, { x: 0, y: 0, width: PANEL, height: 360 }, ['#ffffff', season.sky[0]], {
      count: 34,
      length: 120,
      thickness: 12,
      opacity: 0.25,
    }),
    land(random, season),
    path(tree.trunk, { fill: season.name === 'winter' ? '#3a3438' : '#4d382b' }),
    ...tree.twigs.map(([d, thickness]) => strokes(d, season.name === 'winter' ? '#3a3438' : '#4d382b', thickness)),
    strokes(tree.bark, '#8d7560', 1.4, { opacity: 0.5 }),
    season.leaves.length > 0 ? foliage(random, season, tree.tips) : snowOn(random, tree.tips),
    foreground(random, season),
  ].join('')
}

function sun({ name }: Season): string {
  if (name === 'summer') return element('circle', { cx: 276, cy: 84, r: 36, fill: '#fff3b8' })
  if (name === 'autumn') return element('circle', { cx: 70, cy: 330, r: 52, fill: '#fbdc98' })
  if (name === 'winter') return element('circle', { cx: 250, cy: 150, r: 26, fill: '#f3f1ea', opacity: 0.8 })
  return strokes('M40 90q14 -14 24 0q12 -14 24 -2M120 130q10 -10 18 0q8 -10 18 -2', '#55667a', 2.5)
}

function land(random: Seeded, season: Season): string {
  const far = ridge(random, [-5, GROUND - 130], [PANEL + 5, GROUND - 90], 44, 0.5, 4)
  const near = ridge(random, [-5, GROUND - 30], [PANEL + 5, GROUND - 46], 20, 0.5, 4)
  const close = (points: Point[]): string => `${curve(points)}L${PANEL + 5} ${HEIGHT}L-5 ${HEIGHT}Z`
  const fence = Array.from(
    { length: 8 },
    (_, index) => `M${index * 48 + 12} ${GROUND - 44 + random.bell() * 2}v-26`,
  ).join('')
  return (
    path(close(far), { fill: mix(season.hill, season.sky[1], 0.35) }) +
    strokes(`${fence}M0 ${GROUND - 62}L${PANEL} ${GROUND - 58}`, mix(season.hill, '#2b1d14', 0.5), 3) +
    path(close(near), { fill: season.hill }) +
    path(close(ridge(random, [-5, GROUND + 6], [PANEL + 5, GROUND - 4], 10, 0.5, 3)), { fill: season.grass }) +
    path(curve(pebble(random, [225, GROUND + 26], 150, 20, 0.08), true), {
      fill: mix(season.grass, '#1b2440', 0.45),
      opacity: 0.6,
    })
  )
}

function foreground(random: Seeded, season: Season): string {
  const blades = Array.from({ length: 230 }, () => {
    const [x, y] = [random.between(0, PANEL), random.between(GROUND + 20, HEIGHT)]
    const tall = random.between(8, 26)
    return straight([
      [x, y],
      [x + random.bell() * 6, y - tall],
    ])
  })
  const scatter = (colour: string, count: number, top: number, size: number): string =>
    path(
      dots(
        Array.from(
          { length: count },
          () => [random.between(0, PANEL), random.between(top, HEIGHT - 60), random.between(0.6, 1.2) * size] as const,
        ),
      ),
      { fill: colour },
    )
  if (season.name === 'winter') {
    const tracks = Array.from(
      { length: 13 },
      (_, index) => [60 + index * 17 + (index % 2) * 9, 868 - index * 11, 4.2 - index * 0.15] as const,
    )
    return (
      strokes(blades.slice(0, 24).join(''), '#8d8577', 2) +
      path(dots(tracks), { fill: '#b3c0d0' }) +
      scatter('#ffffff', 170, 0, 2.6)
    )
  }
  const tufts =
    strokes(blades.slice(0, 120).join(''), mix(season.grass, '#102010', 0.35), 2.4) +
    strokes(blades.slice(120).join(''), mix(season.grass, '#ffffff', 0.25), 2)
  if (season.name === 'spring')
    return (
      tufts +
      scatter('#ffffff', 60, GROUND + 30, 3) +
      scatter('#f2cf3c', 50, GROUND + 30, 3.6) +
      scatter('#f6c9d2', 24, 420, 3)
    )
  if (season.name === 'summer')
    return tufts + scatter('#d8342c', 42, GROUND + 40, 4.6) + scatter('#f5efe0', 60, GROUND + 40, 2.6)
  return (
    tufts +
    season.leaves.map((colour) => scatter(colour, 42, GROUND - 6, 5)).join('') +
    scatter('#e07a2c', 16, 360, 4.6)
  )
}
