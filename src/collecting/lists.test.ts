import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { listed } from '../../tests/support/loopbackServer.ts'
import { cwrRecords, openCwr, shareOf } from './records/cwr.ts'
import { describeRecord } from './toWork.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-lists-'))
after(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

/** A line of CWR: each text at its place, as the specification numbers them from 1. */
function line(type: string, fields: [at: number, length: number, text: string][]): string {
  let text = `${type}0000000000000000`
  for (const [at, length, value] of fields.toSorted((a, b) => a[0] - b[0]))
    text = text.padEnd(at - 1) + value.slice(0, length).padEnd(length)
  return text
}

const work = (title: string, number: string, iswc = '', type = 'NWR') =>
  line(type, [
    [20, 60, title],
    [80, 2, 'EN'],
    [82, 14, number],
    [96, 11, iswc],
    [127, 3, 'POP'],
  ])
const writer = (last: string, first: string, share: string, type = 'SWR', ipi = '00045620792', role = 'CA') =>
  line(type, [
    [29, 45, last],
    [74, 30, first],
    [105, 2, role],
    [116, 11, ipi],
    [127, 3, '021'],
    [130, 5, share],
  ])
const publisher = (name: string, share: string, type = 'SPU', role = 'E ') =>
  line(type, [
    [20, 2, '01'],
    [31, 45, name],
    [77, 2, role],
    [88, 11, '00000000000'],
    [113, 3, '021'],
    [116, 5, share],
  ])

async function* numbered(lines: string[]) {
  for (const [i, text] of lines.entries()) yield { line: i + 1, text }
}

const described = async (lines: string[]) =>
  (await listed(cwrRecords(numbered(lines)))).map((record) => describeRecord(record, { role: 'rightsholder' }))

const HEADER = `HDRPB000000199${'DEMO PUBLISHING'.padEnd(45)}01.102026010112000020260101`

test('CWR: works with their writers, publishers and shares, to the ten-thousandth', async () => {
  const path = file(
    'demo.v21',
    [
      HEADER,
      'GRHNWR0000102.100000000000',
      work('THE ONE', 'DEMO0001', 'T0345246801'),
      publisher('DEMO PUBLISHING', '05000'),
      publisher('SUB', '00000', 'SPU', 'SE'),
      writer('SMITH', 'JOHN', '03333'),
      writer('DOE', '', '01666', 'OWR'),
      work('SECOND', 'DEMO0002', '', 'REV'),
      writer('MUSTER', 'MARIA', '10000'),
      'GRT000010000000200000023',
      'TRL000010000000200000025',
    ].join('\r\n'),
  )
  const source = await openCwr(path)
  const [one, two, ...more] = (await listed(source.records)).map((record) =>
    describeRecord(record, { role: 'rightsholder' }),
  )
  assert.ok(one && two && !('problem' in one) && !('problem' in two) && more.length === 0)
  assert.deepEqual(
    one.work.creators!.map(({ name, role, share, layer }) => [name, role, share, layer]),
    [
      ['DEMO PUBLISHING', 'publisher', 5001, 'composition'],
      ['JOHN SMITH', 'composer-author', 3333, 'composition'],
      ['DOE', 'composer-author', 1666, 'composition'],
    ],
  )
  assert.deepEqual([one.work.medium, one.work.language], ['sound', 'en'])
  assert.deepEqual(
    one.work.identifiers!.map(({ scheme, value }) => `${scheme} ${value}`),
    ['iswc T0345246801', 'ipi 00045620792'],
  )
  assert.equal(two.work.title, 'SECOND')
})

test('CWR: what is written into fields is what is read, whatever it is', async () => {
  const word = fc.stringMatching(/^[A-Z][A-Z' -]{0,20}[A-Z]$/)
  const split = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 })
  const property = fc.asyncProperty(word, word, split, async (title, name, parts) => {
    const sum = parts.reduce((total, part) => total + part, 0)
    const shares = parts.map((part) => Math.floor((part * 10_000) / sum))
    shares[0]! += 10_000 - shares.reduce((total, share) => total + share, 0)
    const lines = [
      work(title, 'X1'),
      ...shares.map((share, i) => writer(`${name}${i}`, '', String(share).padStart(5, '0'))),
    ]
    const [read] = await described(lines)
    assert.ok(read && !('problem' in read), JSON.stringify(read))
    assert.equal(read.work.title, title.replaceAll(/\s+/g, ' '))
    assert.deepEqual(
      read.work.creators!.map(({ share }) => share),
      shares,
    )
    assert.equal(read.work.creators![0]!.name, `${name}0`.replaceAll(/\s+/g, ' '))
  })
  await fc.assert(property, { numRuns: 200 })
  const lines = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('NWR', 'SWR', 'SPU', work('A', '1'), writer('B', '', 'x'))),
  )
  await fc.assert(
    fc.asyncProperty(lines, async (text) => void (await described(text))),
    { numRuns: 200 },
  )
})

test('CWR: shares that do not sum, are no numbers, or are not said; numbers with wrong check digits', async () => {
  const problems = async (...lines: string[]) => {
    const [read] = await described([work('A', '1'), ...lines])
    return read && 'problem' in read ? read.problem.field : 'sound'
  }
  assert.equal(await problems(writer('A', '', '05000'), publisher('P', '04000')), 'shares')
  assert.equal(await problems(writer('A', '', '5O000')), 'shares')
  assert.equal(await problems(writer('A', '', '99999')), 'shares')
  assert.equal(await problems(writer('A', '', '10000', 'SWR', '00045620793')), 'ipi')
  assert.equal(await problems(writer('A', '', ''), writer('B', '', '')), 'sound')
  assert.equal(await problems(writer('A', '', '03333'), writer('B', '', '03333'), writer('C', '', '03333')), 'sound')
  const [wrong] = await described([work('A', '1', 'T0345246802')])
  assert.ok(wrong && 'problem' in wrong && wrong.problem.field === 'iswc')
  assert.deepEqual([shareOf('05000'), shareOf(''), shareOf('10001'), shareOf('-0001')], [5000, 0, undefined, undefined])
  await assert.rejects(openCwr(file('no.v21', 'title,creator\n')), /no header of CWR/)
})
