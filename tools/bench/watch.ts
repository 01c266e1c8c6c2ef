import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildDatasetIndex,
  literal,
  openDatasetChecker,
  withDuckDb,
  type DatasetInfo,
  type WatchedWork,
} from '../../src/datasets/index.ts'
import { printTable } from './table.ts'

const WORKS = Number(process.env.WORKS ?? 100_000)
const ROWS = Number(process.env.ROWS ?? 1_000_000)
/** One row in so many is of a work. */
const HIT_EVERY = 1000

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * Many works against a data set at once: by file and address, beside a DuckDB join of the same keys; and as pictures in
 * their eight turns. The data set is indexed before; opening its index is part of the time.
 */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-watch-'))
  try {
    const table = join(folder, 'rows.parquet')
    await makeRows(table)
    const directory = join(folder, 'datasets')
    const columns = { url: 'url', sha256: 'sha256', pdq: 'pdq' }
    const built = performance.now()
    const info = await buildDatasetIndex({ directory, inputs: [table], name: 'Rows', version: '1', columns, now: 0 })
    const builtSeconds = (performance.now() - built) / 1000
    const works = makeWorks()
    const exact = works.map((work) => ({ ...work, pdq: undefined }))
    const input = `${WORKS} works, ${ROWS} rows`
    const [exactSeconds, exactHits] = await timed(directory, info, exact)
    const [allSeconds, allHits] = await timed(directory, info, works)
    printTable([
      {
        what: `file and address (${exactHits} places)`,
        ours: exactSeconds,
        unit: 's',
        peer: { name: 'DuckDB join of the same Parquet', figure: await joinSeconds(table, exact) },
        input,
      },
      {
        what: `the same, and pictures in eight turns (${allHits} places)`,
        ours: allSeconds,
        unit: 's',
        target: '120 s at 10M rows',
        input,
      },
      { what: 'indexing the rows before', ours: builtSeconds, unit: 's', input: `${ROWS} rows` },
    ])
    console.log(`Memory at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeRows(path: string): Promise<void> {
  await withDuckDb(async (connection) => {
    await connection.run(
      `COPY (SELECT 'https://site.example/' || i || '.jpg' AS url, CASE WHEN i % ${HIT_EVERY} = 0 THEN sha256('work ' || CAST(i // ${HIT_EVERY} AS VARCHAR)) ELSE sha256('row ' || i) END AS sha256, CASE WHEN i % ${HIT_EVERY} = 1 THEN sha256('picture ' || CAST(i // ${HIT_EVERY} AS VARCHAR)) ELSE sha256('other ' || i) END AS pdq FROM range(${ROWS}) AS r(i)) TO ${literal(path)} (FORMAT parquet)`,
    )
  })
}

function makeWorks(): WatchedWork[] {
  return Array.from({ length: WORKS }, (_, i) => ({
    id: `urn:colophon:item:1:${i}`,
    sha256: hash(`work ${i}`),
    pdq: hash(`picture ${i}`),
    urls: [`https://ann.example/${i}.jpg`],
  }))
}

async function timed(directory: string, info: DatasetInfo, works: WatchedWork[]): Promise<[number, number]> {
  const checker = openDatasetChecker(directory)
  const start = performance.now()
  const hits = await checker.checkMany(info.id, info.parts[0]!.directory, works, works.length)
  const seconds = (performance.now() - start) / 1000
  await checker.close()
  return [seconds, hits!.length]
}

async function joinSeconds(table: string, works: readonly WatchedWork[]): Promise<number> {
  return withDuckDb(async (connection) => {
    const start = performance.now()
    const keys = { ids: works.map(({ id }) => id).join('\n'), values: works.map(({ sha256 }) => sha256!).join('\n') }
    const urls = works.map(({ urls: [url] }) => url!).join('\n')
    await connection.runAndReadAll(
      `WITH k AS (SELECT unnest(string_split($ids, chr(10))) AS id, unnest(string_split($values, chr(10))) AS sha256, unnest(string_split($urls, chr(10))) AS url) SELECT id, r.url FROM k JOIN read_parquet(${literal(table)}) AS r ON r.sha256 = k.sha256 UNION ALL SELECT id, r.url FROM k JOIN read_parquet(${literal(table)}) AS r ON r.url = k.url`,
      { ...keys, urls },
    )
    return (performance.now() - start) / 1000
  })
}
