import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import {
  ColophonError,
  fromBase64,
  insertChunked,
  schemaTables,
  toBase64,
  type DialectName,
  type Queries,
  type Tables,
} from '../../foundation/index.ts'

const ROWS_AT_ONCE = 500

type Row = Record<string, unknown>

/** Writes rows of tables as lines of JSON, `{"table":…,"row":{…}}`; `queries` sees one state of the database. */
export async function exportTables(
  queries: Queries,
  dialect: DialectName,
  tables: readonly string[],
  file: string,
  more: readonly { table: string; row: Row }[] = [],
): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    const write = (table: string, rows: readonly Row[]) =>
      handle.write(rows.map((row) => `${JSON.stringify({ table, row: encodeRow(row) })}\n`).join(''))
    for (const table of tables) {
      const rows = dialect === 'postgres' ? fetchRows(queries, table) : streamRows(queries, table)
      for await (const some of rows) await write(table, some)
    }
    for (const { table, row } of more) await write(table, [row])
  } finally {
    await handle.close()
  }
}

async function* streamRows(queries: Queries, table: string): AsyncGenerator<Row[]> {
  const rows = queries
    .selectFrom(table as keyof Tables)
    .selectAll()
    .stream()
  for await (const row of rows) yield [row as Row]
}

/** Through a cursor of the transaction, so that a large table needs no memory. */
async function* fetchRows(queries: Queries, table: string): AsyncGenerator<Row[]> {
  await sql`DECLARE rows_to_save NO SCROLL CURSOR FOR SELECT * FROM ${sql.table(table)}`.execute(queries)
  for (;;) {
    const { rows } = await sql<Row>`FETCH ${sql.raw(String(ROWS_AT_ONCE))} FROM rows_to_save`.execute(queries)
    if (rows.length === 0) break
    yield rows
  }
  await sql`CLOSE rows_to_save`.execute(queries)
}

/** Puts such lines into a database whose tables are there and empty. */
export async function importTables(queries: Queries, file: string): Promise<number> {
  const known = new Set(schemaTables())
  let waiting: Row[] = []
  let current = ''
  let count = 0
  const flush = async () => {
    await insertChunked(queries, current as keyof Tables, waiting)
    count += waiting.length
    waiting = []
  }
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    const { table, row } = JSON.parse(line) as { table: string; row: Row }
    if (!known.has(table))
      throw new ColophonError('unreadable_file', 'the backup has a table that this version does not know', {
        where: table,
        remedy: 'Restore it with the version that made it, or a newer one.',
      })
    if (table !== current || waiting.length >= ROWS_AT_ONCE) await flush()
    current = table
    waiting.push(decodeRow(row))
  }
  await flush()
  return count
}

/** Refuses a database that already holds something. */
export async function requireEmptyTables(queries: Queries): Promise<void> {
  for (const table of schemaTables()) {
    const row = await queries
      .selectFrom(table as keyof Tables)
      .selectAll()
      .limit(1)
      .executeTakeFirst()
    if (row)
      throw new ColophonError('state_not_allowed', 'the database is not empty', {
        where: table,
        remedy: 'Give DATABASE_URL of a database that nothing stands in.',
      })
  }
}

/** Integers and bytes have no form of their own in JSON. */
function encodeRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === 'bigint') return [name, { integer: String(value) }]
      if (value instanceof Uint8Array) return [name, { bytes: toBase64(value) }]
      return [name, value]
    }),
  )
}

function decodeRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const { integer, bytes } = (value ?? {}) as { integer?: string; bytes?: string }
      if (typeof value !== 'object' || value === null) return [name, value]
      if (integer !== undefined) return [name, BigInt(integer)]
      return [name, Buffer.from(fromBase64(bytes ?? ''))]
    }),
  )
}
