import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const LEFT_OUT =
  /^--(headless|single-process|in-process-gpu|use-gl|use-angle|enable-unsafe-swiftshader|ignore-gpu-blocklist)/

/** A real browser: the one that CHROMIUM names, or the one that comes with the test tools. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? (await chromium.executablePath())
  const args = [
    ...chromium.args.filter((arg) => !LEFT_OUT.test(arg)),
    // Pages are drawn without a graphics card that would be computed, too.
    '--disable-gpu',
    '--disable-software-rasterizer',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--no-sandbox',
  ]
  return playwright.launch({ executablePath, args, headless: true })
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Rules that look at colours: what else axe finds on a page it finds in any of them. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds on the page by WCAG 2.2 A and AA, and best practices, or by some rules only: rule and place. */
export async function axeViolations(page: Page, runOnly = RULES): Promise<string[]> {
  const client = await page.context().newCDPSession(page)
  // Evaluated by the debugger, so the page's own policy against foreign scripts stays as strict as it is.
  const loaded = await client.send('Runtime.evaluate', { expression: 'typeof axe' })
  if (loaded.result.value !== 'object') await client.send('Runtime.evaluate', { expression: AXE })
  const { result } = await client.send('Runtime.evaluate', {
    // Of what passes nothing is listed: that takes a third of the time.
    expression: `axe.run(${JSON.stringify({ runOnly, resultTypes: ['violations'] })}).then((found) => JSON.stringify(found.violations.map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.target.join(' ')).join(', '))))`,
    awaitPromise: true,
    returnByValue: true,
  })
  return JSON.parse(result.value as string) as string[]
}

/** Nothing that axe finds on the page, in light and dark, and nothing to scroll sideways. */
export async function fitsInLightAndDark(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const rules = colorScheme === 'light' ? RULES : COLOUR_RULES
    assert.deepEqual(await axeViolations(page, rules), [], `${where} ${colorScheme}`)
    assert.equal(await sidewaysPixels(page), 0, `${where} is wider than the screen`)
  }
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** A device that holds passkeys and says yes whenever it is asked. */
export async function addAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const client = await context.newCDPSession(page)
  await client.send('WebAuthn.enable')
  await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
