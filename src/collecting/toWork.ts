import { asColophonError, isPublicAddress } from '../foundation/index.ts'
import { SHARES_TOTAL, normaliseIdentifier, type IdentifierScheme, type WorkFields } from '../register/index.ts'
import { isPublicDomain } from '../rights/index.ts'
import { languageOf, mediumOf } from './kinds.ts'
import type { Problem, SourceCreator, SourceIdentifier, SourceRecord } from './record.ts'
import { ZERO, readRights, type RightsReading } from './rightsWords.ts'

export type Role = 'creator' | 'rightsholder' | 'custodian'

/** What holds for every record that does not say otherwise. */
export interface Defaults {
  role: Role
  /** Who declares; unknown in a preview. */
  party?: string
  creator?: string
  medium?: WorkFields['medium']
  language?: string
  rights?: string
}

/** A record as it would be declared. */
export interface Described {
  work: WorkFields
  /** Records with the same stand in one collection: the statement, the role, and whether terms may reserve it. */
  standing: Standing
  notes: string[]
}

export interface Standing {
  role: Role
  rightsStatement?: string
  mayBeReserved: boolean
}

class Refusal extends Error {
  readonly problem: Problem
  constructor(field: string, what: string, remedy: string) {
    super(what)
    this.problem = { field, what, remedy }
  }
}

/**
 * Turns a record into what is said of a work. What is plainly wrong (a check digit, an address, shares) refuses the
 * record, because a wrong identifier would reserve somebody else's work; what is only unknown is left out, with a note.
 */
export function describeRecord(record: SourceRecord, defaults: Defaults): Described | { problem: Problem } {
  if (record.problem) return { problem: record.problem }
  try {
    const notes: string[] = []
    const rights = standingOf(record, defaults, notes)
    const identifiers = readIdentifiers(record.identifiers ?? [])
    const medium = mediumOf(record.kinds ?? []) ?? defaults.medium ?? mediumOfIdentifiers(identifiers)
    const language = readLanguage(record.language, notes) ?? defaults.language
    const creators = readCreators(record.creators ?? [], medium, rights, defaults)
    const urls = readUrls(record.urls ?? [])
    const sha256 = record.sha256 === undefined ? undefined : readSha256(record.sha256)
    const work: WorkFields = {
      title: readTitle(record, identifiers, notes),
      medium,
      ...(language ? { language } : {}),
      ...(creators.length > 0 ? { creators } : {}),
      ...(identifiers.length > 0 ? { identifiers } : {}),
      ...(urls.length > 0 ? { urls } : {}),
      ...(sha256 ? { fingerprints: { sha256 } } : {}),
    }
    return { work, standing: rights, notes }
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem }
    throw error
  }
}

/** Spaces for control characters and line ends, nothing that turns the direction of writing, and no more than allowed. */
function plainText(text: string, charactersMax: number): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim()
  if (plain.length <= charactersMax) return plain
  return `${plain.slice(0, charactersMax - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function readTitle(record: SourceRecord, identifiers: WorkFields['identifiers'] & object, notes: string[]): string {
  const given = plainText(record.title ?? '', 100_000)
  if (given.length > 500) notes.push('the title is longer than 500 characters, and was cut')
  if (given !== '') return plainText(given, 500)
  const other = plainText(record.otherTitle ?? '', 500)
  const [first] = identifiers
  if (other === '' && !first)
    throw new Refusal('title', 'there is no title', 'Fill it in, or say which column holds it (--map).')
  notes.push('there is no title, so it goes by what is known')
  return other !== '' ? other : `${first!.scheme.toUpperCase()} ${first!.value}`
}

/** What a standard's number says about its bearer. */
const MEDIUM_OF_SCHEME: Partial<Record<IdentifierScheme, WorkFields['medium']>> = {
  isrc: 'sound',
  iswc: 'sound',
  isbn: 'text',
  issn: 'text',
  isan: 'video',
}

function mediumOfIdentifiers(identifiers: { scheme: IdentifierScheme }[]): WorkFields['medium'] {
  return identifiers.flatMap(({ scheme }) => MEDIUM_OF_SCHEME[scheme] ?? [])[0] ?? 'other'
}

function readLanguage(text: string | undefined, notes: string[]): string | undefined {
  const [first = ''] = (text ?? '').split(/[;|,/]/)
  if (first.trim() === '') return undefined
  const language = languageOf(first)
  if (!language) notes.push(`the language is not known: ${plainText(first, 40)}`)
  return language
}

const IDENTIFIERS_MAX = 50

function readIdentifiers(given: readonly SourceIdentifier[]): { scheme: IdentifierScheme; value: string }[] {
  const read = new Map<string, { scheme: IdentifierScheme; value: string }>()
  for (const { scheme, value } of given) {
    if (value.trim() === '') continue
    const found = scheme ? { scheme, value: readIdentifier(scheme, value) } : guessIdentifier(value)
    if (found) read.set(`${found.scheme} ${found.value}`, found)
  }
  if (read.size > IDENTIFIERS_MAX)
    throw new Refusal(
      'identifiers',
      `there are more than ${IDENTIFIERS_MAX}`,
      'Declare the parts as works of their own.',
    )
  return [...read.values()]
}

function readIdentifier(scheme: IdentifierScheme, value: string): string {
  try {
    return normaliseIdentifier(scheme, value)
  } catch (error) {
    const what = `${value.trim().slice(0, 60)} ${asColophonError(error).message}`
    throw new Refusal(scheme, what, 'Correct it, or leave it empty.')
  }
}

/** An identifier that is written without its scheme, when its form and its check digit leave no doubt. */
export function guessIdentifier(text: string): { scheme: IdentifierScheme; value: string } | undefined {
  const value = text.trim()
  const scheme = FORMS.find(([, form]) => form.test(value))?.[0]
  if (!scheme) return undefined
  try {
    return { scheme, value: normaliseIdentifier(scheme, value) }
  } catch {
    return undefined
  }
}

const FORMS: [IdentifierScheme, RegExp][] = [
  ['doi', /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/|info:doi\/)?10\.\d{4,9}\//i],
  ['isbn', /^(?:(?:urn:)?isbn(?:-1[03])?[:\s]*)?97[89][\d\s-]{10,14}$/i],
  ['isbn', /^(?:urn:)?isbn(?:-1[03])?[:\s]*[\dX\s-]{10,17}$/i],
  ['issn', /^(?:urn:)?issn[:\s]*\d{4}-?\d{3}[\dX]$/i],
  ['iswc', /^(?:iswc[:\s]*)?T-?\d{3}\.?\d{3}\.?\d{3}-?\d$/i],
  ['isrc', /^(?:isrc[:\s]*)?[A-Z]{2}-?[A-Z\d]{3}-?\d{2}-?\d{5}$/],
  ['iscc', /^iscc:[A-Z2-7]{10,}$/i],
  ['isan', /^isan[:\s]*[\dA-F-]{16,}/i],
]

const URLS_MAX = 50

function readUrls(given: readonly string[]): string[] {
  const urls = new Set<string>()
  for (const text of given) {
    const trimmed = text.trim()
    if (trimmed !== '') urls.add(readUrl(trimmed))
  }
  return [...urls].slice(0, URLS_MAX)
}

function readUrl(text: string): string {
  const whole = /^www\.[^\s/]+\.[^\s/]{2,}/i.test(text) ? `https://${text}` : text
  const refuse = (what: string) =>
    new Refusal('url', `${text.slice(0, 100)} ${what}`, 'Give an address of http or https that anybody can reach.')
  if (!URL.canParse(whole)) throw refuse('is not an address')
  const url = new URL(whole)
  if (!/^https?:$/.test(url.protocol)) throw refuse('is not an address of the web')
  if (url.username !== '' || url.password !== '') throw refuse('holds a user name or password')
  if (url.href.length > 2000) throw refuse('is longer than 2000 characters')
  if (isInside(url.hostname)) throw refuse('is not on the public internet')
  return url.href
}

/** Names and numbers of a network's own inside; nothing is looked up. */
function isInside(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (/^[\d.]+$/.test(host) || host.includes(':')) return !isPublicAddress(host)
  return !host.includes('.') || /\.(local|localhost|internal|lan|home\.arpa|invalid|test)$/i.test(host)
}

function readSha256(text: string): string {
  const hash = text.trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(hash)) return hash
  throw new Refusal('sha256', 'a SHA-256 has 64 hexadecimal digits', 'Correct it, or leave it empty.')
}

const CREATORS_MAX = 100

function readCreators(
  given: readonly SourceCreator[],
  medium: WorkFields['medium'],
  { role }: Standing,
  { party, creator }: Defaults,
): WorkFields['creators'] & object {
  const named = given
    .map((each) => ({ ...each, name: plainText(each.name, 200) }))
    .filter(
      ({ name }) =>
        name !== '' && !/^(unknown|unbekannt|inconnu|sconosciuto|desconocido|onbekend|nieznany)$/i.test(name),
    )
  if (named.length > CREATORS_MAX)
    throw new Refusal('creators', `there are more than ${CREATORS_MAX}`, 'Name those who have a share in it.')
  const usual = medium === 'picture' ? 'artist' : 'author'
  if (named.length === 0) {
    if (role !== 'creator' || (!party && !creator)) return []
    return [{ ...(party ? { party } : {}), ...(creator ? { name: creator } : {}), role: usual, share: SHARES_TOTAL }]
  }
  const shares = sharesOf(named)
  return named.map(({ name, role: said, layer }, i) => ({
    // Whoever declares what he made himself, under the name that the record has, is the one that it names.
    ...(role === 'creator' && party && creator !== undefined && sameName(name, creator) ? { party } : {}),
    name,
    role: roleWord(said) ?? usual,
    share: shares[i]!,
    ...(layer ? { layer } : {}),
  }))
}

function sameName(a: string, b: string): boolean {
  const words = (name: string) =>
    name
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean)
      .sort()
      .join(' ')
  return words(a) === words(b)
}

function roleWord(text: string | undefined): string | undefined {
  const word = (text ?? '')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  return /^[a-z][a-z-]{1,39}$/.test(word) ? word : undefined
}

/** What each layer's creators share: as it is said, or in equal parts where nothing is said. */
function sharesOf(creators: readonly SourceCreator[]): number[] {
  const shares = creators.map(() => 0)
  const layers = Map.groupBy(creators.keys(), (i) => creators[i]!.layer)
  for (const [layer, places] of layers) {
    const said = places.filter((i) => creators[i]!.share !== undefined)
    if (said.length === 0) {
      places.forEach((i, place) => (shares[i] = equalPart(place, places.length)))
      continue
    }
    const sum = places.reduce((total, i) => total + (creators[i]!.share ?? 0), 0)
    if (sum !== SHARES_TOTAL)
      throw new Refusal(
        'shares',
        `the shares${layer ? ` of the ${layer}` : ''} sum to ${sum / 100}%, not to 100%`,
        'Correct them; who has no share gets 0.',
      )
    for (const i of places) shares[i] = creators[i]!.share ?? 0
  }
  return shares
}

function equalPart(place: number, count: number): number {
  return Math.floor(SHARES_TOTAL / count) + (place < SHARES_TOTAL % count ? 1 : 0)
}

function standingOf(record: SourceRecord, { role, rights }: Defaults, notes: string[]): Standing {
  const own = readRights(record.rights ?? [])
  const reading: RightsReading = own.statement || !own.mayBeReserved || !rights ? own : readRights([rights])
  const statement = reading.statement
  if (reading.note) notes.push(reading.note)
  // Only who made a work can give it away (CC0); what is free for its age has keepers and no owners.
  const isKept = !reading.mayBeReserved && statement !== ZERO
  return {
    role: isKept ? 'custodian' : role,
    ...(statement ? { rightsStatement: statement } : {}),
    mayBeReserved: reading.mayBeReserved && !isPublicDomain(statement),
  }
}
