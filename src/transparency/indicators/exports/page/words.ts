import type { Indicator } from '../../indicator.ts'
import { cubeOf, finite } from '../release.ts'
import { shown, valueText } from './format.ts'

/** What an indicator asks, and what it found, for readers who never learned statistics. */
interface Words {
  asks: string
  says(of: Reading): (string | undefined)[]
}

interface Reading {
  indicator: Indicator
  /** A figure in words; undefined where there is none, and then nothing is said of it. */
  figure(id: string): string | undefined
  value(id: string): number | null
  /** What shares are shares of. */
  whole: string
}

/** The question of an indicator in one plain sentence. */
export function questionOf({ id }: Indicator): string | undefined {
  return wordsOf(id)?.asks
}

/** What an indicator says, in short plain sentences; none where it has no figure. */
export function sentencesOf(indicator: Indicator): string[] {
  const find = (id: string) => indicator.figures.find((figure) => figure.id === id)
  const value = (id: string) => finite(find(id)?.value)
  const figure = (id: string) => (value(id) === null ? undefined : valueText(value(id), find(id)!.unit))
  const whole = wholeOf(indicator.weightBasis)
  const said = wordsOf(indicator.id)?.says({ indicator, figure, value, whole }) ?? []
  return said.filter((sentence) => sentence !== undefined)
}

export function wholeOf(weightBasis: string): string {
  return weightBasis === 'rows' || weightBasis === '' ? 'the rows' : `the whole, counted by ${shown(weightBasis)},`
}

const asDiverse = (number: string | undefined, what: string) =>
  number && `As diverse as if ${number} ${what} were equally common.`
const forCommon = (number: string | undefined) =>
  number && `Counted so that the most common ones weigh more, it is ${number}.`
const evenly = (number: string | undefined, what: string) =>
  number &&
  `On a scale from 0 to 1 it is ${number}: at 1 all ${what} that are there have equal parts, near 0 one has nearly everything.`
const unequally = (number: string | undefined, what: string) =>
  number && `The Gini coefficient is ${number}: at 0 all ${what} have the same, near 1 one has nearly everything.`
const when = (text: string | undefined, say: (text: string) => string) => text && say(text)

const wordsOf = (id: string) => (Object.hasOwn(WORDS, id) ? WORDS[id] : undefined)

const WORDS: Record<string, Words> = {
  coverage: {
    asks: 'How many of Europe’s languages are there at all?',
    says: ({ figure, value }) => [
      when(
        figure('eu'),
        (share) =>
          `${Math.round(24 * value('eu')!)} of the 24 official languages of the Union are there in more than traces (${share}).`,
      ),
      when(
        figure('regional'),
        (share) => `So are ${share} of the regional, minority and neighbouring languages that were looked for.`,
      ),
    ],
  },
  effectiveLanguages: {
    asks: 'How many languages does it really speak?',
    says: ({ figure }) => [
      asDiverse(figure('effective1'), 'languages'),
      forCommon(figure('effective2')),
      when(
        figure('eu1'),
        (number) => `Among the 24 official languages of the Union alone it is as if ${number} were equally common.`,
      ),
    ],
  },
  languageEvenness: {
    asks: 'Do the languages have equal parts?',
    says: ({ figure }) => [evenly(figure('evenness'), 'languages')],
  },
  languageParity: {
    asks: 'Does each language have the part that its speakers have in the Union?',
    says: ({ indicator, figure }) => [
      'At 1, a language has as large a part of the data set as its speakers have among speakers in the Union.',
      when(figure('least'), (number) => `The one that is furthest behind${lastOf(indicator)} is at ${number}.`),
      when(figure('below'), (count) => `Of the 24 official languages, ${count} are below 0.8.`),
    ],
  },
  languageGap: {
    asks: 'How far are its languages from the languages that people speak?',
    says: ({ figure }) => [
      when(
        figure('divergence'),
        (bits) =>
          `The distance is ${bits}: 0 would be the same mix as among speakers in the Union, 1 nothing in common.`,
      ),
    ],
  },
  speakerCoverage: {
    asks: 'For how many people is their language well represented?',
    says: ({ figure }) => [
      when(
        figure('speakers'),
        (share) => `For ${share} of speakers, their language has at least half of the part that it has among people.`,
      ),
    ],
  },
  unidentified: {
    asks: 'How much is in no language that could be told, or was translated by machines?',
    says: ({ figure, whole }) => [
      when(figure('unidentified'), (share) => `Of ${share} of ${whole} the language is not known.`),
      when(figure('translated'), (share) => `Said to be translated by machines: ${share}.`) ??
        'Nothing is said about machine translation.',
    ],
  },
  scripts: {
    asks: 'In how many scripts is it written?',
    says: ({ figure }) => [asDiverse(figure('effective1'), 'scripts')],
  },
  origins: {
    asks: 'From how many countries does it come?',
    says: ({ figure }) => [
      asDiverse(figure('effective1'), 'countries'),
      when(figure('cr5'), (share) => `The five largest have ${share} of what is known.`),
    ],
  },
  geographicInequality: {
    asks: 'Do the people of the Union have equal parts in it?',
    says: ({ figure }) => [unequally(figure('gini'), 'inhabitants of the Union')],
  },
  culturalDomains: {
    asks: 'Do the fields of culture have equal parts?',
    says: ({ figure }) => [evenly(figure('evenness'), 'fields')],
  },
  creatorParity: {
    asks: 'Whose works are these, by the gender that creators declared?',
    says: ({ indicator }) => [
      when(listed(indicator, 'share:'), (parts) => `Of what is known: ${parts}.`),
      when(
        listed(indicator, 'parity:'),
        (parts) => `Compared with the reference, where 1 is as large a part as there: ${parts}.`,
      ),
      'Nothing is read from names or faces.',
    ],
  },
  periods: {
    asks: 'Over how many decades is it spread?',
    says: ({ figure }) => [asDiverse(figure('effective1'), 'decades')],
  },
  sourceConcentration: {
    asks: 'Do a few sites give nearly everything?',
    says: ({ figure }) => [
      when(figure('top10'), (share) => `The largest tenth of the sites gives ${share} of what is known.`),
      unequally(figure('gini'), 'sites'),
    ],
  },
  licensed: {
    asks: 'How much was licensed by those who hold the rights?',
    says: ({ figure, whole }) => [
      when(figure('share'), (share) => `${share} of ${whole} is licensed by rightsholders.`),
    ],
  },
  rightsClarity: {
    asks: 'Of how much is the licence known?',
    says: ({ figure, whole }) => [
      when(figure('share'), (share) => `${share} of ${whole} has a licence that can be looked up.`),
    ],
  },
  optOutExposure: {
    asks: 'How much did rightsholders reserve, so that it may not be used?',
    says: ({ figure, whole }) => [
      when(figure('atCollection'), (share) => `${share} of ${whole} was reserved when it was collected.`),
      when(figure('now'), (share) => `${share} of ${whole} is reserved now.`),
    ],
  },
  lineageClosure: {
    asks: 'How much can be followed back to where it came from?',
    says: ({ figure }) => [when(figure('share'), (share) => `${share} leads back to sources that are known.`)],
  },
  synthetic: {
    asks: 'How much was made by machines?',
    says: ({ figure, whole }) => [when(figure('share'), (share) => `${share} of ${whole} is said to be synthetic.`)],
  },
  disclosureQuality: {
    asks: 'Does the public summary say what it should?',
    says: ({ figure }) => [
      when(
        figure('share'),
        (share) => `It answers ${share} of what is asked so that it can be used; important questions count more.`,
      ),
    ],
  },
  creators: {
    asks: 'Is it the work of many, or of a few?',
    says: ({ figure }) => [
      asDiverse(figure('effective1'), 'creators'),
      forCommon(figure('effective2')),
      unequally(figure('gini'), 'creators'),
    ],
  },
}

/** The figures of one kind, each after the name that its id ends with. */
function listed({ figures }: Indicator, kind: string): string | undefined {
  const parts = figures.filter(({ id, value }) => id.startsWith(kind) && finite(value) !== null)
  return parts.map(({ id, value, unit }) => `${shown(id.slice(kind.length))} ${valueText(value, unit)}`).join(', ')
}

/** The language with the least parity, by its name. */
function lastOf({ table }: Indicator): string {
  if (!table) return ''
  const { columns, rows } = cubeOf(table)
  const parity = columns.findIndex(({ code }) => code === 'parity')
  const known = rows.filter(({ values }) => finite(values[parity]) !== null)
  const last = known.sort((a, b) => a.values[parity]! - b.values[parity]!)[0]
  return last ? ` (${shown(last.name)})` : ''
}
