import { z } from '@hono/zod-openapi'
import {
  disclosureFrom,
  disclosureSchema,
  phases,
  profileNames,
  reviews,
  type Degree,
  type DisclosureFields,
  type PhaseDegrees,
} from '../disclosure/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { flawOfAnswers, rulesOfAnswers, wizardFields } from '../rights/index.ts'
import { textSchema, type Statement } from '../statements/index.ts'
import { workField } from './targetFields.ts'

const degreeField = z
  .enum(['0', '1', '2', '3', '4', 'undisclosed'])
  .transform((text) => (text === 'undisclosed' ? text : (Number(text) as Degree)))

/** How a work was made, and what may be done with it, as a form asks for it. */
export const disclosureFormFields = {
  ...wizardFields,
  ai: wizardFields.ai.optional(),
  license: z
    .url({ protocol: /^https$/, error: 'give the whole address of the licence, beginning with https://' })
    .max(500)
    .optional(),
  ...(Object.fromEntries(phases.map((phase) => [`phase_${phase}`, degreeField.optional()])) as Record<
    `phase_${(typeof phases)[number]}`,
    z.ZodOptional<typeof degreeField>
  >),
  review: z.enum(reviews).default('undisclosed'),
  profile: z.enum(profileNames).optional(),
  system: textSchema(200).optional(),
  human: textSchema(3000).optional(),
  humanLanguage: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language is written as en, or mi-NZ')
    .default('und'),
}

const formSchema = z.object(disclosureFormFields)

/** What somebody fills in to put on record how a work was made. */
export const disclosureDraftSchemas = [
  z.object({
    kind: z.literal('disclosure'),
    name: textSchema(200).optional(),
    isEntitled: z.literal('yes', 'confirm that you know how it was made'),
    work: workField,
    ...disclosureFormFields,
  }),
] as const

export type DisclosureDraft = z.infer<(typeof disclosureDraftSchemas)[number]>

export function disclosureSubject(draft: DisclosureDraft): Statement['credentialSubject'][number] {
  if (draft.work === undefined)
    throw new ColophonError('invalid_input', 'give the address of the work’s page here', { where: 'work' })
  return { type: 'Disclosure', target: { kind: 'work', id: draft.work }, ...disclosureOfForm(draft) }
}

/** A disclosure of what was filled in. Errors: `invalid_input`, with the field. */
export function disclosureOfForm(form: z.infer<typeof formSchema>): DisclosureFields {
  const said: PhaseDegrees = Object.fromEntries(
    phases.flatMap((phase) => (form[`phase_${phase}`] === undefined ? [] : [[phase, form[`phase_${phase}`]]])),
  )
  if (Object.keys(said).length === 0)
    throw new ColophonError('invalid_input', 'say for at least one phase how far AI took part', {
      remedy: 'Go back, choose it, and send the form again.',
    })
  // A system is named with the first phase that it can have had a part in.
  const phase = phases.find((each) => typeof said[each] === 'number' && said[each] > 0)
  const { system, human, humanLanguage, profile, review, license } = form
  const flaw = flawOfAnswers(form)
  if (flaw) throw new ColophonError('invalid_input', flaw.message, { where: flaw.path })
  const uses = rulesOfAnswers(form)
  const fields = disclosureSchema.safeParse(
    disclosureFrom({
      phases: said,
      review,
      ...(profile ? { profile } : {}),
      ...(system && phase ? { systems: [{ name: system, phase }] } : {}),
      ...(human ? { human: [{ language: humanLanguage, text: human }] } : {}),
      ...(uses.length > 0 ? { uses } : {}),
      ...(license ? { license } : {}),
    }),
  )
  if (fields.success) return fields.data
  const [issue] = fields.error.issues
  throw new ColophonError('invalid_input', issue!.message, {
    where: issue!.path.join('.'),
    remedy: 'Go back, correct it, and send the form again.',
  })
}

/** The same of a form as it was sent; undefined where it says of no phase how far AI took part. */
export function readDisclosureForm(form: Record<string, string>): DisclosureFields | undefined {
  if (!phases.some((phase) => form[`phase_${phase}`] !== undefined)) return undefined
  const read = formSchema.safeParse(form)
  if (read.success) return disclosureOfForm(read.data)
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', issue!.message, { where: issue!.path.join('.') })
}
