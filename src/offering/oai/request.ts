import { z } from 'zod'
import { isoTime } from '../../foundation/index.ts'
import { readSetSpec } from './sets.ts'

/** What a harvester asks for that cannot be answered, by the codes of OAI-PMH 2.0 section 3.6. */
export class OaiError extends Error {
  readonly code: OaiErrorCode
  constructor(code: OaiErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

type OaiErrorCode =
  'badArgument' | 'badResumptionToken' | 'badVerb' | 'cannotDisseminateFormat' | 'idDoesNotExist' | 'noRecordsMatch'

const metadataPrefixes = ['oai_dc', 'edm'] as const
export type MetadataPrefix = (typeof metadataPrefixes)[number]

/** Where a list goes on, and what it is a list of. */
export interface ListState {
  prefix: MetadataPrefix
  set?: string | undefined
  /** As they were asked for: days, or seconds. */
  from?: string | undefined
  until?: string | undefined
  /** The last work that was told, and how many before it. */
  after: string
  told: number
}

export type OaiRequest =
  | { verb: 'Identify' }
  | { verb: 'ListMetadataFormats'; identifier?: string | undefined }
  | { verb: 'ListSets'; after: string; told: number }
  | { verb: 'GetRecord'; identifier: string; prefix: MetadataPrefix }
  | { verb: 'ListIdentifiers' | 'ListRecords'; list: ListState }

/** The arguments of each verb: those that are needed, and those that may be given. */
const VERBS: Record<OaiRequest['verb'], { needed: string[]; allowed: string[] }> = {
  Identify: { needed: [], allowed: [] },
  ListMetadataFormats: { needed: [], allowed: ['identifier'] },
  ListSets: { needed: [], allowed: ['resumptionToken'] },
  GetRecord: { needed: ['identifier', 'metadataPrefix'], allowed: [] },
  ListIdentifiers: { needed: ['metadataPrefix'], allowed: ['from', 'until', 'set', 'resumptionToken'] },
  ListRecords: { needed: ['metadataPrefix'], allowed: ['from', 'until', 'set', 'resumptionToken'] },
}

const LENGTH_MAX = 2000

/** Reads the arguments of a request. Errors: `OaiError`. */
export function readRequest(given: URLSearchParams): OaiRequest {
  const verbs = given.getAll('verb')
  if (verbs.length !== 1 || !Object.hasOwn(VERBS, verbs[0]!))
    throw new OaiError('badVerb', 'give one verb, and one of the six of OAI-PMH')
  const verb = verbs[0] as OaiRequest['verb']
  const fields = readFields(verb, given)
  const token = fields.get('resumptionToken')
  switch (verb) {
    case 'Identify':
      return { verb }
    case 'ListMetadataFormats':
      return { verb, identifier: fields.get('identifier') }
    case 'ListSets':
      return token === undefined ? { verb, after: '', told: 0 } : { verb, ...readSetsToken(token) }
    case 'GetRecord':
      return { verb, identifier: fields.get('identifier')!, prefix: readPrefix(fields.get('metadataPrefix')!) }
    default:
      return { verb, list: token === undefined ? readList(fields) : readListToken(token) }
  }
}

function readFields(verb: OaiRequest['verb'], given: URLSearchParams): Map<string, string> {
  const { needed, allowed } = VERBS[verb]
  const fields = new Map<string, string>()
  for (const [name, value] of given) {
    if (name === 'verb') continue
    if (![...needed, ...allowed].includes(name)) throw new OaiError('badArgument', `${verb} takes no such argument`)
    if (fields.has(name)) throw new OaiError('badArgument', `${name} is given twice`)
    if (value === '' || value.length > LENGTH_MAX) throw new OaiError('badArgument', `${name} is empty or too long`)
    fields.set(name, value)
  }
  if (fields.has('resumptionToken')) {
    if (fields.size > 1) throw new OaiError('badArgument', 'a resumptionToken stands alone')
    return fields
  }
  const missing = needed.find((name) => !fields.has(name))
  if (missing !== undefined) throw new OaiError('badArgument', `${missing} is missing`)
  return fields
}

function readPrefix(text: string): MetadataPrefix {
  if ((metadataPrefixes as readonly string[]).includes(text)) return text as MetadataPrefix
  throw new OaiError('cannotDisseminateFormat', 'records are given as oai_dc and as edm')
}

function readList(fields: Map<string, string>): ListState {
  const prefix = readPrefix(fields.get('metadataPrefix')!)
  const [from, until] = [fields.get('from'), fields.get('until')]
  for (const text of [from, until]) if (text !== undefined) requireDate(text)
  if (from !== undefined && until !== undefined) {
    if (from.length !== until.length) throw new OaiError('badArgument', 'from and until differ in granularity')
    if (from > until) throw new OaiError('badArgument', 'from is later than until')
  }
  const set = fields.get('set')
  if (set !== undefined && readSetSpec(set) === undefined) throw new OaiError('badArgument', 'no set has such a name')
  return { prefix, set, from, until, after: '', told: 0 }
}

/** A day, or a moment to the second in UTC, that the calendar has. */
function requireDate(text: string): void {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(day)
  const time = Date.parse(day)
  if (!isMoment || Number.isNaN(time) || toSeconds(isoTime(time)) !== day)
    throw new OaiError('badArgument', 'a date is written as 2026-01-31 or as 2026-01-31T12:00:00Z')
}

/** A moment as OAI-PMH writes one. */
export function toSeconds(iso: string): string {
  return `${iso.slice(0, 19)}Z`
}

const ID = z.string().max(120)
const count = z.int().min(0).max(1_000_000_000)
const listTokenSchema = z.tuple([
  z.enum(metadataPrefixes),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
  ID,
  count,
])
const setsTokenSchema = z.tuple([z.literal('sets'), z.string().max(400), count])

/**
 * A token says by itself where its list goes on, so it needs no memory here, never runs out, and gives the same answer
 * whenever it is used. Who writes one by hand asks for nothing that he could not ask for anyway.
 */
export function writeListToken({ prefix, set, from, until, after, told }: ListState): string {
  return encode([prefix, set ?? null, from ?? null, until ?? null, after, told])
}

export function writeSetsToken(after: string, told: number): string {
  return encode(['sets', after, told])
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Only what is written as we write it: signs that mean nothing in Base64 are none of ours. */
function decode(token: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    return encode(value) === token ? value : undefined
  } catch {
    return undefined
  }
}

const notOurs = () => new OaiError('badResumptionToken', 'this token was not given here')

function readListToken(token: string): ListState {
  const parsed = listTokenSchema.safeParse(decode(token))
  if (!parsed.success) throw notOurs()
  const [prefix, set, from, until, after, told] = parsed.data
  const fields = { set, from, until }
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null)
  try {
    return { ...readList(new Map([...given, ['metadataPrefix', prefix]])), after, told }
  } catch {
    throw notOurs()
  }
}

function readSetsToken(token: string): { after: string; told: number } {
  const parsed = setsTokenSchema.safeParse(decode(token))
  if (!parsed.success) throw notOurs()
  return { after: parsed.data[1], told: parsed.data[2] }
}
