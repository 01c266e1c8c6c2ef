import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { fitsInLightAndDark, openBrowser } from './support/browser.ts'
import { keyboardOf } from './support/keyboard.ts'
import { serveLevyNode, type LevyNode } from './support/levyNode.ts'
import { text } from './support/people.ts'

let served: LevyNode
let browser: Browser
let page: Page
before(async () => {
  served = await serveLevyNode()
  browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
  page = await context.newPage()
})
after(async () => {
  await browser?.close()
  await served?.stop()
})

test('a payee signs in with a key as text, reads the statement of a year, and takes the proof of the line away', async () => {
  await page.goto(`${served.url}/fund`)
  await fitsInLightAndDark(page, '/fund')
  await page.getByRole('link', { name: 'Statement of account' }).click()
  assert.match(await text(page), /Nobody else sees it/)
  await fitsInLightAndDark(page, 'signing in')
  await page.getByText('I have a key as text').click()
  const pem = served.maria.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  await page.getByLabel('The key, with its first and last line').fill(pem)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Statement of account' }).waitFor()
  await fitsInLightAndDark(page, '/fund/statement')
  const row = page.getByRole('row', { name: /^Bridge & <i>river<\/i>/ })
  assert.match(await row.innerText(), /75%[\s\S]*300[\s\S]*EUR/)
  await page.getByLabel('Year').selectOption({ index: 0 })
  await page.getByRole('button', { name: 'Show' }).click()
  assert.match(page.url(), /year=\d{4}/)
  const [proof] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Proof of your line' }).click(),
  ])
  assert.equal(proof.suggestedFilename(), 'proof.json')
  await row.getByRole('link').click()
  assert.match(await text(page), /Declared by/)
})

test('a run can be read on a narrow screen, as a picture and as a table', async () => {
  for (const path of [`/fund/runs/${served.run.id}`, `/fund/plans/${served.plan.id}`, '/fund/unlocated']) {
    await page.goto(served.url + path)
    await fitsInLightAndDark(page, path)
  }
  await page.goto(`${served.url}/fund/runs/${served.run.id}`)
  await page.getByRole('img', { name: /as bars/ }).waitFor()
  assert.equal(await page.getByRole('cell', { name: '100%' }).count(), 1)
})

test('what if: by the keyboard alone, a mistake is led to and mended, and both plans stand side by side', async () => {
  await page.goto(`${served.url}/fund/simulate`)
  await fitsInLightAndDark(page, '/fund/simulate')
  const keyboard = keyboardOf(page)
  await keyboard.type(page.getByLabel('First rate'), 'much')
  await keyboard.type(page.getByLabel('Rightsholders'), '100')
  await keyboard.press(page.getByRole('button', { name: 'Compare' }))
  await page.getByRole('alert').waitFor()
  await fitsInLightAndDark(page, 'a mistake')
  await page.getByRole('link', { name: /^First rate/ }).click()
  assert.equal(await page.getByLabel('Rightsholders').inputValue(), '100')
  await page.getByLabel('First rate').fill('3')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('heading', { name: 'By group' }).waitFor()
  await fitsInLightAndDark(page, 'the comparison')
  const heritage = page.getByRole('row', { name: /^Heritage institutions/ })
  assert.match(await heritage.innerText(), /EUR.14,021,100[\s\S]*EUR.0[\s\S]*-EUR.14,021,100/)
  assert.match(await text(page), /5 invented developers/)
})
