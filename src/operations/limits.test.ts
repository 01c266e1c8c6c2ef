import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError, readConfig, type RateClass } from '../foundation/index.ts'
import { createMetrics } from './metrics.ts'
import { quotaKeeper } from './quotas.ts'
import { rateClassOf, rateLimiter } from './rateLimits.ts'
import { logDefect, setLogLevel, writeLog } from './writeLog.ts'

const limits = readConfig({}).rateLimits!

test('in any stretch of time a client gets a bucket, and what has flowed into it since', () => {
  const requests = fc.array(fc.record({ waitMs: fc.nat(5000), client: fc.constantFrom('a', 'b') }), { maxLength: 200 })
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 }), (asked, count, seconds) => {
      let now = 0
      const take = rateLimiter({ ...limits, check: { count, seconds } }, () => now)
      const allowed: Record<string, number[]> = { a: [], b: [] }
      for (const { waitMs, client } of asked) {
        now += waitMs
        const { isAllowed, retrySeconds, remaining } = take(client, 'check')
        assert.ok(remaining >= 0 && remaining <= count)
        if (isAllowed) allowed[client]!.push(now)
        else assert.ok(retrySeconds >= 1 && retrySeconds <= Math.ceil(seconds / count))
      }
      for (const times of Object.values(allowed))
        for (const [i, start] of times.entries())
          for (const [j, end] of times.entries())
            if (j >= i) assert.ok(j - i + 1 <= count + ((end - start) / 1000) * (count / seconds) + 1e-6)
    }),
  )
})

test('whoever waits as long as was said is let through', () => {
  let now = 0
  const take = rateLimiter({ ...limits, request: { count: 3, seconds: 3600 } }, () => now)
  for (let i = 0; i < 3; i++) assert.ok(take('a', 'request').isAllowed)
  const { isAllowed, retrySeconds } = take('a', 'request')
  assert.deepEqual([isAllowed, retrySeconds], [false, 1200])
  now += retrySeconds * 1000
  assert.ok(take('a', 'request').isAllowed)
})

test('clients without number need no memory without bound', () => {
  const take = rateLimiter(limits, () => 0, 100)
  for (let i = 0; i < 1000; i++) assert.ok(take(`client ${i}`, 'check').isAllowed)
  assert.equal(take('client 999', 'check').remaining, limits.check.count - 2)
  assert.equal(take('client 0', 'check').remaining, limits.check.count - 1, 'forgotten')
})

test('what costs much is told apart from what does not', () => {
  const cases: [string, string, RateClass | undefined][] = [
    ['POST', '/check', 'check'],
    ['POST', '/api/checks', 'check'],
    ['POST', '/api/checks/abc/passages', 'check'],
    ['POST', '/api/verify', 'upload'],
    ['POST', '/mark', 'upload'],
    ['POST', '/api/statements', 'statement'],
    ['POST', '/sign', 'statement'],
    ['POST', '/requests', 'request'],
    ['POST', '/works/urn:uuid:1/visible', 'request'],
    ['POST', '/works/urn:uuid:1/further', 'request'],
    ['POST', '/add-checkpoint', 'witness'],
    ['POST', '/api/accounts/export', 'account'],
    ['GET', '/works', 'read'],
    ['GET', '/log/tile/0/000', undefined],
    ['GET', '/log', 'read'],
    ['GET', '/metrics', undefined],
    ['GET', '/assets/style.css', undefined],
  ]
  assert.equal(rateClassOf('HEAD', '/fund/simulate'), rateClassOf('GET', '/fund/simulate'))
  assert.equal(rateClassOf('GET', '/fund/simulate'), 'check')
  for (const [method, path, sort] of cases) assert.equal(rateClassOf(method, path), sort, path)
})

test('a party has so many statements and bytes a day, and begins anew at midnight', () => {
  let now = Date.parse('2026-11-24T23:59:00Z')
  const spend = quotaKeeper({ statements: 3, bytes: 1000 }, () => now)
  const isRefused = (error: unknown) => error instanceof ColophonError && error.code === 'too_many_requests'
  spend('a', 100)
  spend('a', 800)
  assert.throws(() => spend('a', 200), isRefused, 'bytes')
  spend('a', 100)
  assert.throws(() => spend('a', 0), isRefused, 'statements')
  spend('b', 1000)
  now += 60_000
  spend('a', 1000)
  const unbounded = quotaKeeper({ statements: 0, bytes: 0 }, () => now)
  for (let i = 0; i < 100; i++) unbounded('a', 1e12)
})

test('the environment is read, and a wrong value is named', () => {
  assert.equal(readConfig({ RATE_LIMITS: 'off' }).rateLimits, undefined)
  assert.deepEqual(readConfig({ RATE_LIMITS: 'check=5/10' }).rateLimits!.check, { count: 5, seconds: 10 })
  for (const env of [
    { RATE_LIMITS: 'checks=1/1' },
    { RATE_LIMITS: 'check=0/1' },
    { QUOTA_BYTES: '-1' },
    { QUOTA_STATEMENTS: '1.5' },
    { LOG_LEVEL: 'loud' },
    { LOG_CLIENTS: 'maybe' },
    { OPERATOR_TOKEN: 'short' },
    { ADAPTERS: 'everything' },
    { ADAPTERS: 'common-crawl=file:///etc/passwd' },
    { ADAPTERS: 'infini-gram=/a/file' },
  ])
    assert.throws(
      () => readConfig(env),
      (error: ColophonError) => error.code === 'usage' && error.toLine().includes(Object.keys(env)[0]!),
    )
})

test('labels are escaped, and histograms are cumulative', () => {
  const metrics = createMetrics()
  metrics.count('c', { path: 'a"b\\c\nd' })
  metrics.observe('h', 0.03, { route: '/' })
  metrics.observe('h', 20, { route: '/' })
  const text = metrics.text([{ name: 'g', help: 'A gauge.', values: [[{}, 1]] }])
  assert.ok(text.includes('c{path="a\\"b\\\\c\\nd"} 1'))
  assert.ok(text.includes('h_bucket{route="/",le="0.025"} 0\nh_bucket{route="/",le="0.05"} 1'))
  assert.ok(text.includes('h_bucket{route="/",le="+Inf"} 2\nh_sum{route="/"} 20.03\nh_count{route="/"} 2'))
  assert.ok(text.endsWith('# HELP g A gauge.\n# TYPE g gauge\ng 1\n'))
})

test('log lines are JSON, from the level on that was set', (context) => {
  const lines: string[] = []
  context.mock.method(process.stderr, 'write', (text: string) => lines.push(text) > 0)
  writeLog('info', 'unheard')
  setLogLevel('info')
  writeLog('info', 'request', { route: '/works/:id', status: 200 })
  logDefect('defect', new Error('two\nlines'))
  setLogLevel('silent')
  writeLog('error', 'unheard')
  setLogLevel('warn')
  context.mock.restoreAll()
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    read.map(({ level, event }) => [level, event]),
    [
      ['info', 'request'],
      ['error', 'defect'],
    ],
  )
  assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1))
})
