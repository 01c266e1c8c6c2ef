import { isScheme } from './tables/headings.ts'
import type { SourceIdentifier, SourceRecord } from './record.ts'
import { guessIdentifier } from './toWork.ts'

/**
 * The texts of a value of JSON or JSON-LD, the wanted language first: plain texts, lists, `{"@value"}`, `{"@id"}`,
 * things with a name, and texts by language.
 */
export function textsOf(value: unknown, language?: string, depth = 0): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (value === null || typeof value !== 'object' || depth > 6) return []
  if (Array.isArray(value))
    return inWantedLanguage(value, language).flatMap((each) => textsOf(each, language, depth + 1))
  const object = value as Record<string, unknown>
  for (const key of [
    '@value',
    'value',
    'name',
    'title',
    'label',
    'prefLabel',
    'rdfs:label',
    'skos:prefLabel',
    'displayName',
  ]) {
    const texts = textsOf(object[key], language, depth + 1)
    if (texts.length > 0) return texts
  }
  const spoken = namesOfPerson(object) ?? textsByLanguage(object, language, depth)
  if (spoken.length > 0) return spoken
  return textsOf(object['@id'] ?? object.id ?? object.url, language, depth + 1)
}

function inWantedLanguage(values: unknown[], language: string | undefined): unknown[] {
  const rank = (value: unknown) => {
    const spoken = (value as { '@language'?: unknown } | null)?.['@language']
    return language !== undefined && typeof spoken === 'string' && isLanguage(spoken, language) ? 0 : 1
  }
  return values.toSorted((a, b) => rank(a) - rank(b))
}

function namesOfPerson({ givenName, familyName }: Record<string, unknown>): string[] | undefined {
  if (typeof familyName !== 'string') return undefined
  return [[givenName, familyName].filter((name) => typeof name === 'string').join(' ')]
}

function textsByLanguage(object: Record<string, unknown>, language: string | undefined, depth: number): string[] {
  const keys = Object.keys(object)
  const isMap =
    keys.length > 0 && keys.every((key) => key === 'def' || key === 'none' || /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(key))
  if (!isMap) return []
  const wanted = keys.find((key) => language !== undefined && isLanguage(key, language))
  const key = wanted ?? keys.find((each) => ['def', 'none', 'en'].includes(each)) ?? keys[0]!
  return textsOf(object[key], language, depth + 1)
}

function isLanguage(found: string, wanted: string): boolean {
  return found.toLowerCase().split('-')[0] === wanted.toLowerCase().split('-')[0]
}

/** Numbers of standards and addresses, told apart from an archive's own numbers, which nobody else would know. */
export function addIdentifiers(record: SourceRecord, values: readonly string[], scheme?: string): void {
  for (const value of values) {
    const identifier = readOne(value, scheme)
    if (identifier) (record.identifiers ??= []).push(identifier)
    else if (/^https?:\/\//i.test(value)) (record.urls ??= []).push(value)
  }
}

function readOne(value: string, scheme: string | undefined): SourceIdentifier | undefined {
  if (scheme !== undefined && isScheme(scheme)) return { scheme, value }
  return guessIdentifier(value) ? { value } : undefined
}

/** Without an id of its own a record of linked data is known by its address. */
export function addresses(texts: readonly string[]): string[] {
  return texts.filter((text) => /^https?:\/\//i.test(text))
}
