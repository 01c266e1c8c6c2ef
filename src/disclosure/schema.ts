import { z } from 'zod'
import { ruleSchema } from '../rights/index.ts'
import { textSchema } from '../statements/index.ts'
import { formatCode, flawsOf, type DisclosureCode } from './code.ts'
import { degrees, overallDegree, phases, reviews, type Degree } from './degrees.ts'
import { isRoleOf, profileNames } from './profiles.ts'
import type { BriefTerms } from './terms.ts'
import { briefTerms } from './briefTerms.ts'

/** The version of the standard that a statement is written by. */
export const STANDARD_VERSION = '1.0'

const degreeSchema = z.literal([...degrees])
const languageSchema = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
const httpsSchema = z.url({ protocol: /^https$/ }).max(500)

/** A system that took part, in which phase and as what. */
const systemSchema = z.strictObject({
  name: textSchema(200),
  version: textSchema(100).optional(),
  provider: textSchema(200).optional(),
  phase: z.enum(phases),
  /** One of the profile's roles for the phase. */
  role: z
    .string()
    .regex(/^[a-z][A-Za-z]{1,60}$/)
    .optional(),
  degree: degreeSchema.optional(),
})

/** A real person whose voice, face, body or manner was made again, and whether that person agreed. */
const replicaSchema = z.strictObject({
  of: z.enum(['voice', 'face', 'body', 'performance', 'handwriting', 'style']),
  person: textSchema(200).optional(),
  consent: z.enum(['given', 'givenByEstate', 'refused', 'notAsked', 'notNeeded', 'undisclosed']),
  /** The statement of consent, or where it can be read. */
  evidence: z.union([z.string().regex(/^urn:uuid:[0-9a-f-]{36}(#\d+)?$/), httpsSchema]).optional(),
})

/** What stands behind the statement. */
const evidenceSchema = z.strictObject({
  kind: z.enum(['c2pa', 'processLog', 'attestation', 'other']),
  url: httpsSchema.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  text: textSchema(1000).optional(),
})

/** The third layer: who says what of the making of a work. What it says as a code follows from it. */
export const disclosureFields = z.strictObject({
  version: z.literal(STANDARD_VERSION),
  profile: z.enum(profileNames).optional(),
  degree: degreeSchema,
  phases: z.partialRecord(z.enum(phases), degreeSchema),
  review: z.enum(reviews),
  systems: z.array(systemSchema).max(50).optional(),
  /** What stayed human, in the author's own words: prose, never a share. */
  human: z
    .array(z.strictObject({ language: languageSchema, text: textSchema(3000) }))
    .max(24)
    .optional(),
  replicas: z.array(replicaSchema).max(50).optional(),
  /** Permitted uses, promotional windows and conditions, in the rights profile. */
  uses: z.array(ruleSchema).max(30).optional(),
  license: httpsSchema.optional(),
  evidence: z.array(evidenceSchema).max(20).optional(),
})

export type DisclosureFields = z.infer<typeof disclosureFields>

/** A disclosure that does not contradict itself. Errors name the field. */
export const disclosureSchema = disclosureFields.superRefine(checkDisclosure)

export interface DisclosureFlaw {
  code:
    | 'degree_contradicts_phases'
    | 'review_contradicts_degree'
    | 'system_in_absent_phase'
    | 'system_above_its_phase'
    | 'role_unknown'
    | 'human_is_a_share'
    | 'systems_without_ai'
  where: string
  message: string
}

/** What is written rightly and cannot be so. */
export function disclosureFlaws(disclosure: DisclosureFields): DisclosureFlaw[] {
  const { profile, degree, phases: said, review, systems = [], human = [] } = disclosure
  const flaws: DisclosureFlaw[] = []
  for (const { code, where, message } of flawsOf({ degree, phases: said, review, terms: {} }))
    flaws.push({ code: code as DisclosureFlaw['code'], where, message })
  systems.forEach(({ phase, role, degree: own }, i) => {
    const where = `systems.${i}`
    const of = said[phase]
    if (of === undefined)
      flaws.push({ code: 'system_in_absent_phase', where, message: `the work is said to have had no ${phase}` })
    else if (of === 0)
      flaws.push({
        code: 'systems_without_ai',
        where,
        message: `a system took part in ${phase}, which is said to be without AI`,
      })
    else if (isAbove(own, of))
      flaws.push({ code: 'system_above_its_phase', where, message: `its degree is above that of ${phase}` })
    if (role && profile && !isRoleOf(profile, phase, role))
      flaws.push({
        code: 'role_unknown',
        where: `${where}.role`,
        message: `${profile} has no role “${role}” in ${phase}`,
      })
  })
  human.forEach(({ text }, i) => {
    if (A_SHARE.test(text))
      flaws.push({
        code: 'human_is_a_share',
        where: `human.${i}.text`,
        message: 'what stayed human is told in words, not as a share',
      })
  })
  return flaws
}

/** A number with a sign or a word for hundredths, in the writing systems and most languages of Europe, and in Arabic. */
const A_SHARE =
  /[%٪﹪％]\s*\p{Nd}|\p{Nd}\s*([%٪﹪％]|per ?cent|prozent|pour ?cent|por ?ciento|por ?cento|per ?cento|la sută|pro[cs]ent|prósent|százalék|protsent|odstot|posto|процент|на сто|τοις εκατό|faoin gcéad|fil-mija)/iu

function isAbove(own: Degree | undefined, of: Degree): boolean {
  return typeof own === 'number' && typeof of === 'number' && own > of
}

function checkDisclosure(disclosure: DisclosureFields, context: z.RefinementCtx): void {
  for (const { where, message } of disclosureFlaws(disclosure))
    context.addIssue({ code: 'custom', message, path: where.split('.') })
}

/** The code that follows from a statement. `pointer` is added by whoever knows under which id it was recorded. */
export function codeOf({ degree, phases: said, review, uses }: DisclosureFields, pointer?: string): DisclosureCode {
  const { terms, until } = uses ? briefTerms(uses) : { terms: {} as BriefTerms, until: undefined }
  return { degree, phases: said, review, terms, ...(until ? { until } : {}), ...(pointer ? { pointer } : {}) }
}

/** The same as text. */
export function codeTextOf(disclosure: DisclosureFields, pointer?: string): string {
  return formatCode(codeOf(disclosure, pointer))
}

/** A disclosure made from what was said of the phases: the degree follows. */
export function disclosureFrom(
  said: Omit<DisclosureFields, 'version' | 'degree'> & { degree?: Degree },
): DisclosureFields {
  const degree = Object.keys(said.phases).length > 0 ? overallDegree(said.phases) : (said.degree ?? 'undisclosed')
  return { version: STANDARD_VERSION, ...said, degree }
}
