import type { Queries } from '../foundation/index.ts'
import { findWithdrawn } from '../register/index.ts'
import type { TermsEntry, WorkAuthority } from './decideTerms.ts'
import { isPublicDomain } from './publicDomain.ts'

/** From when (ISO) a party took back what it had declared. */
export interface TakenBack {
  party: string
  from: string
}

/** The same for one work, at a moment (ISO); undefined while its declaration stands. */
export async function readTakenBack(
  queries: Queries,
  { id, party, collection, log_index }: { id: string; party: string; collection: string | null; log_index: bigint },
  at: string,
): Promise<TakenBack | undefined> {
  const from = (await findWithdrawn(queries, [{ id, collection, logIndex: log_index }], at)).get(id)
  return from === undefined ? undefined : { party, from }
}

/**
 * Terms as they reach a work. What a party said of its collection as a whole is over for what it took back from when it
 * did; what others said of the collection, labels, and grants stay until whoever said it takes it back.
 */
export function asReaching(entry: TermsEntry, takenBack: TakenBack | undefined): TermsEntry {
  if (!takenBack || entry.targetKind !== 'set' || entry.party !== takenBack.party || entry.isLabel) return entry
  const { from } = takenBack
  return entry.endsAt !== null && entry.endsAt <= from ? entry : { ...entry, endsAt: from }
}

/** Whose word counts; a rights statement that was taken back frees nothing. */
export function authorityOf(
  parties: ReadonlySet<string>,
  creators: readonly { party: string | null; mustConsent: boolean }[],
  { rightsStatement, takenBack }: { rightsStatement: string | null; takenBack: TakenBack | undefined },
): WorkAuthority {
  return {
    parties,
    mustConsent: creators.flatMap(({ party, mustConsent }) => (party !== null && mustConsent ? [party] : [])),
    isPublicDomain: takenBack === undefined && isPublicDomain(rightsStatement),
  }
}
