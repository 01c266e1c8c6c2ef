import { parseDocument } from 'yaml'
import { ColophonError, type Json } from '../../foundation/index.ts'
import { checkSize, isObject, listOf, memberOf, refusal, textOf } from './document.ts'
import { ID_KEY } from './huggingFace.ts'
import { licenceOfCard } from './huggingFaceLicences.ts'
import { idOf, safeId } from './names.ts'
import { describe, finish, link, newDraft, stepOf, type LineageReading } from './reading.ts'

/** Reading YAML takes time that grows with the square of a hostile text. */
const HEADER_CHARACTERS_MAX = 64 * 1024
const HEADER = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/

/**
 * A data set or a model out of the front matter of a card of the Hugging Face Hub; its text is for people and is not read.
 * Errors: `invalid_input` for what has no front matter or none in YAML, `too_large`.
 */
export function importHuggingFace(text: string, at?: string): LineageReading {
  checkSize(text)
  const card = headerOf(text)
  const draft = newDraft(text, at)
  const word = (key: string) => textOf(listOf(memberOf(card, key))[0])
  const list = (...keys: string[]) =>
    keys.flatMap((key) => listOf(memberOf(card, key))).flatMap((each) => (typeof each === 'string' ? [each] : []))
  const [datasets, models] = [list('datasets'), list('base_model')]
  const isModel = datasets.length + models.length > 0 || memberOf(card, 'model_name') !== undefined
  const licences = list('license')
  if (licences.length > 1)
    draft.lost.add(`several licences, without saying how they go together: ${licences.join(', ')}`)
  const id = safeId(word(ID_KEY) || draft.documentStep)
  describe(draft, id, {
    type: isModel ? 'Model' : 'Dataset',
    name: word('pretty_name') ?? word('model_name'),
    licence:
      licences.length > 1
        ? undefined
        : licenceOfCard({
            license: licences[0]?.toLowerCase(),
            license_name: word('license_name'),
            license_link: word('license_link'),
          }),
    languages: list('language'),
  })
  const sources = [
    ...list('source_datasets')
      .flatMap((said) => sourceOf(said) ?? [])
      .map((from) => ({ from, type: 'Dataset' as const })),
    ...datasets.map((from) => ({ from, type: 'Dataset' as const })),
    ...models.map((from) => ({ from, type: 'Model' as const })),
  ]
  for (const { from, type } of sources) {
    const name = hubAddress(from, type)
    describe(draft, name, { type, url: /^https?:/i.test(name) ? name : undefined })
    link(draft, stepOf(draft, draft.documentStep, { activity: isModel ? 'train' : 'publish' }), id, name)
  }
  const read = ['pretty_name', 'model_name', 'license', 'license_name', 'license_link', 'language', ID_KEY]
  const others = Object.keys(card).filter(
    (key) => ![...read, 'source_datasets', 'datasets', 'base_model'].includes(key),
  )
  if (others.length > 0) draft.lost.add(`front matter: ${others.map((key) => key.slice(0, 60)).join(', ')}`)
  return finish(draft)
}

function headerOf(text: string): { [key: string]: Json } {
  const header = HEADER.exec(text)?.[1]
  if (header === undefined)
    throw refusal('the card has no front matter between two lines of ---', 'line 1', 'Begin it with YAML front matter.')
  if (header.length > HEADER_CHARACTERS_MAX)
    throw new ColophonError('too_large', `the front matter is longer than ${HEADER_CHARACTERS_MAX} characters`, {
      where: 'front matter',
    })
  try {
    const document = parseDocument(header, { schema: 'core', logLevel: 'silent', uniqueKeys: false })
    const [error] = document.errors
    if (error) throw error
    const value: unknown = document.toJS({ maxAliasCount: 20 })
    if (isObject(value)) return value
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw refusal(`the front matter is no YAML: ${message.slice(0, 200)}`, 'front matter')
  }
  throw refusal('the front matter holds no words with values', 'front matter')
}

/** `original` says that there is no source, and `extended|name` that it is the one named. */
function sourceOf(said: string): string | undefined {
  if (said === 'original' || said.trim() === '') return undefined
  return said.replace(/^extended\|/, '')
}

function hubAddress(name: string, type: 'Dataset' | 'Model'): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return idOf(name)
  return `https://huggingface.co/${type === 'Dataset' ? 'datasets/' : ''}${name}`
}

/** True for text that begins as a card does. */
export function isHuggingFace(text: string): boolean {
  return HEADER.test(text.slice(0, HEADER_CHARACTERS_MAX))
}
