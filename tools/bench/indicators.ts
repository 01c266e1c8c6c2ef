import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { literal, withDuckDb } from '../../src/datasets/index.ts'
import { aggregate, indicatorsOf } from '../../src/transparency/indicators/index.ts'
import { printTable } from './table.ts'

const ROWS = Number(process.env.ROWS ?? 10_000_000)

/** Indicators of a data set of ten million rows, against DuckDB alone that counts the same columns. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-indicators-'))
  const path = join(folder, 'rows.parquet')
  try {
    await withDuckDb((connection) =>
      connection.run(
        `COPY (SELECT 'https://www.site-' || (hash(i) % 200000) || '.example/' || i AS url,
          ['en','de','fr','es','it','pl','mt','ga',NULL][CAST(1 + hash(i * 3) % 9 AS INTEGER)] AS language,
          ['DE','FR','IT','PL','MT','US',NULL][CAST(1 + hash(i * 5) % 7 AS INTEGER)] AS country,
          1800 + hash(i * 7) % 220 AS year, 'creator ' || (hash(i * 11) % 100000) AS creator,
          ['CC-BY-4.0','MIT',NULL][CAST(1 + hash(i * 13) % 3 AS INTEGER)] AS licence,
          ['crawled','licensed','synthetic'][CAST(1 + hash(i * 17) % 3 AS INTEGER)] AS origin, 1 + hash(i * 19) % 5000 AS tokens
          FROM range(${ROWS}) t(i)) TO ${literal(path)} (FORMAT parquet)`,
      ),
    )
    const start = performance.now()
    const columns = ['url', 'language', 'country', 'year', 'creator', 'licence', 'origin'] as const
    const totals = await aggregate([path], {
      ...Object.fromEntries(columns.map((name) => [name, name])),
      weight: 'tokens',
    })
    const list = indicatorsOf(totals, { weightBasis: 'tokens', threshold: 0.0001 })
    const ours = (performance.now() - start) / 1000
    const begun = performance.now()
    await withDuckDb(async (connection) => {
      for (const name of columns.slice(1))
        await connection.runAndReadAll(`SELECT ${name}, count(*), sum(tokens) FROM ${literal(path)} GROUP BY ALL`)
      await connection.runAndReadAll(
        `SELECT regexp_extract(url, '://([^/]+)', 1) AS host, count(*), sum(tokens) FROM ${literal(path)} GROUP BY ALL`,
      )
    })
    const peer = (performance.now() - begun) / 1000
    const input = `${ROWS.toLocaleString('en')} rows of Parquet, 7 columns and a weight`
    printTable([
      {
        what: 'indicators with intervals',
        ours,
        unit: 's',
        peer: { name: 'DuckDB, counts only', figure: peer },
        target: '≤ 30 s',
        input,
      },
    ])
    console.log(`${list.filter(({ status }) => status === 'measured').length} indicators measured.`)
    console.log(
      `Memory at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, making the input included.`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
