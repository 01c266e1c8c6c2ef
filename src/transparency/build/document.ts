import { FIELDS, SECTIONS, SIZE_BANDS, type Answer, type Field, type PublicSummary } from '../template.ts'
import { CHAPTER } from './chapter.ts'
import { MODEL_FORM } from './modelForm.ts'

/** A document before it is HTML or PDF: sections with questions and their answers. */
export interface SummaryDocument {
  title: string
  introduction: string
  sections: { number: string; heading: string; entries: Entry[] }[]
}

export interface Entry {
  label: string
  lines: string[]
  /** Lines are items of a list. */
  isList?: boolean
  /** The question is not asked, because what it depends on was answered with no. */
  isOutside?: boolean
  known: Answer['known']
  basis?: string
}

const PARTS: Record<string, string> = {
  '1': 'General information',
  '2': 'List of data sources',
  '3': 'Data processing aspects',
}

/** The public summary in the order and under the headings of the template, with the added chapter behind it. */
export function summaryDocument(
  { answers, template }: PublicSummary,
  chapter: Record<string, Answer>,
): SummaryDocument {
  const sections = Object.entries(SECTIONS).map(([number, heading]) => ({
    number: number === '0' ? '' : number,
    heading,
    entries: FIELDS.filter((field) => field.section === number).map((field) => entryOf(field, answers)),
  }))
  const added = CHAPTER.map(({ id, label }) => textEntry(label, chapter[id]!))
  return {
    title: 'Public Summary of Training Content for General-Purpose AI models',
    introduction: `Template ${template}. “Not provided” means that nobody has said it; it is no “no”. “Measured” means that it was counted along the pipeline, “attested” that the provider says so.`,
    sections: withParts([
      ...sections,
      {
        number: '4',
        heading: 'Added chapter: quality, diversity and representativeness of the data (not part of the template)',
        entries: added,
      },
    ]),
  }
}

/** Before the first section of a part stands the heading of the part. */
function withParts(sections: SummaryDocument['sections']): SummaryDocument['sections'] {
  let part = ''
  return sections.flatMap((section) => {
    const own = section.number.split('.')[0]!
    const opens = own !== part && PARTS[own] !== undefined
    part = own
    return opens ? [{ number: own, heading: PARTS[own]!, entries: [] }, section] : [section]
  })
}

/** The Model Documentation Form, to be handed out on request. */
export function modelFormDocument(answers: Record<string, Answer>): SummaryDocument {
  const headings = [...new Set(MODEL_FORM.map(({ section }) => section))]
  return {
    title: 'Model Documentation Form',
    introduction:
      'Code of Practice for general-purpose AI models, Transparency chapter, measure 1.1. For the AI Office, national authorities and downstream providers; it is not published.',
    sections: headings.map((heading, i) => ({
      number: String(i + 1),
      heading,
      entries: MODEL_FORM.filter(({ section }) => section === heading).map(({ id, label }) =>
        textEntry(label, answers[id]!),
      ),
    })),
  }
}

function textEntry(label: string, { value, known, basis }: Answer): Entry {
  return { label, lines: typeof value === 'string' ? [value] : [], known, ...(basis ? { basis } : {}) }
}

function entryOf({ id, label, kind, onlyIf }: Field, answers: Record<string, Answer>): Entry {
  const { value, known, basis } = answers[id] ?? { known: 'not provided' }
  const head = { label, known, ...(basis ? { basis } : {}) }
  if (value === undefined && onlyIf?.every((each) => answers[each]?.value === false))
    return { ...head, lines: [], isOutside: true }
  if (value === undefined) return { ...head, lines: [] }
  if (kind === 'choice') return { ...head, lines: [`${box(value === true)} Yes ${box(value === false)} No`] }
  if (kind === 'modalities')
    return {
      ...head,
      lines: [
        ['text', 'image', 'video', 'audio', 'other']
          .map((each) => `${box((value as string[]).includes(each))} ${capital(each)}`)
          .join(' '),
      ],
    }
  if (kind === 'sizes') return { ...head, lines: (value as Size[]).map(sizeLine), isList: true }
  if (kind === 'datasets') return { ...head, lines: (value as Dataset[]).map(datasetLine), isList: true }
  if (kind === 'domains') return { ...head, lines: value as string[], isList: true }
  return { ...head, lines: String(value).split('\n') }
}

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
