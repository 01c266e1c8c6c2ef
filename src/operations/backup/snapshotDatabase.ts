import { DatabaseSync, backup } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { ColophonError, dataPath, parseJson, schemaTables, type Queries } from '../../foundation/index.ts'
import { entriesFrom, parseCheckpoint, type LogSource } from '../../log/index.ts'
import type { Node } from '../../main.ts'
import { entrySchema, projectionTables, readProjectedSize, readSeal } from '../../statements/index.ts'
import type { ManifestHead } from './manifest.ts'
import { exportTables } from './tables.ts'

interface Seal {
  commitment: string
  salt: Uint8Array
  body: string
}

export interface DatabaseSnapshot {
  database: ManifestHead['database']
  /** Tables that no log holds. */
  privateTables: string[]
  /** The log's checkpoint that is saved with it: nothing in the tables lies beyond. */
  checkpoint: string
}

const ALL_PAGES = 2 ** 30
const WAIT_MS = 50
const WAITS_MAX = 600

/**
 * Writes the database, as it is at one moment, to a file, and finds the checkpoint that goes with it. What lies between
 * the two is sealed bodies alone: they are in the vault before their commitment is on the log, and are brought in.
 */
export async function snapshotDatabase(node: Node, read: LogSource, file: string): Promise<DatabaseSnapshot> {
  const { register } = node
  const projections = new Set<string>([...projectionTables(register), 'projection'])
  const privateTables = schemaTables().filter((table) => !projections.has(table))
  const isPostgres = register.database.dialect === 'postgres'
  const checkpoint = isPostgres
    ? await savePostgres(node, read, file, privateTables)
    : await saveSqlite(node, read, file)
  return { database: isPostgres ? 'tables.jsonl' : 'register.sqlite', privateTables, checkpoint }
}

async function saveSqlite(node: Node, read: LogSource, file: string): Promise<string> {
  const live = new DatabaseSync(dataPath(node.config, 'register.sqlite'), { timeout: 5000 })
  try {
    // In one step: a backup in many would begin anew whenever the node writes.
    await backup(live, file, { rate: ALL_PAGES })
  } finally {
    live.close()
  }
  const saved = new DatabaseSync(file)
  try {
    saved.exec('PRAGMA journal_mode = DELETE')
    const row = saved.prepare(`SELECT size FROM projection WHERE name = 'log'`).get() as { size: number } | undefined
    const size = Number(row?.size ?? 0)
    const checkpoint = await checkpointFrom(read, size)
    const insert = saved.prepare('INSERT OR IGNORE INTO vault (commitment, salt, body) VALUES (?, ?, ?)')
    for await (const { commitment, salt, body } of sealsAfter(node, read, size, checkpoint))
      insert.run(commitment, salt, body)
    return checkpoint
  } finally {
    saved.close()
  }
}

async function savePostgres(node: Node, read: LogSource, file: string, tables: readonly string[]): Promise<string> {
  const { db } = node.register.database
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (queries) => {
      const size = await readProjectedSize(queries)
      const checkpoint = await checkpointFrom(read, size)
      const late: { table: string; row: Record<string, unknown> }[] = []
      for await (const seal of sealsAfter(node, read, size, checkpoint))
        if (!(await hasSeal(queries, seal.commitment))) late.push({ table: 'vault', row: { ...seal } })
      await exportTables(queries, 'postgres', tables, file, late)
      return checkpoint
    })
}

async function hasSeal(queries: Queries, commitment: string): Promise<boolean> {
  const row = await queries
    .selectFrom('vault')
    .select('commitment')
    .where('commitment', '=', commitment)
    .executeTakeFirst()
  return row !== undefined
}

/** The first published checkpoint that reaches as far as the tables; a node that serves publishes within moments. */
async function checkpointFrom(read: LogSource, size: number): Promise<string> {
  for (let i = 0; i < WAITS_MAX; i++) {
    const bytes = await read('checkpoint')
    const text = new TextDecoder().decode(bytes)
    if (bytes && parseCheckpoint(text).size >= size) return text
    await sleep(WAIT_MS)
  }
  throw new ColophonError('log_corrupt', `the tables follow ${size} entries, but the log does not reach so far`, {
    remedy: 'Start the node once: it mends what a crash has left, or says what is wrong.',
  })
}

async function* sealsAfter(node: Node, read: LogSource, size: number, checkpoint: string): AsyncGenerator<Seal> {
  for await (const bytes of entriesFrom(read, size, parseCheckpoint(checkpoint).size)) {
    const entry = entrySchema.safeParse(parseJson(bytes, 'log entry')).data
    if (!entry || !('sealed' in entry)) continue
    const { commitment } = entry.sealed
    const seal = await readSeal(node.register, commitment)
    if (seal) yield { commitment, salt: new Uint8Array(seal.salt), body: seal.body }
  }
}
