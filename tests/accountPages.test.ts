import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { admitInbox, findCase, listAnswers, listInboxes, openCase, handOver } from '../src/requests/index.ts'
import { newSigner } from '../src/statements/index.ts'
import { keepCase } from '../src/accounts/index.ts'
import { caseHit, caseInput } from './support/caseInput.ts'
import { state, urn } from './support/offeredWorks.ts'
import { fitEverywhere, isSound, openPeople, sign, text } from './support/people.ts'

const people = openPeople()
const { person } = people
before(() => people.open())
after(() => people.close())

const pem = newSigner()
const pemText = pem.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

async function openOne(title: string, row: number, isIntimate = false) {
  const { register, signer } = people.served.node
  const hit = { ...caseHit, row }
  const found = { hit, row: null, codes: { sha256: 'a'.repeat(64) }, foundAt: '2026-11-24T12:00:00.000Z' }
  return openCase(register, signer, { ...caseInput, workTitle: title, isIntimate }, found as never)
}

async function signInByKey(page: Awaited<ReturnType<typeof person>>['page']): Promise<void> {
  await page.goto(`${people.served.url}/account`)
  await page.getByText('I have a key as text').click()
  await page.getByLabel('The key, with its first and last line').fill(pemText)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('a passkey is an account: cases are kept in it, filtered, and gone for whoever signs out', async () => {
  const somebody = await person()
  const { page } = somebody
  await page.goto(`${people.served.url}/account`)
  await isSound(somebody)
  await page.getByText('I have no passkey here yet').click()
  await page.getByLabel('Your name', { exact: false }).fill('Maria Muster')
  await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
  await page.getByRole('heading', { name: 'My account' }).waitFor()
  await isSound(somebody)
  assert.match(await text(page), /You have declared no works yet/)

  const [first, second] = [await openOne('Boats', 1), await openOne('Sky', 2)]
  for (const { id, accessKey } of [first, second]) {
    await page.getByLabel('Link of a case').fill(`${people.served.url}/requests/${id}?key=${accessKey}`)
    await page.getByRole('button', { name: 'Keep it here' }).click()
  }
  await isSound(somebody)
  assert.match(await text(page), /Boats\s+Removal from the data set\s+ready to be sent/)
  await page.getByLabel('State').selectOption('sent')
  await page.getByRole('button', { name: 'Show' }).click()
  assert.match(await text(page), /No case fits this choice/)
  await page.getByLabel('State').selectOption('submitted')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByRole('link', { name: 'Sky' }).click()
  assert.match(await text(page), /Keep this link/)

  const hidden = await openOne('Myself', 3, true)
  await page.goto(`${people.served.url}/account`)
  await page.getByLabel('Link of a case').fill(`/requests/${hidden.id}?key=${hidden.accessKey}`)
  await page.getByRole('button', { name: 'Keep it here' }).click()
  assert.match(await text(page), /private case is kept under nobody/)

  await page.goto(`${people.served.url}/account`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('link', { name: 'Boats' }).waitFor()
  // On a device that has forgotten which passkeys it has, the browser offers them.
  await page.evaluate(() => localStorage.clear())
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('link', { name: 'Boats' }).waitFor()
})

test('a provider asks for an inbox, reads a request and answers it, with a passkey', async () => {
  const { register } = people.served.node
  const provider = await person()
  const { page } = provider
  await page.goto(`${people.served.url}/account`)
  await page.getByText('I have no passkey here yet').click()
  await page.getByLabel('Your name', { exact: false }).fill('Set Ltd')
  await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
  await page.getByText('I make a data set or a model').click()
  await page.getByLabel('Data set (its identifier here)').fill('set-1')
  await page.getByLabel('Name of your organisation').fill('Set Ltd')
  await sign(page)
  await page.getByText('waits to be opened').waitFor()
  const [inbox] = await listInboxes(register.database.db, { about: 'set-1' })
  await admitInbox(register, inbox!.id, 'open')
  const { id } = await openOne('Meadow', 4)
  await handOver(register, id, inbox!.id)

  await page.reload()
  await page.getByRole('link', { name: 'Open the inbox' }).click()
  await isSound(provider)
  await page.getByRole('link', { name: 'Meadow' }).click()
  await isSound(provider)
  assert.match(await text(page), /You have not answered yet/)
  await page.getByLabel('We refuse').check()
  await sign(page)
  await page.getByText('a refusal needs a reason').waitFor()
  await page.getByLabel('Reason').fill('It is in the public domain.')
  await sign(page)
  await page.getByRole('listitem').filter({ hasText: 'We refuse' }).waitFor()
  assert.equal((await findCase(register.database.db, id))!.state, 'refused')
  const [answer] = await listAnswers(register.database.db, id)
  assert.match(answer!.statement, /webauthn-jcs-v1/)

  // Somebody else who is signed in sees nothing of it.
  const stranger = await person({ javaScriptEnabled: false })
  await signInByKey(stranger.page)
  const seen = await stranger.page.goto(`${people.served.url}/account/inbox/${id}`)
  assert.equal(seen!.status(), 404)
})

test('without JavaScript a key that was made here signs in, and deletes the account', async () => {
  const { register } = people.served.node
  const somebody = await person({ javaScriptEnabled: false, width: 320 })
  const { page } = somebody
  await signInByKey(page)
  const { id, accessKey } = await openOne('Wood', 5)
  await keepCase(register, pem.issuer, id, accessKey)
  await page.reload()
  assert.match(await text(page), /Wood/)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download everything' }).click()
  assert.equal((await download).suggestedFilename(), 'account.zip')
  await page.getByRole('link', { name: 'Delete my account' }).click()
  assert.match(await text(page), /1 case: your name/)
  await page.getByText('Sign with a key that was made for me here').click()
  await page.getByLabel('The key, with its first and last line').fill(pemText)
  await page.getByRole('button', { name: 'Sign with this key' }).click()
  assert.match(await text(page), /Your account was deleted/)
  assert.equal((await findCase(register.database.db, id))!.subject, '')
  await page.goto(`${people.served.url}/account`)
  assert.match(await text(page), /there is no password/)
})

test('a second key speaks for a party, signs in its name, and takes the lost one back', async () => {
  const [owner, helper] = [await person(), await person()]
  const signInNew = async ({ page }: typeof owner, name: string) => {
    await page.goto(`${people.served.url}/account`)
    await page.getByText('I have no passkey here yet').click()
    await page.getByLabel('Your name', { exact: false }).fill(name)
    await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    return (await page.locator('dd code').first().textContent())!
  }
  const party = await signInNew(owner, 'House')
  const second = await signInNew(helper, 'Helper')
  await owner.page.getByText('Let another key speak for me').click()
  await owner.page.getByRole('textbox', { name: 'Your name' }).fill('House')
  await owner.page.getByLabel('Who you are').selectOption('organisation')
  await owner.page.getByLabel('The other key').fill(second)
  await sign(owner.page)
  await owner.page.getByText('Name\nHouse').or(owner.page.getByText(second)).first().waitFor()
  await isSound(owner)

  await helper.page.getByRole('button', { name: 'Sign out' }).click()
  await helper.page.getByText('I sign in for an organisation').click()
  await helper.page.getByLabel('Identifier of the party').fill(party)
  await helper.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await helper.page.getByRole('heading', { name: 'My account' }).waitFor()
  assert.match(await text(helper.page), /House/)
  await isSound(helper)
  await helper.page.goto(`${people.served.url}/rights/no`)
  await helper.page.locator('input[name=isEntitled]').check()
  await sign(helper.page)
  await helper.page.waitForURL(/rights\/terms/)
  const { db } = people.served.node.register.database
  const issuers = await db.selectFrom('statement').select('issuer').where('issuer', '=', party).execute()
  assert.equal(issuers.length, 2, 'who it is, and its no')

  await people.served.node.register.database.db
    .insertInto('site_proof')
    .values({ party, host: 'house.example', way: 'file', checked_at: '2026-11-28T12:00:00.000Z' })
    .execute()
  await helper.page.goto(`${people.served.url}/parties/${party}`)
  assert.match(await text(helper.page), /house\.example: names this key in a file \(asked on 2026-11-28/)
  await helper.page.goto(`${people.served.url}/account`)
  await helper.page.getByLabel('Address of your site').fill('http://127.0.0.1:9')
  await helper.page.getByRole('button', { name: 'Ask the site' }).click()
  assert.match(await text(helper.page), /does not name your key[\s\S]*well-known\/colophon\.txt/)
  await people.served.node.register.database.db
    .insertInto('account_mail')
    .values({
      party,
      address: 'house@example.org',
      language: 'en',
      token: 'token',
      asked_at: '2026-11-28T12:00:00.000Z',
      confirmed_at: null,
      told_run: 0n,
      told_at: '2026-11-28T12:00:00.000Z',
      failures: 0n,
    })
    .execute()
  const read = await person({ width: 320 })
  for (const path of ['/account/mail/link?token=token', '/account/mail/link?token=token&stop=yes']) {
    await read.page.goto(people.served.url + path)
    await isSound(read, 320)
  }
  await read.page.getByRole('button', { name: 'Send no more mail' }).click()
  assert.match(await text(read.page), /No more mail is sent/)
  assert.equal((await read.page.goto(`${people.served.url}/account/mail/link?token=token`))!.status(), 404)
  await helper.page.goto(`${people.served.url}/account/delete`)
  await isSound({ ...helper, errors: [] })
  await helper.page.goto(`${people.served.url}/account`)
  await helper.page.getByText('It is lost').click()
  await sign(helper.page)
  await helper.page.getByText('It is lost').waitFor({ state: 'detached' })
  await owner.page.reload()
  assert.match(await text(owner.page), /there is no password/)
})

test('nobody who is not signed in sees an account, and no other site can act in it', async () => {
  const { url } = people.served
  for (const path of ['/account/inbox', '/account/delete', '/account/inbox/x'])
    assert.equal((await fetch(url + path)).status, 403, path)
  for (const path of ['/account/export', '/account/mail', '/account/cases', '/account/said', '/account/out']) {
    const forged = await fetch(url + path, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(forged.status, 403, path)
  }
  const signIn = async (pemText: string) =>
    fetch(`${url}/account/session`, { method: 'POST', body: new URLSearchParams({ pem: pemText }), redirect: 'manual' })
  const answer = await signIn(pemText)
  const cookie = answer.headers.get('set-cookie')!
  assert.match(cookie, /HttpOnly/)
  assert.match(cookie, /SameSite=Strict/)
  const page = await fetch(`${url}/account`, { headers: { cookie: cookie.split(';')[0]! } })
  assert.equal(page.headers.get('cache-control'), 'no-store')
  assert.match(await page.text(), new RegExp(pem.issuer))
  assert.equal((await signIn('no key')).status, 400)
  await fitEverywhere(people.browser, url, ['/account'])
})

test('news goes to a server of one’s own: a public one, with a secret that is shown once, until it is taken off', async () => {
  const { url } = people.served
  const other = newSigner()
  const pemOf = ({ privateKey }: typeof other) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const signIn = async (signer: typeof other) => {
    const form = { method: 'POST', body: new URLSearchParams({ pem: pemOf(signer) }), redirect: 'manual' } as const
    return (await fetch(`${url}/account/session`, form)).headers.get('set-cookie')!.split(';')[0]!
  }
  const [cookie, stranger] = [await signIn(pem), await signIn(other)]
  const post = async (path: string, form: Record<string, string>, who = cookie) => {
    const sent = {
      method: 'POST',
      headers: { cookie: who },
      body: new URLSearchParams(form),
      redirect: 'manual',
    } as const
    const response = await fetch(url + path, sent)
    return { status: response.status, text: await response.text() }
  }
  for (const address of ['http://127.0.0.1:1234/', 'ftp://example.org/', 'nothing'])
    assert.equal((await post('/account/webhook', { url: address })).status, 400, address)
  const set = await post('/account/webhook', { url: 'https://1.1.1.1/news?a=<b>' })
  assert.equal(set.status, 200)
  assert.match(set.text, /<pre>[\w-]{43}<\/pre>/)
  assert.equal((await post('/account/webhook', { url: 'https://1.1.1.1/news?a=<b>' })).status, 409)
  for (const more of ['b', 'c']) await post('/account/webhook', { url: `https://1.1.1.1/${more}` })
  assert.equal((await post('/account/webhook', { url: 'https://1.1.1.1/d' })).status, 429)
  const account = async () => (await fetch(`${url}/account`, { headers: { cookie } })).text()
  const shown = await account()
  assert.match(shown, /Send no more messages to https:\/\/1\.1\.1\.1\/news\?a=&lt;b&gt;/)
  const id = /name="id"\s+value="([^"]+)"/.exec(shown)![1]!
  await post('/account/webhook/stop', { id }, stranger)
  assert.equal((await account()).split('Send no more messages').length, 4, 'nobody else takes it off')
  await post('/account/webhook/stop', { id })
  assert.equal((await account()).split('Send no more messages').length, 3)
  const forged = { method: 'POST', headers: { cookie, 'sec-fetch-site': 'cross-site' } }
  assert.equal((await fetch(`${url}/account/webhook`, forged)).status, 403)
  await fitEverywhere(people.browser, url, ['/account'])
})

test('parts of a declared file are looked for when it is sent to the account, and of no other file', async () => {
  const { url, node } = people.served
  const owner = newSigner()
  const form = new URLSearchParams({ pem: owner.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string })
  const signedIn = await fetch(`${url}/account/session`, { method: 'POST', body: form, redirect: 'manual' })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  const bytes = new TextEncoder().encode(`${'A harbour in the morning, and nobody about. '.repeat(8)}${owner.issuer}`)
  const send = async () => {
    const body = new FormData()
    body.append('file', new Blob([bytes]), 'harbour.txt')
    return (await fetch(`${url}/account/parts`, { method: 'POST', headers: { cookie }, body, redirect: 'manual' }))
      .status
  }
  assert.equal(await send(), 404)
  const { codes } = await node.datasets.identify(bytes, 'harbour.txt')
  const work = { type: 'Work', id: urn(905), role: 'creator', title: 'Harbour', medium: 'text', fingerprints: codes }
  await state(node.register, owner, work as never)
  assert.equal(await send(), 303)
  const account = async () => (await fetch(`${url}/account`, { headers: { cookie } })).text()
  assert.match(await account(), /The parts of 1 work are looked for/)
  const kept = await node.register.database.db.selectFrom('watch_kept').selectAll().execute()
  assert.deepEqual(
    kept.map(({ party }) => party),
    [owner.issuer],
  )
  assert.ok(!Buffer.from(kept[0]!.codes).includes('harbour'), 'the text itself is not kept')
  await fetch(`${url}/account/parts/stop`, { method: 'POST', headers: { cookie } })
  assert.doesNotMatch(await account(), /The parts of/)
})
