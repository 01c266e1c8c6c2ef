import type { Queries } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import { readReach, termsEntryOf } from './decide.ts'
import { isInForce } from './decideTerms.ts'
import { effectiveTerms, type EffectiveTerms } from './effectiveTerms.ts'
import { findLabels, termsOfLabels } from './labelStore.ts'
import { isFreeWork } from './publicDomain.ts'
import type { RightsRule } from './rules.ts'
import { rulesInTime } from './rulesInTime.ts'
import { publicOnly } from './seals.ts'
import { findTerms, findTermsOfParty } from './store.ts'
import { asReaching, authorityOf, readTakenBack } from './takenBack.ts'

/** Terms in force that anybody may read. */
export interface SpokenTerms {
  id: string
  party: string
  target: { kind: string; id: string }
  rules: RightsRule[]
  conflict: string | null
  recordedAt: string
  logIndex: number
}

/** Terms that reach a work and count at a moment: a stranger's for the work itself only, because a no of anybody's counts. */
export async function listTermsOfWork(queries: Queries, id: string, at: string): Promise<SpokenTerms[]> {
  const work = await findWork(queries, id)
  if (!work) return []
  const { parties, targets } = await readReach(queries, work)
  const takenBack = await readTakenBack(queries, work, at)
  const rows = (await findTerms(queries, targets)).filter((row) => {
    const isCounted = parties.has(row.party) || row.target_kind === 'work' || row.target_kind === 'set'
    return isCounted && isInForce(asReaching(termsEntryOf(row), takenBack), at)
  })
  return spoken(queries, rows, at)
}

/**
 * What holds for a work at a moment, one entry for each terms and for each label that forbids something, the most
 * specific first. What was said under a seal counts and is not told. `hasSay`: whether its party declared the work or is
 * named as its creator. Undefined when there is no such public work.
 */
export async function readEffectiveTerms(
  queries: Queries,
  id: string,
  at: string,
): Promise<(EffectiveTerms & { hasSay: boolean })[] | undefined> {
  const work = await findWork(queries, id)
  if (!work || work.is_sealed === 1n) return undefined
  const { parties, creators, targets } = await readReach(queries, work)
  const terms = await findTerms(queries, targets)
  const takenBack = await readTakenBack(queries, work, at)
  const labels = await findLabels(queries, targets, at)
  const isFree = takenBack === undefined && (await isFreeWork(queries, work, at))
  const authority = authorityOf(parties, creators, isFree)
  const told = new Set(
    (await publicOnly<{ id: string; log_index: bigint }>(queries, [...terms, ...labels])).map((row) => row.id),
  )
  const said = terms.map((row) => asReaching(termsEntryOf(row), takenBack))
  const all = effectiveTerms([...said, ...termsOfLabels(labels)], authority, at)
  return all.flatMap((each) => (told.has(each.entry.id) ? [{ ...each, hasSay: parties.has(each.entry.party) }] : []))
}

/** Terms of a party for anything, in force at a moment. */
export async function listTermsOfParty(queries: Queries, party: string, at: string): Promise<SpokenTerms[]> {
  return spoken(queries, await findTermsOfParty(queries, party), at)
}

/** All terms of one statement, and whether each is in force at a moment. */
export async function listTermsOfStatement(queries: Queries, statement: string, at: string) {
  const rows = await queries
    .selectFrom('terms')
    .select(['target_kind as kind', 'target as id'])
    .where((where) => where.or([where('terms.id', '=', statement), where('terms.id', 'like', `${statement}#%`)]))
    .execute()
  const terms = (await findTerms(queries, rows)).filter(({ id }) => id.split('#')[0] === statement)
  const inForce = new Set((await spoken(queries, terms, at)).map(({ id }) => id))
  return (await publicOnly(queries, terms)).map((row) => ({ ...toSpoken(row), isInForce: inForce.has(row.id) }))
}

async function spoken(queries: Queries, rows: readonly TermsRow[], at: string): Promise<SpokenTerms[]> {
  const inForce = rows.filter(
    ({ valid_from, valid_until, revoked_from, replaced_from }) =>
      valid_from <= at && [valid_until, revoked_from, replaced_from].every((end) => end === null || at < end),
  )
  return (await publicOnly(queries, inForce)).map(toSpoken)
}

type TermsRow = Awaited<ReturnType<typeof findTerms>>[number]

function toSpoken(row: TermsRow): SpokenTerms {
  return {
    id: row.id,
    party: row.party,
    target: { kind: row.target_kind, id: row.target },
    rules: rulesInTime(JSON.parse(row.rules) as RightsRule[], termsEntryOf(row).endsAt),
    conflict: row.conflict,
    recordedAt: row.recorded_at,
    logIndex: Number(row.log_index),
  }
}
