import { existsSync, readFileSync } from 'node:fs'
import { localeFlaws, readTexts } from './localeFlaws.ts'

/** Prints what is wrong with the texts of every language, or of those that are named; exits with 1 when anything is. */
const languages = JSON.parse(readFileSync(new URL('../locales/languages.json', import.meta.url), 'utf8')) as Record<
  string,
  { format?: string }
>
const asked = process.argv.slice(2)
const english = readTexts('en')
let count = 0
for (const [code, { format }] of Object.entries(languages)) {
  if (asked.length > 0 && !asked.includes(code)) continue
  if (!existsSync(new URL(`../locales/${code}.json`, import.meta.url))) {
    console.log(`${code}: has no texts yet`)
    continue
  }
  const flaws = localeFlaws(code, format ?? code, readTexts(code), english)
  for (const flaw of flaws) console.log(`${code}: ${flaw}`)
  console.log(`${code}: ${Object.keys(english).length} texts, ${flaws.length} flaws`)
  count += flaws.length
}
process.exitCode = count > 0 ? 1 : 0
