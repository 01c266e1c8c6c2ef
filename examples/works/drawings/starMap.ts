import { seeded, type Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, glow, group, path, pebble, sheet, straight, type Point } from './svg.ts'

const [SIDE, CX, CY, RADIUS] = [1280, 660, 620, 560]
const [GOLD, PALE] = ['#d9b45f', '#f3e6c0']

/** An invented sky as old atlases engraved it: circles, figures, a band of mist, the moons in a corner. */
export function starMap(): Drawing {
  const random = seeded('star map')
  const svg = sheet(
    SIDE,
    SIDE,
    element('defs', {}, [
      glow('deep', 0.42, 0.4, 0.75, [[0, '#24406e'], [0.7, '#142648'], [1, '#0b1530']]),
      glow('sunFace', 0.4, 0.35, 0.8, [[0, '#fff0b8'], [0.6, '#e8b54a'], [1, '#a8662a']]),
      element('clipPath', { id: 'dome' }, element('circle', { cx: CX, cy: CY, r: RADIUS })),
    ].join('')),
    background(SIDE, SIDE, '#0d1120'),
    corners(random),
    element('circle', { cx: CX, cy: CY, r: RADIUS + 26, fill: '#1c1f30', stroke: GOLD, 'stroke-width': 3 }),
    element('circle', { cx: CX, cy: CY, r: RADIUS, fill: 'url(#deep)', stroke: GOLD, 'stroke-width': 4 }),
    scale(),
    group({ 'clip-path': 'url(#dome)' }, graticule(), mist(random), smallStars(random), ...CONSTELLATIONS.map((figure) => constellation(random, figure)), comet(random)),
  )
  return { fileName: 'map-of-an-invented-sky.png', title: 'Map of an Invented Sky', svg, grain: 0 }
}

/** A figure: the places of its stars, the pairs that a line joins, and the outline that the engraver saw. */
interface Constellation { stars: readonly (readonly [number, number, number])[]; lines: readonly (readonly [number, number])[]; outline: string }

const CONSTELLATIONS: readonly Constellation[] = [
  // A whale.
  { stars: [[330, 380, 6], [388, 342, 4], [462, 350, 8], [520, 392, 5], [560, 330, 4], [600, 290, 6], [596, 372, 4], [392, 420, 4]], lines: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [4, 6], [3, 7], [7, 0]], outline: 'M318 396Q340 320 440 326Q510 336 548 372Q556 330 606 274Q616 300 590 340Q624 350 624 386Q590 372 566 388Q520 446 420 444Q340 440 318 396ZM362 380a7 7 0 1 0 1 0M350 416Q400 410 430 430' },
  // A harp.
  { stars: [[820, 240, 8], [900, 286, 5], [930, 380, 6], [846, 420, 5], [800, 330, 4], [870, 350, 3]], lines: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0], [1, 5], [5, 3]], outline: 'M812 222Q780 330 838 440L950 396Q960 380 936 372Q920 284 850 262Q836 230 812 222ZM824 262L842 428M848 272L860 424M874 284L880 416M898 302L900 408M918 328L918 400' },
  // A ship.
  { stars: [[760, 700, 5], [840, 760, 7], [960, 760, 6], [1040, 690, 5], [900, 640, 4], [900, 540, 8], [970, 620, 4]], lines: [[0, 1], [1, 2], [2, 3], [1, 4], [4, 5], [5, 6], [6, 2], [4, 2]], outline: 'M736 690Q790 790 860 792H950Q1030 780 1064 676Q1010 712 940 712H830Q770 712 736 690ZM900 712V520M900 532Q990 560 1000 690Q950 668 900 690M892 548Q820 610 812 694Q850 680 892 690M900 520l34 12l-34 12' },
  // A bird that flies down.
  { stars: [[420, 640, 5], [480, 700, 8], [560, 660, 4], [640, 600, 6], [520, 780, 5], [470, 850, 7], [400, 720, 4]], lines: [[0, 1], [1, 2], [2, 3], [1, 4], [4, 5], [1, 6]], outline: 'M462 884Q446 850 476 806Q470 760 440 716Q400 720 350 690Q410 690 426 672Q400 640 404 606Q440 620 488 680Q550 640 668 574Q650 640 560 712Q620 700 640 712Q580 750 520 756Q540 800 500 836Q486 862 462 884ZM474 846a4 4 0 1 0 1 0' },
  // A key.
  { stars: [[640, 880, 5], [690, 930, 6], [760, 950, 3], [850, 980, 5], [884, 1010, 4], [866, 1030, 4]], lines: [[0, 1], [1, 2], [2, 3], [3, 4], [3, 5]], outline: 'M676 926Q640 940 622 906Q612 870 648 860Q690 862 696 906L900 976L892 1010L876 1004L872 1030L850 1022L856 998L690 938M640 884a14 14 0 1 0 20 4' },
]

function graticule(): string {
  const circles = [120, 240, 360, 470].map((r) => element('circle', { cx: CX, cy: CY, r, fill: 'none', stroke: '#6f8fc0', 'stroke-width': 1, opacity: 0.55 }))
  const rays = Array.from({ length: 24 }, (_, hour) => {
    const angle = (hour / 24) * Math.PI * 2 + 0.06
    const near = hour % 6 === 0 ? 0 : hour % 2 === 0 ? 120 : 240
    return straight([[CX + Math.cos(angle) * near, CY + Math.sin(angle) * near], [CX + Math.cos(angle) * RADIUS, CY + Math.sin(angle) * RADIUS]])
  })
  const ecliptic = element('circle', { cx: CX - 84, cy: CY + 62, r: 372, fill: 'none', stroke: '#d97a5a', 'stroke-width': 2.2, 'stroke-dasharray': '14 7' })
  return circles.join('') + strokes(rays.join(''), '#6f8fc0', 0.9, { opacity: 0.5 }) + ecliptic + element('circle', { cx: CX + 150, cy: CY - 130, r: 300, fill: 'none', stroke: GOLD, 'stroke-width': 1.2, 'stroke-dasharray': '3 6' })
}

function scale(): string {
  const ticks = Array.from({ length: 180 }, (_, index) => {
    const angle = (index / 180) * Math.PI * 2
    const far = RADIUS + (index % 15 === 0 ? 25 : index % 5 === 0 ? 15 : 8)
    return straight([[CX + Math.cos(angle) * RADIUS, CY + Math.sin(angle) * RADIUS], [CX + Math.cos(angle) * far, CY + Math.sin(angle) * far]])
  })
  return strokes(ticks.join(''), GOLD, 1.6)
}

/** The band of mist runs across the dome and splits, as the Milky Way does in Cygnus. */
function mist(random: Seeded): string {
  const spine = (t: number): Point => [180 + t * 960, 980 - t * 640 + Math.sin(t * 5) * 70]
  const clouds = Array.from({ length: 26 }, (_, index) => {
    const [x, y] = spine(index / 25)
    return path(curve(pebble(random, [x + random.bell() * 22, y + random.bell() * 30], random.between(44, 92), random.between(30, 66), 0.25), true), { fill: random.pick(['#7f9fd0', '#a9b8e0', '#6a7fc0']), opacity: 0.085 })
  })
  const dust = Array.from({ length: 1500 }, () => {
    const t = random.next()
    const [x, y] = spine(t)
    const away = random.bell() * 46
    const split = t > 0.45 && t < 0.8 && Math.abs(away) < 14 ? 34 : 0
    return [x + away * 0.5 + split, y + away + split, random.between(0.4, 1.3)] as const
  })
  return clouds.join('') + Array.from({ length: 10 }, (_, part) => path(dots(dust.slice(part * 150, part * 150 + 150)), { fill: PALE, opacity: 0.35 + part * 0.05 })).join('')
}

function smallStars(random: Seeded): string {
  const places = Array.from({ length: 620 }, () => {
    const [angle, distance] = [random.between(0, Math.PI * 2), Math.sqrt(random.next()) * RADIUS]
    return [CX + Math.cos(angle) * distance, CY + Math.sin(angle) * distance, 0.6 + random.next() ** 4 * 2.6] as const
  })
  return path(dots(places.slice(0, 310)), { fill: '#ffffff', opacity: 0.85 }) + path(dots(places.slice(310, 520)), { fill: '#ffe7b0', opacity: 0.85 }) + path(dots(places.slice(520)), { fill: '#b9d2ff' })
}

function constellation(random: Seeded, { stars, lines, outline }: Constellation): string {
  const joins = lines.map(([from, to]) => straight([from, to].map((index): Point => [(stars[index] as Point)[0], (stars[index] as Point)[1]])))
  const points = stars.map(([x, y, size]) => {
    const spikes = Array.from({ length: 12 }, (_, index): Point => {
      const reach = index % 2 ? size * 0.55 : size * (index % 4 ? 1.4 : 2.1)
      const angle = (index / 12) * Math.PI * 2 + random.bell() * 0.03
      return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach]
    })
    return path(straight(spikes, true), { fill: PALE }) + element('circle', { cx: x, cy: y, r: size * 0.5, fill: '#ffffff' })
  })
  return path(outline, { fill: '#8fb0e0', 'fill-opacity': 0.12, stroke: '#a9c2ea', 'stroke-width': 1.7, 'stroke-opacity': 0.85 }) + strokes(joins.join(''), GOLD, 2.2, { 'stroke-dasharray': '9 5' }) + points.join('')
}

function comet(random: Seeded): string {
  const tail = Array.from({ length: 22 }, (_, index) => {
    const spread = (index - 11) * 0.022
    const far = random.between(90, 210)
    return curve([[300, 560], [300 - Math.cos(spread + 0.5) * far * 0.5, 560 + Math.sin(spread + 0.5) * far * 0.45], [300 - Math.cos(spread + 0.62) * far, 560 + Math.sin(spread + 0.62) * far]])
  })
  return strokes(tail.join(''), PALE, 1.6, { opacity: 0.6 }) + element('circle', { cx: 302, cy: 558, r: 9, fill: '#ffffff' })
}

/** Four corners, four things: a sun, the phases of a moon, a planet with its ring, and a pair of compasses. */
function corners(random: Seeded): string {
  const flames = Array.from({ length: 24 }, (_, index) => path(`M-7 -66Q${index % 2 ? 14 : 0} -84 ${random.bell() * 3} ${index % 2 ? -122 : -98}Q-4 -84 7 -66Z`, { fill: index % 2 ? '#e8b54a' : '#c9743a', transform: `rotate(${index * 15})` }))
  const sun = group({ transform: 'translate(128 128) scale(0.92)' }, ...flames, element('circle', { r: 62, fill: 'url(#sunFace)', stroke: '#8a5424', 'stroke-width': 3 }), strokes('M-24 -10q8 -8 18 0M10 -10q8 -8 18 0M-2 -6q-6 16 2 20M-18 28q20 14 38 -2', '#7a4420', 4))
  const moons = [0, 1, 2, 3].map((phase) => {
    const [x, y, r] = [1236 - phase * 56 + (phase > 1 ? 20 : 0), 58 + phase * phase * 9, 24 - phase * 3]
    return element('circle', { cx: x, cy: y, r, fill: PALE }) + element('circle', { cx: x + r * (0.4 + phase * 0.38), cy: y - 2, r: r * 1.02, fill: '#0d1120' })
  })
  const planet = group({ transform: 'translate(112 1160) rotate(-22)' }, element('circle', { r: 50, fill: '#b5714a' }), strokes('M-46 -18Q0 -8 46 -20M-50 2Q0 14 50 0M-44 24Q0 34 44 20', '#e9c79a', 5, { opacity: 0.6 }), path('M-50 -2A50 50 0 0 1 50 -2', { fill: 'none' }), strokes('M-50 -4Q-96 10 -84 22Q-20 44 70 12Q96 -2 50 -10', GOLD, 7), strokes('M-58 4Q-104 22 -88 32Q-10 58 84 16', '#8a6a34', 3))
  const compasses = group({ transform: 'translate(1196 1118) rotate(18)' }, strokes('M0 -70L-38 100M0 -70L44 96', GOLD, 8), strokes('M-38 100l-4 26M44 96l6 28', PALE, 3), element('circle', { cy: -78, r: 15, fill: '#8a6a34', stroke: GOLD, 'stroke-width': 4 }), strokes('M-24 30Q4 46 28 28', GOLD, 4))
  const sparks = Array.from({ length: 60 }, () => [random.pick([random.between(20, 250), random.between(1050, 1260)]), random.pick([random.between(20, 200), random.between(1080, 1260)]), random.between(0.6, 2)] as const)
  return path(dots(sparks), { fill: GOLD, opacity: 0.8 }) + sun + moons.join('') + planet + compasses + strokes('M16 16H1264V1264H16Z', GOLD, 2)
}
