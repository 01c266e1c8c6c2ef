import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withDuckDb } from '../../datasets/index.ts'
import { isLicence } from './licences.ts'
import { population, speakers, toTerritory } from './reference.ts'
import { authorityInSql, decadeInSql, foldValue, siteOf } from './values.ts'

const inSql = (expression: string, values: readonly string[]) =>
  withDuckDb(async (connection) => {
    const list = values.map((value) => `('${value.replaceAll("'", "''")}')`).join()
    const read = await connection.runAndReadAll(`SELECT ${expression} FROM (VALUES ${list}) t(v)`)
    return read.getRows().map(([value]) => value)
  })

test('places are read by code, English name and NUTS code, and nothing is guessed', () => {
  const wanted = {
    de: 'DE',
    DEU: 'DE',
    Germany: 'DE',
    'Paris, France': 'FR',
    'Athens, Greece': 'GR',
    EL: 'GR',
    UK: 'GB',
    Czechia: 'CZ',
    Georgia: 'GE',
    DE212: 'DE',
    EL30: 'GR',
    UKI3: 'GB',
    ITC4: 'IT',
    DEA: 'DE',
    FR1: 'FR',
  }
  for (const [text, code] of Object.entries(wanted)) assert.equal(toTerritory(text), code, text)
  const none = [
    'Wilmington, DE',
    'Gary, IN',
    'Atlanta, Georgia',
    'Paris, FR',
    'BERN',
    'ATHENS',
    'ROMA',
    'DE 212',
    'XX1',
  ]
  for (const text of ['', 'Polska', 'nowhere', 'constructor', '123', ...none])
    assert.equal(toTerritory(text), undefined, text)
  assert.ok(population('IE')! > 5_000_000)
  assert.ok(speakers().get('mlt')! > 400_000)
})

test('a year is four digits that stand alone, or the whole text', async () => {
  const wanted: [string, string | null][] = [
    ['12/05/1981', '1980'],
    ['May 5 1990', '1990'],
    ['1981-05-12', '1980'],
    ['c. 1843', '1840'],
    ['1990s', '1990'],
    ['1066', '1060'],
    ['2100', '2100'],
    [' 476 ', '470'],
    ['-44', '-50'],
    ['19th century', null],
    ['unknown', null],
    ['0', null],
    ['9999', null],
    ['19810512', null],
    ['12345', null],
    ['May 5', null],
    ['', null],
  ]
  assert.deepEqual(
    await inSql(
      decadeInSql('v'),
      wanted.map(([text]) => text),
    ),
    wanted.map(([, decade]) => decade),
  )
})

test('sites are read from addresses with a scheme and without', async () => {
  const wanted = {
    'https://www.a.example.co.uk/x?y=1': 'example.co.uk',
    'www.example.org/page': 'example.org',
    'Example.ORG:8080': 'example.org',
    'example.org?next=https://other.example/': 'example.org',
    'http://user@example.net': 'example.net',
    'not an address': '',
    'n/a': '',
    '': '',
  }
  const authorities = await inSql(authorityInSql('v'), Object.keys(wanted))
  assert.deepEqual(
    authorities.map((each) => siteOf(String(each))),
    Object.values(wanted),
  )
})

test('what is written where nothing is known is not known in any dimension', () => {
  for (const value of ['', 'unknown', 'Unknown', 'N/A', 'none', 'not known', 'null', '-', 'NaN', '?'])
    for (const dimension of ['language', 'country', 'gender', 'creator', 'origin', 'licence', 'culturalDomain'])
      assert.equal(foldValue(dimension, value), '', `${dimension} ${value}`)
  for (const value of ['zxx', 'mul', 'mis', 'und', 'qaa']) assert.equal(foldValue('language', value), '')
  assert.deepEqual(
    ['Licensed', 'SYNTHETIC', 'otherservices', 'moon'].map((value) => foldValue('origin', value)),
    ['licensed', 'synthetic', 'otherServices', ''],
  )
  assert.equal(foldValue('country', 'NA'), 'NA', 'Namibia')
})

test('licences: SPDX identifiers and expressions, and addresses of statements', () => {
  for (const value of [
    'MIT',
    'cc-by-4.0',
    'CC-BY-4.0 OR MIT',
    '(MIT AND (Apache-2.0 OR CC0-1.0))',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'http://rightsstatements.org/vocab/InC/1.0/',
    'https://www.rightsstatements.org/vocab/InC/1.0/',
    'https://creativecommons.org/licenses/by/4.0/',
  ])
    assert.ok(isLicence(value), value)
  for (const value of [
    'NOASSERTION',
    'NONE',
    'MIT OR',
    'OR MIT',
    'MIT Apache-2.0',
    '(MIT',
    'MIT)',
    '()',
    'MIT OR ask me',
    'MIT WITH',
    'https://rightsstatements.org.example/vocab/InC/1.0/',
    'https://creativecommons.org/',
    '',
  ])
    assert.ok(!isLicence(value), value)
})
