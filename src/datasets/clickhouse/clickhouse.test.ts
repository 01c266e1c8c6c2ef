import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { ColophonError } from '../../foundation/index.ts'
import { longestStretch } from './checker.ts'
import { arrayParameter, openClickHouse } from './client.ts'
import { readEngineUrl } from './engineUrl.ts'
import { nearCodesSql, selectNearCodes } from './queries.ts'
import { GUARANTEED_RADIUS, SUBSTRINGS, costOf, probesOf, probesSql } from './substrings.ts'
import { CREATE_TABLES, DROP_DATASET, FILL_FROM_ROWS, TABLES } from './tables.ts'

const hasCode = (code: string) => (error: ColophonError) => error.code === code

test('the substrings cover every bit once, and no code within 31 bits can escape all of them', () => {
  const bits = SUBSTRINGS.flatMap(({ offset, length }) => Array.from({ length }, (_, i) => offset + i))
  assert.deepEqual(
    bits,
    Array.from({ length: 256 }, (_, i) => i),
  )
  // The cheapest way to escape is one flip too many in each substring.
  assert.equal(
    SUBSTRINGS.reduce((sum, { flips }) => sum + flips + 1, 0),
    32,
  )
  assert.equal(GUARANTEED_RADIUS, 31)
  assert.ok(SUBSTRINGS.every(({ table, length }) => table < 256 && length <= 24))
})

test('look-ups are counted as they are made', () => {
  for (const { length, flips } of SUBSTRINGS.slice(-2)) {
    const keys = new Set([0])
    for (let i = 0; i < length; i++) {
      keys.add(2 ** i)
      if (flips === 2) for (let k = 0; k < i; k++) keys.add(2 ** i + 2 ** k)
    }
    assert.equal(probesOf({ length, flips }), keys.size)
  }
  const { probes, candidates } = costOf(SUBSTRINGS, 1e9)
  assert.deepEqual([probes, Math.round(candidates)], [2935, 259_757])
})

test('the statements name only our tables and carry no value', () => {
  const all = [...CREATE_TABLES, ...DROP_DATASET, ...FILL_FROM_ROWS, nearCodesSql('{codes0:Array(FixedString(64))}')]
  for (const sql of all) {
    const named = [...sql.matchAll(/colophon_\w+/g)].map(([name]) => name)
    assert.ok(named.length > 0 && named.every((name) => (Object.values(TABLES) as string[]).includes(name)))
  }
  assert.equal(DROP_DATASET.length, Object.keys(TABLES).length)
  // A data set is taken off the list before its rows go.
  assert.ok(DROP_DATASET[0]!.includes(TABLES.datasets))
  assert.equal((probesSql('SELECT 1').match(/SELECT 1\b/g) ?? []).length, 1)
})

test('an address of an engine is read strictly, and its password is in no error', () => {
  const engine = readEngineUrl('clickhouses://maria:p%40ss%2Fw@host.example/works', {})
  assert.equal(engine.endpoint, 'https://host.example:8443/')
  assert.equal(engine.label, 'clickhouses://host.example:8443/works')
  assert.equal(Buffer.from(engine.authorization.slice(6), 'base64').toString(), 'maria:p@ss/w')
  const environment = { CLICKHOUSE_USER: 'reader', CLICKHOUSE_PASSWORD: 'from:env' }
  const short = readEngineUrl('clickhouse://[::1]:80', environment)
  assert.deepEqual([short.endpoint, short.database], ['http://[::1]:80/', 'default'])
  assert.equal(Buffer.from(short.authorization.slice(6), 'base64').toString(), 'reader:from:env')
  for (const wrong of [
    'http://u:hidden@h/x',
    'clickhouse://u:hidden@/x',
    'clickhouse://u:hidden@h/x/y',
    'clickhouse://u:hidden@h/x;y',
    'clickhouse://u:hidden@h/x?z=1',
    'clickhouse://u:hidden@h:99999/x',
    'clickhouse://u:hidden%@h/x',
    'clickhouse://u%3Av:hidden@h/x',
  ])
    assert.throws(
      () => readEngineUrl(wrong, {}),
      (error: ColophonError) => error.code === 'usage' && !error.toLine().includes('hidden'),
      wrong,
    )
})

test('arrays hold numbers and hexadecimal text, nothing else', () => {
  assert.equal(arrayParameter([1, 2n ** 64n - 1n, 'ab01']), "[1,18446744073709551615,'ab01']")
  for (const item of ["a'", 'AB', 'x', '\\']) assert.throws(() => arrayParameter([item]), hasCode('invalid_input'))
})

test('codes are checked before anything is sent', async () => {
  const client = openClickHouse(readEngineUrl('clickhouse://127.0.0.1:1/x', {}))
  await assert.rejects(selectNearCodes(client, ['0'.repeat(63)], 31), hasCode('invalid_input'))
  await assert.rejects(selectNearCodes(client, ['0'.repeat(64)], 32), hasCode('invalid_input'))
  assert.deepEqual(await selectNearCodes(client, [], 31), [])
  await assert.rejects(selectNearCodes(client, ['0'.repeat(64)], 31), hasCode('fetch_failed'))
})

test('a stretch ends where two shared codes lie too far apart', () => {
  assert.deepEqual(longestStretch({ diagonal: 10, offsets: [100, 120, 140, 300, 364, 400] }), {
    lengthMin: 124,
    rowOffset: 290,
  })
  assert.equal(longestStretch({ diagonal: 0, offsets: [1, 100, 200] }).lengthMin, 0)
})

test('whatever a server answers becomes an error that says what to do, without the password', async () => {
  const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    not_authorised: (_, response) => response.writeHead(403, { 'x-clickhouse-exception-code': '516' }).end('no'),
    not_found: (_, response) => response.writeHead(404).end('Code: 81. DB::Exception: no database'),
    echo: (_, response) => response.writeHead(500).end('Code: 1. it was hidden:secret, aGlkZGVu'),
    redirect: (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    page: (_, response) => response.end('<html>hello</html>'),
    half: (_, response) => response.end('{"data":[[1'),
    late: () => {},
    stalled: (_, response) => response.write('{'),
  }
  let kind = ''
  const server = createServer((request, response) => answers[kind]!(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const engine = readEngineUrl(`clickhouse://tester:hidden%3Asecret@127.0.0.1:${port}/x`, {})
  const client = openClickHouse(engine, { select: 300, write: 300 })
  for (kind of Object.keys(answers)) {
    const code = kind.startsWith('not_') ? kind : 'fetch_failed'
    await assert.rejects(client.select('SELECT 1'), (error: ColophonError) => {
      assert.equal(error.code, code, kind)
      assert.ok(!/hidden/.test(`${error.toLine()} ${error.stack}`), error.toLine())
      return true
    })
  }
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})
