import { ColophonError } from '../../foundation/index.ts'
import { eurosOf, isDate } from './amounts.ts'
import { quoted } from './findings.ts'

/** The first component of every account. */
export type AccountRoot = 'Assets' | 'Liabilities' | 'Equity' | 'Income' | 'Expenses'

/** One entry of a double-entry journal in euros: its postings add up to nothing. */
export interface JournalEntry {
  id: string
  /** `YYYY-MM-DD`; entries come in the order of their days. */
  date: string
  description: string
  postings: readonly {
    /** As `['Liabilities', 'Payees', 'did:key:z6Mk…']`: behind the first one any text that is not empty. */
    account: readonly [AccountRoot, ...string[]]
    amountCents: bigint
  }[]
  meta?: Readonly<Record<string, string>>
}

type Entries = Iterable<JournalEntry> | AsyncIterable<JournalEntry>

const ROOTS: ReadonlySet<string> = new Set(['Assets', 'Liabilities', 'Equity', 'Income', 'Expenses'])

/**
 * A journal as text for hledger, in pieces. Names of accounts are percent-encoded where hledger would read them
 * otherwise (colons, spaces, all but ASCII), so they stay apart and can be read back: `readHledgerAccount`. Every account is
 * declared before its first use, so `hledger check --strict` passes. Identifier and meta stand in tags.
 * Errors: `invalid_input` for an entry that does not add up to nothing, has no postings, or is out of order.
 */
export async function* toHledger(entries: Entries): AsyncGenerator<string> {
  yield 'decimal-mark .\ncommodity 1000.00 EUR\n\n'
  for await (const { entry, newAccounts } of inOrder(entries)) {
    let text = newAccounts.map(({ account }) => `account ${hledgerAccount(account)}\n`).join('')
    text += `${entry.date} * (${percent(entry.id)}) ${hledgerText(entry.description)}\n`
    for (const [key, value] of Object.entries(entry.meta ?? {})) {
      text += `    ; ${hledgerKey(key)}: ${hledgerText(value)}\n`
    }
    for (const { account, amountCents } of entry.postings) {
      text += `    ${hledgerAccount(account)}  ${eurosOf(amountCents)} EUR\n`
    }
    yield `${text}\n`
  }
}

/**
 * A journal as text for Beancount, in pieces. Components of accounts are written in letters, digits and hyphens
 * (`readBeancountAccount` reads them back), and stand as they are in the metadata of the `open` directive, which is dated at the
 * account's first use. Errors: as of `toHledger`.
 */
export async function* toBeancount(entries: Entries): AsyncGenerator<string> {
  yield 'option "operating_currency" "EUR"\n\n'
  for await (const { entry, newAccounts } of inOrder(entries)) {
    let text = ''
    for (const { account } of newAccounts) {
      text += `${entry.date} open ${beancountAccount(account)} EUR\n`
      text += `  components: ${beancountString(JSON.stringify(account.slice(1)))}\n`
    }
    text += `${entry.date} * ${beancountString(entry.description)}\n  id: ${beancountString(entry.id)}\n`
    for (const [key, value] of Object.entries(entry.meta ?? {})) {
      text += `  ${beancountKey(key)}: ${beancountString(value)}\n`
    }
    for (const { account, amountCents } of entry.postings) {
      text += `  ${beancountAccount(account)}  ${eurosOf(amountCents)} EUR\n`
    }
    yield `${text}\n`
  }
}

/** Checks each entry, and tells which of its accounts are used for the first time. */
async function* inOrder(
  entries: Entries,
): AsyncGenerator<{ entry: JournalEntry; newAccounts: { account: readonly string[] }[] }> {
  const seen = new Set<string>()
  let day = ''
  for await (const entry of entries) {
    checkEntry(entry, day)
    day = entry.date
    const newAccounts = entry.postings.filter(({ account }) => {
      const name = hledgerAccount(account)
      return !seen.has(name) && seen.add(name)
    })
    yield { entry, newAccounts }
  }
}

function checkEntry({ id, date, description, postings, meta }: JournalEntry, dayBefore: string): void {
  const refuse = (what: string, remedy: string) =>
    new ColophonError('invalid_input', what, { where: `journal entry ${quoted(id)}`, remedy })
  if (!isDate(date)) throw refuse(`${quoted(date)} is no day`, 'Write it as YYYY-MM-DD.')
  if (date < dayBefore) throw refuse(`it is of ${date}, and stands behind ${dayBefore}`, 'Sort the entries by day.')
  if (postings.length === 0) throw refuse('it has no postings', 'Give it at least two.')
  const sum = postings.reduce((total, { amountCents }) => total + amountCents, 0n)
  if (sum !== 0n) throw refuse(`its postings add up to ${eurosOf(sum)} euros`, 'Let them add up to nothing.')
  const components = postings.flatMap(({ account }) => account)
  const texts = [id, description, ...components, ...Object.entries(meta ?? {}).flat()]
  const isFit = texts.every((text) => text.isWellFormed()) && components.every((component) => component !== '')
  if (!isFit) throw refuse('a text has half a character, or a component of an account is empty', 'Write it again.')
  if (postings.some(({ account }) => !ROOTS.has(account[0]) || account.length < 2)) {
    throw refuse(
      'an account begins with none of the five roots, or has nothing behind it',
      'Write it below one of them.',
    )
  }
}

/** An account's name for hledger. Example: `['Assets', 'a:b']` → `Assets:a%3Ab`. */
export function hledgerAccount(account: readonly string[]): string {
  return account.map(percent).join(':')
}

/** The components that `hledgerAccount` wrote. */
export function readHledgerAccount(name: string): string[] {
  return name.split(':').map(decodeURIComponent)
}

/** Everything but ASCII letters, digits and `-_./@+` as `%` and two hexadecimal digits for each byte of UTF-8. */
function percent(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-_./@+]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** A tag's name; hledger itself reads `date` and `date2` as dates of the postings. */
function hledgerKey(key: string): string {
  return /^date2?$/.test(key) ? `%64${key.slice(1)}` : percent(key) || '%'
}

/** Text to the end of a line: what hledger would end or cut it at becomes percent-encoded. */
function hledgerText(text: string): string {
  return text.replaceAll(/[%;|,[\p{Cc}\p{Zl}\p{Zp}]|^\s|\s$/gu, percent)
}

/**
 * An account's name for Beancount. In each component letters and digits of ASCII stay, a hyphen is doubled, and any other
 * character is its code point in hexadecimal between hyphens; a component that does not begin with a capital or a digit has `X-x-`
 * before it. Example: `['Liabilities', 'did:key']` → `Liabilities:X-x-did-3a-key`.
 */
export function beancountAccount(account: readonly string[]): string {
  return account
    .map((component) => (/^[A-Z0-9]/.test(component) ? hyphens(component) : `X-x-${hyphens(component)}`))
    .join(':')
}

/** The components that `beancountAccount` wrote. */
export function readBeancountAccount(name: string): string[] {
  return name
    .split(':')
    .map((component) =>
      component
        .replace(/^X-x-/, '')
        .replaceAll(/-(?:-|([0-9a-f]+)-)/g, (_, hex: string | undefined) =>
          hex === undefined ? '-' : String.fromCodePoint(Number.parseInt(hex, 16)),
        ),
    )
}

function hyphens(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/gu, (character) =>
    character === '-' ? '--' : `-${character.codePointAt(0)!.toString(16)}-`,
  )
}

/** Keys begin with a small letter; `id` is ours, and Beancount itself sets `filename` and `lineno`. */
function beancountKey(key: string): string {
  const isPlain = /^[a-z][a-z0-9_]+$/.test(key) && !['id', 'filename', 'lineno'].includes(key)
  return isPlain ? key : `x-${hyphens(key)}`
}

/** A string: quotes, backslashes and ends of lines escaped, other control characters as spaces. */
function beancountString(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, (character) => `\\${character}`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll(/\p{Cc}/gu, ' ')
  return `"${escaped}"`
}
