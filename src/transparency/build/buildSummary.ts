import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import type { Lineage } from '../../lineage/index.ts'
import { FIELDS, TEMPLATE, summarySchema, valueSchemas, type Answer, type PublicSummary } from '../template.ts'
import { CHAPTER_TEXTS, chapterAnswers, languagesOf, type MeasuredIndicators } from './chapter.ts'
import { deriveAnswers, upstreamOf, type DeriveOptions } from './derive.ts'
import { MODEL_FORM, modelFormAnswers } from './modelForm.ts'

const formText = z.union([z.string().trim().min(1).max(100_000), z.number().transform(String)])
const textsOf = (ids: readonly string[]) =>
  z
    .strictObject(Object.fromEntries(ids.map((id) => [id, formText.optional()])))
    .transform(
      (given) =>
        Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined)) as Record<string, string>,
    )

/** What a provider attests: answers of the template by their ids, and texts of the two other documents. */
export const attestedSchema = z.strictObject({
  answers: z.record(z.string(), z.unknown()).default({}),
  modelDocumentation: textsOf(MODEL_FORM.map(({ id }) => id)).default({}),
  addedChapter: textsOf(CHAPTER_TEXTS).default({}),
})
export type Attested = z.infer<typeof attestedSchema>

export interface BuiltSummary {
  summary: PublicSummary
  modelDocumentation: Record<string, Answer>
  addedChapter: Record<string, Answer>
  /** Where what was attested and what the lineage shows speak against each other; the lineage stands in the summary. */
  conflicts: { field: string; message: string }[]
  /** Fields that ask for an answer and have none: nobody but the provider can give it. */
  missing: string[]
  /** What the lineage leaves open. */
  open: string[]
}

/**
 * Writes the public summary of a model from its lineage and from what its provider attests. Where the two speak against
 * each other, it is told, and what was counted stands; narratives stand beside each other. Nothing is attested by itself: what neither says is `not provided`. Errors: `invalid_input` for an attested answer
 * that the template does not take, `not_found` for a model that the lineage does not know.
 */
export function buildSummary(
  lineage: Lineage,
  model: string,
  attested: Attested,
  indicators: MeasuredIndicators,
  options: DeriveOptions,
): BuiltSummary {
  const said = readAttested(attested.answers)
  if (!lineage.entities.has(model))
    throw new ColophonError('not_found', 'the lineage does not know this model', { where: model })
  const derived = deriveAnswers(lineage, model, options)
  const spoken = languagesOf(indicators)
  if (spoken) derived.answers.languages ??= spoken
  const conflicts: BuiltSummary['conflicts'] = []
  const answers: Record<string, Answer> = {}
  for (const field of FIELDS) answers[field.id] = answerOf(field, said[field.id], derived.answers[field.id], conflicts)
  const summary: PublicSummary = { template: TEMPLATE, answers }
  const read = summarySchema.safeParse(summary)
  if (!read.success)
    throw new ColophonError('internal', `${read.error.issues[0]!.path.join('.')}: ${read.error.issues[0]!.message}`)
  return {
    summary,
    modelDocumentation: modelFormAnswers(attested.modelDocumentation, answers, upstreamOf(lineage, model).steps),
    addedChapter: chapterAnswers(attested.addedChapter, indicators),
    conflicts,
    missing: FIELDS.filter((field) => isAsked(field, answers) && answers[field.id]!.known === 'not provided').map(
      ({ id }) => id,
    ),
    open: derived.open,
  }
}

/** Texts that may stand beside what the lineage adds: they tell of something, and do not name one thing. */
const NARRATIVES = new Set(['languages', 'publicOthers', 'othersDescription', 'syntheticComments', 'measures'])

/** One answer out of what was attested and what the lineage shows. Where they differ, it is told. */
function answerOf(
  { id, kind }: (typeof FIELDS)[number],
  said: Answer['value'],
  derived: Answer | undefined,
  conflicts: BuiltSummary['conflicts'],
): Answer {
  if (said === undefined) return derived ?? { known: 'not provided' }
  if (!derived) return { value: said, known: 'attested' }
  if (kind === 'sizes') return sizesTogether(said as Size[], derived, conflicts)
  if (JSON.stringify(said) === JSON.stringify(derived.value)) return derived
  if (NARRATIVES.has(id))
    return {
      value: `${said as string}\n${derived.value as string}`,
      known: 'attested',
      basis: `the first paragraph by the provider; the second ${derived.basis}`,
    }
  const shown = derived.basis?.replace(/^from the lineage: /, '') ?? ''
  const words =
    kind === 'choice'
      ? `attested ${said === true ? 'yes' : 'no'}, and the lineage shows: ${shown}`
      : `attested ${inWords(said)}, and the lineage shows ${inWords(derived.value)}`
  conflicts.push({ field: id, message: words })
  // What was counted stands before what is said; of the rest the provider is the one to ask.
  return kind === 'choice' || derived.known === 'measured' ? derived : { value: said, known: 'attested', basis: words }
}

function inWords(value: Answer['value']): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300)
}

function readAttested(given: Record<string, unknown>): Record<string, Answer['value']> {
  const read: Record<string, Answer['value']> = {}
  for (const [id, value] of Object.entries(given)) {
    const field = FIELDS.find((each) => each.id === id)
    if (!field)
      throw new ColophonError('invalid_input', 'the template has no such field', {
        where: `answers.${id}`,
        remedy: `It has: ${FIELDS.map((each) => each.id).join(', ')}.`,
      })
    if (value === null) continue
    const parsed = valueSchemas[field.kind].safeParse(value)
    if (!parsed.success)
      throw new ColophonError('invalid_input', parsed.error.issues[0]!.message, {
        where: ['answers', id, ...parsed.error.issues[0]!.path].join('.'),
      })
    read[id] = parsed.data as Answer['value']
  }
  return read
}

interface Size {
  modality: string
  band?: string
}

/** What was measured of each kind of content, with what was said of its types; a band that was said and is not the measured one is a conflict. */
function sizesTogether(said: Size[], derived: Answer, conflicts: BuiltSummary['conflicts']): Answer {
  const measured = derived.value as Size[]
  const own = measured.map((size) => {
    const words = said.find(({ modality }) => modality === size.modality)
    if (words?.band !== undefined && words.band !== size.band)
      conflicts.push({
        field: 'sizes',
        message: `${size.modality}: attested the ${words.band} band, and the lineage shows the ${size.band} one`,
      })
    return { ...words, ...size }
  })
  const others = said.filter(({ modality }) => !measured.some((size) => size.modality === modality))
  if (others.length === 0) return { ...derived, value: own }
  return {
    value: [...own, ...others],
    known: 'attested',
    basis: `${measured.map(({ modality }) => modality).join(', ')} ${derived.basis}; ${others.map(({ modality }) => modality).join(', ')} attested by the provider alone`,
  }
}

/** Whether a field asks for an answer: those behind a no, and optional ones, do not. */
export function isAsked({ isOptional, onlyIf }: (typeof FIELDS)[number], answers: Record<string, Answer>): boolean {
  return !isOptional && (onlyIf === undefined || onlyIf.some((id) => answers[id]?.value === true))
}
