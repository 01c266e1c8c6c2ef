import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import { arrow, at, coin, label, lock, person, picture, sheet, squares, star, table, wave, webPage } from './shapes.ts'

/** No word stands in a drawing, so it is the same in every language; what it shows is said beside it. */
const DRAWINGS: readonly (() => Html)[] = [
  training,
  copying,
  recognising,
  proving,
  weighing,
  saying,
  questioning,
  labelling,
  caring,
  sharing,
]

/** The drawing of a lesson, by its number from 1, with what it shows for whoever does not see it. */
export function drawing(number: number, description: string): Html {
  return html`<svg class="drawing" viewBox="0 0 320 130" role="img" aria-label="${description}">
    ${DRAWINGS[number - 1]!()}
  </svg>`
}

/** Lesson 1: works, a net of points, one new sheet. */
function training(): Html {
  const layers = [
    [128, [25, 52, 79, 106]],
    [163, [38, 65, 92]],
    [198, [38, 65, 92]],
    [225, [65]],
  ] as const
  const ties = layers.slice(1).flatMap(([x, rows], i) => {
    const [before, points] = layers[i]!
    return points.flatMap((from) => rows.map((to) => html`<path d="M${before} ${from}L${x} ${to}" class="thin" />`))
  })
  return html`${at(24, 34, sheet(), 0.8)}${at(66, 28, picture(), 0.8)}${at(32, 96, picture(), 0.8)}${at(76, 72, sheet(), 0.8)}${at(76, 112, wave(), 0.6)}
  ${arrow(96, 65, 118, 65)}${ties}${layers.flatMap(([x, rows]) => rows.map((y) => html`<circle cx="${x}" cy="${y}" r="4.5" class="tint" />`))}
  ${arrow(236, 65, 262, 65)}${at(290, 65, sheet(), 1.3)}${at(306, 38, star(), 0.6)}`
}

/** Lesson 2: pages on the web lead to rows of a table. */
function copying(): Html {
  return html`${at(40, 24, webPage(picture()))}${at(110, 65, webPage(sheet()))}${at(40, 106, webPage(wave()))}
  ${arrow(72, 24, 204, 42)}${arrow(142, 65, 204, 65, 'accent')}${arrow(72, 106, 204, 88)}
  ${at(262, 65, table(2), 1.8)}`
}

/** Lesson 3: a picture and its cut copy, and their codes. */
function recognising(): Html {
  return html`${at(44, 34, picture(), 1.3)}${arrow(84, 34, 122, 34)}${at(152, 34, squares('1011001011010010'), 1.2)}
  ${at(44, 98, html`<path d="M-12-17h24v34h-24Z" class="tint" /><path d="M-12 0-9-4 1 8 9 0 12 3" /><path d="M-12-17h-10v34h10M12-17h10v34h-10" class="broken" />`, 1.3)}
  ${arrow(84, 98, 122, 98)}${at(152, 98, squares('1011001001010010', 8), 1.2)}
  ${at(236, 66, sheet(2), 1.4)}${at(296, 66, sheet(1), 1.2)}${html`<path d="M252 71 282 62" class="accent" />`}`
}

/** Lesson 4: what a match shows, and what it does not. */
function proving(): Html {
  return html`${at(48, 65, picture(), 1.6)}${arrow(90, 65, 124, 65, 'accent')}${at(168, 65, table(1), 1.3)}
  ${arrow(214, 65, 262, 65, 'broken')}${at(290, 65, star(), 1.2)}`
}

/** Lesson 5: scales. */
function weighing(): Html {
  const pan = html`<path d="M0-44-26 0M0-44 26 0" /><path d="M-30 0C-24 16 24 16 30 0Z" class="tint" />`
  return html`<path d="M160 14v100M126 118h68" />
    <circle cx="160" cy="14" r="4" class="solid" /><path d="M84 28C120 20 200 20 236 28" class="accent" />
    ${at(84, 76, pan)}${at(236, 76, pan)}${at(84, 60, sheet(), 0.65)}${at(236, 62, star(), 0.75)}`
}

/** Lesson 6: no, and yes with terms. */
function saying(): Html {
  const terms = [0, 1, 2].map(
    (row) => html`<path d="M-13 ${row * 14 - 14}l3 4 6-8" class="accent" /><path d="M1 ${row * 14 - 14}h13" />`,
  )
  return html`${at(52, 65, picture(), 1.6)}${at(104, 70, lock(false), 1.3)}<path d="M160 14v102" class="broken" />
    ${at(216, 70, lock(true), 1.3)}${at(278, 65, html`<rect x="-20" y="-28" width="40" height="54" rx="2" class="tint" />${terms}`, 1.5)}`
}

/** Lesson 7: which lines of a sheet lead to a source. */
function questioning(): Html {
  return html`${at(60, 66, sheet(), 2.2)}${at(96, 24, star(), 0.8)}
    <circle cx="82" cy="66" r="30" class="accent" /><path d="M103 88 128 113" class="accent" />
    ${arrow(120, 49, 226, 28)}${arrow(120, 66, 226, 66)}<path d="M134 100h56" class="broken" />
    <path d="M196 94l12 12M208 94l-12 12" class="accent" />
    ${at(254, 28, sheet(), 0.95)}${at(254, 74, picture(), 0.95)}`
}

/** Lesson 8: the labels themselves. */
function labelling(): Html {
  const names = ['degree-0', 'degree-1', 'degree-2', 'degree-3', 'degree-4', 'undisclosed']
  return html`<path d="M28 104h212" /><path d="M232 99l8 5-8 5" />${names.map((name, i) => at(28 + i * 53, 58, label(name), 1.9))}`
}

/** Lesson 9: a face, a voice, and a circle of people around a work. */
function caring(): Html {
  const people = Array.from({ length: 7 }, (_, i) => {
    const angle = (i / 7) * 2 * Math.PI - Math.PI / 2
    return at(Math.round(244 + 52 * Math.cos(angle)), Math.round(66 + 50 * Math.sin(angle)), person(), 0.55)
  })
  return html`<path d="M30 62C30 12 86 12 86 62 86 96 70 112 58 112S30 96 30 62Z" class="tint" />
    <path d="M44 58h6M66 58h6M58 62v14h-4M49 90c5 4 13 4 18 0" />${at(132, 82, wave(), 1.2)}
    <circle cx="244" cy="66" r="32" class="accent" />${people}${at(244, 66, picture(), 0.8)}`
}

/** Lesson 10: money for people, and a vote. */
function sharing(): Html {
  const rows = [24, 65, 106]
  return html`${at(28, 65, star(), 1.1)}${rows.map((y) => html`${arrow(54, 65, 130, y)}${at(96, Math.round(65 + (y - 65) * 0.55), coin(), 1.1)}${at(152, y, person(), 1)}`)}
    ${at(260, 40, sheet(), 0.9)}<path d="M220 62h80v54h-80Z" class="tint" /><path d="M242 62h36" class="accent" />
    ${rows.map((y) => html`<path d="M172 ${y}L214 ${Math.round(86 + (y - 65) * 0.3)}" class="broken" />`)}`
}
