import fc from 'fast-check'
import type { IndicatorRelease } from '../../src/transparency/indicators/exports/index.ts'
import type { Dimension, Groups, Totals } from '../../src/transparency/indicators/aggregate.ts'
import type { Figure, Indicator, IndicatorTable } from '../../src/transparency/indicators/indicator.ts'
import { indicatorsOf } from '../../src/transparency/indicators/indicators.ts'

const languages = Object.fromEntries(
  [
    ' 31,eng 512,deu 96,fra 88,spa 71,ita 44,nld 32,pol 30,por 19,swe 14,ces 11,ron 9,hun 8,ell 7,dan 6,fin 5,bul 4',
    'slk 3,hrv 3,lit 2,slv 2,est 1,lav 1,gle 0.05,cat 1,eus 0.2',
  ]
    .join()
    .split(',')
    .map((each) => each.split(' ') as [string, string])
    .map(([code, count]) => [code, Number(count)]),
)

/** What a row of an invented data set of a million rows holds, in thousands; `''` is what is not known. */
const HOLDS: Partial<Record<Dimension, Record<string, number>>> = {
  language: languages,
  script: { '': 10, Latn: 960, Cyrl: 20, Grek: 10 },
  country: { '': 300, US: 420, DE: 70, FR: 60, ES: 50, IT: 30, NL: 20, PL: 20, IE: 10, SE: 10, PT: 5, CZ: 5 },
  culturalDomain: { '': 100, literature: 500, press: 300, 'audiovisual media': 60, 'visual arts': 30, music: 10 },
  gender: { '': 700, men: 200, women: 98, 'non-binary': 2, '<script>alert(1)</script>': 0.004, other: 0.003 },
  creator: { 'Maria Muster': 400, 'Jane Doe': 300, 'John Doe': 200, 'מרים כהן \u202Egnp.exe': 100 },
  year: { '': 5, 1990: 100, 2000: 300, 2010: 400, 2020: 195 },
  domain: { 'example.org': 600, 'example.com': 250, 'example.net': 100, 'example.eu': 50 },
  origin: { '': 100, scraped: 700, licensed: 150, synthetic: 50 },
  licence: { '': 700, 'CC-BY-4.0': 200, MIT: 50, 'all rights reserved': 50 },
  reservedAtCrawl: { '': 200, yes: 60, no: 740 },
  reservedNow: { '': 200, yes: 240, no: 560 },
  translation: { '': 500, yes: 80, no: 420 },
}

function groupsOf(thousands: Record<string, number>): Groups {
  return new Map(
    Object.entries(thousands).map(([value, count]) => {
      const rows = Math.round(count * 1000)
      return [value, { rows, weight: rows * 2, squares: rows * 4 }]
    }),
  )
}

let example: IndicatorRelease | undefined

/** Every indicator measured, on an invented data set. */
export function exampleRelease(): IndicatorRelease {
  return structuredClone((example ??= makeExample()))
}

function makeExample(): IndicatorRelease {
  const rows = 1_000_000
  const groups = Object.fromEntries(Object.entries(HOLDS).map(([name, holds]) => [name, groupsOf(holds)]))
  const totals: Totals = { rows: rows + 12, counted: rows, weight: rows * 2, squares: rows * 4, groups }
  const indicators = indicatorsOf(totals, {
    weightBasis: 'tokens',
    threshold: 0.001,
    genderReference: new Map([
      ['women', 0.5],
      ['men', 0.5],
    ]),
    lineageClosure: { value: 0.81, source: 'lineage trail.json' },
    disclosureQuality: { value: 0.55, source: 'public summary of 2026' },
  })
  const { rows: all, counted, weight } = totals
  return {
    dataset: 'An invented corpus',
    at: '2026-11-20T09:30:00Z',
    rows: all,
    counted,
    weight,
    weightBasis: 'tokens',
    indicators,
  }
}

/** Nothing but a name: every indicator not provided. */
export function emptyRelease(): IndicatorRelease {
  const totals: Totals = { rows: 0, counted: 0, weight: 0, squares: 0, groups: {} }
  const indicators = indicatorsOf(totals, { weightBasis: 'rows', threshold: 0.001 })
  return { ...totals, dataset: 'Empty', at: '2026-11-20T09:30:00Z', weightBasis: 'rows', indicators }
}

const HOSTILE = [
  '=1+1',
  '+cmd|calc',
  '-2',
  '@SUM(A1)',
  ';=1+1',
  '"; =HYPERLINK("http://x")',
  'a\r\n=1+1',
  '\t=1',
  '<script>alert(1)</script>',
  '</title></style><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onfocus='alert(1)",
  '&lt;b&gt;',
  '\u202Eevil\u202C',
  'שלום عليكم',
  '\u0000\u0007\uFFFF',
  '\uD800',
  '__proto__',
  'constructor',
  '_T',
  '',
  ' ',
  '🏴󠁧󠁢󠁷󠁬󠁳󠁿'.repeat(50),
  'x'.repeat(10_000),
  'x'.repeat(10_000) + 'y',
  'Z̵̡̧̛̛̖̭̹'.repeat(100),
]

/** Labels that somebody chose in order to break what shows them. */
export const hostileText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }))

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -0.5, 1e-9, NaN, Infinity),
)

const figure: fc.Arbitrary<Figure> = fc.record({
  id: hostileText.map((text) => `share:${text}`),
  label: hostileText,
  unit: fc.constantFrom('share', 'effective number', 'count', 'ratio', 'bit', 'coefficient'),
  value: fc.option(number),
})

const withInterval = fc
  .tuple(figure, fc.option(fc.tuple(number, number)))
  .map(([each, ends]) => (ends ? { ...each, low: Math.min(...ends), high: Math.max(...ends) } : each))

const table: fc.Arbitrary<IndicatorTable> = fc.record({
  columns: fc.constant(['gender', 'rows', 'weight', 'share']),
  rows: fc
    .uniqueArray(hostileText, { maxLength: 15 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) => fc.tuple(fc.constant(name), fc.nat(), number, fc.option(fc.double({ min: 0, max: 1 })))),
      ),
    ),
  suppressed: fc.nat(3),
  more: fc.nat(5),
})

/** The indicators of the example, with names, notes and numbers that nobody should trust. */
export const hostileRelease: fc.Arbitrary<IndicatorRelease> = fc
  .tuple(
    hostileText,
    hostileText,
    fc.array(
      fc.record({
        figures: fc.uniqueArray(withInterval, { selector: ({ id }) => id, maxLength: 4 }),
        table: fc.option(table, { nil: undefined }),
        source: hostileText,
        note: hostileText,
        reference: hostileText,
        weightBasis: hostileText,
      }),
      { minLength: 21, maxLength: 21 },
    ),
  )
  .map(([dataset, weightBasis, parts]) => {
    const release = exampleRelease()
    const indicators = release.indicators.map((each, i): Indicator => {
      const { table: rows, ...others } = parts[i]!
      const { table: _, ...rest } = each
      return { ...rest, ...others, ...(rows ? { table: rows } : {}) }
    })
    return { ...release, dataset, weightBasis, indicators }
  })
