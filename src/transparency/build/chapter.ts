import type { Indicator } from '../indicators/index.ts'
import type { Answer } from '../template.ts'
import { percent } from './parts.ts'

/**
 * What the cultural and creative sectors ask for beside the template: how robust, true and exact the data is, and what was
 * done for it to be diverse and representative. It is voluntary, and marked as an addition.
 */
export const CHAPTER: readonly { id: string; label: string }[] = [
  { id: 'robustness', label: 'Robustness of the data' },
  { id: 'veracity', label: 'Veracity of the data' },
  { id: 'accuracy', label: 'Accuracy of the data' },
  { id: 'linguisticSteps', label: 'Steps for linguistic diversity' },
  { id: 'linguisticFigures', label: 'Linguistic diversity, measured' },
  { id: 'geographicSteps', label: 'Steps for geographic representativeness' },
  { id: 'geographicFigures', label: 'Geographic representativeness, measured' },
  { id: 'culturalSteps', label: 'Steps for cultural diversity' },
  { id: 'culturalFigures', label: 'Cultural diversity, measured' },
  {
    id: 'declaredSteps',
    label: 'Steps for racial and ethnic representativeness, from declared or authority data only',
  },
  { id: 'creatorFigures', label: 'Creators by declared gender, measured' },
]

/** Indicators, and of which data set and when. */
export interface MeasuredIndicators {
  indicators: readonly Indicator[]
  about: string
}

/** The ids that take an attested text. */
export const CHAPTER_TEXTS = CHAPTER.map(({ id }) => id).filter((id) => !id.endsWith('Figures'))

const FIGURES: Record<string, number[]> = {
  linguisticFigures: [1, 2, 4, 5, 6, 7, 8],
  geographicFigures: [9, 10],
  culturalFigures: [11, 13, 14, 21],
  creatorFigures: [12],
}

/** The chapter, from what was attested and from indicators that were measured. */
export function chapterAnswers(
  attested: Record<string, string>,
  { indicators, about }: MeasuredIndicators,
): Record<string, Answer> {
  return Object.fromEntries(
    CHAPTER.map(({ id }): [string, Answer] => {
      const numbers = FIGURES[id]
      if (!numbers) {
        const said = attested[id]
        return [id, said === undefined ? { known: 'not provided' } : { value: said, known: 'attested' }]
      }
      const text = indicators
        .filter(({ number, status }) => status === 'measured' && numbers.includes(number))
        .map(sentence)
        .join(' ')
      return [
        id,
        text === ''
          ? { known: 'not provided' }
          : { value: text, known: 'measured', basis: `colophon indicators of ${about}, with 95% intervals` },
      ]
    }),
  )
}

function sentence({ name, figures, unknownShare, weightBasis }: Indicator): string {
  const parts = figures.flatMap(({ label, value, low, high, unit }) => {
    if (value === null) return []
    const say = (number: number) =>
      unit === 'share' ? percent(number) : number.toLocaleString('en', { maximumSignificantDigits: 4 })
    return [`${label} ${say(value)}${low === undefined ? '' : ` (${say(low)} to ${say(high!)})`}`]
  })
  const unknown = unknownShare ? `; ${percent(unknownShare)} of the weight is not known` : ''
  return `${name}: ${parts.join(', ')}${unknown}${weightBasis ? `, by ${weightBasis}` : ''}.`
}

/** Languages by their share, out of the indicator of effective languages, for a lineage that does not name them. */
export function languagesOf({ indicators, about }: MeasuredIndicators): Answer | undefined {
  const measured = indicators.find(({ id, status }) => id === 'effectiveLanguages' && status === 'measured')
  if (!measured?.table || measured.table.rows.length === 0) return undefined
  const { columns, rows, more } = measured.table
  const [name, share] = [columns.indexOf('language'), columns.indexOf('share')]
  const list = rows.map((row) => `${row[name]} ${percent(Number(row[share]))}`).join(', ')
  const unknown = measured.unknownShare ? ` Not identified: ${percent(measured.unknownShare)} of the weight.` : ''
  return {
    value: `${list}${more > 0 ? ` and ${more} more` : ''}; ${rows.length + more} languages in all.${unknown}`,
    known: 'measured',
    basis: `colophon indicators of ${about}, by ${measured.weightBasis}`,
  }
}
