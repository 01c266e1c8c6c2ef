import { mkdirSync } from 'node:fs'
import { ColophonError, isoTime, toBase64, type Queries } from '../foundation/index.ts'
import type { Log, NoteSigner } from '../log/index.ts'
import { readProjectedSize, type Register } from '../statements/index.ts'
import { writeSnapshot, type SnapshotHeader } from './snapshotFile.ts'
import { snapshotLines } from './snapshotLines.ts'

const TRIES_MAX = 5

/**
 * Writes a snapshot of a register into a folder, signed by the key of its log: of one place in the log, whatever is
 * recorded meanwhile. Errors: `too_busy` when entries come faster than it is written.
 */
export async function makeSnapshot(
  { log, database, effects }: Pick<Register, 'database' | 'effects'> & { log: Pick<Log, 'checkpoint' | 'origin'> },
  folder: string,
  signer: NoteSigner,
): Promise<SnapshotHeader> {
  mkdirSync(folder, { recursive: true })
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { size, root } = log.checkpoint()
    const createdAt = isoTime(effects.now())
    if (!(await isAt(database.db, size))) continue
    const lines = await snapshotLines(database.db, createdAt)
    if (!(await isAt(database.db, size))) continue
    return writeSnapshot(folder, lines, { origin: log.origin, size, root: toBase64(root), createdAt }, signer)
  }
  throw new ColophonError('too_busy', 'the register grows faster than a snapshot of it is made', {
    remedy: 'Try again later, or follow the log on another machine and make it there.',
  })
}

async function isAt(queries: Queries, size: number): Promise<boolean> {
  return (await readProjectedSize(queries)) === size
}
