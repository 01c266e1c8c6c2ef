import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { parseVkey } from '../src/log/index.ts'
import { lintSite, openUrlSource } from '../src/rights/index.ts'
import { verifyReceipt } from '../src/statements/index.ts'
import { fitEverywhere, isSound, openPeople, sign, text, type Person } from './support/people.ts'

const people = openPeople()
const { person } = people
before(() => people.open())
after(() => people.close())

/** The key that the page offers once its script has run. */
async function keyOffered(page: Page): Promise<string> {
  const choice = page.getByLabel('Sign with')
  await choice.waitFor()
  return choice.inputValue()
}

/** From a file to the wizard; ends on the page of the signed terms. */
async function declareByWizard({ page }: Person, title: string): Promise<void> {
  await page.goto(people.served.url)
  const buffer = Buffer.from(`${title}: under the bridge the river keeps the names of those who crossed it. `.repeat(4))
  await page.locator('input[type=file]').setInputFiles({ name: 'river.txt', mimeType: 'text/plain', buffer })
  await page.getByRole('button', { name: 'Check this file' }).click()
  await page.waitForURL(/results/)
  await page.getByRole('link', { name: 'Reserve rights in this work' }).click()
  await page.getByRole('link', { name: /Answer three questions/ }).click()
  assert.ok(await page.getByLabel('The work that I have just checked').isChecked())
  await page.getByLabel('Only for research and education').check()
  await page.getByLabel('How you want to be named').fill('Maria <b>Muster</b>')
  await page.getByLabel('… show it, to make it known (promotion)?').selectOption({ label: 'Yes, if I am named' })
  await page.getByLabel(/to earn money/).selectOption({ label: 'No' })
  await page.getByLabel('Where', { exact: true }).selectOption({ label: 'In the European Union' })
  await page.getByRole('button', { name: 'See what this means' }).click()
  await page.waitForURL(/preview/)
  await page.getByLabel('Title of the work').fill(title)
}

async function askDecision(query: Record<string, string>): Promise<string> {
  const answer = await fetch(`${people.served.url}/api/decisions?${new URLSearchParams(query)}`)
  assert.equal(answer.status, 200, JSON.stringify(query))
  return ((await answer.json()) as { decision: string }).decision
}

function typeOf(path: string): string {
  const types: Record<string, string> = {
    json: 'application/json',
    jsonld: 'application/ld+json',
    xml: 'application/rsl+xml',
    txt: 'text/plain',
  }
  return types[path.split('.').at(-1)!] ?? 'text/html'
}

const workOf = (page: Page) => decodeURIComponent(new URL(page.url()).pathname.split('/')[2]!)

/** Who signed what the receipt beside a label is for; it has to hold with nothing but the key of the log. */
async function verifyReceiptOf(page: Page, label: string): Promise<{ issuer: string }> {
  const row = page.locator('dt', { hasText: new RegExp(`^${label}$`) }).locator('xpath=following-sibling::dd[1]')
  const address = await row.getByRole('link').getAttribute('href')
  const response = await page.request.get(`${people.served.url}${address}.tlog-proof`)
  const log = parseVkey(people.served.node.register.log.vkey)
  const verdict = verifyReceipt(await response.text(), { log })
  assert.deepEqual([verdict.isSound, verdict.findings.filter(({ severity }) => severity === 'bad')], [true, []])
  return { issuer: verdict.statement!.issuer }
}

describe('saying what may be done, in a real browser', () => {
  test('three questions become a signed policy, said in words and decided so', async () => {
    const artist = await person()
    const { page } = artist
    await page.goto(people.served.url)
    await page.getByRole('link', { name: 'Say what may be done' }).click()
    await isSound(artist)
    assert.match(await text(page), /search engines .* never switched off/s)
    await declareByWizard(artist, 'The river')
    const preview = await text(page)
    assert.match(preview, /\(text and data mining\): no\./)
    assert.match(preview, /\(text and data mining\): yes all the same, for research or for education\./)
    assert.match(
      preview,
      /Showing it: yes, to make it known, in the European Union\. In return: name it as “Maria <b>Muster<\/b>”\./,
    )
    assert.match(preview, /Passing it on, to earn money: no\./)
    await isSound(artist)
    await sign(page)
    assert.ok(page.url().includes('preview'), 'a name and the tick are asked for first')
    await page.getByLabel('Your name, or the name you publish under').fill('Maria Muster')
    await page.getByLabel(/The rights are mine/).check()
    await sign(page)
    await page.waitForURL(/rights\/terms/)
    await isSound(artist)
    assert.match(await text(page), /yes all the same, for research/)
    await page.getByRole('link', { name: 'The river' }).click()
    await isSound(artist)
    const words = await text(page)
    assert.match(words, /Training any AI\s*reserved \(but conditions count, see below\)/)
    assert.doesNotMatch(words, /Passing it on\s*reserved/, 'what is said under conditions is told with them')
    assert.match(
      words,
      /What was said, in words\s*Reading by machines.*: no\.\s*Reading by machines.*yes all the same/s,
    )
    const work = workOf(page)
    assert.equal(await askDecision({ work, action: 'col:trainAI', purpose: 'col:research' }), 'allow')
    assert.equal(await askDecision({ work, action: 'col:trainAI', purpose: 'col:commercial' }), 'deny')
    assert.equal(
      await askDecision({ work, action: 'odrl:display', purpose: 'col:promotion', territory: 'AT' }),
      'allow',
    )
    assert.equal(await askDecision({ work, action: 'odrl:index' }), 'unset')
  })

  test('what is said again takes the place of what was said before, with the key of before', async () => {
    const artist = await person({ width: 320 })
    const { page } = artist
    const addresses: string[] = []
    for (const answer of ['Yes', 'Not AI that makes texts, pictures or sounds (generative AI)']) {
      await page.goto(`${people.served.url}/rights/new`)
      await page.getByLabel(answer, { exact: true }).check()
      await page.getByRole('button', { name: 'See what this means' }).click()
      if (addresses.length === 0) await page.getByLabel('Your name, or the name you publish under').fill('Ida Ink')
      else assert.match(await keyOffered(page), /^did:key:zDn/)
      await page.getByLabel(/The rights are mine/).check()
      await sign(page)
      await page.waitForURL(/rights\/terms/)
      await isSound(artist, 320)
      addresses.push(page.url())
    }
    await page.goto(addresses[0]!)
    assert.match(await text(page), /no longer, or not yet, in force/)
    await page.goto(addresses[1]!)
    await page.getByRole('link', { name: 'Ida Ink' }).click()
    assert.match(await text(page), /Terms for everything it declares\s*Training generative AI: no\./)
    assert.doesNotMatch(await text(page), /: yes/)
    await isSound(artist, 320)
  })

  test('“no” is said once for everything, without JavaScript, and the key that was shown speaks again', async () => {
    const artist = await person({ javaScriptEnabled: false })
    const { page } = artist
    await page.goto(`${people.served.url}/rights/no`)
    assert.match(await text(page), /Saying nothing is a no, too/)
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    assert.ok(page.url().endsWith('/rights/no'), 'the tick is asked for first')
    await page.getByLabel('I speak for my own works.').check()
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /name that you sign with/)
    await page.goBack()
    await page.getByLabel('Your name, or the name you publish under').fill('Nora No')
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    const pem = (await page.locator('pre').textContent())!
    assert.match(pem, /BEGIN PRIVATE KEY/)
    await page.getByRole('link', { name: 'See it' }).click()
    assert.match(await text(page), /\(text and data mining\): no\.\s*Giving it to an AI to answer from: no\./)
    await page.goto(`${people.served.url}/rights/new`)
    await page.getByLabel('Everything on my web site').check()
    await page.getByLabel('Address of the web site').fill('https://www.nora.example.org/pictures')
    await page.getByLabel('No: neither trained on it, nor given it to answer from').check()
    await page.getByRole('button', { name: 'See what this means' }).click()
    assert.match(await text(page), /everything on nora\.example\.org/)
    await page.getByLabel('How is your web site made?').selectOption({ label: 'Squarespace' })
    await page.getByRole('button', { name: 'Show where it goes' }).click()
    assert.match(await text(page), /Your host does not let you change this/)
    assert.match(await text(page), /Here is what works instead/)
    assert.match(await text(page), /<meta name="tdm-reservation" content="1"/)
    assert.doesNotMatch(await text(page), /draft\.invalid/)
    assert.doesNotMatch(await text(page), /nora\.example\.org\/rsl\.xml/, 'no file can be put there to point to')
    const address = await page.getByRole('link', { name: '.well-known/tdmrep.json' }).getAttribute('href')
    const file = await page.request.get(people.served.url + address)
    assert.deepEqual(JSON.parse(await file.text()), [{ location: '/', 'tdm-reservation': 1 }])
    assert.match(file.headers()['content-disposition']!, /attachment; filename="tdmrep\.json"/)
    assert.equal((await page.request.get(people.served.url + address!.replace('file=0', 'file=9'))).status(), 404)
    await page.getByText('I have a key that was made for me here').click()
    await page.getByLabel('The key, with its first and last line').fill('BEGIN nothing')
    await page.getByLabel(/The rights are mine/).check()
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /not a private key/)
    await page.goBack()
    await page.getByText('I have a key that was made for me here').click()
    await page.getByLabel('The key, with its first and last line').fill(pem)
    await page.getByLabel(/The rights are mine/).check()
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    await page.waitForURL(/rights\/terms/)
    assert.match(await text(page), /Nora No/)
    assert.ok(await page.getByRole('link', { name: 'policy.jsonld' }).isVisible(), 'formats that name who says it')
    assert.equal(await page.getByText('nora.example.org', { exact: true }).count(), 1)
  })

  test('the files and lines that the wizard gives, served as it says, are read as what was answered', async (t) => {
    const { page } = await person({ javaScriptEnabled: false })
    const bodies = new Map<string, string>()
    const headers: [string, string][] = []
    const server = createServer((request, response) => {
      for (const [name, value] of headers) response.appendHeader(name, value)
      const body = bodies.get(request.url!)
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': typeOf(request.url!) }).end(body)
    }).listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const site = `http://localhost:${(server.address() as AddressInfo).port}`

    await page.goto(`${people.served.url}/rights/new`)
    await page.getByLabel('Everything on my web site').check()
    await page.getByLabel('Address of the web site').fill('shop.example.org')
    await page.getByLabel('No: neither trained on it, nor given it to answer from').check()
    await page.getByRole('button', { name: 'See what this means' }).click()
    await page.getByLabel('How is your web site made?').selectOption({ label: 'My own server: nginx' })
    await page.getByRole('button', { name: 'Show where it goes' }).click()
    const under = (heading: string) =>
      page
        .locator('section.place', { has: page.getByRole('heading', { name: heading }) })
        .locator('pre')
        .allTextContents()
    // What points to a file of the site points to the site that is served here.
    const here = (line: string) => line.replaceAll('https://shop.example.org', site)
    bodies.set('/robots.txt', (await under('robots.txt: what crawlers read first')).map(here).join('\n'))
    bodies.set(
      '/',
      `<!doctype html><html><head>${(await under('In the head of every page')).map(here).join('\n')}</head></html>`,
    )
    for (const text of await under('In what the server sends with every file'))
      for (const line of here(text).split('\n')) {
        const [name, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]
        headers.push([name, value])
      }
    for (const link of await page.locator('a[download]').all()) {
      const address = people.served.url + (await link.getAttribute('href'))
      bodies.set(`/${(await link.textContent())!}`, here(await (await page.request.get(address)).text()))
    }
    assert.ok(headers.length > 1 && bodies.size > 3, [...bodies.keys()].join())
    const report = await lintSite(openUrlSource(site, { allowPrivate: true }))
    const { 'odrl:index': search, ...others } = report.decisions as Record<string, string>
    assert.deepEqual(new Set(Object.values(others)), new Set(['deny']), JSON.stringify(report.decisions))
    assert.notEqual(search, 'deny', 'search is never switched off')
    assert.deepEqual(
      report.findings.filter(({ severity }) => severity === 'error'),
      [],
    )
  })

  test('a work that is declared later with the same passkey is reached by what was said of everything', async () => {
    const artist = await person()
    const { page } = artist
    await page.goto(`${people.served.url}/rights/no`)
    await page.getByLabel('Your name, or the name you publish under').fill('Petra Pass')
    await page.getByLabel('I speak for my own works.').check()
    await sign(page)
    await page.waitForURL(/rights\/terms/)
    await page.goto(people.served.url)
    const buffer = Buffer.from('A heron looks at the water, and the water looks at the heron. '.repeat(5))
    await page.locator('input[type=file]').setInputFiles({ name: 'heron.txt', mimeType: 'text/plain', buffer })
    await page.getByRole('button', { name: 'Check this file' }).click()
    await page.waitForURL(/results/)
    await page.getByRole('link', { name: 'Reserve rights in this work' }).click()
    assert.match(await keyOffered(page), /^did:key:zDn/)
    assert.equal(await page.getByLabel('Your name, or the name you publish under').inputValue(), 'Petra Pass')
    await page.getByLabel('Title of the work').fill('Heron')
    await page.getByLabel('Only the training of generative AI').check()
    await page.getByLabel(/The rights are mine/).check()
    await isSound(artist)
    await sign(page)
    await page.waitForURL(/receipts/)
    await page.locator('dd a').first().click()
    await page.getByRole('link', { name: 'Heron' }).click()
    assert.equal(await askDecision({ work: workOf(page), action: 'col:aiInput' }), 'deny')
    assert.match(await text(page), /for everything the party makes/)
    await isSound(artist)
  })

  test('two keys that were made here negotiate without JavaScript', async () => {
    const [artist, lab] = [await person({ javaScriptEnabled: false }), await person({ javaScriptEnabled: false })]
    await declareByWizard(artist, 'The lock')
    await artist.page.getByLabel('Your name, or the name you publish under').fill('Lotte Lock')
    await artist.page.getByLabel(/The rights are mine/).check()
    await artist.page.getByRole('button', { name: 'Sign without a passkey' }).click()
    const pem = (await artist.page.locator('pre').textContent())!
    await artist.page.getByRole('link', { name: 'See it' }).click()
    await artist.page.getByRole('link', { name: 'The lock' }).click()
    await artist.page.getByRole('link', { name: 'Ask for permission' }).click()
    await lab.page.goto(artist.page.url())
    await lab.page.getByLabel('You want to be allowed').selectOption({ label: 'Translating it' })
    await lab.page.getByLabel('Your name, or the name you publish under').fill('Publisher')
    await lab.page.getByLabel('What I state is accurate.').check()
    await lab.page.getByRole('button', { name: 'Sign without a passkey' }).click()
    const wrong = (await lab.page.locator('pre').textContent())!
    await lab.page.getByRole('link', { name: 'See it' }).click()
    const answerWith = async (key: string) => {
      await artist.page.goto(lab.page.url())
      await artist.page.getByLabel('No', { exact: true }).check()
      const form = artist.page.locator('form', { hasText: 'What do you say?' })
      await form.getByLabel('The key, with its first and last line').fill(key)
      await form.getByRole('button', { name: 'Sign with this key' }).click()
    }
    await answerWith(wrong)
    assert.match((await artist.page.getByRole('alert').textContent())!, /not the one of the party that is asked/)
    await answerWith(pem)
    assert.equal(await artist.page.locator('h1').textContent(), 'A request that was answered with no')
    assert.equal(await artist.page.locator('form').count(), 0, 'a no needs nothing more')
  })

  test('two passkeys negotiate: asked for, other conditions, yes, proved offline, taken back', async () => {
    const [artist, lab] = [await person(), await person()]
    await declareByWizard(artist, 'The weir')
    await artist.page.getByLabel('Your name, or the name you publish under').fill('Wera Weir')
    await artist.page.getByLabel(/The rights are mine/).check()
    await sign(artist.page)
    await artist.page.waitForURL(/rights\/terms/)
    await artist.page.getByRole('link', { name: 'The weir' }).click()
    const work = workOf(artist.page)
    // The passkey is still on the device; what the page kept of it is not.
    await artist.page.evaluate(() => localStorage.clear())

    await lab.page.goto(artist.page.url())
    await lab.page.getByRole('link', { name: 'Ask for permission' }).click()
    await isSound(lab)
    await lab.page.getByLabel('For what').selectOption({ label: 'to earn money' })
    await lab.page.getByLabel('Largest model').selectOption('22')
    await lab.page.getByLabel('What it is for').fill('captions\nfor a museum')
    await lab.page.getByLabel('What may go wrong').fill('captions may be wrong')
    await lab.page.getByLabel('Your name, or the name you publish under').fill('Lab for Captions')
    await lab.page.getByLabel('What I state is accurate.').check()
    await sign(lab.page)
    await lab.page.waitForURL(/consents\/urn/)
    await isSound(lab)
    assert.equal(await lab.page.locator('h1').textContent(), 'A request that waits')
    const first = lab.page.url()
    const licensee = (await verifyReceiptOf(lab.page, 'Proposed')).issuer
    const use = { work, action: 'col:trainAI', licensee, purpose: 'col:commercial', modelFlopExponent: '21' }
    assert.equal(await askDecision(use), 'deny', 'asking allows nothing')

    await artist.page.getByRole('link', { name: 'Wera Weir' }).first().click()
    assert.match(await text(artist.page), /proposed by Lab for Captions.*waits for an answer/s)
    await isSound(artist)
    await artist.page.getByRole('link', { name: 'proposed by Lab for Captions' }).click()
    await artist.page.getByRole('link', { name: 'Name other conditions' }).click()
    await isSound(artist)
    assert.equal(await artist.page.getByLabel('Largest model').inputValue(), '22', 'what was asked is filled in')
    await artist.page.getByLabel('Price').fill('250.00')
    await artist.page.getByLabel('Last day').fill('2030-06-30')
    await sign(artist.page)
    await artist.page.waitForURL((url) => /consents\/urn/.test(url.pathname) && url.href !== first)
    const counter = artist.page.url()

    await lab.page.goto(first)
    assert.match(await text(lab.page), /answered with other conditions, which stand in its place/)
    assert.equal(await lab.page.getByText('What do you say?').count(), 0, 'what was countered cannot be accepted')
    await lab.page.getByRole('link', { name: /€250\.00 once/ }).click()
    assert.equal(
      lab.page.url(),
      counter.replaceAll(':', (colon, at) => (at > 20 ? '%3A' : colon)),
    )
    await lab.page.getByRole('radio', { name: 'No', exact: true }).focus()
    await lab.page.keyboard.press('ArrowUp')
    assert.ok(await lab.page.getByLabel('Yes, under exactly these conditions').isChecked(), 'by keyboard')
    await sign(lab.page)
    await lab.page.getByRole('heading', { level: 1, name: 'A permission' }).waitFor()
    await isSound(lab)
    assert.equal((await verifyReceiptOf(lab.page, 'Accepted')).issuer, licensee)
    assert.equal(await askDecision(use), 'allow')
    assert.equal(await askDecision({ ...use, modelFlopExponent: '23' }), 'deny', 'no larger model than was agreed')
    assert.equal(await askDecision({ work, action: 'col:trainAI', purpose: 'col:commercial' }), 'deny', 'nobody else')

    await artist.page.goto(counter)
    await artist.page.getByLabel('Wera Weir, who proposed it').check()
    await artist.page.getByRole('button', { name: 'Sign with a passkey' }).last().click()
    await artist.page.getByRole('heading', { level: 1, name: 'Taken back' }).waitFor()
    await isSound(artist)
    assert.equal(await askDecision(use), 'deny', 'what was taken back allows nothing')
    await artist.page.goto(first)
    assert.match(await text(artist.page), /taken back/)
  })

  test('a passkey of somebody else cannot answer', async () => {
    const { db } = people.served.node.register.database
    const [stranger, lab] = [await person(), await person()]
    const work = await db.selectFrom('work').selectAll().where('title', '=', 'The river').executeTakeFirstOrThrow()
    await lab.page.goto(`${people.served.url}/consents/new?work=${work.id}`)
    await lab.page.getByLabel('Your name, or the name you publish under').fill('Second Lab')
    await lab.page.getByLabel('What I state is accurate.').check()
    await sign(lab.page)
    await lab.page.waitForURL(/consents\/urn/)
    const statements = () => db.selectFrom('statement').select('id').execute()
    const count = (await statements()).length
    // Somebody who has a passkey here, but not the one that is needed.
    await stranger.page.goto(`${people.served.url}/rights/no`)
    await stranger.page.getByLabel('Your name, or the name you publish under').fill('Stranger')
    await stranger.page.getByLabel('I speak for my own works.').check()
    await sign(stranger.page)
    await stranger.page.waitForURL(/rights\/terms/)
    await stranger.page.goto(lab.page.url())
    await stranger.page.getByLabel('Yes, under exactly these conditions').check()
    await sign(stranger.page)
    await stranger.page.getByText(/That did not work/).waitFor()
    assert.equal((await statements()).length, count + 1)
    assert.ok(await stranger.page.getByRole('button', { name: 'Sign with a passkey' }).first().isEnabled())
    await lab.page.getByLabel('Second Lab, who proposed it').check()
    await lab.page.getByRole('button', { name: 'Sign with a passkey' }).last().click()
    await lab.page.getByRole('heading', { level: 1, name: 'Taken back' }).waitFor()
    await isSound(lab)
  })

  test('every page passes axe, in light and dark, and fits 320 pixels', async () => {
    const { db } = people.served.node.register.database
    const work = await db.selectFrom('work').selectAll().limit(1).executeTakeFirstOrThrow()
    const proposals = await db.selectFrom('consent_proposal').selectAll().execute()
    const policy = 'about=domain&domain=example.org&ai=paid&price=50&commercial=no'
    const paths = [
      '/rights/new',
      `/rights/new?work=${work.id}`,
      ...['wordpress', 'squarespace', 'wix', 'nginx', 'apache', 'github-pages', 'platform', 'unknown'].map(
        (builder) => `/rights/preview?${policy}&builder=${builder}`,
      ),
      '/rights/preview?about=party',
      '/rights/no',
      '/consents',
      '/consents/new',
      `/consents/new?work=${work.id}`,
      `/works/${work.id}`,
      ...proposals.map(({ id }) => `/consents/${id}`),
      ...proposals.map(({ licensor }) => `/parties/${licensor}`),
    ]
    await fitEverywhere(people.browser, people.served.url, paths)
  })
})
