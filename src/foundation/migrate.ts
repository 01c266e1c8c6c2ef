import { readdirSync, readFileSync } from 'node:fs'
import { Migrator, sql, type Migration } from 'kysely'
import type { OpenDatabase } from './database.ts'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)

/**
 * Brings the database to the newest schema. Migrations are `migrations/NNNN_name.sql`, one portable text for both
 * databases, with three column types: TEXT, INTEGER (64 bits) and BYTES.
 */
export async function migrate(database: OpenDatabase): Promise<void> {
  const migrator = new Migrator({ db: database.db, provider: { getMigrations: async () => readMigrations(database) } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Every table, in the order in which migrations make them: one that refers to another comes after it. */
export function schemaTables(): string[] {
  return readMigrationTexts().flatMap(({ text }) =>
    Array.from(text.matchAll(/^CREATE TABLE (\w+)/gm), ([, name]) => name!),
  )
}

function readMigrationTexts(): { name: string; text: string }[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, MIGRATIONS), 'utf8') }))
}

function readMigrations({ dialect }: OpenDatabase): Record<string, Migration> {
  const migrations: Record<string, Migration> = {}
  for (const { name, text } of readMigrationTexts()) {
    const statements = text
      .replaceAll(/--.*$/gm, '')
      .split(';')
      .map((statement) => toDialect(statement.trim(), dialect))
      .filter((statement) => statement !== '')
    migrations[name] = {
      async up(db) {
        for (const statement of statements) await sql.raw(statement).execute(db)
      },
    }
  }
  return migrations
}

/** PostgreSQL sorts text by code point only when told so; SQLite does by itself. */
function toDialect(statement: string, dialect: string): string {
  if (dialect === 'sqlite') return statement.replaceAll(/\bBYTES\b/g, 'BLOB')
  return statement
    .replaceAll(/\bBYTES\b/g, 'bytea')
    .replaceAll(/\bINTEGER\b/g, 'bigint')
    .replaceAll(/\bTEXT\b/g, 'text COLLATE "C"')
}
