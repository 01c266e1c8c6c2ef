import type { LineageStep } from '../../lineage/index.ts'
import type { Answer } from '../template.ts'

/**
 * The Model Documentation Form of the Code of Practice for general-purpose AI models (Transparency chapter, measure 1.1,
 * July 2025): every field in its order. It goes to the AI Office, national authorities and downstream providers on
 * request; it is not published.
 */
export const MODEL_FORM: readonly { id: string; section: string; label: string }[] = (
  [
    ['General information', 'legalName', 'Legal name of the model provider'],
    ['General information', 'modelName', 'Model name'],
    ['General information', 'authenticity', 'Model authenticity'],
    ['General information', 'releaseDate', 'Release date'],
    ['General information', 'unionReleaseDate', 'Union market release date'],
    ['General information', 'dependencies', 'Model dependencies'],
    ['Model properties', 'architecture', 'Model architecture'],
    ['Model properties', 'design', 'Design specifications of the model'],
    ['Model properties', 'inputs', 'Input modalities and maximum input size'],
    ['Model properties', 'outputs', 'Output modalities and maximum output size'],
    ['Model properties', 'parameters', 'Total model size (parameters, at least two significant figures)'],
    ['Methods of distribution and licences', 'channels', 'Distribution channels'],
    ['Methods of distribution and licences', 'licence', 'Licence'],
    ['Use', 'acceptableUse', 'Acceptable use policy'],
    ['Use', 'intendedUses', 'Intended uses'],
    ['Use', 'systems', 'Type and nature of AI systems into which it can be integrated'],
    ['Use', 'technicalMeans', 'Technical means for integration'],
    ['Use', 'hardware', 'Required hardware'],
    ['Use', 'software', 'Required software'],
    ['Training process', 'trainingDesign', 'Design specifications of the training process'],
    ['Training process', 'rationale', 'Decision rationale'],
    ['Data used for training, testing and validation', 'dataTypes', 'Data type and modality'],
    ['Data used for training, testing and validation', 'dataProvenance', 'Data provenance'],
    ['Data used for training, testing and validation', 'dataObtained', 'How data was obtained and selected'],
    ['Data used for training, testing and validation', 'dataPoints', 'Number of data points'],
    ['Data used for training, testing and validation', 'dataScope', 'Scope and main characteristics'],
    ['Data used for training, testing and validation', 'curation', 'Data curation methodologies'],
    [
      'Data used for training, testing and validation',
      'unsuitable',
      'Measures to detect unsuitability of data sources',
    ],
    ['Data used for training, testing and validation', 'biases', 'Measures to detect identifiable biases'],
    ['Computational resources', 'trainingTime', 'Training time'],
    ['Computational resources', 'computation', 'Amount of computation used for training (FLOP)'],
    ['Computational resources', 'computationMethod', 'Measurement methodology of the computation'],
    ['Energy consumption', 'energy', 'Energy used for training (MWh, at least two significant figures)'],
    ['Energy consumption', 'energyMethod', 'Measurement methodology of the energy'],
    ['Energy consumption', 'inference', 'Benchmarked amount of computation used for inference (FLOP)'],
    ['Energy consumption', 'inferenceMethod', 'Measurement methodology of the inference'],
  ] as const
).map(([section, id, label]) => ({ section, id, label }))

const SUMMARY_ORIGINS: Record<string, string> = {
  publicUsed: 'publicly available data sets',
  licensedUsed: 'data licensed by rightsholders',
  privateUsed: 'private data of third parties',
  crawled: 'web crawling',
  interactions: 'user data: interactions with the model',
  otherServices: 'user data: other services',
  synthetic: 'synthetic data',
  others: 'other sources',
}

/** The form, filled from what the summary and the lineage say; all else as it was attested, or not provided. */
export function modelFormAnswers(
  attested: Record<string, string>,
  summary: Record<string, Answer>,
  steps: readonly LineageStep[],
): Record<string, Answer> {
  const derived = derivedAnswers(summary, steps)
  return Object.fromEntries(
    MODEL_FORM.map(({ id }): [string, Answer] => {
      const said = attested[id]
      if (said !== undefined) return [id, { value: said, known: 'attested' }]
      return [id, derived[id] ?? { known: 'not provided' }]
    }),
  )
}

function derivedAnswers(
  summary: Record<string, Answer>,
  steps: readonly LineageStep[],
): Record<string, Answer | undefined> {
  const copy = (id: string): Answer | undefined =>
    typeof summary[id]?.value === 'string' ? { ...summary[id], basis: 'as in the public summary' } : undefined
  const origins = Object.entries(SUMMARY_ORIGINS).flatMap(([id, name]) => (summary[id]?.value === true ? [name] : []))
  const sizes = summary.sizes?.value as { modality: string; approximate?: string }[] | undefined
  const curated = steps.filter(({ activity }) =>
    ['filter', 'deduplicate', 'sample', 'transform', 'annotate', 'translate'].includes(activity),
  )
  const basis = 'from the lineage'
  const text = (value: string, known: Answer['known'] = 'inferred'): Answer | undefined =>
    value === '' ? undefined : { value, known, basis }
  const sized = summary.sizes?.known ?? 'inferred'
  return {
    modelName: copy('models'),
    unionReleaseDate: copy('marketDate'),
    dependencies: copy('dependencies'),
    dataTypes: text((sizes ?? []).map(({ modality }) => modality).join(', '), sized),
    dataProvenance: text(origins.join('; ')),
    dataPoints: text((sizes ?? []).flatMap(({ approximate }) => approximate ?? []).join('; '), sized),
    dataScope: copy('languages'),
    curation: text(
      curated
        .map(({ activity, name, description, tool }) =>
          [`${activity}: ${name ?? tool?.name ?? ''}`.trim(), description].filter(Boolean).join(', '),
        )
        .join('; '),
    ),
  }
}
