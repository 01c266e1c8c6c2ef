import { existsSync } from 'node:fs'
import { z } from 'zod'
import { readable, readerOf, withDuckDb } from '../../datasets/index.ts'
import { ColophonError, type Database, type Queries } from '../../foundation/index.ts'
import { didSchema, textSchema } from '../../statements/index.ts'
import { checkAccount, type PaymentAccount } from '../payments/index.ts'
import { daySchema } from '../plans/schema.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_payee: {
      id: string
      party: string | null
      name: string
      status: string
      successor: string | null
      residence: string | null
      certificate_until: string | null
      iban: string | null
      bic: string | null
      address: string
      language: string | null
      updated_at: string
    }
    levy_search: { id: string; payee: string; done_on: string; what: string }
  }
}

const countrySchema = z.string().regex(/^[A-Z]{2}$/, 'not a country of two capitals')

const payeeSchema = z.strictObject({
  payee: textSchema(200),
  party: didSchema.optional(),
  name: textSchema(200),
  status: z.enum(['located', 'unlocated', 'deceased', 'merged']).default('located'),
  successor: textSchema(200).optional(),
  residence: countrySchema.optional(),
  certificate_until: daySchema.optional(),
  iban: z.string().max(50).optional(),
  bic: z.string().max(20).optional(),
  street: textSchema(70).optional(),
  building_number: textSchema(16).optional(),
  post_code: textSchema(16).optional(),
  town: textSchema(35).optional(),
  country: countrySchema.optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
})

export type Payee = Awaited<ReturnType<typeof listPayees>>[number]

/**
 * Takes payees from a table (.csv, .parquet, .jsonl) with the columns of the schema above; one that is known is replaced.
 * All of them or none. Returns how many there were. Errors: `dataset_invalid` with the row and the reason.
 */
export async function importPayees(db: Database, path: string, at: string): Promise<number> {
  const rows = await readPayees(path)
  await db.transaction().execute(async (queries) => {
    for (const { payee, ...row } of rows) {
      const { street, building_number: buildingNumber, post_code: postCode, town, country } = row
      const address = town && country ? { street, buildingNumber, postCode, town, country } : {}
      const values = {
        id: payee,
        party: row.party ?? null,
        name: row.name,
        status: row.status,
        successor: row.successor ?? null,
        residence: row.residence ?? row.country ?? null,
        certificate_until: row.certificate_until ?? null,
        iban: row.iban ?? null,
        bic: row.bic ?? null,
        address: JSON.stringify(address),
        language: row.language ?? null,
        updated_at: at,
      }
      await queries
        .insertInto('levy_payee')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    }
  })
  return rows.length
}

async function readPayees(path: string) {
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const seen = new Set<string>()
  return withDuckDb(async (connection) => {
    const read = await readable([path], () => connection.runAndReadAll(`SELECT * FROM ${readerOf([path])}`))
    return read.getRowObjects().map((cells, i) => {
      const given = Object.entries(cells).filter(([, cell]) => cell !== null && cell !== '')
      const row = payeeSchema.safeParse(Object.fromEntries(given.map(([name, cell]) => [name, String(cell)])))
      const refuse = (message: string) =>
        new ColophonError('dataset_invalid', message, { where: `${path}, row ${i + 1}`, remedy: 'No payee was taken.' })
      if (!row.success) throw refuse(`${row.error.issues[0]!.path.join('.')}: ${row.error.issues[0]!.message}`)
      if (seen.has(row.data.payee)) throw refuse(`${row.data.payee} stands there twice`)
      seen.add(row.data.payee)
      const { iban, bic, name } = row.data
      const [wrong] = iban
        ? checkAccount({ name, iban, ...(bic ? { bic } : {}) }, 'account').findings.filter(
            ({ severity }) => severity === 'error',
          )
        : []
      if (wrong) throw refuse(`${wrong.where}: ${wrong.what}`)
      return row.data
    })
  })
}

/** Payees by id, or those that a party is. */
export async function listPayees(queries: Queries, by: { ids?: readonly string[]; party?: string; status?: string }) {
  let query = queries.selectFrom('levy_payee').selectAll().orderBy('id')
  if (by.party !== undefined) query = query.where('party', '=', by.party)
  if (by.status !== undefined) query = query.where('status', '=', by.status)
  if (by.ids !== undefined) query = query.where('id', 'in', by.ids.length > 0 ? [...by.ids] : [''])
  return query.execute()
}

/** The account of a payee as a payment file takes it; `undefined` without one. */
export function accountOf(payee: Payee): PaymentAccount | undefined {
  if (!payee.iban) return undefined
  const address = JSON.parse(payee.address) as NonNullable<PaymentAccount['address']> | Record<string, never>
  return {
    name: payee.name,
    iban: payee.iban,
    ...(payee.bic ? { bic: payee.bic } : {}),
    ...('town' in address ? { address: address as NonNullable<PaymentAccount['address']> } : {}),
  }
}
