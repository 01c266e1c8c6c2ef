import { EU_LANGUAGES, LANGUAGES, languageName } from '../../languages/index.ts'
import type { Totals } from './aggregate.ts'
import type { IndicatorOptions } from './indicators.ts'
import {
  columnsFor,
  figuresOf,
  intervalNote,
  knownGroups,
  notes,
  notProvided,
  unknownShare,
  type Indicator,
} from './indicator.ts'
import { divergence, evenness, hill, sharesOf } from './measures.ts'
import { SPEAKERS_SOURCE, speakers } from './reference.ts'

/** A language that was told from texts in fewer rows may be nothing but mistakes about others. */
const TOLD_MIN = 0.001
const LOW_PARITY = 0.8
const COVERED_PARITY = 0.5

/** Regional, minority and neighbouring languages that are looked for. */
const REGIONAL = [...LANGUAGES.values()].filter(({ group }) => group === 'european').map(({ code }) => code)

/** Indicators 1 to 7: which languages there are, how evenly, and how that compares with who speaks them. */
export function languageIndicators(totals: Totals, options: IndicatorOptions): Indicator[] {
  const { weightBasis } = options
  const threshold = totals.areLanguagesTold ? Math.max(options.threshold, TOLD_MIN) : options.threshold
  const groups = totals.groups.language
  const source = 'column of languages, or texts by the model of languages that comes with this program'
  const { speakers: people, source: referenceSource } = options.reference ?? {
    speakers: speakers(),
    source: SPEAKERS_SOURCE,
  }
  const reference = { reference: referenceSource }
  const referred = EU_LANGUAGES.filter((code) => (people.get(code) ?? 0) > 0).length
  const heads = [
    {
      number: 1,
      id: 'coverage',
      name: 'Coverage of languages',
      formula: `#{ℓ: p ≥ ${threshold}} / 24 of the official languages; the same of ${REGIONAL.length} regional, minority and neighbouring languages`,
      source,
    },
    {
      number: 2,
      id: 'effectiveLanguages',
      name: 'Effective languages',
      formula: '¹D = exp(−Σ p ln p); ²D = 1 / Σ p²; of all languages, and of the 24 official ones',
      source,
    },
    { number: 3, id: 'languageEvenness', name: 'Evenness of languages', formula: 'ln ¹D / ln S', source },
    {
      number: 4,
      id: 'languageParity',
      name: 'Parity with speakers',
      formula: `p / q among the official languages that have speakers in the reference (${referred} of 24); least, and how many are below ${LOW_PARITY}`,
      source,
      ...reference,
    },
    {
      number: 5,
      id: 'languageGap',
      name: 'Gap to speakers',
      formula: 'Jensen–Shannon divergence of p and q, base 2, among the 24 official languages',
      source,
      ...reference,
    },
    {
      number: 6,
      id: 'speakerCoverage',
      name: 'Speakers whose language is covered',
      formula: `Σ q over official languages with p / q ≥ ${COVERED_PARITY}`,
      source,
      ...reference,
    },
    { number: 7, id: 'unidentified', name: 'Machine-translated and unidentified', formula: 'Σ w / W', source },
  ] as const
  if (!groups) return heads.map((head) => notProvided(head, columnsFor.language))
  const known = knownGroups(groups)
  const index = new Map(known.map(([code], i) => [code, i]))
  const official = (weights: ArrayLike<number>) => EU_LANGUAGES.map((code) => weights[index.get(code) ?? -1] ?? 0)
  const officialKinds = Math.max(1, EU_LANGUAGES.filter((code) => index.has(code)).length)
  const q = sharesOf(EU_LANGUAGES.map((code) => people.get(code) ?? 0))
  const parity = (weights: ArrayLike<number>) =>
    sharesOf(official(weights)).map((p, i) => (q[i]! > 0 ? p / q[i]! : NaN))
  const asMap = (list: readonly number[]) => new Map(list.map((value, i) => [EU_LANGUAGES[i]!, value]))
  const covered = (codes: readonly string[]) => (weights: ArrayLike<number>) => {
    const shares = sharesOf(weights)
    return (
      codes.filter((code) => (shares[index.get(code) ?? -1] ?? 0) >= threshold && index.has(code)).length / codes.length
    )
  }
  const figures = figuresOf(
    known.map(([, group]) => group),
    [
      { id: 'eu', label: 'official languages of the Union', unit: 'share', isStep: true, of: covered(EU_LANGUAGES) },
      {
        id: 'regional',
        label: 'regional, minority and neighbouring languages',
        unit: 'share',
        isStep: true,
        of: covered(REGIONAL),
      },
      { id: 'effective1', label: 'effective number (¹D)', unit: 'effective number', of: (weights) => hill(weights, 1) },
      { id: 'effective2', label: 'effective number (²D)', unit: 'effective number', of: (weights) => hill(weights, 2) },
      {
        id: 'eu1',
        label: 'effective number (¹D), official languages',
        unit: 'effective number',
        most: officialKinds,
        of: (weights) => hill(official(weights), 1),
      },
      {
        id: 'eu2',
        label: 'effective number (²D), official languages',
        unit: 'effective number',
        most: officialKinds,
        of: (weights) => hill(official(weights), 2),
      },
      { id: 'evenness', label: 'evenness', unit: 'ratio', most: 1, of: evenness },
      {
        id: 'least',
        label: 'least parity',
        unit: 'ratio',
        most: 1,
        of: (weights) => Math.min(...parity(weights).filter((each) => !Number.isNaN(each))),
      },
      {
        id: 'below',
        label: `official languages below ${LOW_PARITY}`,
        unit: 'count',
        isStep: true,
        most: EU_LANGUAGES.length,
        of: (weights) =>
          parity(weights).some((each) => each >= 0) ? parity(weights).filter((each) => each < LOW_PARITY).length : NaN,
      },
      {
        id: 'divergence',
        label: 'divergence',
        unit: 'bit',
        of: (weights) => divergence(asMap(official(weights)), asMap(q)),
      },
      {
        id: 'speakers',
        label: 'share of speakers',
        unit: 'share',
        isStep: true,
        of: (weights) => parity(weights).reduce((sum, each, i) => sum + (each >= COVERED_PARITY ? q[i]! : 0), 0),
      },
    ],
  )
  const of = (...ids: string[]) => figures.filter(({ id }) => ids.includes(id))
  const byNumber: Record<number, Pick<Indicator, 'figures' | 'table'>> = {
    1: { figures: of('eu', 'regional') },
    2: { figures: of('effective1', 'effective2', 'eu1', 'eu2'), table: languageTable(known) },
    3: { figures: of('evenness') },
    4: {
      figures: of('least', 'below'),
      table: parityTable(official(known.map(([, { weight }]) => weight)), q, people),
    },
    5: { figures: of('divergence') },
    6: { figures: of('speakers') },
    7: { figures: unidentified(totals) },
  }
  const totalsNote = intervalNote(known.map(([, group]) => group))
  return heads.map((head) => ({
    ...head,
    ...notes(totals.areLanguagesTold ? TOLD_NOTE : '', totalsNote),
    status: 'measured',
    weightBasis,
    unknownShare: unknownShare(groups, totals),
    ...byNumber[head.number]!,
  }))
}

const TOLD_NOTE =
  'Languages were told from the texts: what is less than 99% sure counts as not identified, and rare languages may be mistakes about others.'

const TABLE_MAX = 150

function languageTable(known: [string, { rows: number; weight: number }][]) {
  const sum = known.reduce((all, [, { weight }]) => all + weight, 0)
  return {
    columns: ['code', 'language', 'rows', 'weight', 'share'],
    rows: known
      .slice(0, TABLE_MAX)
      .map(([code, { rows, weight }]) => [code, languageName(code), rows, weight, weight / sum]),
    suppressed: 0,
    more: Math.max(0, known.length - TABLE_MAX),
  }
}

function parityTable(weights: number[], q: number[], people: ReadonlyMap<string, number>) {
  const shares = sharesOf(weights)
  return {
    columns: ['code', 'language', 'share', 'speakers', 'share of speakers', 'parity'],
    rows: EU_LANGUAGES.map((code, i) => [
      code,
      languageName(code),
      shares[i] ?? null,
      Math.round(people.get(code) ?? 0),
      q[i]!,
      q[i]! > 0 && shares[i] !== undefined ? shares[i]! / q[i]! : null,
    ]),
    suppressed: 0,
    more: 0,
  }
}

function unidentified(totals: Totals): Indicator['figures'] {
  const languages = [...totals.groups.language!]
  const translated = totals.groups.translation && [...totals.groups.translation]
  const shareWith = (groups: [string, unknown][], value: string) => (weights: ArrayLike<number>) =>
    sharesOf(weights)[groups.findIndex(([each]) => each === value)] ?? 0
  return [
    ...figuresOf(
      languages.map(([, group]) => group),
      [{ id: 'unidentified', label: 'unidentified', unit: 'share', of: shareWith(languages, '') }],
    ),
    ...(translated
      ? figuresOf(
          translated.map(([, group]) => group),
          [{ id: 'translated', label: 'machine-translated', unit: 'share', of: shareWith(translated, 'yes') }],
        )
      : [{ id: 'translated', label: 'machine-translated', unit: 'share' as const, value: null }]),
  ]
}
