import assert from 'node:assert/strict'
import dnsPromises from 'node:dns/promises'
import { createServer, type RequestListener } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { mock, test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { ColophonError, type ErrorCode } from './errors.ts'
import { isPublicAddress, safeFetch, safeFetchStream, type SafeFetchOptions } from './safeFetch.ts'

/** A loopback server for one test; gives its address without a final slash. */
async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function rejectsWith(code: ErrorCode, url: string, options: SafeFetchOptions = {}): Promise<ColophonError> {
  const error = await safeFetch(url, options).then(
    () => assert.fail(`${url} was fetched`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ColophonError, String(error))
  assert.equal(error.code, code, `${url}: ${error.toLine()}`)
  return error
}

/** Lets names resolve to what the test says, and counts how often they are asked for. */
function resolveNames(t: TestContext, addressesOf: () => { address: string; family: number }[]) {
  const lookup = mock.method(dnsPromises, 'lookup', (async () => addressesOf()) as never)
  syncBuiltinESMExports()
  t.after(() => {
    lookup.mock.restore()
    syncBuiltinESMExports()
  })
  return lookup.mock
}

const allowPrivate = true
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('a resource comes back with its status, address, headers and bytes', async (t) => {
  const base = await serve(t, (request, response) => {
    const { accept, 'accept-encoding': encoding } = request.headers
    response.writeHead(404, { 'X-Accept': `${accept} ${encoding}`, 'Set-Cookie': ['a=1', 'b=2'] }).end('not here')
  })
  const resource = await safeFetch(`${base}/a?b=c#d`, { allowPrivate, accept: 'text/plain' })
  assert.equal(resource.status, 404)
  assert.equal(resource.url, `${base}/a?b=c`)
  assert.equal(resource.headers['x-accept'], 'text/plain identity')
  assert.equal(resource.headers['set-cookie'], 'a=1, b=2')
  assert.ok(resource.body.constructor === Uint8Array)
  assert.equal(text(resource.body), 'not here')
})

test('a body is read as it arrives, under the same bounds; whoever stops reading closes the connection', async (t) => {
  let closed = () => {}
  const isClosed = new Promise<void>((resolve) => (closed = resolve))
  const base = await serve(t, (request, response) => {
    response.on('close', closed)
    response.write('first')
    if (request.url === '/long') response.end('x'.repeat(2000))
  })
  const { body, status } = await safeFetchStream(`${base}/endless`, { allowPrivate })
  for await (const piece of body) {
    assert.deepEqual([status, text(piece)], [200, 'first'])
    break
  }
  await isClosed
  const long = await safeFetchStream(`${base}/long`, { allowPrivate, bytesMax: 1000 })
  await assert.rejects(Array.fromAsync(long.body), { code: 'too_large' })
  const stalled = await safeFetchStream(`${base}/stalled`, { allowPrivate, timeoutMs: 200 })
  await assert.rejects(Array.fromAsync(stalled.body), { code: 'fetch_failed', message: /within 200 ms/ })
})

test('a POST sends its body; 307 repeats it and 303 turns it into a GET', async (t) => {
  const base = await serve(t, async (request, response) => {
    if (request.url === '/303' || request.url === '/307') {
      response.writeHead(Number(request.url.slice(1)), { location: '/echo' }).end()
      return
    }
    let body = ''
    for await (const chunk of request) body += chunk
    response.end(`${request.method} ${request.headers['content-type']} ${body}`)
  })
  const post = async (path: string, body: string | Uint8Array) =>
    text((await safeFetch(base + path, { allowPrivate, method: 'POST', body })).body)
  assert.equal(await post('/echo', 'note'), 'POST text/plain; charset=utf-8 note')
  assert.equal(await post('/307', new Uint8Array([104, 105])), 'POST application/octet-stream hi')
  assert.equal(await post('/303', 'note'), 'GET undefined ')
})

test('addresses inside this machine or its network are refused in every spelling', async () => {
  const urls = [
    'http://127.0.0.1',
    'http://127.0.0.1:8787/log',
    'http://[::1]',
    'http://localhost',
    'http://0x7f000001',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://127.1',
    'http://１２７.0.0.1',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'https://192.168.1.1',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:10.0.0.1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'http://[ff02::1]',
  ]
  for (const url of urls) await rejectsWith('url_refused', url)
})

test('other schemes, credentials, low ports and what is no address are refused even when private is allowed', async () => {
  const urls = [
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:text/plain,hello',
    'javascript:1',
    'http://127.0.0.1:22/',
    'http://127.0.0.1:1023/',
    'http://',
    '/path',
    '',
    'http://[fe80::1%25eth0]/',
    `http://127.0.0.1/${'a'.repeat(5000)}`,
  ]
  for (const url of urls) await rejectsWith('url_refused', url, { allowPrivate })
  for (const url of ['http://user:secret@127.0.0.1/', 'http://user@127.0.0.1/', 'ftp://user:secret@host/']) {
    const error = await rejectsWith('url_refused', url, { allowPrivate })
    assert.doesNotMatch(error.toLine(), /secret|user@/)
  }
})

test('a redirect is followed on the same host and checked anew', async (t) => {
  const elsewhere = await serve(t, (_request, response) => response.end('internal'))
  const base = await serve(t, (request, response) => {
    const location = decodeURIComponent(request.url!.slice(1))
    if (location === 'end') response.end('arrived')
    // A body that never ends must not hold the redirect up.
    else response.writeHead(302, { location }).write('moved')
  })
  const redirect = (target: string) => `${base}/${encodeURIComponent(target)}`
  const arrived = await safeFetch(redirect('/end'), { allowPrivate })
  assert.equal(text(arrived.body), 'arrived')
  assert.equal(arrived.url, `${base}/end`)
  const refused = [
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    `${elsewhere}/`,
    base.replace('127.0.0.1', 'localhost'),
    'file:///etc/passwd',
    'ftp://example.org/',
    `http://user:pass@${base.slice(7)}/end`,
    `${base.slice(0, 16)}:22/`,
    'http://[',
  ]
  for (const target of refused) await rejectsWith('url_refused', redirect(target), { allowPrivate })
})

test('redirects are counted, and one without a location is an answer', async (t) => {
  const base = await serve(t, (request, response) => {
    if (request.url === '/bare') response.writeHead(302).end('bare')
    else response.writeHead(301, { location: '/loop' }).end()
  })
  await rejectsWith('fetch_failed', `${base}/loop`, { allowPrivate })
  await rejectsWith('fetch_failed', `${base}/loop`, { allowPrivate, redirectsMax: 0 })
  assert.equal(text((await safeFetch(`${base}/bare`, { allowPrivate, redirectsMax: 0 })).body), 'bare')
})

test('a body above the limit is cut off, announced or not', async (t) => {
  const base = await serve(t, (request, response) => {
    if (request.url === '/announced') response.writeHead(200, { 'content-length': 1001 }).end('a'.repeat(1001))
    else if (request.url === '/exact') response.end('a'.repeat(1000))
    else {
      const timer = setInterval(() => response.write('a'.repeat(300)), 1)
      response.on('close', () => clearInterval(timer))
    }
  })
  await rejectsWith('too_large', `${base}/announced`, { allowPrivate, bytesMax: 1000 })
  await rejectsWith('too_large', `${base}/endless`, { allowPrivate, bytesMax: 1000 })
  assert.equal((await safeFetch(`${base}/exact`, { allowPrivate, bytesMax: 1000 })).body.length, 1000)
})

test('one time limit covers a silent server, a stalled body, a slow body, redirects and a slow name', async (t) => {
  const base = await serve(t, (request, response) => {
    if (request.url === '/silent') return
    if (request.url === '/redirects') {
      setTimeout(() => response.writeHead(302, { location: '/redirects' }).end(), 60)
      return
    }
    response.writeHead(200, { 'content-length': 100 }).write('a')
    if (request.url === '/stalled') return
    const timer = setInterval(() => response.write('a'), 20)
    response.on('close', () => clearInterval(timer))
  })
  for (const path of ['/silent', '/stalled', '/slow', '/redirects']) {
    const options = { allowPrivate, timeoutMs: 150, redirectsMax: 100 }
    const error = await rejectsWith('fetch_failed', base + path, options)
    assert.match(error.message, /within 150 ms/)
  }
  resolveNames(t, () => new Promise(() => setTimeout(() => {}, 300)) as never)
  const error = await rejectsWith('fetch_failed', 'http://slow.test/', { timeoutMs: 100 })
  assert.match(error.message, /within 100 ms/)
})

test('a compressed, incomplete or unreachable answer is a failure', async (t) => {
  const base = await serve(t, (request, response) => {
    if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    else {
      response.writeHead(200, { 'content-length': 10 }).write('abc')
      setTimeout(() => response.destroy(), 20)
    }
  })
  assert.match((await rejectsWith('fetch_failed', `${base}/gzip`, { allowPrivate })).message, /compressed/)
  await rejectsWith('fetch_failed', `${base}/cut`, { allowPrivate })
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => closed.once('listening', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  await rejectsWith('fetch_failed', `http://127.0.0.1:${port}/`, { allowPrivate })
})

test('a name with one private address among public ones is refused', async (t) => {
  resolveNames(t, () => [
    { address: '93.184.215.14', family: 4 },
    { address: '::ffff:10.0.0.1', family: 6 },
  ])
  const error = await rejectsWith('url_refused', 'http://mixed.test/')
  assert.doesNotMatch(error.toLine(), /10\.0\.0\.1/)
})

test('a name that changes its mind is connected at the address that was checked', async (t) => {
  const base = await serve(t, (request, response) => response.end(request.headers.host))
  const port = new URL(base).port
  let asked = 0
  const lookups = resolveNames(t, () => [{ address: asked++ === 0 ? '127.0.0.1' : '192.0.2.1', family: 4 }])
  // The name exists only in the first answer of this test's resolver; any other look-up would fail or lead elsewhere.
  const resource = await safeFetch(`http://rebinding.test:${port}/`, { allowPrivate })
  assert.equal(text(resource.body), `rebinding.test:${port}`)
  assert.equal(lookups.callCount(), 1)
})

test('a name without an address is a failure', async (t) => {
  resolveNames(t, () => [])
  await rejectsWith('fetch_failed', 'http://nowhere.test/')
})

test('public and special addresses are told apart', () => {
  const open = ['1.1.1.1', '8.8.8.8', '100.128.0.1', '172.32.0.1', '172.15.255.255', '192.0.1.1', '223.255.255.255']
  const openV6 = ['2606:4700::1111', '2a00:1450::1', '2001:200::1', '::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1'] // prettier-ignore
  for (const address of [...open, ...openV6]) assert.equal(isPublicAddress(address), true, address)
  // prettier-ignore
  const special = [
    '0.1.2.3', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.8.8.8', '168.63.129.16', '169.254.0.1',
    '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.19.255.255',
    '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255',
    '::', '::1', '::8.8.8.8', '::ffff:0:8.8.8.8', '64:ff9b:1::808:808', '100::1', '2001::1', '2001:1ff::1',
    '2001:db8::1', '3fff:fff::1', '4000::1', '5f00::1', 'fc00::1', 'fdff::1', 'fe80::1', 'febf::1', 'fec0::1',
    'ff0e::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '', 'localhost', '[::1]', '1.1.1', '01.1.1.1', '1.1.1.1 ', '2606:4700::1111%eth0', '1.1.1.1:80',
  ]
  for (const address of special) assert.equal(isPublicAddress(address), false, address)
})

test('an IPv4 address counts the same inside IPv6: mapped, NAT64 and 6to4', () => {
  const special = fc.constantFrom([10, 0], [127, 0], [169, 254], [172, 16], [192, 168], [100, 64], [198, 18])
  const octets = fc.oneof(
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
    fc.tuple(special, fc.nat(255), fc.nat(255)).map(([[a, b], c, d]) => [a!, b!, c, d] as const),
  )
  const hex = (high: number, low: number) => (high * 256 + low).toString(16)
  fc.assert(
    fc.property(octets, ([a, b, c, d]) => {
      const plain = isPublicAddress(`${a}.${b}.${c}.${d}`)
      const inside = `${hex(a, b)}:${hex(c, d)}`
      const forms = [`::ffff:${inside}`, `::ffff:${a}.${b}.${c}.${d}`, `64:ff9b::${inside}`, `2002:${inside}:1::1`]
      for (const form of forms) assert.equal(isPublicAddress(form), plain, form)
      assert.equal(isPublicAddress(`::${inside}`), false)
    }),
    { numRuns: 2000 },
  )
})

test('outside global unicast no IPv6 address is public, except the two forms of an IPv4 address', () => {
  const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(groups, (parts) => {
      const address = parts.map((part) => part.toString(16)).join(':')
      if (parts[0]! >> 13 !== 1) assert.equal(isPublicAddress(address), false, address)
    }),
    { numRuns: 2000 },
  )
})
