import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { itemId } from '../src/register/index.ts'
import { newSigner, state, stateCollection, urn } from './support/offeredWorks.ts'
import { fitEverywhere, isSound, openPeople, sign, text } from './support/people.ts'

const people = openPeople()
const museum = newSigner()
let offered: string

before(async () => {
  await people.open()
  const { node } = people.served
  await state(node.register, museum, {
    type: 'Party',
    id: museum.issuer,
    kind: 'organisation',
    name: 'Museum',
  } as never)
  await stateCollection(node, museum, urn(700), 'Plates', [
    { title: 'Plate', medium: 'picture', language: 'de' },
    { title: 'Lost', medium: 'picture' },
  ])
  await state(node.register, museum, { type: 'ItemWithdrawal', collection: urn(700), items: [1] } as never)
  offered = await state(node.register, museum, {
    type: 'Offer',
    title: 'Plates and a title that is so long that it has to break somewhere on the screen of an old telephone',
    description: 'Copper plates.',
    target: { kind: 'set', id: urn(700) },
    rules: [
      { action: 'col:trainAI', decision: 'allow', purposes: ['col:research', 'col:education'] },
      {
        action: 'tdm:mine',
        decision: 'allow',
        duties: [{ action: 'odrl:compensate', pay: { amount: '5', currency: 'EUR' } }],
      },
    ],
    audience: ['small', 'research'],
  } as never)
})
after(() => people.close())

describe('the catalogue in a real browser', () => {
  test('its pages fit a telephone, in light and dark, and axe finds nothing', async () => {
    await fitEverywhere(people.browser, people.served.url, [
      `/catalog/${encodeURIComponent(offered)}`,
      `/catalog/new?scope=${urn(700)}`,
      `/consents/new?offer=${encodeURIComponent(offered)}`,
      `/works/${itemId(urn(700), 0)}/take-back`,
      `/works/${itemId(urn(700), 1)}`,
    ])
  })

  test('a developer finds an offer, changes one of its terms and asks with a passkey', async () => {
    const lab = await people.person()
    const { page } = lab
    await page.goto(`${people.served.url}/works`)
    await page.getByRole('link', { name: 'Catalogue: works on offer' }).click()
    await isSound(lab)
    await page.getByRole('link', { name: /^Plates and/ }).click()
    assert.match(await text(page), /Training any AI: yes, for research or for education/)
    await isSound(lab)
    await page.getByRole('link', { name: 'Ask for this' }).click()
    await isSound(lab)
    await page.getByLabel('Price').nth(1).fill('4')
    await page.getByLabel('What it is for').fill('captions')
    await page.getByLabel(/name/i).last().fill('Lab')
    await page.getByLabel('What I state is accurate.').check()
    await sign(page)
    await page.waitForURL(/\/consents\/urn/)
    assert.match(await text(page), /€4/)
    assert.match(await text(page), /Training any AI: yes, for research or for education/, 'what was not changed stays')
    await isSound(lab)
  })
})
