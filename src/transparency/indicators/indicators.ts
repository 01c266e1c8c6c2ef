import type { Dimension, Totals } from './aggregate.ts'
import {
  columnsFor,
  figuresOf,
  intervalNote,
  knownGroups,
  notes,
  notProvided,
  shareTable,
  unknownShare,
  type FigureOf,
  type Indicator,
} from './indicator.ts'
import { isLicence } from './licences.ts'
import { giniError, hillError, topShareError } from './linear.ts'
import { languageIndicators } from './languageIndicators.ts'
import { evenness, gini, hill, sharesOf, topShare } from './measures.ts'
import { gender, geography } from './peopleIndicators.ts'

export interface IndicatorOptions {
  /** What the weight is called: `rows`, or the column. */
  weightBasis: string
  /** Least share of the identified weight from which a language counts as covered. */
  threshold: number
  /** Speakers by ISO 639-3 code and what they are; CLDR's of the Union without it. */
  reference?: { speakers: ReadonlyMap<string, number>; source: string }
  /** Expected shares of declared genders. */
  genderReference?: ReadonlyMap<string, number>
  /** From the lineage: share of the weight that leads back to known roots. */
  lineageClosure?: { value: number; source: string }
  /** From the public summary: weighted share of its fields that are answered usefully. */
  disclosureQuality?: { value: number; source: string }
}

/** Most telling of a row's possible origins, as the public summary divides them. */
const LICENSED = 'licensed'
const SYNTHETIC = 'synthetic'

/**
 * Indicators 1 to 20 of a data set. Each says its formula, source, weight, what is not known, and its interval; one that
 * nothing was given for is `not provided`. There is no sum of them: they measure different things.
 */
export function indicatorsOf(totals: Totals, options: IndicatorOptions): Indicator[] {
  return [
    ...languageIndicators(totals, options),
    simple(totals, options, 8, 'scripts', 'Script coverage', 'script', '¹D = exp(−Σ p ln p) over ISO 15924 scripts', [
      effective(1),
    ]),
    simple(
      totals,
      options,
      9,
      'origins',
      'Origin diversity',
      'country',
      '¹D over ISO 3166 territories; CR5 = Σ of the five largest p',
      [
        effective(1),
        { id: 'cr5', label: 'share of the five largest', unit: 'share', of: (weights) => topShare(weights, 5) },
      ],
    ),
    geography(totals, options),
    simple(
      totals,
      options,
      11,
      'culturalDomains',
      'Evenness of cultural domains',
      'culturalDomain',
      'ln ¹D / ln S over the domains that are there',
      [{ id: 'evenness', label: 'evenness', unit: 'ratio', most: 1, of: evenness }],
    ),
    gender(totals, options),
    simple(totals, options, 13, 'periods', 'Diversity of periods', 'year', '¹D over decades', [effective(1)]),
    concentration(totals, options),
    shareOf(
      totals,
      options,
      15,
      'licensed',
      'Share licensed by rightsholders',
      'origin',
      `w(${LICENSED}) / W`,
      (value) => value === LICENSED,
    ),
    shareOf(
      totals,
      options,
      16,
      'rightsClarity',
      'Share with an evidenced licence',
      'licence',
      'w(SPDX identifier or address of a rights statement) / W',
      isLicence,
    ),
    exposure(totals, options),
    given(
      18,
      'lineageClosure',
      'Share that leads back to known roots',
      'Σ over edges w(edge) / W · closure(source)',
      options.lineageClosure,
      '--trail TRAIL --entity ENTITY',
    ),
    shareOf(
      totals,
      options,
      19,
      'synthetic',
      'Synthetic share',
      'origin',
      `w(${SYNTHETIC}) / W`,
      (value) => value === SYNTHETIC,
    ),
    given(
      20,
      'disclosureQuality',
      'Quality of the public summary',
      'weighted share of its fields answered usefully',
      options.disclosureQuality,
      '--summary FILE',
    ),
    creators(totals, options),
  ]
}

const GINI: FigureOf = {
  id: 'gini',
  label: 'Gini coefficient',
  unit: 'coefficient',
  isOfUnits: true,
  of: gini,
  error: giniError,
}

const effective = (order: 1 | 2): FigureOf => ({
  id: `effective${order}`,
  label: `effective number (${order === 1 ? '¹' : '²'}D)`,
  unit: 'effective number',
  of: (weights) => hill(weights, order),
  error: hillError(order),
})

function simple(
  totals: Totals,
  { weightBasis }: IndicatorOptions,
  number: number,
  id: string,
  name: string,
  dimension: Dimension,
  formula: string,
  figures: FigureOf[],
): Indicator {
  const groups = totals.groups[dimension]
  const head = { number, id, name, formula, source: `column of the data set: ${dimension}` }
  if (!groups) return notProvided(head, columnsFor[dimension])
  const known = knownGroups(groups)
  const counted = known.map(([, group]) => group)
  const unnamed = totals.unnamed?.[dimension]
  return {
    ...head,
    status: 'measured',
    weightBasis,
    unknownShare: unknownShare(groups, totals),
    ...notes(intervalNote(counted, unnamed)),
    figures: figuresOf(counted, figures, unnamed),
    table: shareTable(dimension, known, false, unnamed),
  }
}

const concentrationFigures = (count: number): FigureOf[] => {
  const top = Math.ceil(count / 10)
  return [
    {
      id: 'top10',
      label: `share of the largest 10% (${top} of ${count})`,
      unit: 'share',
      isOfUnits: true,
      of: (weights) => topShare(weights, top),
      error: topShareError(top),
    },
    GINI,
  ]
}

function concentration(totals: Totals, options: IndicatorOptions): Indicator {
  const count = knownGroups(totals.groups.domain ?? new Map()).length + (totals.unnamed?.domain?.weights.length ?? 0)
  return simple(
    totals,
    options,
    14,
    'sourceConcentration',
    'Concentration of sources',
    'domain',
    'share of the largest 10% of sites (rounded up), by weight; Gini over sites; sites are registrable domains by the Public Suffix List without its private part, or what --domain-column says',
    concentrationFigures(count),
  )
}

function creators(totals: Totals, options: IndicatorOptions): Indicator {
  return simple(
    totals,
    options,
    21,
    'creators',
    'Diversity of creators',
    'creator',
    '¹D, ²D and Gini over creators as named',
    [effective(1), effective(2), GINI],
  )
}

function shareOf(
  totals: Totals,
  { weightBasis }: IndicatorOptions,
  number: number,
  id: string,
  name: string,
  dimension: Dimension,
  formula: string,
  isIn: (value: string) => boolean,
): Indicator {
  const groups = totals.groups[dimension]
  const head = { number, id, name, formula, source: `column of the data set: ${dimension}` }
  if (!groups) return notProvided(head, columnsFor[dimension])
  const all = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  const isInOf = all.map(([value]) => isIn(value))
  const counted = all.map(([, group]) => group)
  return {
    ...head,
    status: 'measured',
    weightBasis,
    unknownShare: unknownShare(groups, totals),
    ...notes('Of the whole weight: what is not known counts as not in it.', intervalNote(counted)),
    figures: figuresOf(counted, [
      {
        id: 'share',
        label: name,
        unit: 'share',
        of: (weights) => sharesOf(weights).reduce((sum, share, i) => sum + (isInOf[i] ? share : 0), 0),
      },
    ]),
    table: shareTable(dimension, knownGroups(groups)),
  }
}

function exposure(totals: Totals, options: IndicatorOptions): Indicator {
  const formula = 'w(reserved when it was collected) / W; w(reserved now) / W'
  const parts = (['reservedAtCrawl', 'reservedNow'] as const).map((dimension) =>
    shareOf(
      totals,
      options,
      17,
      'optOutExposure',
      'Exposure to opt-outs',
      dimension,
      formula,
      (value) => value === 'yes',
    ),
  )
  const measured = parts.filter(({ status }) => status === 'measured')
  if (measured.length === 0)
    return { ...parts[0]!, note: `It needs ${columnsFor.reservedAtCrawl} or ${columnsFor.reservedNow}.` }
  return {
    ...measured[0]!,
    source: 'columns of the data set',
    unknownShare: Math.max(...measured.map((part) => part.unknownShare ?? 0)),
    figures: parts.flatMap(({ figures }, i) =>
      figures.map((figure) => ({
        ...figure,
        id: i === 0 ? 'atCollection' : 'now',
        label: i === 0 ? 'reserved when it was collected' : 'reserved now',
      })),
    ),
  }
}

function given(
  number: number,
  id: string,
  name: string,
  formula: string,
  from: { value: number; source: string } | undefined,
  needs: string,
): Indicator {
  const head = { number, id, name, formula, source: from?.source ?? '' }
  if (!from) return notProvided(head, needs)
  return {
    ...head,
    status: 'measured',
    weightBasis: '',
    unknownShare: null,
    figures: [{ id: 'share', label: name, unit: 'share', value: from.value }],
  }
}
