import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  beancountAccount,
  hledgerAccount,
  readBeancountAccount,
  readHledgerAccount,
  toBeancount,
  toHledger,
  type AccountRoot,
  type JournalEntry,
} from './index.ts'

async function written(pieces: AsyncGenerator<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const paid = (more: Partial<JournalEntry> = {}): JournalEntry => ({
  id: 'entry:1',
  date: '2026-12-01',
  description: 'Paid "in full"; see\nstatement',
  postings: [
    { account: ['Liabilities', 'Payees', 'did:key:z6Mk'], amountCents: 1234n },
    { account: ['Assets', 'Bank'], amountCents: -1234n },
  ],
  meta: { run: '2026, first' },
  ...more,
})

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.constantFrom(
    'did:key:z6Mk',
    'a  b',
    '(x)',
    '*',
    '; c',
    'X-x-a',
    'X',
    'a-b',
    'a--b',
    '3a',
    '-3a-',
    '%3A',
    'é',
    'e\u0301',
    '李',
  ),
)
const root = fc.constantFrom<AccountRoot>('Assets', 'Liabilities', 'Equity', 'Income', 'Expenses')
const account = fc
  .tuple(root, text)
  .chain(([first, second]) =>
    fc.array(text, { maxLength: 2 }).map((rest): [AccountRoot, ...string[]] => [first, second, ...rest]),
  )

test('names of accounts are what each tool takes, and can be read back whole', () => {
  fc.assert(
    fc.property(account, (components) => {
      assert.deepEqual(readHledgerAccount(hledgerAccount(components)), components)
      assert.deepEqual(readBeancountAccount(beancountAccount(components)), components)
      assert.match(hledgerAccount(components), /^[A-Z][a-z]+(:[A-Za-z0-9\-_./@+%]+)+$/)
      assert.match(
        beancountAccount(components),
        /^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$/,
      )
    }),
    { numRuns: 300 },
  )
})

test('an entry stands in both forms, with its accounts before it', async () => {
  assert.equal(
    await written(toHledger([paid()])),
    `decimal-mark .
commodity 1000.00 EUR

account Liabilities:Payees:did%3Akey%3Az6Mk
account Assets:Bank
2026-12-01 * (entry%3A1) Paid "in full"%3B see%0Astatement
    ; run: 2026%2C first
    Liabilities:Payees:did%3Akey%3Az6Mk  12.34 EUR
    Assets:Bank  -12.34 EUR

`,
  )
  assert.equal(
    await written(toBeancount([paid()])),
    `option "operating_currency" "EUR"

2026-12-01 open Liabilities:Payees:X-x-did-3a-key-3a-z6Mk EUR
  components: "[\\"Payees\\",\\"did:key:z6Mk\\"]"
2026-12-01 open Assets:Bank EUR
  components: "[\\"Bank\\"]"
2026-12-01 * "Paid \\"in full\\"; see\\nstatement"
  id: "entry:1"
  run: "2026, first"
  Liabilities:Payees:X-x-did-3a-key-3a-z6Mk  12.34 EUR
  Assets:Bank  -12.34 EUR

`,
  )
})

test('any journal has only lines that the tools know, each account opened once, and adds up to nothing', async () => {
  const entry = fc.record({
    id: text,
    description: text,
    meta: fc.dictionary(fc.oneof(text, fc.constantFrom('id', 'date', 'filename', '')), text, { maxKeys: 3 }),
    parts: fc.array(fc.tuple(account, fc.bigInt({ min: -10_000_000n, max: 10_000_000n })), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 6 }), async (given) => {
      const entries = given.map(({ parts, ...rest }, day): JournalEntry => {
        const postings = parts.map(([each, amountCents]) => ({ account: each, amountCents }))
        const sum = postings.reduce((total, { amountCents }) => total + amountCents, 0n)
        const clearing = { account: ['Assets', 'Clearing'] as const, amountCents: -sum }
        return { ...rest, date: `2026-01-0${day + 1}`, postings: [...postings, clearing] }
      })
      const accounts = new Set(entries.flatMap(({ postings }) => postings.map((each) => JSON.stringify(each.account))))
      const hledger = (await written(toHledger(entries))).split('\n')
      const beancount = (await written(toBeancount(entries))).split('\n')
      for (const line of hledger) assert.match(line, HLEDGER_LINE)
      for (const line of beancount) assert.match(line, BEANCOUNT_LINE)
      for (const [lines, opening] of [
        [hledger, /^account /],
        [beancount, / open /],
      ] as const) {
        const opened = lines.filter((line) => opening.test(line))
        assert.equal(opened.length, accounts.size)
        assert.equal(new Set(opened.map((line) => line.replace(/^\d\S+ /, ''))).size, accounts.size)
        assert.equal(centsIn(lines), 0n)
      }
      const keys = beancount.filter((line) => /^ {2}[a-z]/.test(line)).length
      assert.equal(keys, accounts.size + entries.reduce((sum, { meta }) => sum + 1 + Object.keys(meta ?? {}).length, 0))
    }),
    { numRuns: 60 },
  )
})

const HLEDGER_LINE =
  /^$|^decimal-mark \.$|^commodity 1000\.00 EUR$|^account \S+$|^\d{4}-\d\d-\d\d \* \(\S+\) [^;|\p{Cc}]*$|^ {4}; (?!date2?:)[^\s:]+: [^,[\p{Cc}]*$|^ {4}[A-Z]\S+ {2}-?\d+\.\d\d EUR$/u
const BEANCOUNT_LINE =
  /^$|^option .*$|^\d{4}-\d\d-\d\d open \S+ EUR$|^\d{4}-\d\d-\d\d \* "(?:[^"\\\p{Cc}]|\\["\\ntr])*"$|^ {2}[a-z][A-Za-z0-9_-]+: "(?:[^"\\\p{Cc}]|\\["\\ntr])*"$|^ {2}[A-Z]\S+ {2}-?\d+\.\d\d EUR$/u

function centsIn(lines: readonly string[]): bigint {
  return lines.reduce((sum, line) => {
    const amount = / {2}(-?\d+)\.(\d\d) EUR$/.exec(line)
    return amount ? sum + BigInt(amount[1]! + amount[2]!) : sum
  }, 0n)
}

test('a journal that does not add up, is out of order or has no accounts is refused', async () => {
  const postings = paid().postings
  const wrong: [JournalEntry[], RegExp][] = [
    [[paid({ postings: [postings[0]!] })], /add up to 12\.34/],
    [[paid({ postings: [] })], /no postings/],
    [[paid({ date: '2026-02-30' })], /no day/],
    [[paid(), paid({ date: '2026-11-30' })], /stands behind/],
    [[paid({ description: '\ud800' })], /half a character/],
    [[paid({ postings: [{ account: ['Assets', ''], amountCents: 0n }] })], /empty/],
    [[paid({ postings: [{ account: ['Assets'], amountCents: 0n }] })], /five roots/],
  ]
  for (const [entries, message] of wrong) {
    await assert.rejects(written(toHledger(entries)), { code: 'invalid_input', message })
    await assert.rejects(written(toBeancount(entries)), { code: 'invalid_input', message })
  }
})
