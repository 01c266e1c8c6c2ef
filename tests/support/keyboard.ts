import type { Locator, Page } from 'playwright-core'

const PRESSES_MAX = 250

/** Somebody without a mouse: everything is reached by Tab and arrows, and pressed by keys. */
export function keyboardOf(page: Page) {
  // The browser hands dialogs over only from when somebody listens, and that takes a moment.
  page.on('filechooser', () => {})
  const isFocused = (target: Locator) => target.evaluate((element) => element === document.activeElement)

  async function reach(target: Locator): Promise<void> {
    for (let presses = 0; presses < PRESSES_MAX; presses++) {
      if (await isFocused(target)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`${String(target)} cannot be reached by the keyboard`)
  }

  return {
    /** A link, a button or a summary. */
    async press(target: Locator): Promise<void> {
      await reach(target)
      await page.keyboard.press('Enter')
    },
    async type(target: Locator, text: string): Promise<void> {
      await reach(target)
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
    },
    async check(target: Locator): Promise<void> {
      await reach(target)
      await page.keyboard.press('Space')
    },
    /** One of several: Tab reaches one of them, arrows go on from there. */
    async choose(target: Locator): Promise<void> {
      const name = await target.getAttribute('name')
      const inGroup = () =>
        page.evaluate((group) => (document.activeElement as HTMLInputElement | null)?.name === group, name)
      for (let presses = 0; presses < PRESSES_MAX && !(await inGroup()); presses++) await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      for (let presses = 0; presses < PRESSES_MAX && !(await isFocused(target)); presses++)
        await page.keyboard.press('ArrowDown')
    },
    /** Opens the dialog that the system has for files, which is no part of the page. */
    async chooseFiles(target: Locator, path: string): Promise<void> {
      await reach(target)
      const dialog = page.waitForEvent('filechooser')
      await page.keyboard.press('Enter')
      await (await dialog).setFiles(path)
    },
  }
}
