import { seeded, type Seeded } from '../seeded.ts'
import { hatched, strokes } from './brush.ts'
import type { Drawing } from './raster.ts'
import { background, curve, dots, element, group, mix, path, pebble, sheet, straight, type Point } from './svg.ts'

const [WIDTH, HEIGHT] = [1360, 960]
const [INK, PAPER] = ['#14202b', '#ece4cf']

/** A storm at a lighthouse, cut like a woodblock in four inks: black, blue, grey and the yellow of the lamp. */
export function lighthouse(): Drawing {
  const random = seeded('storm at the lighthouse')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element('defs', {}, element('clipPath', { id: 'beam' }, path(BEAMS, {})) + element('clipPath', { id: 'towerShape' }, path(TOWER, {}))),
    background(WIDTH, HEIGHT, '#8fa0a6'),
    sky(random),
    beam(random),
    swell(random, 560, '#4f6f80', 30, 15),
    swell(random, 610, '#3d6079', 38, 18),
    rock(random),
    tower(random),
    ship(),
    swell(random, 706, '#36597a', 34, 14),
    breaker(random, 700, 640, 1, '#2f5673'),
    breaker(random, 190, 705, 1.25, '#274a66'),
    breaker(random, 930, 740, 1.35, '#1e3d58'),
    swell(random, 850, '#1b3650', 46, 13),
    swell(random, 912, '#122639', 30, 19),
    rain(random),
  )
  return { fileName: 'storm-at-the-lighthouse.jpg', title: 'Storm at the Lighthouse', svg, grain: 13 }
}

const BEAMS = 'M1012 196L-40 -60V330ZM1012 196L1400 120V262Z'
const TOWER = 'M978 236L1046 236L1080 560H940Z'

/** Clouds rolled up in spirals, each a bundle of parallel cuts. */
function sky(random: Seeded): string {
  const rolls = Array.from({ length: 17 }, () => {
    const [x, y, size] = [random.between(-40, WIDTH), random.between(-20, 330), random.between(60, 150)]
    const tone = mix('#3b4a58', '#b9c2c0', random.next() * 0.8)
    const lines: string[] = []
    for (let cut = 0; cut < 7; cut++) {
      const points: Point[] = []
      for (let step = 0; step <= 15; step++) {
        const angle = 2.6 + step * 0.42
        const radius = (size * (1 - step / 20) * (1 - cut * 0.085))
        points.push([x + Math.cos(angle) * radius * 1.5, y + Math.sin(angle) * radius * 0.62])
      }
      lines.push(curve(points))
    }
    return path(curve(pebble(random, [x, y], size * 1.5, size * 0.62, 0.05), true), { fill: tone, opacity: 0.92 }) + strokes(lines.join(''), INK, 2, { opacity: 0.55 })
  })
  return rolls.join('') + strokes(hatched(random, { x: 0, y: 330, width: WIDTH, height: 230 }, 2, 9), INK, 1.4, { opacity: 0.3 })
}

function beam(random: Seeded): string {
  const streaks = Array.from({ length: 36 }, () => {
    const end = random.between(-60, 330)
    return straight([[1012 - random.between(40, 400), 196 + ((end - 196) * random.between(0.1, 0.4))], [-40, end]])
  })
  return path(BEAMS, { fill: '#f2d774', opacity: 0.72 }) + group({ 'clip-path': 'url(#beam)' }, strokes(streaks.join(''), '#fff6cf', 2.5, { opacity: 0.6 }), strokes(hatched(random, { x: 0, y: -60, width: 1000, height: 400 }, 84, 30), INK, 1, { opacity: 0.22 }))
}

/** Rows of waves that all lean the same way. */
function swell(random: Seeded, y: number, colour: string, size: number, count: number): string {
  const crest: Point[] = [[-60, y + 10]]
  let [foam, cuts] = ['', '']
  const step = (WIDTH + 160) / count
  for (let index = 0; index < count; index++) {
    const [x, tall] = [-50 + index * step + random.bell() * 8, size * random.between(0.6, 1.3)]
    crest.push([x + step * 0.35, y - tall * 0.3], [x + step * 0.62, y - tall], [x + step * 0.7, y - tall * 0.5], [x + step * 0.95, y + 6])
    foam += curve([[x + step * 0.36, y - tall * 0.28], [x + step * 0.52, y - tall * 0.86], [x + step * 0.64, y - tall * 0.96], [x + step * 0.72, y - tall * 0.56]])
    for (let cut = 1; cut < 6; cut++) {
      cuts += curve([[x + step * (0.2 - cut * 0.02), y + cut * 11], [x + step * 0.5, y - tall * 0.5 + cut * 14], [x + step * 0.8, y + 10 + cut * 12]])
    }
  }
  return path(`${curve(crest)}L${WIDTH + 80} ${HEIGHT}L-60 ${HEIGHT}Z`, { fill: colour }) + strokes(cuts, mix(colour, PAPER, 0.4), 1.8, { opacity: 0.6 }) + strokes(foam, PAPER, 4)
}

/** A wave that breaks to the right: body, lip, claws of foam, spray. */
function breaker(random: Seeded, x: number, y: number, scale: number, colour: string): string {
  const body = 'M-330 190C-200 170 -150 20 -40 -70C40 -130 150 -110 176 -30C150 -66 90 -64 64 -16C40 40 90 130 330 190Z'
  const ribs = Array.from({ length: 15 }, (_, index) => {
    const share = index / 14
    return curve([[-300 + share * 190, 186], [-170 + share * 120, 90 - share * 20], [-70 + share * 80, -30 + share * 34], [20 + share * 60, -92 + share * 78]])
  })
  const claws = Array.from({ length: 13 }, (_, index) => {
    const share = index / 12
    const [px, py] = [-40 + share * 216, -72 - Math.sin(share * Math.PI * 0.8) * 44 + share * 46]
    return curve(pebble(random, [px, py], random.between(13, 25), random.between(11, 20), 0.25), true) + curve([[px, py], [px + random.between(16, 30), py + random.between(6, 24)], [px + random.between(10, 22), py + random.between(26, 48)]])
  })
  const spray = Array.from({ length: 70 }, () => [random.between(-60, 260), -(random.next() ** 1.5) * 150 - 20 + random.bell() * 22, random.between(1.2, 5)] as const)
  return group({ transform: `translate(${x} ${y}) scale(${scale})` }, path(body, { fill: colour, stroke: INK, 'stroke-width': 4 }), strokes(ribs.join(''), mix(colour, PAPER, 0.55), 3),
    path('M64 -16C90 -64 150 -66 176 -30C160 20 120 60 110 110C84 70 50 40 64 -16Z', { fill: mix(colour, '#05101a', 0.55) }), path(claws.join(''), { fill: PAPER, stroke: INK, 'stroke-width': 2.4 }), path(dots(spray), { fill: PAPER }),
    strokes('M-200 176Q-60 120 30 178M-60 190Q60 140 200 186', PAPER, 5, { opacity: 0.8 }))
}

function rock(random: Seeded): string {
  const outline: Point[] = [[760, 660], [806, 610], [850, 596], [884, 556], [930, 548], [1090, 552], [1128, 590], [1190, 604], [1236, 650], [1300, 690], [1280, 800], [740, 800]]
  const facets = Array.from({ length: 42 }, () => {
    const [px, py] = [random.between(810, 1230), random.between(570, 690)]
    return straight([[px, py], [px + random.between(8, 34), py + random.between(-14, 8)], [px + random.between(6, 28), py + random.between(22, 60)]], true)
  })
  return path(straight(outline, true), { fill: '#23272b', stroke: INK, 'stroke-width': 4 }) + path(facets.join(''), { fill: '#5b6164', opacity: 0.75 }) + strokes('M800 640q60 -30 80 10t90 -6t80 14t110 -8t120 22', PAPER, 6)
}

function tower(random: Seeded): string {
  const bands = [284, 372, 462].map((y) => path(`M900 ${y}L1120 ${y - 8}V${y + 36}L900 ${y + 46}Z`, { fill: '#a5382f' }))
  return group(
    {},
    path('M1046 500H1150L1170 560H1040ZM1040 502L1096 462L1158 502Z', { fill: '#3a3f44', stroke: INK, 'stroke-width': 3 }),
    path('M1080 520h16v20h-16zM1116 520h16v20h-16z', { fill: '#f2d774' }),
    path(TOWER, { fill: PAPER, stroke: INK, 'stroke-width': 4 }),
    group({ 'clip-path': 'url(#towerShape)' }, ...bands, path('M1020 230H1100V560H1030Z', { fill: INK, opacity: 0.32 }), strokes(hatched(random, { x: 1014, y: 230, width: 70, height: 330 }, 4, 9), INK, 2, { opacity: 0.7 })),
    path('M1002 320h14v26h-14zM1000 412h15v28h-15zM992 512h26v48h-26z', { fill: INK }),
    path('M962 226H1062V240H962Z', { fill: INK }), path('M982 166H1042V226H982Z', { fill: '#fff3b0', stroke: INK, 'stroke-width': 4 }),
    strokes('M997 166V226M1012 166V226M1027 166V226M962 226V206H1062V226', INK, 3), element('circle', { cx: 1012, cy: 196, r: 15, fill: '#ffffff' }),
    path('M974 168Q1012 106 1050 168Z', { fill: '#a5382f', stroke: INK, 'stroke-width': 4 }), strokes('M1012 136V104', INK, 4),
  )
}

function ship(): string {
  return group({ transform: 'translate(392 548) rotate(-13)' }, path('M-92 0Q-72 40 -40 44H60Q92 30 104 -8Q20 16 -92 0Z', { fill: INK }), strokes('M-30 10V-120M38 12V-100M104 -8L150 -34', INK, 6), strokes('M-92 0L-30 -120L38 -100L150 -34', INK, 1.8),
    path('M-36 -112Q-80 -70 -66 -14Q-48 -26 -36 -18ZM32 -92Q-10 -60 -6 -10Q14 -20 32 -12ZM44 -90Q96 -60 112 -24Q74 -26 44 -10Z', { fill: PAPER, stroke: INK, 'stroke-width': 3 }), strokes('M-60 -40Q-50 -50 -38 -48M-58 -66Q-48 -74 -38 -72M0 -40Q14 -48 30 -44', INK, 1.6), path('M-30 -120l-30 -8l30 -10z', { fill: '#a5382f' }))
}

function rain(random: Seeded): string {
  let [thin, thick] = ['', '']
  for (let drop = 0; drop < 420; drop++) {
    const [x, y, long] = [random.between(-40, WIDTH + 120), random.between(-60, HEIGHT), random.between(22, 84)]
    const line = straight([[x, y], [x - long * 0.42, y + long]])
    if (drop % 5) thin += line
    else thick += line
  }
  return strokes(thin, '#dfe6e4', 1.1, { opacity: 0.5 }) + strokes(thick, INK, 1.5, { opacity: 0.4 })
}
