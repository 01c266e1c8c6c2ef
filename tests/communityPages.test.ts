import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { appendStatement, type StatementSigner } from '../src/statements/index.ts'
import { fitEverywhere, isSound, openPeople, sign, text } from './support/people.ts'
import { newSigner, signed } from './support/testRegister.ts'

const people = openPeople()
const { person } = people
before(() => people.open())
after(() => people.close())

async function record(signer: StatementSigner, ...subjects: { type: string }[]): Promise<string> {
  const { register } = people.served.node
  const { statement } = await appendStatement(register, signed(register, signer, ...subjects))
  return statement.id
}

let works = 0
async function declare(signer: StatementSigner, title: string, ...more: { type: string }[]): Promise<string> {
  const id = `urn:uuid:018f0000-0000-7000-9000-${String(++works).padStart(12, '0')}`
  await record(signer, { type: 'Work', id, role: 'creator', title, medium: 'text' } as never, ...more)
  return id
}

const introduced = (signer: StatementSigner, name: string, more: object = {}) =>
  ({ type: 'Party', id: signer.issuer, kind: 'person', name, keys: [], ...more }) as { type: string }
const pemOf = ({ privateKey }: StatementSigner) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const textOfForm = (page: Page, heading: string | RegExp) => page.locator('form', { hasText: heading })

/** Signs a form that needs a certain key with that key, as somebody without JavaScript does. */
async function signGiven(page: Page, form: string | RegExp, signer: StatementSigner): Promise<void> {
  const found = textOfForm(page, form)
  await found.getByLabel('The key, with its first and last line').fill(pemOf(signer))
  await found.getByRole('button', { name: 'Sign with this key' }).click()
}

/** A community says on its page who approves its labels; nobody else can. */
async function nameApprovers(
  community: StatementSigner,
  { parties, threshold }: { parties: string[]; threshold: number },
) {
  const { page } = await person({ javaScriptEnabled: false })
  await page.goto(`${people.served.url}/parties/${community.issuer}`)
  await page.getByRole('link', { name: 'Who approves its labels' }).click()
  assert.match(await text(page), /Nobody has to approve/)
  await page.getByLabel('Who approves', { exact: true }).fill(parties.join('\n'))
  await page.getByLabel('How many of them').fill(String(threshold))
  await signGiven(page, 'How many of them', newSigner())
  assert.match((await page.getByRole('alert').textContent())!, /not the one of the party that is asked/)
  await page.goBack()
  await page.getByLabel('Who approves', { exact: true }).fill(parties.join('\n'))
  await page.getByLabel('How many of them').fill(String(threshold))
  await signGiven(page, 'How many of them', community)
  assert.match(
    await text(page),
    /First elder.*A label counts when so many|A label counts when so many.*: 2\..*First elder/s,
  )
}

async function rulesOf(path: string): Promise<{ rules: object[]; state: string; validUntil: string | null }> {
  const id = path.split('/consents/')[1]!
  const { consent } = (await (await fetch(`${people.served.url}/api/consents/${id}`)).json()) as { consent: never }
  return consent
}

describe('communities and licensees, in a real browser', () => {
  test('a community applies a label with a passkey, on a small screen, and takes it back', async () => {
    const maker = newSigner()
    const work = await declare(maker, 'Song of the harbour', introduced(maker, 'Mara Maker'))
    const community = await person({ width: 320 })
    const { page } = community
    await page.goto(`${people.served.url}/works/${work}`)
    await page.getByRole('link', { name: 'Is it of your community?' }).click()
    await isSound(community, 320)
    await page.getByLabel('Label', { exact: true }).selectOption('tks')
    await page.getByLabel('What it says').fill('Only in <b>summer</b>.')
    await page.getByLabel('Name of the community or institution').fill('People of the harbour')
    await page.getByLabel(/I speak for this community/).check()
    await sign(page)
    await page.getByText(/That did not work: a seasonal label says when/).waitFor()
    await page.getByLabel('Open each year from').fill('2026-06-01')
    await page.getByLabel('Open until').fill('2026-08-31')
    await sign(page)
    await page.waitForURL(/labels\/urn/)
    const { errors } = community
    // The refusal of the first try is an error of the network, which the browser tells, too.
    assert.ok(
      errors.every((error) => /status of 4/.test(error)),
      errors.join(),
    )
    errors.length = 0
    await isSound(community, 320)
    assert.match(await text(page), /People of the harbour says this\./)
    assert.match(await text(page), /Only in <b>summer<\/b>\..*each year from 1 June to 31 August/s)
    const address = page.url()
    await page.getByRole('link', { name: 'Song of the harbour' }).click()
    assert.match(await text(page), /Seasonal \(tks\), People of the harbour/)
    await page.getByRole('link', { name: 'More about this label' }).click()
    await sign(page)
    await page.getByText('has taken this back').waitFor()
    await isSound(community, 320)
    assert.equal(await page.locator('form').count(), 0)
    await page.goto(address.replace(/labels.*/, `works/${work}`))
    assert.doesNotMatch(await text(page), /Seasonal/)
  })

  test('an institution applies a notice without JavaScript; a person cannot apply a label', async () => {
    const maker = newSigner()
    const work = await declare(maker, 'Net and knot', introduced(maker, 'Nele Net'))
    const { page } = await person({ javaScriptEnabled: false })
    await page.goto(`${people.served.url}/labels/new?work=${work}`)
    await page.getByLabel('Label', { exact: true }).selectOption('traditional_knowledge')
    await page.getByLabel('Name of the community or institution').fill('Museum of nets')
    await page.getByLabel(/I speak for this community/).check()
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    await page.getByRole('link', { name: 'See it' }).click()
    assert.match(await text(page), /Museum of nets says this/)
    await page.goto(`${people.served.url}/labels/new?work=${work}`)
    await page.getByLabel('Label', { exact: true }).selectOption('tkss')
    await page.getByLabel(/I speak for this community/).check()
    await page.getByText('I have a key that was made for me here').click()
    await page.getByLabel('The key, with its first and last line').fill(pemOf(maker))
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /only a community applies its labels/)
  })

  test('a label waits for the approvers whom the community named, and counts when enough agree', async () => {
    const [maker, community, first, second] = [newSigner(), newSigner(), newSigner(), newSigner()]
    const work = await declare(maker, 'Map of the reef', introduced(maker, 'Rea Reef'))
    await record(first, introduced(first, 'First elder'))
    const approvers = { parties: [first.issuer, second.issuer], threshold: 2 }
    await record(community, introduced(community, 'People of the reef', { kind: 'community' }))
    await nameApprovers(community, approvers)
    const label = await record(community, { type: 'Label', target: { kind: 'work', id: work }, code: 'tkss' } as never)
    const { page } = await person({ javaScriptEnabled: false })
    await page.goto(`${people.served.url}/labels/${label}`)
    assert.match(await text(page), /waits for the approvals.*0 of 2/s)
    await page.getByLabel('First elder').check()
    await signGiven(page, 'Who approves?', maker)
    assert.match((await page.getByRole('alert').textContent())!, /not the one of the party that is asked/)
    for (const [signer, count] of [
      [first, 1],
      [second, 2],
    ] as const) {
      await page.goto(`${people.served.url}/labels/${label}`)
      await page.locator(`input[value="${signer.issuer}"]`).check()
      await signGiven(page, 'Who approves?', signer)
      assert.match(await text(page), new RegExp(`${count} of 2`))
    }
    assert.match(await text(page), /People of the reef says this/)
    assert.equal(await page.getByText('Who approves?').count(), 0)
    const decision = await fetch(`${people.served.url}/api/decisions?work=${work}&action=odrl:display`)
    assert.equal(((await decision.json()) as { decision: string }).decision, 'deny')
    await page.goto(`${people.served.url}/parties/${community.issuer}/audit`)
    await page.getByRole('link', { name: 'Secret or sacred' }).click()
    await signGiven(page, /^\s*From/, community)
    assert.match(await text(page), /has taken this back/)
  })

  test('who declared a work offers a permission; it is accepted, and its use is reported on', async () => {
    const [maker, lab] = [newSigner(), newSigner()]
    const work = await declare(maker, 'Ebb', introduced(maker, 'Ebba Ebb'))
    await record(lab, introduced(lab, 'Radio Ebb'))
    const { page } = await person({ javaScriptEnabled: false })
    await page.goto(`${people.served.url}/works/${work}`)
    await page.getByRole('link', { name: 'Offer a permission' }).click()
    await page
      .getByLabel('Whom do you offer it to?')
      .fill(`${people.served.url}/parties/${encodeURIComponent(lab.issuer)}`)
    await page.getByLabel('They would be allowed').selectOption({ label: 'Showing it' })
    await page.getByLabel('Price').fill('20')
    await signGiven(page, 'What do you offer?', lab)
    assert.match((await page.getByRole('alert').textContent())!, /not the one of the party that is asked/)
    await page.goBack()
    await signGiven(page, 'What do you offer?', maker)
    await page.waitForURL(/consents\/urn/)
    assert.match(await text(page), /Ebba Ebb proposes this to Radio Ebb\. Nothing is allowed by it yet/)
    await page.getByLabel('Yes, under exactly these conditions').check()
    await signGiven(page, 'What do you say?', lab)
    assert.match(await text(page), /Radio Ebb has not reported yet/)
    await page.getByLabel('Your report').fill('Shown once.\nNobody <i>complained</i>.')
    await signGiven(page, 'Your report', lab)
    assert.match(await text(page), /UTC: Shown once\. Nobody <i>complained<\/i>\./)
    await signGiven(page, 'Your report', lab)
    assert.match((await page.getByRole('alert').textContent())!, /report|Invalid/i, 'an empty report is none')
  })

  test('other conditions carry everything that was proposed, and what the form has no words for', async () => {
    const [maker, lab] = [newSigner(), newSigner()]
    const work = await declare(maker, 'Tide', introduced(maker, 'Tilda Tide'))
    const rules = [
      {
        action: 'odrl:display',
        decision: 'allow',
        purposes: ['col:research', 'col:education'],
        territory: ['DE', 'FR'],
        until: '2031-03-01T12:00:00.000Z',
        seasons: [{ from: '06-01', until: '08-31' }],
        duties: [
          { action: 'odrl:compensate', pay: { amount: '10', currency: 'EUR' }, per: 'year' },
          { action: 'odrl:attribute' },
        ],
      },
      { action: 'odrl:translate', decision: 'allow', territory: ['CA'], recipients: [lab.issuer] },
      { action: 'col:trainAI', decision: 'allow', modelFlopExponentMax: 19 },
    ]
    const proposal = {
      type: 'Proposal',
      licensor: maker.issuer,
      licensee: lab.issuer,
      target: { kind: 'work', id: work },
      rules,
      validUntil: '2032-01-01T00:00:00.000Z',
    }
    const asked = await record(lab, introduced(lab, 'Lab of tides'), proposal)
    const { page } = await person({ javaScriptEnabled: false, width: 320 })
    await page.goto(`${people.served.url}/consents/new?reply=${encodeURIComponent(`${asked}#1`)}`)
    const unchanged = rules.map(({ ...rule }) => rule)
    await signGiven(page, 'Part 1 of what was proposed', maker)
    const same = await rulesOf(page.url())
    assert.deepEqual(same.rules, unchanged, 'nothing was changed')
    assert.equal(same.validUntil, '2032-01-01T00:00:00.000Z')

    const again = await record(lab, { ...proposal } as never)
    await page.goto(`${people.served.url}/consents/new?reply=${again}`)
    const part = (place: number) => page.getByRole('group', { name: `Part ${place} of` })
    await part(1).getByLabel('Price').fill('15.50')
    await part(2).getByLabel('This is part of my proposal').uncheck()
    await part(3).getByLabel('Last day').fill('2029-12-31')
    await signGiven(page, 'Part 1 of what was proposed', maker)
    const [display, training, ...none] = (await rulesOf(page.url())).rules as (typeof rules)[number][]
    assert.deepEqual(none, [])
    assert.deepEqual(display, {
      ...rules[0],
      duties: [
        { action: 'odrl:compensate', pay: { amount: '15.50', currency: 'EUR' }, per: 'year' },
        { action: 'odrl:attribute' },
      ],
    })
    assert.deepEqual(training, { ...rules[2], until: '2030-01-01T00:00:00.000Z' })

    const last = await record(lab, { ...proposal } as never)
    await page.goto(`${people.served.url}/consents/new?reply=${last}`)
    for (const place of [1, 2, 3]) await part(place).getByLabel('This is part of my proposal').uncheck()
    await signGiven(page, 'Part 1 of what was proposed', maker)
    assert.match((await page.getByRole('alert').textContent())!, /keep at least one/)
  })

  test('every page passes axe, in light and dark, and fits 320 pixels', async () => {
    const { db } = people.served.node.register.database
    const labels = await db.selectFrom('label').select('id').execute()
    const proposals = await db.selectFrom('consent_proposal').select('id').execute()
    const declared = await db.selectFrom('work').select('id').execute()
    const communities = await db.selectFrom('party').select('id').where('kind', '=', 'community').execute()
    assert.ok(labels.length > 2 && proposals.length > 4 && communities.length > 1)
    await fitEverywhere(people.browser, people.served.url, [
      `/labels/new?work=${declared[0]!.id}`,
      `/claims/new?work=${declared[0]!.id}`,
      `/claims/new?party=${encodeURIComponent(communities[0]!.id)}`,
      `/consents/offer?work=${declared[0]!.id}`,
      '/labels/nothing',
      ...labels.map(({ id }) => `/labels/${encodeURIComponent(id)}`),
      ...proposals.map(({ id }) => `/consents/${encodeURIComponent(id)}`),
      ...declared.map(({ id }) => `/works/${id}`),
      ...communities.flatMap(({ id }) =>
        ['', '/audit', '/approvers'].map((rest) => `/parties/${encodeURIComponent(id)}${rest}`),
      ),
    ])
  })
})
