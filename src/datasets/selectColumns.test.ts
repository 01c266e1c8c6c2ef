import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { selectColumns, withDuckDb } from './input.ts'
import { literal } from './sql.ts'

test('bytes of Parquet are hashes where a hash is wanted, and else texts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-input-test-'))
  const path = join(folder, 'rows.parquet')
  try {
    await withDuckDb(async (connection) => {
      await connection.run(
        `COPY (SELECT * FROM (VALUES (1, encode('Għada'), '\\xAB\\xCD'::BLOB), (2, '\\xFF\\xFE'::BLOB, NULL)) t(n, words, digest)) TO ${literal(path)} (FORMAT parquet)`,
      )
      const columns = { text: 'words', sha256: 'digest' }
      const select = await selectColumns(connection, [path], columns, ['text', 'sha256'])
      const read = await connection.runAndReadAll(select)
      assert.deepEqual(read.getRows(), [
        ['Għada', 'abcd'],
        [null, null],
      ])
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('without a column the options that exist are named', async () => {
  await withDuckDb((connection) =>
    assert.rejects(
      selectColumns(connection, ['rows.parquet'], {}, ['culturalDomain', 'reservedNow']),
      (error: { remedy?: string }) => {
        assert.match(error.remedy ?? '', /--cultural-domain-column, --reserved-now-column/)
        return true
      },
    ),
  )
})
