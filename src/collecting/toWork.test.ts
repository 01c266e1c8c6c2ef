import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeManifest } from '../register/index.ts'
import { languageOf, mediumOf } from './kinds.ts'
import { readRights } from './rightsWords.ts'
import { describeRecord, type Defaults } from './toWork.ts'
import type { SourceRecord } from './record.ts'

const MARK = 'https://creativecommons.org/publicdomain/mark/1.0/'
const defaults: Defaults = { role: 'creator', party: 'did:key:zMe', creator: 'Maria Muster' }

function described(record: Partial<SourceRecord>, more: Partial<Defaults> = {}) {
  const result = describeRecord({ place: 'line 1', title: 'A work', ...record }, { ...defaults, ...more })
  assert.ok(!('problem' in result), JSON.stringify(result))
  return result
}

function refused(record: Partial<SourceRecord>) {
  const result = describeRecord({ place: 'line 1', title: 'A work', ...record }, defaults)
  assert.ok('problem' in result, JSON.stringify(result))
  return result.problem
}

test('statements of rights are read in every spelling, and the public domain wins', () => {
  const spelt: Record<string, string> = {
    'http://www.creativecommons.org/publicdomain/mark/1.0/deed.de': MARK,
    'Public Domain Mark 1.0': MARK,
    gemeinfrei: MARK,
    'Domaine public': MARK,
    'CC0 1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
    'CC BY-SA 4.0': 'https://creativecommons.org/licenses/by-sa/4.0/',
    'cc-by-nc-nd-3.0': 'https://creativecommons.org/licenses/by-nc-nd/3.0/',
    'https://creativecommons.org/licenses/by/3.0/de/legalcode': 'https://creativecommons.org/licenses/by/3.0/de/',
    'https://rightsstatements.org/page/NoC-US/1.0/?language=de': 'http://rightsstatements.org/vocab/NoC-US/1.0/',
    InC: 'http://rightsstatements.org/vocab/InC/1.0/',
    'http://www.europeana.eu/rights/out-of-copyright-non-commercial/': 'http://rightsstatements.org/vocab/NoC-NC/1.0/',
  }
  for (const [text, statement] of Object.entries(spelt)) assert.equal(readRights([text]).statement, statement, text)
  assert.equal(readRights(['© 2024 Museum']).statement, undefined)
  assert.equal(readRights(['CC BY']).statement, undefined, 'without a version nobody knows which licence it is')
  assert.deepEqual(readRights(['InC', MARK]), { statement: MARK, mayBeReserved: false })
  assert.equal(readRights(['Photo: museum; the work itself is in the public domain.']).mayBeReserved, false)
  assert.equal(readRights(['No known copyright restrictions']).mayBeReserved, false)
  assert.equal(readRights(['© the artist']).mayBeReserved, true)
})

test('what is free is kept by a custodian and never reserved; who gives a work away made it', () => {
  assert.deepEqual(described({ rights: ['Public domain'] }).standing, {
    role: 'custodian',
    rightsStatement: MARK,
    mayBeReserved: false,
  })
  assert.deepEqual(described({ rights: ['CC0'] }).standing.role, 'creator')
  assert.equal(described({ rights: ['CC0'] }).standing.mayBeReserved, false)
  const unclear = described({ rights: ['This may be out of copyright'] })
  assert.deepEqual(
    [unclear.standing.role, unclear.standing.mayBeReserved, unclear.notes.length],
    ['custodian', false, 1],
  )
  assert.equal(described({}, { rights: MARK }).standing.mayBeReserved, false)
  assert.equal(
    described({ rights: ['InC'] }, { rights: MARK }).standing.mayBeReserved,
    true,
    'a record speaks for itself',
  )
})

test('what is wrong refuses a record, with its field and what to do', () => {
  const cases: [string, Partial<SourceRecord>][] = [
    ['title', { title: ' \n ' }],
    ['isbn', { identifiers: [{ scheme: 'isbn', value: '978-0-306-40615-8' }] }],
    ['url', { urls: ['ftp://example.org/'] }],
    ['url', { urls: ['http://192.168.1.5/cat.jpg'] }],
    ['url', { urls: ['http://[::1]/'] }],
    ['url', { urls: ['http://0x7f000001/'] }],
    ['url', { urls: ['http://localhost:3000/'] }],
    ['url', { urls: ['https://me:secret@example.org/'] }],
    ['sha256', { sha256: 'abc' }],
    [
      'shares',
      {
        creators: [
          { name: 'A', share: 5000 },
          { name: 'B', share: 4000 },
        ],
      },
    ],
    ['creators', { creators: Array.from({ length: 101 }, (_, i) => ({ name: `N${i}` })) }],
  ]
  for (const [field, record] of cases) {
    const problem = refused(record)
    assert.equal(problem.field, field)
    assert.ok(problem.what.length > 5 && problem.remedy.length > 5)
  }
})

test('whatever a source says, what comes out can be declared', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.webUrl(),
    fc.constantFrom(
      'constructor',
      '__proto__',
      'de',
      'CC BY-NC-Sampling+ 1.0',
      'https://creativecommons.org/licenses/nc-sampling+/1.0/',
    ),
  )
  const some = fc.array(text, { maxLength: 3 })
  const record = fc.record(
    {
      title: text,
      otherTitle: text,
      kinds: some,
      language: text,
      creators: fc.array(fc.record({ name: text, role: text }), { maxLength: 3 }),
      identifiers: fc.array(fc.record({ value: text }), { maxLength: 3 }),
      urls: fc.array(fc.webUrl(), { maxLength: 2 }),
      rights: some,
    },
    { requiredKeys: [] },
  )
  let declared = 0
  const property = fc.asyncProperty(record, async (fields) => {
    const result = describeRecord({ place: 'line 1', ...fields }, { role: 'rightsholder' })
    if ('problem' in result) return
    declared++
    await makeManifest([result.work])
    const { rightsStatement } = result.standing
    if (rightsStatement)
      assert.match(rightsStatement, /^https?:\/\/(creativecommons\.org|rightsstatements\.org)\/[A-Za-z0-9./-]{1,100}$/)
  })
  await fc.assert(property, { numRuns: 1000 })
  assert.ok(declared > 200)
})

test('creators share equally where nothing is said, and a name that is the declarer’s is his', () => {
  const three = described({ creators: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] }).work.creators!
  assert.deepEqual(
    three.map(({ share }) => share),
    [3334, 3333, 3333],
  )
  const mine = described({ creators: [{ name: 'Muster, Maria' }] }).work.creators!
  assert.equal(mine[0]!.party, 'did:key:zMe')
  assert.equal(described({ creators: [{ name: 'Somebody' }] }).work.creators![0]!.party, undefined)
  assert.equal(described({}).work.creators![0]!.party, 'did:key:zMe')
  assert.equal(described({}, { role: 'custodian' }).work.creators, undefined)
  assert.equal(described({ creators: [{ name: 'unknown' }] }, { role: 'custodian' }).work.creators, undefined)
})

test('a title is one line of harmless text, and its parts stand for one that is missing', () => {
  assert.equal(described({ title: 'One\ttwo\r\nthree\u202e' }).work.title, 'One two three')
  const long = described({ title: '𝄞'.repeat(400) })
  assert.ok(long.work.title.length <= 500 && long.work.title.isWellFormed() && long.notes.length === 1)
  const record = { place: 'x', identifiers: [{ scheme: 'isrc' as const, value: 'USRC17607839' }] }
  const untitled = describeRecord(record, defaults)
  assert.ok(!('problem' in untitled))
  assert.deepEqual([untitled.work.title, untitled.work.medium], ['ISRC USRC17607839', 'sound'])
})

test('kinds and languages are known by their words', () => {
  const kinds: Record<string, string> = {
    'Öl auf Leinwand': 'picture',
    'Watercolour on paper': 'picture',
    'image/jpeg': 'picture',
    MovingImage: 'video',
    'http://purl.org/dc/dcmitype/Sound': 'sound',
    'Gravure sur bois': 'picture',
    'journal-article': 'text',
    VIDEO: 'video',
    książka: 'text',
  }
  for (const [kind, medium] of Object.entries(kinds)) assert.equal(mediumOf([kind]), medium, kind)
  assert.equal(mediumOf(['Bronze']), undefined)
  const languages = { de: 'de', ger: 'de', Deutsch: 'de', français: 'fr', Polish: 'pl', eng: 'en', 'pt-BR': 'pt-BR' }
  for (const [text, code] of Object.entries(languages)) assert.equal(languageOf(text), code, text)
  assert.equal(languageOf('Klingonish'), undefined)
})
