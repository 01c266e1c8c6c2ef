import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import { readConfig } from '../src/foundation/index.ts'
import { formOf, openScheme, readPreset, sendApplication } from '../src/levy/index.ts'
import { openNode } from '../src/main.ts'
import { newSigner, type StatementSigner } from '../src/statements/index.ts'
import { createWeb } from '../src/web/index.ts'
import { fitsInLightAndDark, openBrowser } from './support/browser.ts'
import { openCommandLine } from './support/commandLine.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const DAY = 86_400_000
const [officer, maria, ada, ben, cem, dia] = Array.from({ length: 6 }, newSigner) as [
  StatementSigner,
  ...StatementSigner[],
] &
  StatementSigner[]
const clock = { now: Date.parse('2027-03-01T12:00:00Z') }
const HOSTILE = '<script>alert(1)</script>"\'><b>'

let served: ServedNode
let web: ReturnType<typeof createWeb>
before(async () => {
  served = await serveTestNode({ withExample: false, env: { FUND_PARTY: officer.issuer, RATE_LIMITS: 'off' } })
  const { register } = served.node
  web = createWeb({
    ...served.node,
    register: { ...register, effects: { ...register.effects, now: () => clock.now } },
  })
})
after(() => served.stop())

const pemOf = (signer: StatementSigner) => signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** A browser without JavaScript: it keeps one cookie and sends forms. */
async function signIn(signer: StatementSigner, next = '/account') {
  const form = new URLSearchParams({ pem: pemOf(signer), next })
  const answer = await web.request('/account/session', { method: 'POST', body: form })
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  return {
    next: answer.headers.get('location'),
    async get(path: string) {
      const page = await web.request(path, { headers: { cookie } })
      return { status: page.status, text: await page.text(), headers: page.headers }
    },
    async post(path: string, fields: Record<string, string | string[]>, headers: Record<string, string> = {}) {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one)
      const page = await web.request(path, { method: 'POST', body, headers: { cookie, ...headers } })
      return { status: page.status, text: await page.text(), to: page.headers.get('location') ?? '' }
    },
  }
}

const callFields = (more: Record<string, string> = {}) => ({
  title: `Spring ${HOSTILE}`,
  text: `For lost work.\n${HOSTILE}`,
  countries: 'Everywhere',
  roles: 'Authors',
  opens: '2027-03-01',
  closes: '2027-03-20',
  budgetCents: '4000',
  awardCapCents: '3000',
  urgentPpm: '25,5',
  pointsMin: '2',
  criteria: 'Need = 10\nPlan = 5',
  assessors: [ada, ben, cem, dia].map((one, i) => `${one!.issuer} | Assessor ${i} | Union ${i}`).join('\n'),
  plan: readPreset('blank'),
  ...more,
})

const applyFields = (more: Record<string, string | string[]> = {}) => ({
  name: `Maria ${HOSTILE}`,
  contact: 'maria@example.org',
  country: 'GR',
  sector: 'stage',
  organisation: '',
  purpose: `Ένα βιβλίο ${HOSTILE}`,
  amount: '3000',
  isUrgent: 'no',
  urgentReason: '',
  otherSupport: 'none',
  publishes: 'yes',
  action: 'send',
  ...more,
})

async function makeCall(more: Record<string, string> = {}): Promise<string> {
  const office = await signIn(officer)
  const made = await office.post('/fund/office', callFields(more))
  assert.equal(made.status, 303, made.text)
  return made.to
}

test('a node that serves no fund says so, and nothing else is there', async () => {
  const without = createWeb({ ...served.node, config: { ...served.node.config, fundParty: undefined } })
  const page = await without.request('/fund/calls')
  assert.match(await page.text(), /serves no fund/)
  assert.equal((await without.request('/fund/calls/x/apply', { method: 'POST', body: new FormData() })).status, 404)
})

test('a call is made by the officer alone; what is wrong stands beside its field, and nothing typed is lost', async () => {
  const stranger = await signIn(maria!)
  assert.equal((await stranger.get('/fund/office')).status, 403)
  assert.equal((await stranger.post('/fund/office', callFields())).status, 403)
  const office = await signIn(officer, '/fund/office')
  assert.equal(office.next, '/fund/office')
  assert.equal((await signIn(officer, '//evil.example')).next, '/account')
  assert.match((await office.get('/fund/office')).text, /creatorSupport:/)
  for (const [field, value] of [
    ['awardCapCents', '25000.01'],
    ['urgentPpm', '19'],
    ['criteria', 'Need'],
    ['assessors', `${ada!.issuer} | Ada`],
    ['closes', '2027-02-30'],
    ['budgetCents', '1.000'],
  ] as const) {
    const again = await office.post('/fund/office', callFields({ [field]: value }))
    assert.equal(again.status, 422, field)
    assert.match(again.text, new RegExp(`id="${field}-problem"`), field)
    assert.ok(again.text.includes('For lost work.'), field)
  }
  assert.equal((await office.post('/fund/office', callFields(), { 'sec-fetch-site': 'cross-site' })).status, 403)
  const path = await makeCall()
  const page = await (await web.request(path)).text()
  assert.ok(!page.includes('<script>alert') && page.includes('&lt;script&gt;alert'))
  assert.match(page, /€3,000\.00/)
  assert.match(page, /€1,020\.00/)
})

test('without JavaScript: applied, assessed by those without ties, decided with reasons, appealed, upheld, paid', async () => {
  const path = await makeCall({ title: 'Summer' })
  const signedOut = await (await web.request(`${path}/apply`)).text()
  assert.match(signedOut, new RegExp(`name="next" value="${path}/apply"`))
  const applicant = await signIn(maria!)
  assert.equal((await applicant.get(`${path}/apply`)).headers.get('cache-control'), 'no-store')

  const wrong = await applicant.post(
    `${path}/apply`,
    applyFields({ amount: '3000,01', contact: 'x', country: '', knows: [ben!.issuer] }),
  )
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /3 answers need to be corrected/)
  for (const field of ['amount', 'contact', 'country']) {
    assert.match(wrong.text, new RegExp(`href="#${field}"`))
    assert.match(wrong.text, new RegExp(`aria-describedby="${field}-problem`))
  }
  assert.ok(wrong.text.includes('Ένα βιβλίο') && wrong.text.includes('value="3000,01"') && !wrong.text.includes('<b>'))
  assert.match(wrong.text, new RegExp(`value="${ben!.issuer}" checked`))
  const body = new FormData()
  for (const [name, value] of Object.entries(applyFields())) body.append(name, value as string)
  const expired = await web.request(`${path}/apply`, { method: 'POST', body })
  assert.equal(expired.status, 403)
  assert.match(await expired.text(), /no longer signed in[\s\S]*Ένα βιβλίο/)

  const saved = await applicant.post(`${path}/apply`, { purpose: 'Only this yet', action: 'save' })
  assert.match((await applicant.get(saved.to)).text, /saved, and not yet sent/)
  assert.match((await applicant.get(`${path}/apply`)).text, /Only this yet/)
  const sent = await applicant.post(`${path}/apply`, applyFields({ knows: [ben!.issuer] }))
  assert.deepEqual([sent.status, sent.to], [303, saved.to])
  const again = await applicant.post(`${path}/apply`, applyFields({ purpose: 'Second' }))
  assert.equal(again.status, 409)
  assert.match(again.text, /applied to this call already[\s\S]*Second/)
  const own = await applicant.get(sent.to)
  assert.ok(!own.text.includes('<script>alert') && own.text.includes('sent, waiting'))

  const [first, known, third] = [await signIn(ada!), await signIn(ben!), await signIn(cem!)]
  for (const other of [known, await signIn(newSigner())]) {
    assert.equal((await other.get(sent.to)).status, 404)
    assert.equal((await other.get(`${sent.to}/assess`)).status, 403)
    assert.equal((await other.get(`${sent.to}/office`)).status, 403)
  }
  assert.match((await known.get(`${path}/assess`)).text, /1 application is not shown/)
  const before = await first.get(`${sent.to}/assess`)
  assert.ok(
    before.text.includes('Maria') && !before.text.includes('Ένα βιβλίο'),
    'only who it is, before a conflict is denied',
  )
  const points = { action: 'score', 'points-0': '9', 'words-0': 'Great need.', 'points-1': '4', 'words-1': HOSTILE }
  assert.equal((await first.post(`${sent.to}/assess`, points)).status, 403)
  for (const assessor of [first, third]) {
    assert.match((await assessor.post(`${sent.to}/assess`, { action: 'declare' })).text, /id="isConflict-problem"/)
    await assessor.post(`${sent.to}/assess`, { action: 'declare', isConflict: 'no' })
    assert.match((await assessor.get(`${sent.to}/assess`)).text, /Ένα βιβλίο/)
    for (const number of ['-1', '11', '1e1', '']) {
      const again = await assessor.post(`${sent.to}/assess`, { ...points, 'points-0': number })
      assert.equal(again.status, 422)
      assert.match(again.text, /id="points-0-problem"[\s\S]*Great need\./)
    }
    assert.equal((await assessor.post(`${sent.to}/assess`, points)).status, 303)
  }
  assert.match((await first.get(`${sent.to}/assess`)).text, /value="9"[\s\S]*Great need\./)

  clock.now = Date.parse('2027-03-21T09:00:00Z')
  const office = await signIn(officer)
  assert.match((await office.get(`${path}/office`)).text, /your sentence is missing/)
  assert.equal((await office.post(`${path}/office`, { action: 'decide', agreed: '' })).status, 409)
  await office.post(`${sent.to}/office`, { action: 'words', officerWords: `Well argued. ${HOSTILE}` })
  const plan = (await office.get(`${path}/office`)).text
  const agreed = /name="agreed" value="([0-9a-f]{64})"/.exec(plan)![1]!
  assert.equal((await office.post(`${path}/office`, { action: 'decide', agreed })).status, 303)

  const holder = await signIn(maria!)
  const told = (await holder.get(sent.to)).text
  assert.match(told, /awarded<\/strong> €3,000\.00/)
  assert.match(told, /9 of 10 points on average[\s\S]*Great need\./)
  assert.ok(told.includes('Well argued.') && !told.includes('<script>alert') && !told.includes('Assessor 0'))
  assert.match(await (await web.request(path)).text(), /Maria[^<]*&lt;script[^<]*€3,000\.00/)
  assert.equal((await holder.post(`${sent.to}/appeal`, { grounds: 'More.' })).status, 409)
  assert.match(await (await web.request(path)).text(), /1 application, 1 award, €3,000\.00 awarded/)

  // In the same way one that is refused, and appealed.
  const second = await makeCall({ title: 'Autumn', closes: '2027-03-25', opens: '2027-03-21', pointsMin: '10' })
  const poor = await holder.post(`${second}/apply`, applyFields({ publishes: 'no' }))
  for (const assessor of [await signIn(ada!), await signIn(ben!)]) {
    await assessor.post(`${poor.to}/assess`, { action: 'declare', isConflict: 'no' })
    await assessor.post(`${poor.to}/assess`, { ...points, 'points-0': '1', 'points-1': '1' })
  }
  clock.now = Date.parse('2027-03-26T09:00:00Z')
  const later = await signIn(officer)
  await later.post(`${poor.to}/office`, { action: 'words', officerWords: 'Too little said.' })
  const form = /name="agreed" value="([0-9a-f]{64})"/.exec((await later.get(`${second}/office`)).text)!
  await later.post(`${second}/office`, { action: 'decide', agreed: form[1]! })
  const refused = await signIn(maria!)
  assert.match(
    (await refused.get(poor.to)).text,
    /too few points[\s\S]*Too little said\.[\s\S]*You can appeal until 2027-04-25/,
  )
  const blank = await refused.post(`${poor.to}/appeal`, { grounds: '  ' })
  assert.deepEqual([blank.status, /id="grounds-problem"/.test(blank.text)], [422, true])
  await refused.post(`${poor.to}/appeal`, { grounds: `It was all said. ${HOSTILE}` })
  assert.equal(
    (await (await signIn(ada!)).post(`${poor.to}/assess`, { action: 'opinion', upholds: 'no', words: 'x' })).status,
    403,
  )
  for (const one of [cem!, dia!]) {
    const fresh = await signIn(one)
    await fresh.post(`${poor.to}/assess`, { action: 'declare', isConflict: 'no' })
    assert.match((await fresh.get(`${poor.to}/assess`)).text, /It was all said/)
    const said = await fresh.post(`${poor.to}/assess`, { action: 'opinion', upholds: 'yes', words: 'It was said.' })
    assert.equal(said.status, 303, said.text)
  }
  assert.match((await refused.get(poor.to)).text, /appeal upheld[\s\S]*It was said\./)
  assert.doesNotMatch(await (await web.request(second)).text(), /Maria/, 'no name without consent')
})

test('strange input is refused or kept as plain text, and never a defect', async () => {
  clock.now += DAY
  const day = new Date(clock.now).toISOString().slice(0, 10)
  const path = await makeCall({ opens: day, closes: '2027-12-31', title: 'Winter' })
  const somebody = await signIn(newSigner())
  for (const [fields, field] of [
    [{ purpose: 'x'.repeat(6001) }, 'purpose'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: '\u202egnp.exe' }, 'name'],
    [{ sector: 'constructor' }, 'sector'],
    [{ country: '__proto__' }, 'country'],
    [{ isUrgent: 'maybe' }, 'isUrgent'],
    [{ amount: '1e9' }, 'amount'],
    [{ knows: ['did:web:nobody.example'] }, 'knows'],
  ] as const) {
    const { status, text } = await somebody.post(`${path}/apply`, applyFields(fields as never))
    assert.equal(status, 422, field)
    assert.match(text, new RegExp(`href="#${field}"`), field)
  }
  for (const fields of [{ __proto__x: 'y' }, { name: ['a', 'b'] }, { constructor: 'z' }, {}])
    assert.equal((await somebody.post(`${path}/apply`, fields as never)).status, 422)
  assert.equal((await somebody.post(`${path}/apply`, { purpose: 'x'.repeat(600_000) })).status, 413)
  assert.equal((await somebody.post(`${path}/apply`, { purpose: 'x'.repeat(7000), action: 'save' })).status, 422)
  const odd = await web.request(`${path}/apply`, {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  })
  assert.ok([400, 403].includes(odd.status))
  for (const id of ['%00', '..', 'x'.repeat(5000), "'; DROP TABLE support_call; --"])
    for (const part of ['calls', 'applications']) {
      const { status } = await somebody.get(`/fund/${part}/${encodeURIComponent(id)}`)
      assert.equal(status, 404, `${part} ${id.slice(0, 20)}`)
    }
})

test('at 320 pixels the forms and their errors have nothing that axe finds, and are light', async () => {
  clock.now = Date.now()
  const day = (shift: number) => new Date(Date.now() + shift * DAY).toISOString().slice(0, 10)
  const path = await makeCall({ opens: day(0), closes: day(30), title: 'Now' })
  const browser = await openBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    const signInAt = async (where: string, signer: StatementSigner) => {
      await context.clearCookies()
      await page.goto(served.url + where)
      await page.getByText('I have a key as text').click()
      await page.getByLabel('The key, with its first and last line').fill(pemOf(signer))
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    }
    await signInAt(`${path}/apply`, newSigner())
    await page.getByLabel('What you need the money for').fill('A book.')
    const sound = async (where: string) => {
      await fitsInLightAndDark(page, where)
      assert.ok(gzipSync(await page.content()).length < 20_000, where)
    }
    await sound('form')
    await page.getByRole('button', { name: 'Send the application' }).click()
    await page.getByRole('alert').getByRole('link', { name: 'Your name', exact: true }).click()
    await sound('errors')
    assert.equal(await page.getByLabel('What you need the money for').inputValue(), 'A book.')
    assert.match(
      (await page.getByLabel('Your name', { exact: true }).getAttribute('aria-describedby'))!,
      /name-problem/,
    )
    await page.getByRole('button', { name: 'Save, and send it later' }).click()
    await page.getByText('It is saved, and not yet sent.').waitFor()
    await sound('application')
    await page.goto(`${served.url}/fund/calls`)
    await sound('calls')
    await page.goto(served.url + path)
    await sound('call')
    await page.goto(`${served.url}${path}/apply?lang=de`)
    assert.equal(await page.getByText('A book.').count(), 1)

    const applied = await (await signIn(maria!)).post(`${path}/apply`, applyFields())
    await signInAt(`${applied.to}/assess`, ada!)
    await sound('conflict')
    await page.getByLabel('No', { exact: true }).check()
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByRole('group', { name: 'Need' }).waitFor()
    await page.getByRole('button', { name: 'Send it' }).first().click()
    await page.getByRole('alert').waitFor()
    await sound('points')
    await signInAt('/fund/office', officer)
    await sound('new call')
    for (const where of [path, applied.to]) {
      await page.goto(`${served.url}${where}/office`)
      await sound('office')
    }
  } finally {
    await browser.close()
  }
})

test('the command line makes calls, gives points and decides', async () => {
  process.env.FUND_PARTY = officer.issuer
  const commands = openCommandLine()
  delete process.env.FUND_PARTY
  try {
    const { directory, json, run } = commands
    const file = (name: string, content: unknown) =>
      writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))
    file('plan.yaml', readPreset('blank'))
    file('ada.pem', pemOf(ada!))
    file('ben.pem', pemOf(ben!))
    file('points.json', [{ points: 7, words: 'It is needed.' }])
    file('call.json', CALL)
    file('wrong.json', { ...CALL, budgetCents: -1 })
    const wrong = await run('support', 'call', 'wrong.json', '--plan', 'plan.yaml')
    assert.deepEqual([wrong.status, /budgetCents/.test(wrong.errors)], [2, true], wrong.errors)
    const { call } = await json<{ call: string }>('support', 'call', 'call.json', '--plan', 'plan.yaml')
    assert.match((await run('support', 'list')).output, new RegExp(`${call} open 2026-01-01–2199-12-31 Call`))
    const application = await applyUrgently(join(directory, 'data'), call)
    const refused = await run('support', 'decide', application)
    assert.deepEqual([refused.status, /state_not_allowed/.test(refused.errors)], [2, true], refused.errors)
    for (const name of ['ada', 'ben'])
      await json('support', 'assess', application, '--key', `${name}.pem`, '--scores', 'points.json')
    file('reasons.yaml', `${application}: It cannot wait.\n`)
    await json('support', 'decide', application, '--reasons', 'reasons.yaml')
    const { awards } = await json<{ awards: { cents: string; name: string }[] }>('support', 'awards')
    assert.deepEqual(
      awards.map(({ cents, name }) => [cents, name]),
      [['100000', 'Maria']],
    )
    const early = await run('support', 'decide', call, '--agreed', 'x')
    assert.match(early.errors, /state_not_allowed/)
    const shown = await json<{ isDecided: boolean; agreed: string }>('support', 'decide', call)
    assert.deepEqual([shown.isDecided, shown.agreed.length], [false, 64])
  } finally {
    commands.close()
  }
})

const CALL = {
  title: 'Call',
  text: 'Text',
  countries: 'EU',
  roles: 'Authors',
  opens: '2026-01-01',
  closes: '2199-12-31',
  budgetCents: 500_000,
  awardCapCents: 200_000,
  criteria: [{ name: 'Need', pointsMax: 10 }],
  assessors: [ada, ben].map((one, i) => ({ party: one!.issuer, name: `A${i}` })),
}

async function applyUrgently(dataDir: string, call: string): Promise<string> {
  const node = await openNode(readConfig({ DATA_DIR: dataDir, FUND_PARTY: officer.issuer }))
  const form = formOf({ ...applyFields(), name: 'Maria', amount: '1000', isUrgent: 'yes', urgentReason: 'A flood.' })
  const id = await sendApplication(openScheme(node.register, node.config), maria!.issuer, call, form)
  await node.close()
  return id
}
