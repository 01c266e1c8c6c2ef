import { answerLines, isListed } from '../answerLines.ts'
import { FIELDS, SECTIONS, type Answer, type Field, type PublicSummary } from '../template.ts'
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
  return { ...head, lines: answerLines(kind, value), ...(isListed(kind) ? { isList: true } : {}) }
}
