import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { withDuckDb } from '../../datasets/index.ts'
import { aggregate, type IndicatorColumns, type Totals } from './aggregate.ts'
import { bootstrap } from './bootstrap.ts'
import { suppressSmall, type Indicator } from './indicator.ts'
import { indicatorsOf, type IndicatorOptions } from './indicators.ts'
import { divergence, evenness, gini, giniOver, hill, sharesOf, topShare } from './measures.ts'

const OPTIONS: IndicatorOptions = { weightBasis: 'rows', threshold: 0.0001 }

/** Pages by language in Common Crawl CC-MAIN-2024-42, of the official languages (cc-crawl-statistics, plots/languages.csv). */
const COMMON_CRAWL = {
  bul: 7466418,
  hrv: 5362886,
  ces: 26523613,
  dan: 11578641,
  nld: 45275645,
  eng: 1083513299,
  est: 3307831,
  fin: 8593516,
  fra: 109687926,
  deu: 132338944,
  ell: 14293044,
  hun: 14096256,
  gle: 175974,
  ita: 63082635,
  lav: 2350056,
  lit: 4162556,
  mlt: 122428,
  pol: 45076434,
  por: 57754152,
  ron: 14916026,
  slk: 9244448,
  slv: 3886713,
  spa: 113249321,
  swe: 16590009,
}

const close = (actual: number | null | undefined, wanted: number, within = 5e-5) =>
  assert.ok(typeof actual === 'number' && Math.abs(actual - wanted) < within, `${actual} is not ${wanted}`)

function totalsOf(counts: Record<string, number>): Totals {
  const weight = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const groups = new Map(Object.entries(counts).map(([code, rows]) => [code, { rows, weight: rows, squares: rows }]))
  return { rows: weight, counted: weight, weight, squares: weight, groups: { language: groups } }
}

const figure = (list: Indicator[], number: number, id: string) =>
  list.find((each) => each.number === number)!.figures.find((each) => each.id === id)!

async function withRows<Result>(rows: object[], run: (path: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-indicators-test-'))
  try {
    const path = join(folder, 'rows.jsonl')
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return await run(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const indicatorsFor = async (rows: object[], columns: IndicatorColumns, options: Partial<IndicatorOptions> = {}) =>
  withRows(rows, async (path) => indicatorsOf(await aggregate([path], columns), { ...OPTIONS, ...options }))

test('Common Crawl against the speakers of the Union: the figures that are known', () => {
  const list = indicatorsOf(totalsOf(COMMON_CRAWL), OPTIONS)
  close(figure(list, 2, 'effective1').value, 5.223)
  close(figure(list, 2, 'effective2').value, 2.6131)
  close(figure(list, 5, 'divergence').value, 0.0954)
  const parity = new Map(list[3]!.table!.rows.map((row) => [row[0], row[5] as number]))
  close(parity.get('gle'), 0.065, 6e-4)
  close(parity.get('mlt'), 0.11, 6e-4)
  close(parity.get('eng'), 2.205, 6e-4)
  close(figure(list, 4, 'least').value, 0.0645, 1e-4)
  assert.equal(figure(list, 1, 'eu').value, 22 / 24, 'Irish and Maltese are below one page in ten thousand')
  assert.match(list[3]!.reference!, /L1\+L2.*no figures for first languages alone/)
})

test('formulas against values worked out by hand', () => {
  close(hill([1, 1, 1, 1], 1), 4)
  close(hill([2, 1, 1], 2), 1 / (0.25 + 0.0625 + 0.0625))
  close(evenness([5, 5]), 1)
  close(gini([0, 0, 0, 1]), 0.75)
  close(gini([3, 3, 3]), 0)
  close(topShare([5, 3, 2], 1), 0.5)
  close(divergence(new Map([['a', 1]]), new Map([['b', 1]])), 1)
  close(
    giniOver([
      { weight: 1, size: 1 },
      { weight: 1, size: 3 },
    ]),
    0.25,
  )
  for (const nothing of [hill([], 1), gini([0]), evenness([1]), topShare([], 1)]) assert.ok(Number.isNaN(nothing))
})

test('property: diversity lies between one and the number of kinds, order two below order one; Gini between 0 and 1', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (weights) => {
        const [one, two] = [hill(weights, 1), hill(weights, 2)]
        assert.ok(two >= 1 - 1e-9 && two <= one + 1e-9 && one <= weights.length + 1e-9)
        assert.ok(gini(weights) >= -1e-9 && gini(weights) < 1)
        close(giniOver(weights.map((weight) => ({ weight, size: 7 }))), gini(weights), 1e-9)
        close(
          sharesOf(weights).reduce((sum, share) => sum + share, 0),
          1,
          1e-9,
        )
        close(hill(weights.toReversed(), 1), one, 1e-9)
      },
    ),
  )
})

test('an interval holds the figure, is the same each time, and is narrower for more rows', () => {
  const groups = (rows: number) => [0.7, 0.2, 0.1].map((p) => ({ rows: rows * p, weight: rows * p, squares: rows * p }))
  const interval = (rows: number) => bootstrap(groups(rows), [{ of: (weights) => hill(weights, 1) }])[0]!
  const [few, many] = [interval(100), interval(100_000)]
  const value = hill([7, 2, 1], 1)
  for (const { low, high } of [few, many]) assert.ok(low < value && value < high)
  assert.ok(few.high - few.low > 10 * (many.high - many.low))
  assert.deepEqual(interval(100), few)
  // A share of 20% of 100 rows has a standard error of 4 points.
  const [share] = bootstrap(groups(100), [{ of: (weights) => sharesOf(weights)[1]! }])
  assert.ok(Math.abs((share!.high - share!.low) / 2 - 1.96 * 0.04) < 0.012, JSON.stringify(share))
})

test('a data set is summed up by every column; what is not known is told and is in no figure', async () => {
  const rows = [
    {
      url: 'https://www.a.example.co.uk/x',
      lang: 'pt-BR',
      who: 'Ana',
      sex: 'Female',
      land: 'Lisbon, Portugal',
      born: 'c. 1843',
      lic: 'CC-BY-4.0',
      from: 'licensed',
      res: 'true',
      size: 10,
    },
    {
      url: 'https://b.example.co.uk/y',
      lang: 'mt',
      who: 'Ben',
      sex: '',
      land: 'MT',
      born: 1849,
      lic: 'ask me',
      from: 'synthetic',
      res: 'no',
      size: 30,
    },
    {
      url: 'not an address',
      lang: 'und',
      who: null,
      sex: 'Male',
      land: 'Atlantis',
      born: 'unknown',
      lic: null,
      from: null,
      res: null,
      size: 60,
    },
    {
      url: 'https://c.example/',
      lang: 'mt',
      who: 'Ana',
      sex: 'x',
      land: 'FR',
      born: 1900,
      lic: 'MIT',
      from: 'crawled',
      res: 'no',
      size: 'many',
    },
  ]
  const columns = {
    url: 'url',
    language: 'lang',
    creator: 'who',
    gender: 'sex',
    country: 'land',
    year: 'born',
    licence: 'lic',
    origin: 'from',
    reservedAtCrawl: 'res',
    weight: 'size',
  }
  const list = await indicatorsFor(rows, columns, { weightBasis: 'size' })
  const totals = await withRows(rows, (path) => aggregate([path], columns))
  assert.deepEqual([totals.rows, totals.counted, totals.weight], [4, 3, 100], 'a weight that is none is counted out')
  assert.equal(list[1]!.unknownShare, 0.6)
  close(figure(list, 2, 'effective1').value, hill([10, 30], 1))
  assert.deepEqual([...totals.groups.domain!.keys()].sort(), ['', 'example.co.uk'])
  assert.deepEqual([...totals.groups.country!.keys()].sort(), ['', 'MT', 'PT'])
  assert.deepEqual([...totals.groups.year!.keys()].sort(), ['', '1840'])
  close(figure(list, 15, 'share').value, 0.1)
  close(figure(list, 16, 'share').value, 0.1)
  close(figure(list, 19, 'share').value, 0.3)
  close(figure(list, 17, 'atCollection').value, 0.1)
  assert.equal(list.find(({ number }) => number === 17)!.figures.length, 1)
  assert.equal(list.find(({ number }) => number === 17)!.unknownShare, 0.6)
})

test('without a column an indicator is not provided, and says what it needs', async () => {
  const list = await indicatorsFor([{ a: 'x' }], { creator: 'a' })
  assert.deepEqual(
    list.map(({ number }) => number),
    Array.from({ length: 21 }, (_, i) => i + 1).toSorted((a, b) => a - b),
  )
  for (const { number, status, figures, note } of list) {
    assert.equal(status, number === 21 ? 'measured' : 'not provided')
    if (status === 'not provided') assert.deepEqual([figures, /needs --/.test(note!)], [[], true])
  }
})

test('languages and scripts are told from texts where no column names them', async () => {
  const rows = [
    { text: 'Għada filgħodu mmorru s-suq biex nixtru l-ħobż u l-ġobon.' },
    {
      text: 'Утре сутринта отиваме на пазара да купим хляб и сирене, защото вечерта ще дойдат гости от съседното село.',
    },
    { text: '12 345' },
    { text: 'Studland' },
    { text: null },
  ]
  const list = await indicatorsFor(rows, { text: 'text' })
  assert.equal(list[1]!.unknownShare, 0.6)
  assert.match(list[0]!.note!, /rare languages may be mistakes/)
  assert.deepEqual(
    list[1]!.table!.rows.map(([code]) => code),
    ['bul', 'mlt'],
  )
  assert.deepEqual(
    list
      .find(({ id }) => id === 'scripts')!
      .table!.rows.map(([code]) => code)
      .sort(),
    ['Cyrl', 'Latn'],
  )
})

test('small cells of people are left out, and with one alone the next, so that no sum gives it away', async () => {
  const group = (rows: number) => ({ rows, weight: rows, squares: rows })
  const { shown, suppressed } = suppressSmall([
    ['a', group(500)],
    ['b', group(40)],
    ['c', group(3)],
  ])
  assert.deepEqual([shown.map(([value]) => value), suppressed], [['a'], 2])
  const rows = [
    ...Array.from({ length: 30 }, () => ({ g: 'female' })),
    ...Array.from({ length: 50 }, () => ({ g: 'male' })),
    ...Array.from({ length: 4 }, () => ({ g: 'other' })),
  ]
  const parity = (
    await indicatorsFor(
      rows,
      { gender: 'g' },
      {
        genderReference: new Map([
          ['female', 1],
          ['male', 1],
        ]),
      },
    )
  ).find(({ number }) => number === 12)!
  assert.ok(!JSON.stringify(parity.figures).includes('female') && !JSON.stringify(parity.table).includes('other'))
  close(parity.figures.find(({ id }) => id === 'parity:male')!.value, 50 / 84 / 0.5)
})

test('Parquet gives what JSONL gives', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({ l: ['de', 'fr', 'mt'][i % 3], w: i }))
  await withRows(rows, async (path) => {
    const parquet = path.replace('jsonl', 'parquet')
    await withDuckDb((connection) =>
      connection.run(`COPY (SELECT * FROM read_json('${path}')) TO '${parquet}' (FORMAT parquet)`),
    )
    const columns = { language: 'l', weight: 'w' }
    const sorted = ({ groups }: Totals) => [...groups.language!].sort(([a], [b]) => (a < b ? -1 : 1))
    assert.deepEqual(sorted(await aggregate([parquet], columns)), sorted(await aggregate([path], columns)))
  })
})
