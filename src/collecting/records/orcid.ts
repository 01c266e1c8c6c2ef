import { z } from 'zod'
import { parseJson } from '../../foundation/index.ts'
import { normaliseIdentifier } from '../../register/index.ts'
import { collectingLimits, unreadable, type OpenSource, type Reach, type SourceRecord } from '../record.ts'
import { isAddress, readWhole } from '../sites/reach.ts'

const text = z.object({ value: z.string() }).nullish()
const externalId = z.object({
  'external-id-type': z.string(),
  'external-id-value': z.string(),
  'external-id-relationship': z.string().nullish(),
})
/** A work of the ORCID API 3.0, as a summary or whole. */
const workSchema = z.object({
  'put-code': z.union([z.number(), z.string()]).nullish(),
  title: z.object({ title: text, subtitle: text }).nullish(),
  type: z.string().nullish(),
  url: text,
  'language-code': z.string().nullish(),
  'external-ids': z.object({ 'external-id': z.array(externalId).nullish() }).nullish(),
  contributors: z.object({ contributor: z.array(z.object({ 'credit-name': text })).nullish() }).nullish(),
})
const worksSchema = z.object({
  group: z.array(z.object({ 'work-summary': z.array(workSchema).min(1) })).nullish(),
  bulk: z.array(z.object({ work: workSchema.nullish() })).nullish(),
})
const recordSchema = z.object({ 'activities-summary': z.object({ works: worksSchema }) })

const API = 'https://pub.orcid.org/v3.0'

/** Opens somebody's works: by an ORCID, an address of its API, or a file with what that answered. */
export async function openOrcid(where: string, reach: Reach): Promise<OpenSource> {
  const isId = !isAddress(where) || /^https?:\/\/(www\.)?orcid\.org\//.test(where)
  const id = isId ? orcidOf(where) : undefined
  const { body } = await readWhole(id ? `${API}/${id}/works` : where, { ...reach, accept: 'application/json' })
  const json = parseJson(body, where, collectingLimits.answerBytesMax)
  const whole = recordSchema.safeParse(json)
  const works = whole.success ? whole.data['activities-summary'].works : worksSchema.safeParse(json).data
  if (!works?.group && !works?.bulk)
    throw unreadable('these are no works of ORCID', where, 'Give an ORCID, or what its API answers for /works.')
  return { format: 'ORCID', records: orcidRecords(works) }
}

function orcidOf(where: string): string | undefined {
  try {
    return normaliseIdentifier('orcid', where)
  } catch (error) {
    if (/^[\dxX-]{16,19}$/.test(where)) throw error
    return undefined
  }
}

async function* orcidRecords({ group, bulk }: z.infer<typeof worksSchema>): AsyncGenerator<SourceRecord> {
  // What several sources say of one work is a group, and the first one is that which its author prefers.
  for (const each of group ?? []) yield orcidRecord(each['work-summary'][0]!)
  for (const { work } of bulk ?? []) if (work) yield orcidRecord(work)
}

/** Types of standards' numbers, by the names that ORCID gives them. */
const SCHEMES = ['doi', 'isbn', 'issn'] as const

function orcidRecord(work: z.infer<typeof workSchema>): SourceRecord {
  const code = work['put-code']
  const title = [work.title?.title?.value, work.title?.subtitle?.value].filter(Boolean).join(': ')
  const names = (work.contributors?.contributor ?? []).flatMap((each) => each['credit-name']?.value ?? [])
  const ids = work['external-ids']?.['external-id'] ?? []
  // A chapter names the book that it is a part of, and that number is not its own.
  const own = ids.filter((each) => (each['external-id-relationship'] ?? 'self').toLowerCase() === 'self')
  const record: SourceRecord = {
    place: code ? `put-code ${code}` : title,
    kinds: [work.type ?? 'text', 'text'],
    title,
    identifiers: own.flatMap((each) => {
      const scheme = SCHEMES.find((name) => name === each['external-id-type'].toLowerCase())
      return scheme ? [{ scheme, value: each['external-id-value'] }] : []
    }),
    urls: work.url?.value ? [work.url.value] : [],
    creators: names.map((name) => ({ name })),
  }
  if (code) record.id = `orcid ${code}`
  if (work['language-code']) record.language = work['language-code']
  return record
}
