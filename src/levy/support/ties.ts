import type { Queries } from '../../foundation/index.ts'
import type { ApplicationRow, AssessorRow, CallRow } from './store.ts'
import { sentFields } from './applications.ts'

/** Why an assessor may have nothing to do with an application, whatever anybody declares. */
export type TieRule = 'same-party' | 'named' | 'mandate' | 'organisation'

const AT_ONCE = 500

/** What the register says of how parties stand to one another, read once for many questions. */
export interface Ties {
  /** The keys and organisations of each party, itself included. */
  circles: Map<string, Set<string>>
  /** Pairs of which one has let the other speak for it at any time since the call opened. */
  mandates: Set<string>
}

/** Reads what ties the assessors of a call to applicants. */
export async function readTies(
  queries: Queries,
  call: Pick<CallRow, 'opens'>,
  assessors: readonly string[],
  applicants: readonly string[],
): Promise<Ties> {
  const circles = new Map<string, Set<string>>()
  const all = [...new Set([...assessors, ...applicants])]
  for (const party of all) circles.set(party, new Set([party]))
  for (let start = 0; start < all.length; start += AT_ONCE) {
    const some = all.slice(start, start + AT_ONCE)
    const rows = await queries
      .selectFrom('party_key')
      .select(['party', 'signing_key'])
      .where((eb) => eb.or([eb('party', 'in', some), eb('signing_key', 'in', some)]))
      .execute()
    for (const { party, signing_key: key } of rows) {
      circles.get(party)?.add(key)
      circles.get(key)?.add(party)
    }
  }
  return { circles, mandates: assessors.length === 0 ? new Set() : await readMandates(queries, call, assessors) }
}

async function readMandates(
  queries: Queries,
  { opens }: Pick<CallRow, 'opens'>,
  assessors: readonly string[],
): Promise<Set<string>> {
  const from = `${opens}T00:00:00.000Z`
  const rows = await queries
    .selectFrom('mandate')
    .leftJoin('revocation', 'revocation.target', 'mandate.id')
    .select(['principal', 'representative', 'valid_until', 'effective_from'])
    .where((eb) => eb.or([eb('principal', 'in', assessors), eb('representative', 'in', assessors)]))
    .execute()
  return new Set(
    rows
      .filter(({ valid_until, effective_from }) => [valid_until, effective_from].every((end) => !end || end > from))
      .map(({ principal, representative }) => pairOf(principal, representative)),
  )
}

const pairOf = (a: string, b: string) => [a, b].toSorted().join(' ')

/** The rule by which an assessor is conflicted; undefined where none is. */
export function tieBetween(ties: Ties, assessor: AssessorRow, application: ApplicationRow): TieRule | undefined {
  const { party: applicant } = application
  if (assessor.party === applicant) return 'same-party'
  const own = ties.circles.get(assessor.party) ?? new Set()
  if ([...(ties.circles.get(applicant) ?? [])].some((one) => own.has(one))) return 'same-party'
  if (ties.mandates.has(pairOf(assessor.party, applicant))) return 'mandate'
  const fields = sentFields(application)
  if (fields?.knows.includes(assessor.party)) return 'named'
  const [theirs, mine] = [nameKey(fields?.organisation), nameKey(assessor.organisation)]
  return theirs !== undefined && theirs === mine ? 'organisation' : undefined
}

/** Spelling, case and spaces make no other organisation. */
function nameKey(name: string | null | undefined): string | undefined {
  const key = name
    ?.normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  return key === undefined || key === '' ? undefined : key
}
