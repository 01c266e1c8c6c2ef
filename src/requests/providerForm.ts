import { readFileSync } from 'node:fs'
import type { LetterInput } from './letter.ts'
import { worksOf } from './openCase.ts'

/** A form that a provider wants requests through, as a source says. */
export interface ProviderForm {
  provider: string
  /** Words that the names of its data sets and models hold, in small letters. */
  datasets: string[]
  models: string[]
  /** Kinds of requests that the form takes. */
  kinds: string[]
  url: string
  source: string
  /** The day on which that was looked at. */
  seenAt: string
  /** It is about personal data alone: other requests go by letter. */
  personalOnly: boolean
}

const { forms } = JSON.parse(readFileSync(new URL('forms.json', import.meta.url), 'utf8')) as { forms: ProviderForm[] }

/** The form that a case could go through beside its letter, where one is known; private cases are sent by nobody. */
export function formOf({ kind, details, evidence }: Pick<LetterInput, 'kind' | 'details' | 'evidence'>) {
  const dataset = evidence.hit.datasetName.toLowerCase()
  const model = (details.model ?? '').toLowerCase()
  const holds = (name: string, words: readonly string[]) => name !== '' && words.some((word) => wordIn(name, word))
  return forms.find((form) => form.kinds.includes(kind) && (holds(dataset, form.datasets) || holds(model, form.models)))
}

/** Whole words: a name that only begins alike is another one. Numbers of versions may follow. */
function wordIn(name: string, word: string): boolean {
  return new RegExp(`(^|[^\\p{L}\\p{N}])${word}([^\\p{L}]|$)`, 'u').test(name)
}

/** What such forms ask, to be copied field by field, from the frozen evidence. */
export function formFields(letter: LetterInput): {
  addresses: string[]
  rows: string[]
  titles: string[]
  hash: string
} {
  const works = worksOf(letter)
  return {
    addresses: works.flatMap(({ hit }) => hit.url ?? []),
    rows: works.map(({ hit }) => `${hit.datasetName} ${hit.datasetVersion}, ${hit.row}`),
    titles: works.map(({ title }) => title),
    hash: letter.evidenceHash,
  }
}
