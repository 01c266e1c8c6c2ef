import type { Queries } from '../foundation/index.ts'
import { grantEntryOf, parentDomains, termsEntryOf } from './decide.ts'
import { decideTerms, type TermsAnswer, type TermsEntry, type UseRequest, type WorkAuthority } from './decideTerms.ts'
import { listLabels, termsOfLabels } from './labelStore.ts'
import { listGrants, listTerms } from './store.ts'
import { asReaching, type TakenBack } from './takenBack.ts'

/** What of a work its rights depend on. */
export interface WorkFacts {
  id: string
  collection?: string
  hosts?: readonly string[]
  authority: WorkAuthority
  takenBack?: TakenBack | undefined
}

/** All terms and grants of a register in memory, for many decisions at once. It is of the moment when it was read. */
export interface RightsIndex {
  decide(work: WorkFacts, request: UseRequest): TermsAnswer
  /** Everything that was said about a work, to whomever it was granted: what its decisions depend on. */
  about(work: WorkFacts): { terms: readonly TermsEntry[]; grants: readonly GrantEntry[] }
  /** Every domain, or every party, that terms are attached to, with what each party says of it. */
  targets(kind: 'domain' | 'party'): IterableIterator<{ target: string; party: string; terms: readonly TermsEntry[] }>
  /** How many terms and grants there are. */
  count: number
}

/** A grant, and to whom. */
export type GrantEntry = TermsEntry & { licensee: string }

const ROWS_AT_ONCE = 20_000
const NONE: readonly TermsEntry[] = []

/** Reads all terms and grants, and labels as far as they are approved at a moment (ISO). */
export async function openRightsIndex(queries: Queries, at: string): Promise<RightsIndex> {
  const terms = new Map<string, TermsEntry[]>()
  const grants = new Map<string, TermsEntry[]>()
  const licensees = new Map<string, Set<string>>()
  let count = 0
  const texts = new Map<string, string>()
  // Most terms say the same as many others: one text is enough.
  const shared = (text: string) => texts.get(text) ?? (texts.set(text, text), text)
  const add = (map: Map<string, TermsEntry[]>, key: string, entry: TermsEntry) => {
    const known = map.get(key)
    if (known) known.push({ ...entry, rules: shared(entry.rules) })
    else map.set(key, [{ ...entry, rules: shared(entry.rules) }])
    count++
  }
  await eachPage(
    (after) => listTerms(queries, after, ROWS_AT_ONCE),
    (row) => add(terms, `${row.target_kind} ${row.target}`, termsEntryOf(row)),
  )
  await eachPage(
    (after) => listGrants(queries, after, ROWS_AT_ONCE),
    (row) => {
      const target = `${row.target_kind} ${row.target}`
      add(grants, `${row.licensee} ${target}`, grantEntryOf(row))
      licensees.set(target, (licensees.get(target) ?? new Set()).add(row.licensee))
    },
  )
  await eachPage(
    (after) => listLabels(queries, after, ROWS_AT_ONCE, at),
    (row) => termsOfLabels([row]).forEach((entry) => add(terms, `${row.target_kind} ${row.target}`, entry)),
  )
  const found = (map: Map<string, TermsEntry[]>, prefix: string, targets: readonly string[]) => {
    let entries: readonly TermsEntry[] = NONE
    for (const target of targets) {
      const more = map.get(prefix + target)
      if (more) entries = entries.length === 0 ? more : [...entries, ...more]
    }
    return entries
  }
  const termsAbout = (work: WorkFacts, targets: readonly string[]) => {
    const [entries, { takenBack }] = [found(terms, '', targets), work]
    return takenBack ? entries.map((entry) => asReaching(entry, takenBack)) : entries
  }
  return {
    count,
    decide(work, request) {
      const targets = targetsOf(work)
      const granted = request.licensee ? found(grants, `${request.licensee} `, targets) : NONE
      return decideTerms(termsAbout(work, targets), granted, work.authority, request)
    },
    about(work) {
      const targets = targetsOf(work)
      const granted = targets.flatMap((target) =>
        [...(licensees.get(target) ?? [])].flatMap((licensee) =>
          grants.get(`${licensee} ${target}`)!.map((entry) => ({ ...entry, licensee })),
        ),
      )
      return { terms: termsAbout(work, targets), grants: granted }
    },
    *targets(kind) {
      for (const [key, entries] of terms) {
        if (!key.startsWith(`${kind} `)) continue
        const target = key.slice(kind.length + 1)
        for (const [party, own] of Map.groupBy(entries, (entry) => entry.party)) yield { target, party, terms: own }
      }
    },
  }
}

function targetsOf({ id, collection, hosts = [], authority }: WorkFacts): string[] {
  const targets = [`work ${id}`]
  if (collection) targets.push(`set ${collection}`)
  for (const host of hosts) for (const domain of parentDomains(host)) targets.push(`domain ${domain}`)
  for (const party of authority.parties) targets.push(`party ${party}`)
  return targets
}

async function eachPage<Row extends { log_index: bigint; id: string }>(
  read: (after: { logIndex: bigint; id: string }) => Promise<Row[]>,
  take: (row: Row) => void,
): Promise<void> {
  let after = { logIndex: -1n, id: '' }
  for (let rows = await read(after); rows.length > 0; rows = await read(after)) {
    for (const row of rows) take(row)
    const last = rows.at(-1)!
    after = { logIndex: last.log_index, id: last.id }
  }
}
