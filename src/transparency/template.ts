import { z } from 'zod'

/**
 * The template for the public summary of training content, Article 53(1)(d) of Regulation (EU) 2024/1689, as published
 * by the Commission in C(2025) 8311 (5 December 2025): every field in its order, with the kind of answer it takes.
 */
export const TEMPLATE = 'C(2025) 8311'

export const modalities = ['text', 'image', 'audio', 'video', 'other'] as const
export type Modality = (typeof modalities)[number]

/** Size bands of section 1.3: below the first number, up to the second, above it. */
export const SIZE_BANDS: Record<Exclude<Modality, 'other'>, { unit: string; low: number; high: number }> = {
  text: { unit: 'tokens', low: 1e9, high: 1e13 },
  image: { unit: 'images', low: 1e6, high: 1e9 },
  audio: { unit: 'hours', low: 1e4, high: 1e6 },
  video: { unit: 'hours', low: 1e4, high: 1e6 },
}
export const bands = ['low', 'mid', 'high'] as const
export type Band = (typeof bands)[number]

/** Signs that print nothing and change how the rest is read: control characters, turned directions, halves of pairs. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

const textSchema = z
  .string()
  .overwrite((text) => text.replaceAll('\r\n', '\n'))
  .trim()
  .min(1)
  .max(100_000)
  .superRefine((text, context) => {
    const sign = UNSEEN.exec(text)
    if (!sign) return
    const code = sign[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    const message = `the sign at place ${sign.index + 1} (U+${code}) is not seen and may not stand in a text; line ends and tabs may`
    context.addIssue({ code: 'custom', message })
  })

/** A day or a month that the calendar has; it may be yet to come. */
const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}(-\d{2})?$/, 'give a day as 2026-11-20, or a month as 2026-11')
  .refine(isInCalendar, 'the calendar has no such day or month')

const sizeSchema = z.strictObject({
  modality: z.enum(modalities),
  band: z.enum(bands).optional(),
  /** For instance “15 trillion tokens”: required of other modalities, welcome for all. */
  approximate: textSchema.optional(),
  contentTypes: textSchema.optional(),
})
const datasetSchema = z.strictObject({
  name: textSchema,
  link: textSchema.optional(),
  version: textSchema.optional(),
  /** How a part of it was chosen, where not all of it was used. */
  selection: textSchema.optional(),
  /** Share of the weight of its modality among public data sets, 0 to 1. */
  share: z.number().min(0).max(1).optional(),
})

/** What a field takes: text, one moment, yes or no, kinds of content, and three lists. */
export const valueSchemas = {
  text: textSchema,
  date: dateSchema,
  choice: z.boolean(),
  modalities: z.array(z.enum(modalities)).max(5),
  sizes: z.array(sizeSchema).max(20),
  datasets: z.array(datasetSchema).max(10_000),
  domains: z
    .array(
      z
        .string()
        .min(1)
        .max(253)
        .refine((name) => !UNSEEN.test(name), 'a sign in it is not seen'),
    )
    .max(1_000_000),
} as const

function isInCalendar(text: string): boolean {
  const [year, month, day = 1] = text.split('-').map(Number) as [number, number, number?]
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

export type ValueKind = keyof typeof valueSchemas

export interface Field {
  id: string
  /** Section number as the template prints it; `0` is the header. */
  section: string
  label: string
  kind: ValueKind
  /** It may be left out without a finding. */
  isOptional?: true
  /** It is asked only where this choice, or one of these, was answered with yes. */
  onlyIf?: string[]
}

const field = (id: string, section: string, label: string, kind: ValueKind, more: Partial<Field> = {}): Field => ({
  id,
  section,
  label,
  kind,
  ...more,
})
const optional = { isOptional: true } as const

export const FIELDS: readonly Field[] = [
  field('version', '0', 'Version of the summary', 'text'),
  field('earlier', '0', 'Links to earlier versions', 'text', optional),
  field('lastUpdate', '0', 'Last update', 'date'),
  field('provider', '1.1', 'Provider name and contact details', 'text'),
  field('representative', '1.1', 'Authorised representative name and contact details', 'text', optional),
  field('models', '1.2', 'Versioned model name(s)', 'text'),
  field('dependencies', '1.2', 'Model dependencies', 'text'),
  field('marketDate', '1.2', 'Date of placement of the model on the Union market', 'date'),
  field('sizes', '1.3', 'Modalities, training data size and types of content', 'sizes'),
  field('latestAcquisition', '1.3', 'Latest date of data acquisition or collection for model training', 'date'),
  field(
    'continuous',
    '1.3',
    'The model is continuously trained on new or dynamic data after this date',
    'choice',
    optional,
  ),
  field('languages', '1.3', 'Linguistic characteristics of the overall training data', 'text'),
  field('characteristics', '1.3', 'Other relevant characteristics of the overall training data', 'text'),
  field('overallComments', '1.3', 'Additional comments', 'text', optional),
  field('publicUsed', '2.1', 'Publicly available datasets were used', 'choice'),
  field('publicModalities', '2.1', 'Modalities of the publicly available datasets', 'modalities', {
    onlyIf: ['publicUsed'],
  }),
  field('publicLarge', '2.1', 'Large publicly available datasets', 'datasets', { onlyIf: ['publicUsed'] }),
  field('publicOthers', '2.1', 'General description of other publicly available datasets', 'text', {
    onlyIf: ['publicUsed'],
  }),
  field('publicComments', '2.1', 'Additional comments', 'text', optional),
  field('licensedUsed', '2.2.1', 'Transactional commercial licensing agreements were concluded', 'choice'),
  field('licensedModalities', '2.2.1', 'Modalities of the licensed content', 'modalities', {
    onlyIf: ['licensedUsed'],
  }),
  field('privateUsed', '2.2.2', 'Private datasets were obtained from other third parties', 'choice'),
  field('privateModalities', '2.2.2', 'Modalities of the private datasets', 'modalities', { onlyIf: ['privateUsed'] }),
  field('privateList', '2.2.2', 'Private datasets that are publicly known', 'datasets', { onlyIf: ['privateUsed'] }),
  field('privateDescription', '2.2.2', 'General description of private datasets that are not publicly known', 'text', {
    onlyIf: ['privateUsed'],
  }),
  field('privateComments', '2.2.2', 'Additional comments', 'text', optional),
  field('crawled', '2.3', 'Crawlers were used by the provider or on its behalf', 'choice'),
  field('crawlerNames', '2.3', 'Names or identifiers of the crawlers', 'text', { onlyIf: ['crawled'] }),
  field('crawlerPurposes', '2.3', 'Purposes of the crawlers', 'text', { onlyIf: ['crawled'] }),
  field('crawlerBehaviour', '2.3', 'General description of crawler behaviour', 'text', { onlyIf: ['crawled'] }),
  field('crawlPeriod', '2.3', 'Period of data collection', 'text', { onlyIf: ['crawled'] }),
  field('crawlContent', '2.3', 'Types of content and online sources crawled', 'text', { onlyIf: ['crawled'] }),
  field('crawlModalities', '2.3', 'Modalities of the crawled content', 'modalities', { onlyIf: ['crawled'] }),
  field('domains', '2.3', 'Most relevant domain names', 'domains', { onlyIf: ['crawled'] }),
  field('crawlComments', '2.3', 'Additional comments', 'text', optional),
  field('interactions', '2.4', 'Data from user interactions with the model was used', 'choice'),
  field('otherServices', '2.4', 'Data from the provider’s other services or products was used', 'choice'),
  field('userDescription', '2.4', 'Services or products and their user data', 'text', {
    onlyIf: ['interactions', 'otherServices'],
  }),
  field('userModalities', '2.4', 'Modalities of the user data', 'modalities', {
    onlyIf: ['interactions', 'otherServices'],
  }),
  field('userComments', '2.4', 'Additional comments', 'text', optional),
  field('synthetic', '2.5', 'Synthetic AI-generated data was created by the provider or on its behalf', 'choice'),
  field('syntheticModalities', '2.5', 'Modalities of the synthetic data', 'modalities', { onlyIf: ['synthetic'] }),
  field('syntheticMarketed', '2.5', 'Models on the market that generated synthetic data', 'text', {
    onlyIf: ['synthetic'],
  }),
  field('syntheticOthers', '2.5', 'Other models that generated synthetic data', 'text', { onlyIf: ['synthetic'] }),
  field('syntheticComments', '2.5', 'Additional comments', 'text', optional),
  field('others', '2.6', 'Data from other sources was used', 'choice'),
  field('othersDescription', '2.6', 'Description of these sources and data', 'text', { onlyIf: ['others'] }),
  field('othersComments', '2.6', 'Additional comments', 'text', optional),
  field('signatory', '3.1', 'Signatory of the Code of Practice for general-purpose AI models', 'choice'),
  field(
    'measures',
    '3.1',
    'Measures to respect reservations of rights from the text and data mining exception',
    'text',
  ),
  field('measuresComments', '3.1', 'Additional comments', 'text', optional),
  field('illegalContent', '3.2', 'Measures taken to avoid or remove illegal content', 'text'),
  field('otherProcessing', '3.3', 'Other relevant information about data processing', 'text', optional),
]

/** Headings of the sections, as the template names them. */
export const SECTIONS: Record<string, string> = {
  '0': 'Version',
  '1.1': 'Provider identification',
  '1.2': 'Model identification',
  '1.3': 'Modalities, overall training data size and other characteristics',
  '2.1': 'Publicly available datasets',
  '2.2.1': 'Datasets commercially licensed by rightsholders or their representatives',
  '2.2.2': 'Private datasets obtained from other third parties',
  '2.3': 'Data crawled and scraped from online sources',
  '2.4': 'User data',
  '2.5': 'Synthetic data',
  '2.6': 'Other sources of data',
  '3.1': 'Respect of reservation of rights from text and data mining exception or limitation',
  '3.2': 'Removal of illegal content',
  '3.3': 'Other information',
}

/** How an answer is known. What nobody said is `not provided`, and never filled in. */
export const knowledge = ['attested', 'measured', 'inferred', 'not provided'] as const

export const answerSchema = z.strictObject({
  value: z.union([z.string(), z.boolean(), z.array(z.unknown())]).optional(),
  known: z.enum(knowledge),
  /** From what, and by which rule. */
  basis: z.string().max(10_000).optional(),
})
export type Answer = z.infer<typeof answerSchema>

/** A summary as JSON: answers by the ids of the fields. */
export interface PublicSummary {
  template: typeof TEMPLATE
  answers: Record<string, Answer>
}

/** Reads a summary; errors as zod reports them, with the field in the path. */
export const summarySchema = z
  .strictObject({ template: z.literal(TEMPLATE), answers: z.record(z.string(), answerSchema) })
  .superRefine(({ answers }, context) => {
    for (const [id, answer] of Object.entries(answers)) {
      const known = FIELDS.find((each) => each.id === id)
      const add = (message: string) => context.addIssue({ code: 'custom', path: ['answers', id], message })
      if (!known) add('the template has no such field')
      else if (answer.known === 'not provided') {
        if (answer.value !== undefined) add('what is not provided has no value')
      } else {
        const read = valueSchemas[known.kind].safeParse(answer.value)
        if (!read.success) add(`${read.error.issues[0]!.path.join('.')} ${read.error.issues[0]!.message}`.trim())
      }
    }
  })
