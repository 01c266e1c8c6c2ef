import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { literal, withDuckDb } from '../../datasets/index.ts'
import { aggregate } from './aggregate.ts'
import { MANY_NOTE } from './indicator.ts'
import { indicatorsOf } from './indicators.ts'
import { gini, hill, topShare } from './measures.ts'

test('of very many sites and creators the largest are named, and all are in the figures', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-many-test-'))
  const path = join(folder, 'rows.parquet')
  try {
    await withDuckDb((connection) =>
      connection.run(
        `COPY (SELECT 'https://' || (i % 3) || '.site-' || (i % 25000) || '.example.org/x' AS u, CASE WHEN i % 100 = 7 THEN 'Unknown' ELSE 'maker ' || (i % 30000) END AS c, i % 30000 AS w FROM range(60000) t(i)) TO ${literal(path)} (FORMAT parquet)`,
      ),
    )
    const totals = await aggregate([path], { url: 'u', creator: 'c', weight: 'w' })
    assert.deepEqual(
      [totals.groups.domain!.size, totals.unnamed?.domain],
      [1, undefined],
      'all hosts are of one registrable domain',
    )
    const list = indicatorsOf(totals, { weightBasis: 'w', threshold: 0.01 })
    const { figures, table, note, unknownShare } = list.find(({ id }) => id === 'creators')!
    const sizes = Array.from({ length: 30_000 }, (_, i) => 2 * i).filter((_, i) => i > 0 && i % 100 !== 7)
    const wanted = [hill(sizes, 1), hill(sizes, 2), gini(sizes)]
    for (const [i, { value, low, high }] of figures.entries()) {
      assert.ok(Math.abs(value! / wanted[i]! - 1) < 1e-9, `${value} is not ${wanted[i]}`)
      assert.ok(low! < value! && value! < high!)
    }
    assert.ok(note!.includes(MANY_NOTE))
    assert.equal(table!.rows[0]![0], 'maker 29999')
    assert.equal(table!.rows.length + table!.more, sizes.length)
    assert.ok(Math.abs(unknownShare! - 0.01) < 0.001)
    const sites = await aggregate([path], { domain: 'c', weight: 'w' })
    const [top] = indicatorsOf(sites, { weightBasis: 'w', threshold: 0.01 }).find(
      ({ number }) => number === 14,
    )!.figures
    assert.equal(top!.value, topShare(sizes, Math.ceil(sizes.length / 10)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
