import { FIELDS, SECTIONS } from '../template.ts'
import { crossCheck } from './crossChecks.ts'
import { answersOf } from './fallbacks.ts'
import { judgeFields, type Answers } from './judge.ts'
import { languageOf } from './language.ts'
import { disclosureQuality } from './quality.ts'
import { readSummary, type ReadSummary } from './readSummary.ts'
import { asFieldVerdict, finding, type FieldVerdict, type Finding, type Verdict } from './verdict.ts'

export interface SummaryLint {
  /** Every field of the template in its order; empty where the document is in a language that is not read. */
  fields: FieldVerdict[]
  findings: Finding[]
  counts: Record<Verdict, number>
  /** Indicator 20; not there where nothing was judged. */
  quality?: number
}

/**
 * Reads somebody's public summary of training content and says of each field whether it is answered usefully, vaguely,
 * not at all, or against something else in it, with the sentence that was judged. What is not said is never taken for
 * a no.
 *
 * Errors: those of `readSummary`. Source: C(2025) 8311, the template of Article 53(1)(d) of Regulation (EU) 2024/1689.
 *
 * @example (await lintSummary(bytes, 'summary.pdf')).counts.vague // 4
 */
export async function lintSummary(
  bytes: Uint8Array,
  name: string,
  options: { /** The time that dates are compared with, in milliseconds. */ at?: number } = {},
): Promise<SummaryLint> {
  return lintRead(await readSummary(bytes, name), options.at ?? Date.now())
}

/** Fewer questions than these say nothing of a template. */
const FIELDS_LEAST = 5

function lintRead(read: ReadSummary, at: number): SummaryLint {
  const answers = answersOf(read)
  const language = read.isOwn || read.answers.size >= FIELDS_LEAST ? undefined : foreignLanguage(read)
  if (language) return nothingJudged(language)
  const judgements = judgeFields(answers, at)
  const crossed = crossCheck(answers, judgements, at)
  const own = [...judgements].flatMap(([id, { findings = [] }]) => findings.map((each) => ({ field: id, ...each })))
  const fields = FIELDS.map((field) => asFieldVerdict(field, judgements.get(field.id)!))
  const findings = [...documentFindings(read, answers), ...own, ...crossed]
  const quality = disclosureQuality(fields)
  return { fields, findings, counts: countVerdicts(fields), ...(quality === undefined ? {} : { quality }) }
}

function foreignLanguage({ text, language }: ReadSummary): string | undefined {
  const found = languageOf(text)
  if (found !== undefined) return found === 'English' ? undefined : found
  return language && !/^en\b/i.test(language) ? language.slice(0, 20) : undefined
}

function nothingJudged(language: string): SummaryLint {
  const message = `the document is not in English (${language}), and only the English template is read: nothing was judged`
  return { fields: [], findings: [finding('language', message, { severity: 'error' })], counts: countVerdicts([]) }
}

function countVerdicts(fields: FieldVerdict[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { useful: 0, vague: 0, missing: 0, contradictory: 0, 'not applicable': 0 }
  for (const { verdict } of fields) counts[verdict]++
  return counts
}

/** What is to be said of the document as a whole. */
function documentFindings(read: ReadSummary, answers: Answers): Finding[] {
  const findings = read.issues.map((issue) => finding('schema', issue, { severity: 'error' }))
  if (read.isOwn) return findings
  if (read.answers.size < FIELDS_LEAST)
    findings.push(
      finding(
        'no summary',
        `only ${read.answers.size} questions of the template were found: this may be no public summary`,
        { severity: 'error' },
      ),
    )
  else findings.push(...headingFindings(read))
  for (const [id, { hasInstruction, text }] of answers)
    if (hasInstruction && text === '')
      findings.push(
        finding('instruction left in', 'the template’s own instruction stands where an answer belongs', {
          field: id,
          severity: 'note',
        }),
      )
  return findings
}

/** Headings that are renumbered or not there: whoever compares summaries looks for them. */
function headingFindings({ headings }: ReadSummary): Finding[] {
  const sections = Object.keys(SECTIONS).filter((section) => section !== '0' && section !== '3.3')
  const first = new Map(sections.map((section) => [section, headings.find((heading) => heading.section === section)]))
  const absent = sections.filter((section) => first.get(section) === undefined)
  const renumbered = [...first.values()].filter(
    (heading) => heading?.number !== undefined && heading.number !== heading.section,
  )
  const bare = [...first.values()].filter((heading) => heading && heading.number === undefined)
  return [
    ...(absent.length > 0
      ? [
          finding(
            'heading',
            `headings not found: ${absent.map((section) => `${section} ${SECTIONS[section]}`).join('; ')}`,
          ),
        ]
      : []),
    ...renumbered.map((heading) =>
      finding('heading', `${heading!.section} is printed as ${heading!.number}`, {
        sentence: `${heading!.number} ${heading!.text}`,
      }),
    ),
    ...(bare.length > 0
      ? [
          finding('heading', `headings without their numbers: ${bare.map((heading) => heading!.section).join(', ')}`, {
            severity: 'note',
          }),
        ]
      : []),
  ]
}
