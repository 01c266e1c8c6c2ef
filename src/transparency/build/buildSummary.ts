import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import type { Lineage } from '../../lineage/index.ts'
import type { Indicator } from '../indicators/index.ts'
import { FIELDS, TEMPLATE, valueSchemas, type Answer, type PublicSummary } from '../template.ts'
import { chapterAnswers, languagesOf } from './chapter.ts'
import { deriveAnswers, type DeriveOptions } from './derive.ts'
import { modelFormAnswers } from './modelForm.ts'

/** What a provider attests: answers of the template by their ids, and texts of the two other documents. */
export const attestedSchema = z.strictObject({
  answers: z.record(z.string(), z.unknown()).default({}),
  modelDocumentation: z.record(z.string(), z.unknown()).default({}),
  addedChapter: z.record(z.string(), z.unknown()).default({}),
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
 * Writes the public summary of a model from its lineage and from what its provider attests. What is measured stands before
 * what is attested for a choice; a text that was attested stands before one that was derived, with the derived one behind
 * it. Nothing is attested by itself: what neither says is `not provided`. Errors: `invalid_input` for an attested answer
 * that the template does not take, `not_found` for a model that the lineage does not know.
 */
export function buildSummary(
  lineage: Lineage,
  model: string,
  attested: Attested,
  indicators: readonly Indicator[],
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
  for (const { id, kind } of FIELDS) {
    const [from, by] = [derived.answers[id], said[id]]
    if (from && by !== undefined && kind === 'choice' && from.value !== by) {
      conflicts.push({
        field: id,
        message: `attested ${by ? 'yes' : 'no'}, and the lineage shows: ${from.basis?.replace(/^from the lineage: /, '')}`,
      })
      answers[id] = from
    } else if (from && by !== undefined && kind === 'sizes') answers[id] = sizesTogether(by as Size[], from, conflicts)
    else if (by !== undefined) answers[id] = together(by, from)
    else answers[id] = from ?? { known: 'not provided' }
  }
  return {
    summary: { template: TEMPLATE, answers },
    modelDocumentation: modelFormAnswers(attested.modelDocumentation, answers, lineage),
    addedChapter: chapterAnswers(attested.addedChapter, indicators),
    conflicts,
    missing: FIELDS.filter((field) => isAsked(field, answers) && answers[field.id]!.known === 'not provided').map(
      ({ id }) => id,
    ),
    open: derived.open,
  }
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

/** A text that was written, and after it what the lineage adds; of the rest what was attested, with the other as its basis. */
function together(said: NonNullable<Answer['value']>, derived: Answer | undefined): Answer {
  if (!derived) return { value: said, known: 'attested' }
  if (typeof said === 'string' && typeof derived.value === 'string')
    return {
      value: said === derived.value ? said : `${said} ${derived.value}`,
      known: 'attested',
      basis: `attested, and ${derived.basis}`,
    }
  if (typeof said === 'boolean') return derived
  return {
    value: said,
    known: 'attested',
    basis: `attested; ${derived.basis} it would be ${JSON.stringify(derived.value).slice(0, 2000)}`,
  }
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
  return { ...derived, value: [...own, ...others] }
}

/** Whether a field asks for an answer: those behind a no, and optional ones, do not. */
export function isAsked({ isOptional, onlyIf }: (typeof FIELDS)[number], answers: Record<string, Answer>): boolean {
  return !isOptional && (onlyIf === undefined || onlyIf.some((id) => answers[id]?.value === true))
}
