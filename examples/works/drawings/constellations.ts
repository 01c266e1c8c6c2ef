import type { Seeded } from '../seeded.ts'
import { strokes } from './brush.ts'
import { element, path, type Point, straight } from './svg.ts'

export const GOLD = '#d9b45f'

export const PALE = '#f3e6c0'

/** A figure: the places of its stars, the pairs that a line joins, and the outline that the engraver saw. */
interface Constellation {
  stars: readonly (readonly [number, number, number])[]
  lines: readonly (readonly [number, number])[]
  outline: string
}

export const CONSTELLATIONS: readonly Constellation[] = [
  // A whale.
  {
    stars: [
      [330, 380, 6],
      [388, 342, 4],
      [462, 350, 8],
      [520, 392, 5],
      [560, 330, 4],
      [600, 290, 6],
      [596, 372, 4],
      [392, 420, 4],
    ],
    lines: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [4, 6],
      [3, 7],
      [7, 0],
    ],
    outline:
      'M318 396Q340 320 440 326Q510 336 548 372Q556 330 606 274Q616 300 590 340Q624 350 624 386Q590 372 566 388Q520 446 420 444Q340 440 318 396ZM362 380a7 7 0 1 0 1 0M350 416Q400 410 430 430',
  },
  // A harp.
  {
    stars: [
      [820, 240, 8],
      [900, 286, 5],
      [930, 380, 6],
      [846, 420, 5],
      [800, 330, 4],
      [870, 350, 3],
    ],
    lines: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
      [1, 5],
      [5, 3],
    ],
    outline:
      'M812 222Q780 330 838 440L950 396Q960 380 936 372Q920 284 850 262Q836 230 812 222ZM824 262L842 428M848 272L860 424M874 284L880 416M898 302L900 408M918 328L918 400',
  },
  // A ship.
  {
    stars: [
      [760, 700, 5],
      [840, 760, 7],
      [960, 760, 6],
      [1040, 690, 5],
      [900, 640, 4],
      [900, 540, 8],
      [970, 620, 4],
    ],
    lines: [
      [0, 1],
      [1, 2],
      [2, 3],
      [1, 4],
      [4, 5],
      [5, 6],
      [6, 2],
      [4, 2],
    ],
    outline:
      'M736 690Q790 790 860 792H950Q1030 780 1064 676Q1010 712 940 712H830Q770 712 736 690ZM900 712V520M900 532Q990 560 1000 690Q950 668 900 690M892 548Q820 610 812 694Q850 680 892 690M900 520l34 12l-34 12',
  },
  // A bird that flies down.
  {
    stars: [
      [420, 640, 5],
      [480, 700, 8],
      [560, 660, 4],
      [640, 600, 6],
      [520, 780, 5],
      [470, 850, 7],
      [400, 720, 4],
    ],
    lines: [
      [0, 1],
      [1, 2],
      [2, 3],
      [1, 4],
      [4, 5],
      [1, 6],
    ],
    outline:
      'M462 884Q446 850 476 806Q470 760 440 716Q400 720 350 690Q410 690 426 672Q400 640 404 606Q440 620 488 680Q550 640 668 574Q650 640 560 712Q620 700 640 712Q580 750 520 756Q540 800 500 836Q486 862 462 884ZM474 846a4 4 0 1 0 1 0',
  },
  // A key.
  {
    stars: [
      [640, 880, 5],
      [690, 930, 6],
      [760, 950, 3],
      [850, 980, 5],
      [884, 1010, 4],
      [866, 1030, 4],
    ],
    lines: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [3, 5],
    ],
    outline:
      'M676 926Q640 940 622 906Q612 870 648 860Q690 862 696 906L900 976L892 1010L876 1004L872 1030L850 1022L856 998L690 938M640 884a14 14 0 1 0 20 4',
  },
]

/** One figure: outline, joining lines and stars, the brighter the larger. */
export function constellation(random: Seeded, { stars, lines, outline }: Constellation): string {
  const placeOf = (index: number): Point => {
    const [x, y] = stars[index] as (typeof stars)[number]
    return [x, y]
  }
  const joins = lines.map(([from, to]) => straight([placeOf(from), placeOf(to)]))
  const points = stars.map(([x, y, size]) => {
    const spikes = Array.from({ length: 12 }, (_, index): Point => {
      const reach = index % 2 ? size * 0.55 : size * (index % 4 ? 1.4 : 2.1)
      const angle = (index / 12) * Math.PI * 2 + random.bell() * 0.03
      return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach]
    })
    return (
      path(straight(spikes, true), { fill: PALE }) + element('circle', { cx: x, cy: y, r: size * 0.5, fill: '#ffffff' })
    )
  })
  return (
    path(outline, {
      fill: '#8fb0e0',
      'fill-opacity': 0.12,
      stroke: '#a9c2ea',
      'stroke-width': 1.7,
      'stroke-opacity': 0.85,
    }) +
    strokes(joins.join(''), GOLD, 2.2, { 'stroke-dasharray': '9 5' }) +
    points.join('')
  )
}
