import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FIELDS, TEMPLATE, summarySchema, valueSchemas } from './template.ts'

test('a date is a day or a month of the calendar, and may be yet to come', () => {
  for (const date of ['2026-11', '2026-11-20', '2024-02-29', '2099-01-01'])
    assert.equal(valueSchemas.date.safeParse(date).success, true, date)
  for (const date of ['2099-13-45', '2099-13', '2026-00', '2025-02-29', '2026-04-31', '2026-11-00', '26-11-20', ''])
    assert.equal(valueSchemas.date.safeParse(date).success, false, date)
  assert.match(valueSchemas.date.safeParse('2099-13-45').error!.issues[0]!.message, /calendar has no such/)
})

test('texts hold no signs that are not seen, save line ends and tabs', () => {
  const read = (text: string) => valueSchemas.text.safeParse(text)
  for (const text of ['one\ntwo\tthree', 'emoji 👩‍🔬, Ελληνικά, العربية\u200f', 'soft\u00adhyphen'])
    assert.equal(read(text).success, true, text)
  assert.equal(read('one\r\ntwo').data, 'one\ntwo')
  for (const sign of ['\0', '\u0007', '\r', '\u001b', '\u0085', '\u202e', '\u2066', '\u2028', '\ud800'])
    assert.equal(read(`a${sign}b`).success, false, JSON.stringify(sign))
  assert.match(read('abc\u202ecba').error!.issues[0]!.message, /place 4 \(U\+202E\) is not seen/)
  assert.equal(valueSchemas.domains.safeParse(['a\u202e.example']).success, false)
  assert.equal(valueSchemas.datasets.safeParse([{ name: 'a\0' }]).success, false)
})

test('a summary names the field that holds what it does not take', () => {
  const { error } = summarySchema.safeParse({
    template: TEMPLATE,
    answers: { lastUpdate: { value: '2099-13-45', known: 'attested' }, models: { value: 'M\0', known: 'attested' } },
  })
  assert.deepEqual(
    error!.issues.map(({ path }) => path.join('.')),
    ['answers.lastUpdate', 'answers.models'],
  )
  assert.equal(new Set(FIELDS.map(({ id }) => id)).size, FIELDS.length)
})
