import type { Queries } from '../foundation/index.ts'
import { findItemsTakenBack, findWithdrawn } from '../register/index.ts'
import type { TermsEntry, WorkAuthority } from './decideTerms.ts'

/** That a work's declaration is taken back. */
export interface TakenBack {
  /** By whom it had been declared. */
  party: string
  /** From when (ISO). */
  from: string
  /** The same where it was taken out of its collection alone. */
  outOfCollectionFrom: string | undefined
}

interface Declared {
  id: string
  party: string
  collection: string | null
  logIndex: bigint
}

/** Which of these works are taken back at a moment (ISO); those that stand are not in it. */
export async function findTakenBack(
  queries: Queries,
  works: readonly Declared[],
  at: string,
): Promise<Map<string, TakenBack>> {
  const withdrawn = await findWithdrawn(queries, works, at)
  const items = await findItemsTakenBack(queries, [...withdrawn.keys()])
  const taken = works.filter(({ id }) => withdrawn.has(id))
  return new Map(
    taken.map(({ id, party }) => [id, { party, from: withdrawn.get(id)!, outOfCollectionFrom: items.get(id) }]),
  )
}

/** The same for one work. */
export async function readTakenBack(
  queries: Queries,
  { id, party, collection, log_index: logIndex }: Omit<Declared, 'logIndex'> & { log_index: bigint },
  at: string,
): Promise<TakenBack | undefined> {
  return (await findTakenBack(queries, [{ id, party, collection, logIndex }], at)).get(id)
}

/**
 * Terms as they reach a work. What a party said of its collection is over for an item that it took out of it, from then
 * on. What others said of the collection, labels, and grants stay until whoever said it takes it back; so do a party's
 * own terms for a collection that it took back whole, because a no is not lost by the way.
 */
export function asReaching(entry: TermsEntry, takenBack: TakenBack | undefined): TermsEntry {
  const from = takenBack?.outOfCollectionFrom
  if (from === undefined || entry.targetKind !== 'set' || entry.party !== takenBack!.party || entry.isLabel)
    return entry
  return entry.endsAt !== null && entry.endsAt <= from ? entry : { ...entry, endsAt: from }
}

/** Whose word counts. */
export function authorityOf(
  parties: ReadonlySet<string>,
  creators: readonly { party: string | null; mustConsent: boolean }[],
  isPublicDomain: boolean,
): WorkAuthority {
  return {
    parties,
    mustConsent: creators.flatMap(({ party, mustConsent }) => (party !== null && mustConsent ? [party] : [])),
    isPublicDomain,
  }
}
