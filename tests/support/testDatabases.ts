import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type OpenDatabase } from '../../src/foundation/index.ts'

/** Starts a PostgreSQL of its own in a temporary directory, or says why there is none. */
export function startPostgres(): { url: string; stop(): void } {
  const bin = findPostgres()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-postgres-'))
  const asUser = process.getuid?.() === 0
  if (asUser) run('chown', ['postgres', directory])
  const user = (command: string, args: string[]) =>
    asUser ? run('runuser', ['-u', 'postgres', '--', command, ...args]) : run(command, args)
  const data = join(directory, 'data')
  user(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'colophon', '--no-sync', '-E', 'UTF8'])
  user(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(directory, 'log'), '-o', `-k ${directory} -h '' -F`, 'start'])
  return {
    url: `postgresql://colophon@/postgres?host=${encodeURIComponent(directory)}`,
    stop() {
      user(join(bin, 'pg_ctl'), ['-D', data, '-w', '-m', 'immediate', 'stop'])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function findPostgres(): string {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
  if (!found)
    throw new Error('PostgreSQL is not installed: these tests need initdb and pg_ctl under /usr/lib/postgresql')
  return found
}

function run(command: string, args: string[]): void {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir() })
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.stderr}`)
}

/** The databases that store tests run on: both, always. */
export function testDatabases(postgresUrl: string): { name: string; open(): Promise<OpenDatabase> }[] {
  return [
    { name: 'node:sqlite', open: async () => openDatabase({ file: ':memory:' }) },
    { name: 'PostgreSQL', open: async () => openFresh(postgresUrl) },
  ]
}

async function openFresh(url: string): Promise<OpenDatabase> {
  const database = openDatabase({ databaseUrl: url, file: '' })
  const { sql } = await import('kysely')
  await sql`DROP SCHEMA public CASCADE`.execute(database.db)
  await sql`CREATE SCHEMA public`.execute(database.db)
  return database
}
