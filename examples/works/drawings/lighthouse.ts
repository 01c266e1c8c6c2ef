import { type Seeded, seeded } from '../seeded.ts'
import { hatched, strokes } from './brush.ts'
import { breaker, HEIGHT, INK, PAPER, swell, WIDTH } from './lighthouseSea.ts'
import type { Drawing } from './raster.ts'
import { background, curve, element, group, mix, path, pebble, type Point, sheet, straight } from './svg.ts'

/** A storm at a lighthouse, cut like a woodblock in four inks: black, blue, grey and the yellow of the lamp. */
export function lighthouse(): Drawing {
  const random = seeded('storm at the lighthouse')
  const svg = sheet(
    WIDTH,
    HEIGHT,
    element(
      'defs',
      {},
      element('clipPath', { id: 'beam' }, path(BEAMS, {})) + element('clipPath', { id: 'towerShape' }, path(TOWER, {})),
    ),
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
        const radius = size * (1 - step / 20) * (1 - cut * 0.085)
        points.push([x + Math.cos(angle) * radius * 1.5, y + Math.sin(angle) * radius * 0.62])
      }
      lines.push(curve(points))
    }
    return (
      path(curve(pebble(random, [x, y], size * 1.5, size * 0.62, 0.05), true), { fill: tone, opacity: 0.92 }) +
      strokes(lines.join(''), INK, 2, { opacity: 0.55 })
    )
  })
  return (
    rolls.join('') +
    strokes(hatched(random, { x: 0, y: 330, width: WIDTH, height: 230 }, 2, 9), INK, 1.4, { opacity: 0.3 })
  )
}

function beam(random: Seeded): string {
  const streaks = Array.from({ length: 36 }, () => {
    const end = random.between(-60, 330)
    return straight([
      [1012 - random.between(40, 400), 196 + (end - 196) * random.between(0.1, 0.4)],
      [-40, end],
    ])
  })
  return (
    path(BEAMS, { fill: '#f2d774', opacity: 0.72 }) +
    group(
      { 'clip-path': 'url(#beam)' },
      strokes(streaks.join(''), '#fff6cf', 2.5, { opacity: 0.6 }),
      strokes(hatched(random, { x: 0, y: -60, width: 1000, height: 400 }, 84, 30), INK, 1, { opacity: 0.22 }),
    )
  )
}

function rock(random: Seeded): string {
  const outline: Point[] = [
    [760, 660],
    [806, 610],
    [850, 596],
    [884, 556],
    [930, 548],
    [1090, 552],
    [1128, 590],
    [1190, 604],
    [1236, 650],
    [1300, 690],
    [1280, 800],
    [740, 800],
  ]
  const facets = Array.from({ length: 42 }, () => {
    const [px, py] = [random.between(810, 1230), random.between(570, 690)]
    return straight(
      [
        [px, py],
        [px + random.between(8, 34), py + random.between(-14, 8)],
        [px + random.between(6, 28), py + random.between(22, 60)],
      ],
      true,
    )
  })
  return (
    path(straight(outline, true), { fill: '#23272b', stroke: INK, 'stroke-width': 4 }) +
    path(facets.join(''), { fill: '#5b6164', opacity: 0.75 }) +
    strokes('M800 640q60 -30 80 10t90 -6t80 14t110 -8t120 22', PAPER, 6)
  )
}

function tower(random: Seeded): string {
  const bands = [284, 372, 462].map((y) =>
    path(`M900 ${y}L1120 ${y - 8}V${y + 36}L900 ${y + 46}Z`, { fill: '#a5382f' }),
  )
  return group(
    {},
    path('M1046 500H1150L1170 560H1040ZM1040 502L1096 462L1158 502Z', {
      fill: '#3a3f44',
      stroke: INK,
      'stroke-width': 3,
    }),
    path('M1080 520h16v20h-16zM1116 520h16v20h-16z', { fill: '#f2d774' }),
    path(TOWER, { fill: PAPER, stroke: INK, 'stroke-width': 4 }),
    group(
      { 'clip-path': 'url(#towerShape)' },
      ...bands,
      path('M1020 230H1100V560H1030Z', { fill: INK, opacity: 0.32 }),
      strokes(hatched(random, { x: 1014, y: 230, width: 70, height: 330 }, 4, 9), INK, 2, { opacity: 0.7 }),
    ),
    path('M1002 320h14v26h-14zM1000 412h15v28h-15zM992 512h26v48h-26z', { fill: INK }),
    path('M962 226H1062V240H962Z', { fill: INK }),
    path('M982 166H1042V226H982Z', { fill: '#fff3b0', stroke: INK, 'stroke-width': 4 }),
    strokes('M997 166V226M1012 166V226M1027 166V226M962 226V206H1062V226', INK, 3),
    element('circle', { cx: 1012, cy: 196, r: 15, fill: '#ffffff' }),
    path('M974 168Q1012 106 1050 168Z', { fill: '#a5382f', stroke: INK, 'stroke-width': 4 }),
    strokes('M1012 136V104', INK, 4),
  )
}

function ship(): string {
  return group(
    { transform: 'translate(392 548) rotate(-13)' },
    path('M-92 0Q-72 40 -40 44H60Q92 30 104 -8Q20 16 -92 0Z', { fill: INK }),
    strokes('M-30 10V-120M38 12V-100M104 -8L150 -34', INK, 6),
    strokes('M-92 0L-30 -120L38 -100L150 -34', INK, 1.8),
    path(
      'M-36 -112Q-80 -70 -66 -14Q-48 -26 -36 -18ZM32 -92Q-10 -60 -6 -10Q14 -20 32 -12ZM44 -90Q96 -60 112 -24Q74 -26 44 -10Z',
      { fill: PAPER, stroke: INK, 'stroke-width': 3 },
    ),
    strokes('M-60 -40Q-50 -50 -38 -48M-58 -66Q-48 -74 -38 -72M0 -40Q14 -48 30 -44', INK, 1.6),
    path('M-30 -120l-30 -8l30 -10z', { fill: '#a5382f' }),
  )
}

function rain(random: Seeded): string {
  let [thin, thick] = ['', '']
  for (let drop = 0; drop < 420; drop++) {
    const [x, y, long] = [random.between(-40, WIDTH + 120), random.between(-60, HEIGHT), random.between(22, 84)]
    const line = straight([
      [x, y],
      [x - long * 0.42, y + long],
    ])
    if (drop % 5) thin += line
    else thick += line
  }
  return strokes(thin, '#dfe6e4', 1.1, { opacity: 0.5 }) + strokes(thick, INK, 1.5, { opacity: 0.4 })
}
