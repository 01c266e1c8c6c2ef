import { listAllKept } from '../../accounts/index.ts'
import { readCase } from '../../requests/index.ts'
import { projectionTables, type Register, type StatementRow } from '../../statements/index.ts'
import { listLogIndexes, listStatementsAt, partyColumns } from '../store.ts'
import type { CaseKey } from './signedRequest.ts'

/** All that a node holds about a party. */
export interface Holdings {
  party: string
  /** What it stated, or was stated in its name. */
  own: StatementRow[]
  /** What others stated in public that names it. */
  about: StatementRow[]
  /** Cases that are kept in the account, and those whose keys were brought along. */
  cases: Awaited<ReturnType<typeof readCase>>[]
}

/** Collects them by the columns of the register's tables that name parties. Errors: `not_found` for a wrong case key. */
export async function readHoldings(register: Register, party: string, keys: readonly CaseKey[]): Promise<Holdings> {
  const { db } = register.database
  const columns = await partyColumns(db, projectionTables(register))
  const indexes = new Set<bigint>()
  for (const { table, column } of columns)
    for (const index of await listLogIndexes(db, table, column, party)) indexes.add(index)
  const rows = await listStatementsAt(
    db,
    [...indexes].sort((a, b) => Number(a - b)),
  )
  const own = rows.filter((row) => isOwn(row, party))
  const kept = await listAllKept(register, party)
  const cases = []
  const all = new Map(
    [...kept.map(({ id, access_key: key }) => ({ id, key })), ...keys].map((one) => [one.id, one.key]),
  )
  for (const [id, key] of all) cases.push(await readCase(register, id, key))
  return { party, own, about: rows.filter((row) => !isOwn(row, party) && row.commitment === null), cases }
}

function isOwn(row: StatementRow, party: string): boolean {
  if (row.issuer === party) return true
  const { credentialSubject } = JSON.parse(row.body ?? '{"credentialSubject":[]}') as {
    credentialSubject: { onBehalfOf?: string }[]
  }
  return credentialSubject.some(({ onBehalfOf }) => onBehalfOf === party)
}

/** Sealed statements that the party signed itself, and that it can have erased. */
export function sealedOf({ own, party }: Holdings): StatementRow[] {
  return own.filter((row) => row.commitment !== null && row.issuer === party && row.outcome === 'accepted')
}

/** Statements that stand on the log with all they say. */
export function publicOf({ own }: Holdings): StatementRow[] {
  return own.filter((row) => row.commitment === null)
}
