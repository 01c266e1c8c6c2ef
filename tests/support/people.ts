import assert from 'node:assert/strict'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { addAuthenticator, axeViolations, fitsInLightAndDark, openBrowser } from './browser.ts'
import { serveTestNode, type ServedNode } from './testNode.ts'

export interface Person {
  page: Page
  errors: string[]
}

/** A node and a browser for people with devices of their own; `open` before the tests, `close` after them. */
export function openPeople() {
  const opened: BrowserContext[] = []
  const state: { served?: ServedNode; browser?: Browser } = {}
  return {
    get served() {
      return state.served!
    },
    get browser() {
      return state.browser!
    },
    async open() {
      state.served = await serveTestNode({ withExample: false })
      state.browser = await openBrowser()
    },
    async close() {
      for (const context of opened) await context.close()
      await state.browser?.close()
      await state.served?.stop()
    },
    /** Somebody with a device of their own; without JavaScript, without passkeys. */
    async person(options: { javaScriptEnabled?: boolean; width?: number } = {}): Promise<Person> {
      const { javaScriptEnabled = true, width = 1000 } = options
      const context = await state.browser!.newContext({ javaScriptEnabled, viewport: { width, height: 900 } })
      opened.push(context)
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(String(error)))
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      if (javaScriptEnabled) await addAuthenticator(context, page)
      return { page, errors }
    },
  }
}

/** Nothing that axe finds, no error in the script, and no wider than the screen. */
export async function isSound({ page, errors }: Person, width = 1000): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], page.url())
  assert.deepEqual(errors, [], page.url())
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, page.url())
}

export const text = (page: Page) => page.locator('main').innerText()

export const sign = async (page: Page) => {
  await page.getByRole('button', { name: 'Sign with a passkey' }).first().click()
}

/** In light and dark, nothing that axe finds, and no wider than 320 pixels. */
export async function fitEverywhere(browser: Browser, url: string, paths: readonly string[]): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
  const page = await context.newPage()
  for (const path of paths) {
    const response = await page.goto(url + path)
    assert.ok(response!.status() === 200 || response!.status() === 400 || response!.status() === 404, path)
    await fitsInLightAndDark(page, path)
  }
  await context.close()
}
