import { readFileSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** A real browser: the one that CHROMIUM names, or the one that comes with the test tools. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? (await chromium.executablePath())
  const args = [
    ...chromium.args.filter((arg) => !arg.startsWith('--headless') && arg !== '--single-process'),
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--no-sandbox',
  ]
  return playwright.launch({ executablePath, args, headless: true })
}

/** What axe finds on the page by WCAG 2.2 A and AA, and best practices: rule and place. */
export async function axeViolations(page: Page): Promise<string[]> {
  const client = await page.context().newCDPSession(page)
  // Evaluated by the debugger, so the page's own policy against foreign scripts stays as strict as it is.
  await client.send('Runtime.evaluate', { expression: AXE })
  const { result } = await client.send('Runtime.evaluate', {
    expression: `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) => JSON.stringify(found.violations.map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.target.join(' ')).join(', '))))`,
    awaitPromise: true,
    returnByValue: true,
  })
  return JSON.parse(result.value as string) as string[]
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
