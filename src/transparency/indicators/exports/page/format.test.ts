import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intervalText, shown, timeText, valueText } from './format.ts'
import { rowName } from './names.ts'

test('numbers are as precise as is sensible, in English', () => {
  const texts: [string, number | null, string][] = [
    ['66.9%', 0.6693, 'share'],
    ['0%', 0, 'share'],
    ['100%', 1, 'share'],
    ['99.971%', 0.99971, 'share'],
    ['0.0014%', 0.0000144, 'share'],
    ['5.22', 5.223, 'effective number'],
    ['1,234', 1234.4, 'effective number'],
    ['0.0954 bit', 0.0954, 'bit'],
    ['69,202', 69202, 'count'],
    ['1.00e+300', 1e300, 'weight'],
    ['no figure', null, 'ratio'],
    ['no figure', NaN, 'ratio'],
  ]
  for (const [text, value, unit] of texts) assert.equal(valueText(value, unit), text)
  assert.equal(intervalText(0.0382, 0.0414, 'share'), '3.8% to 4.1%')
  assert.equal(intervalText(undefined, undefined, 'share'), undefined)
})

test('names are cut and cleaned, and what shows nothing says so', () => {
  assert.equal(shown('a\r\n\tb\u0000c'), 'a b c')
  assert.equal(shown('\u202Egnp.exe'), 'gnp.exe')
  assert.equal(shown('x'.repeat(10_000)), `${'x'.repeat(80)}…`)
  assert.equal(shown('漢'.repeat(50)), `${'漢'.repeat(40)}…`)
  for (const nothing of ['', ' ', '\u200B', '\u0301']) assert.equal(shown(nothing), '(no visible name)')
  assert.equal(shown('\uD800'), '\uFFFD')
})

test('codes get their names, decades are decades', () => {
  assert.equal(rowName('country', 'FR'), 'France (FR)')
  assert.equal(rowName('script', 'Cyrl'), 'Cyrillic (Cyrl)')
  assert.equal(rowName('year', '1850'), '1850s')
  assert.equal(rowName('country', 'ZZ Top'), 'ZZ Top')
  assert.equal(rowName('creator', 'FR'), 'FR')
})

test('a time is told in UTC; what is none stays', () => {
  assert.equal(timeText('2026-11-20T09:30:00Z'), '20 November 2026 at 09:30 UTC')
  assert.equal(timeText('lately'), 'lately')
})
