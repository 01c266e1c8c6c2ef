import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, PostgresDialect, SqliteDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { limits } from './limits.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>
/** A database or the handle of an open transaction: whatever a store's function may be given. */
export type Queries = Kysely<Tables> | Transaction<Tables>
export type DialectName = 'sqlite' | 'postgres'

export interface OpenDatabase {
  db: Database
  dialect: DialectName
  close(): Promise<void>
}

/**
 * Opens PostgreSQL when `databaseUrl` is given, otherwise the SQLite file (or `:memory:`).
 * Integers come back as bigint and bytes as Uint8Array on both.
 */
export function openDatabase(options: { databaseUrl?: string | undefined; file: string }): OpenDatabase {
  return options.databaseUrl ? openPostgres(options.databaseUrl) : openSqlite(options.file)
}

function openPostgres(connectionString: string): OpenDatabase {
  const types = { getTypeParser: postgresTypeParser } as unknown as pg.CustomTypesConfig
  const pool = new pg.Pool({ connectionString, max: 8, types })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { db, dialect: 'postgres', close: () => db.destroy() }
}

const POSTGRES_INT8 = 20
const POSTGRES_INT4 = 23
const POSTGRES_NUMERIC = 1700

function postgresTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === POSTGRES_INT8 || oid === POSTGRES_INT4 || oid === POSTGRES_NUMERIC) return (text: string) => BigInt(text)
  return pg.types.getTypeParser(oid, format as 'text')
}

function openSqlite(file: string): OpenDatabase {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const connection = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5000 })
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = full; PRAGMA trusted_schema = off')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyFace(connection) }) })
  return { db, dialect: 'sqlite', close: () => db.destroy() }
}

/** The three methods that Kysely's SQLite dialect calls, over node:sqlite, keeping prepared statements. */
function kyselyFace(connection: DatabaseSync) {
  const prepared = new Map<string, ReturnType<typeof prepareStatement>>()
  return {
    close: () => connection.close(),
    prepare(sql: string) {
      let statement = prepared.get(sql)
      if (!statement) {
        statement = prepareStatement(connection, sql)
        if (prepared.size >= 500) prepared.clear()
        prepared.set(sql, statement)
      }
      return statement
    },
  }
}

function prepareStatement(connection: DatabaseSync, sql: string) {
  const statement = connection.prepare(sql)
  statement.setReadBigInts(true)
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters: readonly unknown[]) => {
      const { changes, lastInsertRowid } = statement.run(...(parameters as SQLInputValue[]))
      return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) }
    },
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
  }
}

/** Inserts rows in chunks that stay under the parameter limit of both databases. */
export async function insertChunked(queries: Queries, table: keyof Tables, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0]!).length
  const chunkRows = Math.max(1, Math.floor(limits.insertParametersMax / columns))
  for (let start = 0; start < rows.length; start += chunkRows) {
    await queries
      .insertInto(table)
      .values(rows.slice(start, start + chunkRows) as never)
      .execute()
  }
}
