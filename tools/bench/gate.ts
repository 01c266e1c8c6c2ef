import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { literal, withDuckDb } from '../../src/datasets/index.ts'
import { writeSnapshot } from '../../src/gate/snapshotFile.ts'
import { gate, type GateReport } from '../../src/gate/index.ts'
import { testLogSigner } from '../../tests/support/testRegister.ts'
import { printTable, type BenchRow } from './table.ts'

const WORKS = Number(process.env.WORKS ?? 1_000_000)
const ROWS = Number(process.env.ROWS ?? 4_000_000)
const NEAR_ROWS = Number(process.env.NEAR_ROWS ?? 300_000)
const CREATED = '2026-11-24T12:00:00.000Z'
/** One row in so many is of a reserved work. */
const HIT_EVERY = 100

/**
 * Rows past a gate: exact keys against a plain DuckDB join and a naive loop with a Map, all reading the same Parquet and
 * writing the kept rows; and pictures by PDQ within 31 bits. Times are of whole runs, the loading of the register included
 * where it is said.
 */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-gate-'))
  try {
    await makeRegister(folder)
    await makeRows(folder)
    printTable([...(await exactRows(folder)), await nearRow(folder)])
    console.log(`Memory at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, peers included.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const sha = (n: number) => createHash('sha256').update(`work ${n}`).digest('hex')
const pdqOf = (n: number) => createHash('sha256').update(`picture ${n}`).digest('hex')
const urlOf = (n: number) => `https://site-${n % 50_000}.example/pictures/${n}.jpg`

async function makeRegister(folder: string): Promise<void> {
  const policy = {
    terms: [
      {
        id: 'urn:uuid:1',
        party: 'did:key:z1',
        targetKind: 'party',
        rules: '[{"action":"tdm:mine","decision":"deny"}]',
        conflict: null,
        validFrom: CREATED,
        endsAt: null,
      },
    ],
    grants: [],
    parties: ['did:key:z1'],
    mustConsent: [],
    isPublicDomain: false,
  }
  const works = Array.from({ length: WORKS }, (_, n) => {
    const found = { codes: { pdq: pdqOf(n), sha256: sha(n) }, urls: [urlOf(n)] }
    return `work urn:colophon:item:1:${String(n).padStart(8, '0')} did:key:z1 1 ${JSON.stringify(found)}`
  })
  const lines = [`policy 1 ${JSON.stringify(policy)}`, ...works]
  const about = { origin: testLogSigner.name, size: 1, root: 'AA==', createdAt: CREATED }
  await writeSnapshot(join(folder), lines, about, testLogSigner)
}

/** Rows of which some are reserved, and the same register as a table for the peers. */
async function makeRows(folder: string): Promise<void> {
  await withDuckDb(async (connection) => {
    const n = `CASE WHEN i % ${HIT_EVERY} = 0 THEN i % ${WORKS} ELSE i + ${WORKS} END`
    const url = (of: string) => `'https://site-' || (${of}) % 50000 || '.example/pictures/' || (${of}) || '.jpg'`
    await connection.run(
      `COPY (SELECT ${url(n)} AS url, sha256('work ' || (${n})) AS sha256 FROM range(${ROWS}) t(i)) TO ${literal(join(folder, 'rows.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    )
    await connection.run(
      `COPY (SELECT ${url('i')} AS url, sha256('work ' || i) AS sha256 FROM range(${WORKS}) t(i)) TO ${literal(join(folder, 'register.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    )
    await connection.run(
      `COPY (SELECT sha256('picture ' || (${n})) AS pdq FROM range(${NEAR_ROWS}) t(i)) TO ${literal(join(folder, 'near.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    )
  })
}

const run = (folder: string, more: Partial<Parameters<typeof gate>[0]>): Promise<GateReport> =>
  gate({
    inputs: [join(folder, 'rows.parquet')],
    columns: { url: 'url', sha256: 'sha256' },
    out: join(folder, 'out'),
    snapshot: folder,
    vkey: testLogSigner.vkey,
    mode: 'opt-out',
    use: { action: 'col:trainGenAI', at: Date.parse(CREATED) },
    ...more,
  })

async function seconds(what: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await what()
  return (performance.now() - began) / 1000
}

async function exactRows(folder: string): Promise<BenchRow[]> {
  let kept = 0
  const plain = await seconds(async () => {
    kept = (await run(folder, { isCommitted: false })).counts.kept
  })
  const committed = await seconds(() => run(folder, { out: join(folder, 'committed') }))
  const joined = await seconds(() => duckDbJoin(folder))
  const looped = await seconds(() => naiveLoop(folder))
  const input = `${ROWS} rows of Parquet with URL and SHA-256, ${WORKS} works with both, 1 row in ${HIT_EVERY} reserved, ${kept} kept; loading and writing included`
  return [
    {
      what: 'exact keys',
      ours: ROWS / plain,
      unit: 'rows/s',
      peer: { name: 'DuckDB join', figure: ROWS / joined },
      target: '≥ 2,000,000',
      input,
    },
    {
      what: 'exact keys',
      ours: ROWS / plain,
      unit: 'rows/s',
      peer: { name: 'loop with a Map', figure: ROWS / looped },
      input,
    },
    { what: 'exact keys, each decision committed to', ours: ROWS / committed, unit: 'rows/s', input },
  ]
}

async function duckDbJoin(folder: string): Promise<void> {
  await withDuckDb(async (connection) => {
    const [rows, register] = ['rows.parquet', 'register.parquet'].map(
      (name) => `read_parquet(${literal(join(folder, name))})`,
    )
    await connection.run(
      `COPY (SELECT r.* FROM ${rows} r ANTI JOIN ${register} a ON r.sha256 = a.sha256 ANTI JOIN ${register} b ON r.url = b.url) TO ${literal(join(folder, 'joined.parquet'))} (FORMAT parquet)`,
    )
  })
}

/** What anybody would write first: two sets, one row after the other, and what is kept as lines. */
async function naiveLoop(folder: string): Promise<void> {
  const { createWriteStream } = await import('node:fs')
  await withDuckDb(async (connection) => {
    const [hashes, urls] = [new Set<string>(), new Set<string>()]
    const read = async (name: string, each: (row: [string, string]) => void) => {
      const reader = await connection.stream(`SELECT sha256, url FROM read_parquet(${literal(join(folder, name))})`)
      for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
        for (const row of chunk.getRows()) each(row as [string, string])
    }
    await read('register.parquet', ([hash, url]) => {
      hashes.add(hash)
      urls.add(url)
    })
    const out = createWriteStream(join(folder, 'looped.jsonl'))
    await read('rows.parquet', ([hash, url]) => {
      if (!hashes.has(hash) && !urls.has(url)) out.write(`${JSON.stringify({ url, hash })}\n`)
    })
    await new Promise<void>((done) => out.end(() => done()))
  })
}

/** Timed from the first part that is done to the last one: loading the register, and making tables of it, is before that. */
async function nearRow(folder: string): Promise<BenchRow> {
  const partRows = Math.max(1, Math.floor(NEAR_ROWS / 8))
  const parts: { at: number; done: number }[] = []
  const { counts } = await run(folder, {
    inputs: [join(folder, 'near.parquet')],
    columns: { pdq: 'pdq' },
    out: join(folder, 'near'),
    partRows,
    tell: (done) => parts.push({ at: performance.now(), done }),
  })
  const pictures = counts.matches.picture ?? 0
  const [first, last] = [parts[0]!, parts.at(-1)!]
  return {
    what: 'pictures within 31 of 256 bits, as they stand',
    ours: ((last.done - first.done) / (last.at - first.at)) * 1000,
    unit: 'rows/s',
    target: '≥ 60,000',
    input: `${NEAR_ROWS} codes past ${WORKS}, ${pictures} found; timed from the first of its eight parts to the last, after the register was loaded`,
  }
}
