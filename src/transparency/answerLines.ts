import { SIZE_BANDS, type Answer, type Field } from './template.ts'

/**
 * An answer as the lines that people read, the same words in every form of a document; kinds of content and yes or no are
 * boxes. Sizes, data sets and domains have one line for each item.
 *
 * @example answerLines('choice', true) // ['☒ Yes ☐ No']
 */
export function answerLines(kind: Field['kind'], value: NonNullable<Answer['value']>): string[] {
  if (kind === 'choice') return [`${box(value === true)} Yes ${box(value === false)} No`]
  if (kind === 'modalities')
    return [
      ['text', 'image', 'video', 'audio', 'other']
        .map((each) => `${box((value as string[]).includes(each))} ${capital(each)}`)
        .join(' '),
    ]
  if (kind === 'sizes') return (value as Size[]).map(sizeLine)
  if (kind === 'datasets') return (value as Dataset[]).map(datasetLine)
  if (kind === 'domains') return value as string[]
  return String(value).split('\n')
}

/** Kinds of answers of which each line is an item. */
export const isListed = (kind: Field['kind']) => kind === 'sizes' || kind === 'datasets' || kind === 'domains'

const box = (isTicked: boolean) => (isTicked ? '☒' : '☐')
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)

interface Size {
  modality: string
  band?: 'low' | 'mid' | 'high'
  approximate?: string
  contentTypes?: string
}

function sizeLine({ modality, band, approximate, contentTypes }: Size): string {
  const limits = SIZE_BANDS[modality as 'text']
  const bandText =
    limits && band
      ? {
          low: `less than ${say(limits.low)} ${limits.unit}`,
          mid: `${say(limits.low)} to ${say(limits.high)} ${limits.unit}`,
          high: `more than ${say(limits.high)} ${limits.unit}`,
        }[band]
      : undefined
  return `${box(true)} ${capital(modality)}: ${[bandText, approximate && `approximately ${approximate}`, contentTypes].filter(Boolean).join('; ')}`
}

function say(count: number): string {
  for (const [name, size] of [
    ['trillion', 1e12],
    ['billion', 1e9],
    ['million', 1e6],
  ] as const)
    if (count >= size) return `${count / size} ${name}`
  return count.toLocaleString('en')
}

interface Dataset {
  name: string
  link?: string
  version?: string
  selection?: string
  share?: number
}

function datasetLine({ name, link, version, selection, share }: Dataset): string {
  const percent =
    share === undefined
      ? undefined
      : `${(100 * share).toLocaleString('en', { maximumSignificantDigits: 3 })}% of the public data of its modality`
  return [name, version && `version ${version}`, link, selection, percent].filter(Boolean).join(', ')
}
