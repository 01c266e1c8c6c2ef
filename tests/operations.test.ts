import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readConfig } from '../src/foundation/index.ts'
import { createWeb } from '../src/web/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served.stop())

/** The same node with a server of its own, as another environment would have it. */
function withConfig(env: Record<string, string>) {
  const config = { ...readConfig({ ...env, DATA_DIR: served.config.dataDir }), port: 0 }
  const web = createWeb({ ...served.node, config })
  return (path: string, from: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    web.request(path, init, { incoming: { socket: { remoteAddress: from } } })
}

const PROXY = '10.0.0.1'
const through = (client: string) => ({ headers: { 'x-forwarded-for': client } })

test('every page and every answer sends the headers that keep browsers from harm, and no page has a script or style inside', async () => {
  const routes = createWeb(served.node).routes.filter(({ method, path }) => method === 'GET' && !/[:*{]/.test(path))
  const paths = [...new Set(routes.map(({ path }) => path)), '/no-such-page', '/works/urn:uuid:0', '/receipts/9']
  let pages = 0
  for (const path of paths) {
    const response = await fetch(served.url + path)
    const body = await response.text()
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/, path)
    assert.ok(!policy.includes('unsafe-inline'), path)
    assert.match(policy, /frame-ancestors 'none'/, path)
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
      ['x-frame-options', 'DENY'],
      ['cross-origin-opener-policy', 'same-origin'],
      ['cross-origin-resource-policy', 'same-origin'],
    ] as const)
      assert.equal(response.headers.get(name), value, `${name} of ${path}`)
    assert.match(response.headers.get('permissions-policy') ?? '', /camera=\(\)/, path)
    assert.equal(response.headers.get('strict-transport-security'), null, path)
    if (!response.headers.get('content-type')?.startsWith('text/html')) continue
    pages++
    assert.doesNotMatch(body, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i, path)
  }
  assert.ok(pages >= 12, `${pages} pages`)
})

test('only a node that is reached over https tells browsers to stay there', async () => {
  const ask = withConfig({ PUBLIC_URL: 'https://colophon.example' })
  const { headers } = await ask('/about', '127.0.0.1')
  assert.match(headers.get('strict-transport-security') ?? '', /^max-age=\d{8}/)
})

test('a client that asks too often is told when to come back, in JSON and on a page', async () => {
  const ask = withConfig({ RATE_LIMITS: 'check=2/60,read=3/60', TRUSTED_PROXIES: PROXY })
  const post = (client: string) =>
    ask('/api/checks', PROXY, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
    })
  const first = await post('198.51.100.7')
  assert.equal(first.status, 400)
  assert.equal(first.headers.get('ratelimit-policy'), '"check";q=2;w=60')
  assert.match(first.headers.get('ratelimit') ?? '', /^"check";r=1;t=\d+$/)
  await post('198.51.100.7')
  const refused = await post('198.51.100.7')
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  const { error } = (await refused.json()) as { error: { code: string; remedy: string } }
  assert.equal(error.code, 'too_many_requests')
  assert.match(error.remedy, /Wait \d+ seconds/)
  assert.equal((await post('198.51.100.8')).status, 400, 'another client is not held up')

  for (let i = 0; i < 3; i++) assert.equal((await ask('/about', PROXY, through('2001:db8:1:2:3::4'))).status, 200)
  const page = await ask('/about', PROXY, through('2001:db8:1:2::ffff'))
  assert.equal(page.status, 429, 'one household is one client')
  assert.match(await page.text(), /<h1>[^]*Many pages were asked for/)
  assert.equal((await ask('/about', PROXY, through('2001:db8:1:3::1'))).status, 200)
  assert.equal((await ask('/log/vkey', PROXY, through('2001:db8:1:2::1'))).status, 200, 'the log is free')
})

test('a header counts only when the configuration names who sends it, and this machine itself is not limited', async () => {
  const ask = withConfig({ RATE_LIMITS: 'read=1/60', TRUSTED_PROXIES: '10.0.0.0/8' })
  assert.equal((await ask('/about', '192.0.2.1', through('198.51.100.1'))).status, 200)
  assert.equal((await ask('/about', '192.0.2.1', through('198.51.100.2'))).status, 429, 'a forged header')
  assert.equal((await ask('/about', PROXY, through('198.51.100.9, 198.51.100.3, 10.2.2.2'))).status, 200)
  assert.equal(
    (await ask('/about', PROXY, through('198.51.100.8, 198.51.100.3'))).status,
    429,
    'its own part is forged',
  )
  for (let i = 0; i < 5; i++) assert.equal((await ask('/about', '::1')).status, 200)
  assert.equal((await withConfig({ RATE_LIMITS: 'off' })('/about', '192.0.2.1')).headers.get('ratelimit'), null)
})

test('health and metrics are for this machine, or for whoever has the token', async () => {
  const ask = withConfig({ OPERATOR_TOKEN: 'correct horse battery' })
  for (const path of ['/health', '/metrics']) {
    assert.equal((await ask(path, '127.0.0.1')).status, 200, path)
    assert.equal((await ask(path, '192.0.2.1')).status, 403, path)
    assert.equal((await ask(path, '127.0.0.1', through('192.0.2.1'))).status, 403, 'passed on by a proxy')
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
    assert.equal((await ask(path, '192.0.2.1', bearer('correct horse battery'))).status, 200, path)
    assert.equal((await ask(path, '192.0.2.1', bearer('correct horse'))).status, 403, path)
  }
  assert.equal(
    (await withConfig({})('/metrics', '192.0.2.1', { headers: { authorization: 'Bearer undefined' } })).status,
    403,
  )
  const { status, checks } = (await (await ask('/health', '127.0.0.1')).json()) as {
    status: string
    checks: Record<string, { isOk: boolean }>
  }
  assert.equal(status, 'ok')
  assert.deepEqual(Object.keys(checks), ['database', 'log', 'disk'])
})

test('metrics are lines that Prometheus reads, with routes and not paths', async () => {
  await fetch(`${served.url}/works/urn:uuid:of-somebody`)
  const text = await (await fetch(`${served.url}/metrics`)).text()
  const line = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? (-?[0-9.e+-]+|\+Inf))$/
  const lines = text.trimEnd().split('\n')
  for (const one of lines) assert.match(one, line)
  assert.ok(lines.includes('# TYPE colophon_http_request_duration_seconds histogram'))
  assert.match(text, /colophon_http_requests_total\{method="GET",route="\/works\/:id",status="404"\} 2/)
  assert.match(text, /colophon_log_entries 0/)
  assert.ok(!text.includes('of-somebody'))
  const families = lines.filter((one) => one.startsWith('# TYPE'))
  assert.equal(new Set(families).size, families.length)
})
