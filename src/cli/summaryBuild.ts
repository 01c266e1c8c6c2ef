import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ColophonError, isoTime, parseJson, writeFileDurably } from '../foundation/index.ts'
import { readTrail } from '../lineage/index.ts'
import {
  FIELDS,
  attestedSchema,
  buildSummary,
  modelFormDocument,
  summaryDocument,
  toHtml,
  toPdf,
  type Attested,
  type BuiltSummary,
  type MeasuredIndicators,
  type SummaryDocument,
} from '../transparency/index.ts'
import { needOne, print, type ExitCode } from './command.ts'

export interface BuildFlags {
  json?: boolean | undefined
  at?: string | undefined
  trail?: string | undefined
  attested?: string | undefined
  indicators?: string | undefined
  sme?: boolean | undefined
  out?: string | undefined
}

/** Writes the public summary, with the added chapter, and the Model Documentation Form, each as JSON, HTML and PDF. */
export async function runBuild(given: string[], flags: BuildFlags, at: number): Promise<ExitCode> {
  const model = needOne(given, 'model, as the trail names it')
  if (!flags.trail || !flags.out)
    throw new ColophonError('usage', 'say which trail and where to: --trail TRAIL -o FOLDER')
  const attested =
    flags.attested === undefined ? readAttested({}, '') : readAttested(readJson(flags.attested), flags.attested)
  const indicators = flags.indicators === undefined ? { indicators: [], about: '' } : readIndicators(flags.indicators)
  const built = buildSummary(readTrail(flags.trail).lineage, model, attested, indicators, { isSme: flags.sme ?? false })
  mkdirSync(flags.out, { recursive: true })
  await writeAll(flags.out, 'summary', built.summary, summaryDocument(built.summary, built.addedChapter), at)
  await writeAll(
    flags.out,
    'model-documentation',
    built.modelDocumentation,
    modelFormDocument(built.modelDocumentation),
    at,
  )
  writeFileDurably(join(flags.out, 'added-chapter.json'), `${JSON.stringify(built.addedChapter, null, 1)}\n`)
  print(flags.json, { folder: flags.out, ...built }, linesOf(flags.out, built))
  return built.conflicts.length > 0 ? 1 : 0
}

async function writeAll(
  folder: string,
  name: string,
  json: object,
  document: SummaryDocument,
  at: number,
): Promise<void> {
  writeFileDurably(join(folder, `${name}.json`), `${JSON.stringify(json, null, 1)}\n`)
  writeFileDurably(join(folder, `${name}.html`), toHtml(document))
  writeFileDurably(join(folder, `${name}.pdf`), await toPdf(document, isoTime(at)))
}

function readJson(path: string): unknown {
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  return parseJson(readFileSync(path, 'utf8'), path)
}

function readAttested(value: unknown, where: string): Attested {
  const read = attestedSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', issue!.message, {
    where: `${where} ${issue!.path.join('.')}`,
    remedy: 'It has three objects: answers, modelDocumentation, addedChapter.',
  })
}

const figureSchema = z.looseObject({
  id: z.string(),
  label: z.string().max(300),
  unit: z.enum(['share', 'effective number', 'count', 'ratio', 'bit', 'coefficient']),
  value: z.number().nullable(),
  low: z.number().optional(),
  high: z.number().optional(),
})
const releaseSchema = z.looseObject({
  dataset: z.string().max(1000),
  at: z.iso.datetime(),
  indicators: z
    .array(
      z.looseObject({
        number: z.int().min(1).max(29),
        id: z.string(),
        name: z.string().max(300),
        status: z.enum(['measured', 'not provided']),
        weightBasis: z.string().max(300),
        unknownShare: z.number().min(0).max(1).nullable(),
        figures: z.array(figureSchema).max(200),
      }),
    )
    .max(50),
})

/** Indicators as `colophon indicators` writes them, with the data set that they are of: it stands beside each figure. */
function readIndicators(path: string): MeasuredIndicators {
  const read = releaseSchema.safeParse(readJson(path))
  if (read.success)
    return {
      indicators: read.data.indicators as unknown as MeasuredIndicators['indicators'],
      about: `“${read.data.dataset}” on ${read.data.at.slice(0, 10)}`,
    }
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', `these are no indicators: ${issue!.path.join('.')}: ${issue!.message}`, {
    where: path,
    remedy: 'Give indicators.json as colophon indicators writes it.',
  })
}

function linesOf(folder: string, { summary, conflicts, missing, open }: BuiltSummary): string[] {
  const labels = new Map(FIELDS.map(({ id, section, label }) => [id, `${section} ${label}`]))
  const known = Object.values(summary.answers).filter((answer) => answer.known !== 'not provided')
  const measured = known.filter((answer) => answer.known !== 'attested').length
  return [
    `${known.length} of ${FIELDS.length} fields have an answer, ${measured} of them from the lineage. They are in ${folder}.`,
    ...(conflicts.length > 0
      ? [
          'What was attested and what the lineage shows contradict each other:',
          ...conflicts.map(({ field, message }) => `  ${labels.get(field)}: ${message}`),
        ]
      : []),
    ...(missing.length > 0
      ? ['Not provided, and nobody but the provider can say:', ...missing.map((id) => `  ${labels.get(id)} (${id})`)]
      : []),
    ...(open.length > 0 ? ['The lineage leaves open:', ...open.map((each) => `  ${each}`)] : []),
  ]
}
