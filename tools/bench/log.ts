import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openDatabase, systemEffects, uuidV7 } from '../../src/foundation/index.ts'
import { directoryFiles, makeSigner, openLog } from '../../src/log/index.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../../src/statements/index.ts'
import { openTestRegister } from '../../tests/support/testRegister.ts'
import { median, printTable, type BenchRow } from './table.ts'

const WRITERS = 256

/** The log on the real disk; the peer is SQLite in WAL mode with synchronous=full, in batches of the same size. */
export async function bench(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  try {
    const rows: BenchRow[] = []
    const log = await openLog({
      files: directoryFiles(join(directory, 'log')),
      signer: makeSigner('bench.example', pem),
    })
    const entry = new Uint8Array(500).fill(65)
    const startBytes = process.memoryUsage().heapUsed
    const appends = await writersPerSecond(200_000, () => log.append(entry))
    rows.push({
      what: 'acknowledged appends, 256 writers',
      ours: appends,
      unit: '/s',
      peer: { name: 'SQLite WAL full', figure: sqliteAppends(directory, entry) },
      target: '≥ 20,000',
      input: '200,000 × 500 B',
    })
    rows.push({
      what: 'heap growth',
      ours: Math.max(0.01, (process.memoryUsage().heapUsed - startBytes) / 1e6),
      unit: 'MB',
      target: 'does not grow',
      input: '200,000 entries',
    })
    const singles: number[] = []
    for (let i = 0; i < 200; i++) singles.push(await timed(() => log.append(entry)))
    rows.push({ what: 'single append, median', ours: median(singles), unit: 'ms', target: '≤ 5', input: '200 × 500 B' })
    await writersPerSecond(800_000, () => log.append(entry))
    await log.publish()
    const proofs: number[] = []
    for (let i = 0; i < 500; i++) proofs.push(await timed(() => log.prove((i * 7919 * 131) % log.size)))
    rows.push({
      what: 'receipt with inclusion proof, median',
      ours: median(proofs),
      unit: 'ms',
      target: '≤ 1',
      input: `${log.size.toLocaleString('en')} entries`,
    })
    await log.close()
    rows.push(await statements(directory))
    printTable(rows)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function writersPerSecond(count: number, write: () => Promise<unknown>): Promise<number> {
  let left = count
  const start = performance.now()
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (left-- > 0) await write()
    }),
  )
  return (count / (performance.now() - start)) * 1000
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function sqliteAppends(directory: string, entry: Uint8Array): number {
  const db = new DatabaseSync(join(directory, 'peer.sqlite'))
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = full; CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)',
  )
  const insert = db.prepare('INSERT INTO entry (body) VALUES (?)')
  const start = performance.now()
  for (let batch = 0; batch < 100_000 / WRITERS; batch++) {
    db.exec('BEGIN')
    for (let i = 0; i < WRITERS; i++) insert.run(entry)
    db.exec('COMMIT')
  }
  const perSecond = (100_000 / (performance.now() - start)) * 1000
  db.close()
  return perSecond
}

async function statements(directory: string): Promise<BenchRow> {
  const count = 20_000
  const database = openDatabase({ file: join(directory, 'register.sqlite') })
  const { register } = await openTestRegister(database, directoryFiles(join(directory, 'statements')))
  const signer = newSigner()
  const documents = Array.from({ length: count }, (_, i) =>
    signStatement(
      makeStatement(
        signer.issuer,
        [
          {
            type: 'Work',
            id: `urn:uuid:${uuidV7(systemEffects)}`,
            role: 'creator',
            title: `Work ${i}`,
            medium: 'picture',
            fingerprints: { sha256: 'ab'.repeat(32) },
          },
        ],
        systemEffects,
      ),
      signer,
    ),
  )
  const perSecond = await writersPerSecond(count, () => appendStatement(register, documents.pop() ?? documents))
  await register.log.close()
  await database.close()
  return {
    what: 'statements verified, appended, projected',
    ours: perSecond,
    unit: '/s',
    target: '≥ 3,000',
    input: `${count.toLocaleString('en')} works`,
  }
}
