import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import { isoTime, readConfig, systemEffects } from '../src/foundation/index.ts'
import { bookEntries, issueAssessment, listPresets, verifyLine, type LineProof } from '../src/levy/index.ts'
import { newSigner } from '../src/statements/index.ts'
import { createWeb } from '../src/web/index.ts'
import { LOST, serveLevyNode, signInTo, testFacts, testPlan, type LevyNode } from './support/levyNode.ts'
import { state } from './support/offeredWorks.ts'

const PAGE_BYTES_MAX = 30_000

let served: LevyNode
let [asMaria, asJan] = ['', '']
before(async () => {
  served = await serveLevyNode()
  asMaria = await signInTo(served.url, served.maria)
  asJan = await signInTo(served.url, served.jan)
})
after(() => served?.stop())

async function get(path: string, cookie = '') {
  const response = await fetch(served.url + path, { headers: cookie ? { cookie } : {} })
  return { response, status: response.status, body: await response.text() }
}

/** A page without scripts or styles of its own, with one title, small. */
async function page(path: string, cookie = '', status = 200): Promise<string> {
  const answer = await get(path, cookie)
  assert.equal(answer.status, status, path)
  assert.doesNotMatch(answer.body, / style=|<style|<script(?! type="module" src=)|undefined|NaN|\[object/, path)
  assert.equal(answer.body.match(/<h1>/g)?.length, 1, path)
  assert.ok(gzipSync(answer.body).length <= PAGE_BYTES_MAX, path)
  return answer.body
}

/** The figures of a table by the name of its row. */
function rowsOf(body: string, caption: string): string[][] {
  const isNamed = (table: string) => /<caption[^>]*>(.*?)<\/caption>/s.exec(table)?.[1]!.includes(caption)
  const table = body.split('<table').find(isNamed)!
  return Array.from(table.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs), ([, row]) =>
    Array.from(row!.matchAll(/<t[hd] [^>]*>(.*?)<\/t[hd]>/gs), ([, cell]) =>
      cell!
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ),
  )
}

test('the fund: whose it is, its plan, its run and its report, and the way to everything else', async () => {
  const body = await page('/fund')
  assert.match(body, /grants no licence/)
  assert.match(body, />The fund<\/a>/)
  for (const path of [
    `/fund/plans/${served.plan.id}`,
    `/fund/runs/${served.run.id}`,
    '/fund/presets',
    '/fund/statement',
    '/fund/simulate',
    '/fund/unlocated',
    `/fund/report/${isoTime(systemEffects.now()).slice(0, 4)}`,
  ])
    assert.ok(body.includes(`href="${path}"`), path)
  assert.match(body, /Levy of the test &lt;fund&gt;/)
})

test('a plan says in words who pays what, each figure with its source; every example can be read', async () => {
  const body = await page(`/fund/plans/${served.plan.id}`)
  assert.match(body, /Only commercial developers\./)
  assert.match(body, /1\.5% of revenue in the EU\./)
  assert.match(body, /Proposed\. Proposal of March 2026/)
  assert.deepEqual(rowsOf(body, 'By group')[1], ['Heritage institutions', '20%'])
  for (const name of listPresets()) await page(`/fund/presets/${name}`)
  assert.match(await page('/fund/presets/canada-online-news'), /CAD/)
  const { body: json } = await get(`/api/fund/plans/${served.plan.id}`)
  assert.deepEqual((JSON.parse(json) as { plan: unknown }).plan, served.plan.plan)
})

test('a run flows down to sectors, to the cent, says why money waits, and what it was made of', async () => {
  const { report, id } = served.run
  const body = await page(`/fund/runs/${id}`)
  const rows = rowsOf(body, 'How it is distributed')
  const cents = (text: string) => BigInt(text.replaceAll(/[^\d]/g, ''))
  const amount = (name: string) => cents(rows.find(([first]) => first === name)![1]!)
  assert.equal(amount('What came in'), BigInt(report.grossCents))
  const groups = ['Reserve', 'Administration', 'Heritage institutions', 'Support for creators']
  assert.equal(
    [...groups, 'Rightsholders'].reduce((sum, name) => sum + amount(name), 0n),
    BigInt(report.grossCents),
  )
  assert.equal(amount('Pictures') + amount('Texts'), amount('Rightsholders'))
  assert.match(body, /1 work has shares that nobody claimed/)
  for (const { sha256 } of report.inputs) assert.ok(body.includes(sha256))
  assert.ok(body.includes(report.root) && body.includes(report.code))
  assert.match(body, /<svg class="chart"[^>]*role="img"/)
  const { body: json } = await get(`/api/fund/runs/${id}`)
  assert.equal((JSON.parse(json) as { report: { root: string } }).report.root, report.root)
})

test('a payee sees movements and works with titles, downloads them, and proves the line', async () => {
  const { maria, run, works } = served
  const { response, body } = await get('/fund/statement', asMaria)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  await page('/fund/statement', asMaria)
  assert.ok(body.includes(`href="/works/${encodeURIComponent(works[0]!)}"`))
  assert.match(body, /Bridge &amp; &lt;i&gt;river&lt;\/i&gt;/)
  assert.ok(body.includes(`href="/fund/runs/${run.id}"`))
  assert.doesNotMatch(body, /Sky|Jan Nov/)
  const works2025 = rowsOf(body, 'Works, 2025-01-01 to 2025-12-31')
  assert.ok(works2025.some(([work, share, uses]) => work!.startsWith('Bridge') && share === '75%' && uses === '300'))
  const proof = await get(`/fund/statement/proof.json?root=${run.report.root}`, asMaria)
  const { root, proofs } = JSON.parse(proof.body) as { root: string; proofs: LineProof[] }
  assert.equal(root, run.report.root)
  assert.equal(proofs[0]!.line.owner, maria.issuer)
  assert.ok(proofs.every((each) => verifyLine(each, root)))
  const files = [
    ['statement.pdf', 'application/pdf', /^%PDF/],
    ['statement.csv', 'text/csv; charset=utf-8', /Bridge & <i>river<\/i>/],
    ['statement.json', 'application/json', /LevyStatementOfAccount/],
  ] as const
  for (const [name, type, text] of files) {
    const file = await get(`/fund/statement/${name}`, asMaria)
    assert.equal(file.response.headers.get('content-type'), type)
    assert.equal(file.response.headers.get('cache-control'), 'no-store')
    assert.match(file.body, text)
  }
  assert.match(await page('/fund/statement?year=2001', asMaria), /EUR.0\.00/)
})

test('nobody sees the account of somebody else, and whoever has none is told so', async () => {
  const signedOut = await get('/fund/statement')
  assert.match(signedOut.body, /Sign in to see your own statement/)
  assert.equal(signedOut.response.headers.get('cache-control'), 'no-store')
  assert.equal((await get('/fund/statement/statement.json')).status, 403)
  assert.match(await page('/fund/statement', await signInTo(served.url, newSigner())), /Nothing was booked for you/)
  for (const payee of [served.maria.issuer, 'p-lost', "x' OR 1=1 --", '<b>'])
    for (const path of ['/fund/statement', '/fund/statement/statement.csv', '/fund/statement/proof.json'])
      assert.equal(
        (await get(`${path}?payee=${encodeURIComponent(payee)}&root=${served.run.report.root}`, asJan)).status,
        404,
      )
  for (const root of ['0'.repeat(64), '../../keys', '']) {
    const path = `/fund/statement/proof.json?root=${encodeURIComponent(root)}`
    assert.equal((await get(path, asMaria)).status, 404, root)
  }
  for (const year of ['99999999999999999999', 'x', '-1'])
    assert.equal((await get(`/fund/statement?year=${year}`, asMaria)).status, 404, year)
  assert.equal((await get('/fund/statement/constructor', asMaria)).status, 404)
})

test('whom money waits for is on the public list when its day has come: a name and a year, and no amount', async () => {
  const today = isoTime(systemEffects.now()).slice(0, 10)
  const postings = [
    { account: 'Liabilities:Pool', owner: 'test-levy', cents: 5000n },
    { account: 'Liabilities:Payees', owner: 'name:Not yet public', cents: -5000n },
  ]
  const entry = { booking: 'late', kind: 'correction', bookedOn: today, description: 'Late', postings } as const
  await bookEntries(served.node.register.database.db, [entry], isoTime(systemEffects.now()))
  const body = await page('/fund/unlocated')
  assert.ok(body.includes(LOST.replaceAll('<', '&lt;').replaceAll('>', '&gt;')))
  assert.match(body, /since 2025/)
  assert.doesNotMatch(body, /Not yet public|EUR|p-lost/)
})

test('the report of a year adds up, as a page and as JSON; a year without bookings has none', async () => {
  const year = isoTime(systemEffects.now()).slice(0, 4)
  const body = await page(`/fund/report/${year}`)
  assert.match(body, /2014\/26\/EU, Articles 18 and 22/)
  assert.ok(rowsOf(body, `${year}`).some(([name, amount]) => name === 'Received' && /15,000\.00/.test(amount!)))
  const { body: json } = await get(`/api/fund/reports/${year}`)
  assert.equal((JSON.parse(json) as { receivedCents: string }).receivedCents, '1500000')
  for (const other of ['2001', '99999999999', 'x', '%3Cb%3E']) await page(`/fund/report/${other}`, '', 404)
})

const query = (values: Record<string, string>) => `/fund/simulate?${new URLSearchParams(values)}`

test('two plans are compared on invented developers while there are too few real ones, and then only on averages', async () => {
  const plans = { first: served.plan.id, second: served.plan.id }
  await page('/fund/simulate')
  const invented = await page(query({ ...plans, rate: '3', heritage: '0', creatorSupport: '0', rightsholders: '100' }))
  assert.match(invented, /5 invented developers/)
  const heritage = rowsOf(invented, 'By group').find(([name]) => name === 'Heritage institutions')!
  assert.match(heritage[3]!, /^-/)
  for (const title of ['By group', 'By sector', 'By size of account', 'By country']) assert.ok(invented.includes(title))
  assert.match(invented, /3 works of the register were counted/)

  const { db } = served.node.register.database
  // Each an amount that would be known again; together 3 000 000.00 with the one that was assessed before.
  for (const [i, cents] of ['70000007', '50000003', '79999990'].entries())
    await issueAssessment(db, served.plan.plan, testFacts(i + 2, cents), systemEffects)
  const real = await page(query(plans))
  assert.match(real, /4 developers of this fund/)
  assert.match(real, /EUR.45,000 from 4 developers/)
  // No threshold separates one from another: in scope are all of the group, or none.
  for (const revenue of ['600000', '749999']) {
    const split = await page(query({ ...plans, revenue }))
    assert.match(split, /2\. [^:]*, changed: EUR.(45,000|0) from (4|0) developers/, revenue)
  }
  assert.doesNotMatch(real, /Developer 2|700,000\.07|500,000\.03/)
})

test('what is wrong in the form is said at its field and above it, and nothing that was written is lost', async () => {
  const path = query({
    first: 'preset:blank',
    second: '<script>alert(1)</script>',
    flop: '9'.repeat(99),
    users: '-5',
    revenue: '1e2e3',
    rate: '"><img src=x>',
    heritage: '50',
    social: '60',
  })
  const body = await page(path, '', 400)
  for (const field of ['second', 'flop', 'users', 'revenue', 'rate', 'heritage']) {
    assert.ok(body.includes(`href="#${field}"`), field)
    assert.match(body, new RegExp(`id="${field}"[^>]*aria-invalid="true"[^>]*${field}-error`), field)
  }
  assert.ok(body.includes('9'.repeat(99)) && body.includes('value="&quot;&gt;&lt;img src=x&gt;"'))
  assert.match(body, /The parts come to 110 per cent/)
  assert.doesNotMatch(body, /<img|<script>alert/)
  await page(query({ first: 'preset:blank', second: 'preset:canada-online-news' }), '', 400)
  const [outputs] = testPlan().components
  const band = { from: '0', rate: '1', legalBasis: 'None', status: 'assumed' } as const
  const components = [{ ...outputs!, id: 'outputs', base: 'outputs' as const, per: '1', bands: [band] }]
  const proposal = { ...served.plan.plan, scheme: 'proposal', name: 'Levy by <outputs>', components }
  const id = await state(served.node.register, served.jan, proposal)
  assert.match(await page(`/fund/plans/${id}`), /EUR.0\.01 for every 1 of outputs\./)
  const tooMuch = { first: id, second: id, rate: '999999999' }
  assert.match(await page(query(tooMuch), '', 400), /href="#rate">[^<]*cannot be computed/)
  const other = 'preset:canada-online-news'
  assert.match(await page(query({ first: other, second: other, flop: '1e26' })), /CAD/)
})

test('what is not there is not found; a node without a fund says so', async () => {
  for (const path of ['plans/x', 'runs/%00', 'presets/..%2Fblank', 'presets/nothing', `runs/${'9'.repeat(500)}`])
    await page(`/fund/${path}`, '', 404)
  for (const path of ['plans/x', 'runs/x', 'presets/x', 'reports/2001'])
    assert.equal((await get(`/api/fund/${path}`)).status, 404, path)
  assert.equal((await get('/api/fund/runs/%00')).status, 404)
  const { body } = await get('/openapi.json')
  for (const path of ['plans/{id}', 'presets/{name}', 'runs/{id}', 'reports/{year}'])
    assert.ok(body.includes(`"/api/fund/${path}"`), path)
  const config = { ...served.config, fundParty: undefined }
  const without = createWeb({ ...served.node, config })
  assert.match(await (await without.request('/fund')).text(), /This node keeps no fund/)
  assert.match(await (await without.request('/fund/unlocated')).text(), /Nobody is on the public list/)
  assert.equal((await without.request(`/fund/report/${isoTime(systemEffects.now()).slice(0, 4)}`)).status, 404)
  assert.match(await (await without.request(`/fund/plans/${served.plan.id}`)).text(), /Somebody else published this/)
  for (const party of ['x', 'did:', 'did:key:<b>', `did:key:${'z'.repeat(400)}`])
    assert.throws(() => readConfig({ FUND_PARTY: party }), /FUND_PARTY is no party/)
})

test('amounts are written as the reader writes them', async () => {
  const german = { headers: { 'accept-language': 'de' } }
  assert.match(await (await fetch(`${served.url}/fund/runs/${served.run.id}`, german)).text(), /15\.000,00.EUR/)
})
