import type { RawBuilder, SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'
import {
  findDescribedWork,
  findWithdrawn,
  listDescribedWorks,
  readParties,
  type DescribedRow,
  type WorkScope,
} from '../register/index.ts'
import { findHiddenAmong, readTermsOfWorks, repeatableStatement, type RightsRule } from '../rights/index.ts'

/** Terms that hold for a work, as far as anybody may read them. */
interface SaidOfWork {
  id: string
  party: string
  rules: RightsRule[]
  conflict: 'perm' | undefined
  /** Whether its party declared the work or is named as its creator. */
  hasSay: boolean
}

/** A public work as it goes out. */
export interface DescribedWork extends DescribedRow {
  /** What whoever declared it goes by, or its DID. */
  partyName: string
  /** Names of creators, in their order. */
  creatorNames: string[]
  terms: SaidOfWork[]
  /** When the record changed last (ISO). */
  changedAt: string
  /** From when it is no longer given out: its declaration was taken back, or a community keeps it. */
  goneFrom: string | undefined
}

/** Works at a time: what is held in memory, whatever there is in all. */
export const WORKS_AT_ONCE = 200

/**
 * A page of works with their terms at a moment (ISO), those that are gone too; `next` is where the following page begins
 * behind, undefined at the end.
 */
export async function describePage(
  queries: Queries,
  scope: WorkScope,
  asked: { after: string; limit: number; at: string; where?: RawBuilder<SqlBool> | undefined },
): Promise<{ works: DescribedWork[]; next: string | undefined }> {
  const rows = await listDescribedWorks(queries, scope, asked)
  return {
    works: await describeRows(queries, rows, asked.at),
    next: rows.length < asked.limit ? undefined : rows.at(-1)!.id,
  }
}

/** One public work, also when it is gone. */
export async function describeWork(queries: Queries, id: string, at: string): Promise<DescribedWork | undefined> {
  const row = await findDescribedWork(queries, id)
  return row && (await describeRows(queries, [row], at))[0]
}

/** All works of a scope that may go out, a page of them in memory at a time. */
export async function* describedWorks(queries: Queries, scope: WorkScope, at: string): AsyncGenerator<DescribedWork> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const page = await describePage(queries, scope, { after, limit: WORKS_AT_ONCE, at })
    yield* page.works.filter(({ goneFrom }) => goneFrom === undefined)
    after = page.next
  }
}

async function describeRows(queries: Queries, rows: readonly DescribedRow[], at: string): Promise<DescribedWork[]> {
  if (rows.length === 0) return []
  const terms = await readTermsOfWorks(queries, rows, at)
  const withdrawn = await findWithdrawn(queries, rows, at)
  const hidden = await findHiddenAmong(queries, rows, at)
  const parties = rows.flatMap(({ party, creators }) => [party, ...creators.flatMap((each) => each.party ?? [])])
  const told = await readParties(queries, parties)
  const names = new Map([...told].map(([id, { name }]) => [id, name]))
  const named = new Map([...told].map(([id, { recordedAt }]) => [id, recordedAt]))
  return rows.map((row) => {
    const { inForce, changedAt, isFree } = terms.get(row.id)!
    const renamed = [row.party, ...row.creators.map(({ party }) => party)].map((party) => named.get(party ?? ''))
    const all = [row.recordedAt, changedAt, withdrawn.get(row.id), ...renamed]
    const moments = all.filter((each) => each !== undefined)
    const last = moments.sort().at(-1)!
    return {
      ...row,
      rightsStatement: withdrawn.has(row.id) ? row.rightsStatement : repeatableStatement(row.rightsStatement, isFree),
      partyName: names.get(row.party) ?? row.party,
      creatorNames: row.creators.flatMap(({ name, party }) => name ?? names.get(party ?? '') ?? []),
      terms: inForce
        .filter(({ rules }) => rules.length > 0)
        .map(({ entry, rules, hasSay }) => ({
          id: entry.id,
          party: entry.party,
          rules,
          conflict: entry.conflict === 'perm' ? ('perm' as const) : undefined,
          hasSay,
        })),
      changedAt: last,
      goneFrom: withdrawn.get(row.id) ?? (hidden.has(row.id) ? last : undefined),
    }
  })
}
