import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { exampleWorks } from '../../tests/support/exampleWorks.ts'
import { identifyBytes } from '../fingerprints/index.ts'
import type { ColophonError, OpenDatabase } from '../foundation/index.ts'
import { openDatabase } from '../foundation/index.ts'
import { inclusionProof, leafHash, memorySubtrees, rootFromInclusionProof } from '../log/index.ts'
import { appendStatement, type Statement, type StatementSigner } from '../statements/index.ts'
import { withDuckDb } from '../datasets/index.ts'
import {
  newSigner,
  openTestRegister,
  signed,
  testLogSigner,
  type TestRegister,
} from '../../tests/support/testRegister.ts'
import { readAddress, prefixesOf } from './addresses.ts'
import { applyDelta, diffLines } from './delta.ts'
import { gate, trainingUseOf, type GateOptions } from './gate.ts'
import { openRowDecider } from './decideRows.ts'
import { openGateIndex } from './gateIndex.ts'
import { openKeyTable, textKey } from './keyTable.ts'
import { makeSnapshot } from './makeSnapshot.ts'
import { leafText, readLeaves } from './parts.ts'
import { proveRow, verifyRowProof } from './proveRow.ts'
import { readLicence, openSignalReader } from './signals.ts'
import {
  SNAPSHOT_LINES,
  SNAPSHOT_NOTE,
  readLineGroups,
  readLines,
  readSnapshotHeader,
  writeLines,
} from './snapshotFile.ts'
import { byCharacters } from './snapshotLines.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-gate-'))
let database: OpenDatabase
let node: TestRegister

type Subject = Statement['credentialSubject'][number]
const hex = (seed: number) => seed.toString(16).padStart(2, '0').repeat(32)
const say = (signer: StatementSigner, ...subjects: Subject[]) =>
  appendStatement(node.register, signed(node.register, signer, ...subjects))
let works = 0
const urn = (n: number) => `urn:uuid:018f0000-0000-7000-9000-${String(n).padStart(12, '0')}`
async function declare(signer: StatementSigner, more: object, ...rules: object[]): Promise<string> {
  const id = urn(++works)
  const work = { type: 'Work', id, role: 'creator', title: 'Work', medium: 'picture', ...more } as Subject
  const terms = rules.length > 0 ? [{ type: 'Terms', target: { kind: 'work', id }, rules } as Subject] : []
  await say(signer, work, ...terms)
  return id
}
const deny = { action: 'tdm:mine', decision: 'deny' }
const allow = { action: 'tdm:mine', decision: 'allow' }

const [anna, ben, cleo, people] = [newSigner(), newSigner(), newSigner(), newSigner()]
let file: string
before(async () => {
  database = openDatabase({ file: ':memory:' })
  node = await openTestRegister(database)
  file = await declare(anna, { fingerprints: { sha256: hex(1), pdq: hex(2) } }, deny)
  await declare(ben, { fingerprints: { sha256: hex(3) }, urls: ['https://ben.example/work/'] }, allow)
  await declare(anna, { urls: ['https://anna.example/a.jpg?x=1'] }, deny)
  await declare(anna, { urls: ['https://anna.example/album/'] }, deny)
  await say(cleo, {
    type: 'Terms',
    target: { kind: 'domain', id: 'cleo.example' },
    rules: [{ action: 'col:trainAI', decision: 'deny' }],
  })
  await say(ben, {
    type: 'Terms',
    target: { kind: 'party', id: ben.issuer },
    rules: [{ ...deny, action: 'col:aiInput' }],
  })
  const mark = 'https://creativecommons.org/publicdomain/mark/1.0/'
  await declare(cleo, { fingerprints: { sha256: hex(5) }, role: 'custodian', rightsStatement: mark })
  await say(people, { type: 'Party', id: people.issuer, kind: 'community', name: 'People', keys: [] })
  const secret = await declare(people, { fingerprints: { sha256: hex(6) }, urls: ['https://people.example/1'] })
  await say(people, { type: 'Label', target: { kind: 'work', id: secret }, code: 'tkss' })
  await makeSnapshot(node.register, join(directory, 'snapshot'), testLogSigner)
})
after(async () => {
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

const ROWS: (readonly [string | null, string | null, string | null, string | null, string | null])[] = [
  ['https://other.example/copy.jpg', hex(1), null, null, null],
  ['https://other.example/alike.jpg', null, `3${hex(2).slice(1)}`, null, null],
  ['http://user@ANNA.example:80/a.jpg?x=1#top', null, null, null, null],
  ['https://anna.example/a.jpg?x=2', null, null, null, null],
  ['https://anna.example/album/deep/b.jpg', null, null, null, null],
  ['https://pictures.cleo.example/b.jpg', null, null, 'CC0-1.0', null],
  ['https://notcleo.example/b.jpg', null, null, 'CC0-1.0', null],
  [null, hex(3), null, null, null],
  [null, hex(5), null, null, null],
  [null, hex(6), null, null, null],
  ['https://free.example/', null, null, 'https://creativecommons.org/licenses/by/4.0/', 'tdm-reservation: 1'],
  ['https://free.example/2', null, null, 'mine, all mine', 'content-signal: ai-train=perhaps'],
  ['no address', 'zz', null, null, null],
  [null, null, null, null, null],
  ['https://other.example/copy.jpg', hex(1), null, null, null],
]
const COLUMNS = { url: 'url', sha256: 'hash', pdq: 'pdq', licence: 'licence', signals: 'signals' }
const cell = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)

function csv(name: string, rows: readonly (readonly (string | null)[])[] = ROWS): string {
  const path = join(directory, name)
  const lines = rows.map((row) => row.map(cell).join(','))
  writeFileSync(path, `url,hash,pdq,licence,signals\n${lines.join('\n')}\n`)
  return path
}

let runs = 0
const run = (more: Partial<GateOptions> = {}) =>
  gate({
    inputs: [csv('rows.csv')],
    columns: COLUMNS,
    out: join(directory, `out-${++runs}`),
    snapshot: join(directory, 'snapshot'),
    vkey: testLogSigner.vkey,
    mode: 'opt-out',
    use: { action: 'col:trainAI', at: node.clock.now },
    ...more,
  })
const keptOf = (out = join(directory, `out-${runs}`), name = 'kept.csv') =>
  readFileSync(join(out, name), 'utf8').split('\n').slice(1, -1)
const refuses = (promise: Promise<unknown>, code: string, message: RegExp) =>
  assert.rejects(
    promise,
    (error: ColophonError) => (error.code === code && message.test(error.message)) || assert.fail(error.message),
  )

test('opt-out: what is reserved goes, by file, likeness, address, folder, domain and signal', async () => {
  const { counts, says, notSeen } = await run()
  assert.deepEqual([counts.rows, counts.kept, counts.dropped, counts.unreadable], [15, 5, 8, 2])
  assert.deepEqual(counts.reasons, {
    reserved: 6,
    not_reserved: 5,
    signal: 1,
    signal_unclear: 1,
    bad_value: 1,
    no_key: 1,
  })
  assert.deepEqual(counts.matches, { file: 2, picture: 1, url: 1, urlPrefix: 1, domain: 1 })
  assert.deepEqual(counts.parties, { [anna.issuer]: 5, [cleo.issuer]: 1 })
  assert.deepEqual(counts.faults, { licence: 1, url: 1, sha256: 1 })
  assert.deepEqual(
    keptOf().map((line) => line.split(',')[0]),
    ['https://anna.example/a.jpg?x=2', 'https://notcleo.example/b.jpg', '', '', ''],
    'in their order',
  )
  assert.match(keptOf().at(-1)!, new RegExp(hex(6)), 'a hidden work has no codes in a snapshot')
  assert.match(says, /not reserved as of entry 10 of log\.example\/test\. It is not cleared/)
  assert.ok(notSeen.some((each) => /Turned, mirrored/.test(each)))
  const dropped = keptOf(undefined, 'dropped.csv')
  assert.match(dropped[0]!, new RegExp(`^0,.*dropped,reserved,file,${file},${anna.issuer},"?urn:uuid:.*#1`))
  assert.match(dropped[1]!, /^1,.*picture,.*,2$/)
  assert.match(dropped[6]!, /^11,.*signal_unclear/)
})

test('opt-in: only what is granted or free stays, each with what it rests on', async () => {
  const { counts } = await run({ mode: 'opt-in' })
  assert.deepEqual(counts.reasons, {
    reserved: 6,
    not_granted: 2,
    free_licence: 1,
    granted: 1,
    public_domain: 1,
    signal: 1,
    signal_unclear: 1,
    bad_value: 1,
    no_key: 1,
  })
  const evidence = keptOf(undefined, 'evidence.csv')
  assert.deepEqual(
    evidence.map((line) => line.split(',').slice(0, 2)),
    [
      ['6', 'free_licence'],
      ['7', 'granted'],
      ['8', 'public_domain'],
    ],
  )
  assert.match(evidence[1]!, new RegExp(`${ben.issuer},"?urn:uuid:`))
  const wider = await run({ mode: 'opt-in', freeLicences: ['CC-BY-4.0'] })
  assert.equal(wider.counts.reasons.free_licence, undefined, 'what a site reserves is not free by its licence')
})

test('another use is decided by the same snapshot; a party, and domains that nobody vouches for', async () => {
  const { counts } = await run({ use: { action: 'odrl:index', at: node.clock.now } })
  assert.equal(counts.matches.file, undefined)
  const rows = [['https://x.example/', null, null, null, null, ben.issuer]]
  const path = join(directory, 'parties.csv')
  writeFileSync(path, `url,party\n${rows.map((row) => `${row[0]},${row[5]}`).join('\n')}\n`)
  const of = (action: 'col:aiInput' | 'col:trainAI') =>
    run({ inputs: [path], columns: { url: 'url', party: 'party' }, use: { action, at: node.clock.now } })
  assert.equal((await of('col:aiInput')).counts.matches.party, 1)
  assert.equal((await of('col:trainAI')).counts.kept, 1)
  assert.equal((await run({ onlyVerifiedSites: true })).counts.matches.domain, undefined)
})

test('Parquet and JSONL give the same as CSV, and so do several files', async () => {
  const expected = (await run()).counts
  const source = csv('rows.csv')
  for (const [name, format] of [
    ['rows.parquet', 'FORMAT parquet'],
    ['rows.jsonl', 'FORMAT json'],
  ] as const) {
    const path = join(directory, name)
    await withDuckDb((connection) =>
      connection.run(`COPY (SELECT * FROM read_csv('${source}', all_varchar = true)) TO '${path}' (${format})`),
    )
    const { counts, files } = await run({ inputs: [path] })
    assert.deepEqual(counts, expected, name)
    assert.equal(files.kept, `kept.${name.split('.')[1]}`)
  }
  const { counts } = await run({ inputs: [csv('1.csv', ROWS.slice(0, 7)), csv('2.csv', ROWS.slice(7))] })
  assert.deepEqual(counts, expected)
})

test('a run that was ended goes on where it was, and comes to the same; another run is refused its folder', async () => {
  const whole = await run({ partRows: 4 })
  const out = join(directory, `out-${runs}`)
  const files = ['kept.csv', 'dropped.csv', 'report.json']
  const before = files.map((name) => readFileSync(join(out, name), 'utf8'))
  const parts = readdirSync(join(out, 'parts')).filter((name) => name.endsWith('.json'))
  assert.equal(parts.length, 4)
  // What a kill leaves: no end of the last parts, no outputs.
  for (const name of ['000002.json', '000003.json', '000003.csv']) rmSync(join(out, 'parts', name))
  for (const name of files) rmSync(join(out, name))
  const again = await run({ partRows: 4, out })
  assert.deepEqual(again, whole)
  assert.deepEqual(
    files.map((name) => readFileSync(join(out, name), 'utf8')),
    before,
  )
  const begun = join(directory, `begun-${runs}`)
  mkdirSync(join(begun, 'parts'), { recursive: true })
  writeFileSync(join(begun, 'run.json.4711.tmp'), '{')
  assert.deepEqual((await run({ partRows: 4, out: begun })).counts, whole.counts)
  await refuses(run({ out, partRows: 4, mode: 'opt-in' }), 'state_not_allowed', /another run/)
  writeFileSync(join(out, 'parts', '000000.csv'), 'row\n')
  await refuses(run({ out, partRows: 4 }), 'unreadable_file', /was changed/)
})

test('each decision can be proved under the root that is signed', async () => {
  const report = await run({ partRows: 4 })
  const out = join(directory, `out-${runs}`)
  const list = Buffer.concat([...readLeaves(out)])
  assert.equal(list.length, ROWS.length * 32)
  const leaves = ROWS.map((_, i) => list.subarray(i * 32, i * 32 + 32))
  // Whoever is shown the row can compute its leaf.
  const text = JSON.stringify([6, 'kept', 'not_reserved', null, 'https://notcleo.example/b.jpg', null, null, null])
  assert.deepEqual(leaves[6], createHash('sha256').update(`\0${text}`).digest())
  const path = await inclusionProof(memorySubtrees(leaves), 6, leaves.length)
  const root = rootFromInclusionProof(6, leaves.length, leaves[6]!, path)!
  assert.equal(Buffer.from(root).toString('hex'), report.root)
  for (const row of [0, 6, 13, ROWS.length - 1]) {
    const proof = await proveRow(out, [csv('rows.csv')], row)
    assert.equal(proof.root, report.root)
    assert.equal(verifyRowProof(proof)[0], row)
    for (const changed of [{ row: row === 0 ? 1 : 0 }, { leaf: proof.leaf.replace('"', '"x') }, { rows: 99 }])
      assert.throws(() => verifyRowProof({ ...proof, ...changed }), { code: 'invalid_proof' })
  }
  assert.deepEqual(verifyRowProof(await proveRow(out, [csv('rows.csv')], 6)), JSON.parse(text))
  await refuses(proveRow(out, [csv('rows.csv')], ROWS.length), 'not_found', /15 rows/)
  await refuses(proveRow(out, [csv('other.csv', ROWS.slice(1))], 0), 'invalid_input', /other files/)
  await refuses(proveRow(directory, [csv('rows.csv')], 0), 'unreadable_file', /no run here/)
  const { statement } = await say(anna, trainingUseOf('Set', out, report) as unknown as Subject)
  const row = await database.db.selectFrom('training_use').selectAll().where('id', '=', statement.id).executeTakeFirst()
  assert.equal((JSON.parse(row!.details) as { kept: number }).kept, 5)
  const lying = { ...trainingUseOf('Set', out, report), kept: 6 }
  await refuses(say(anna, lying as unknown as Subject), 'invalid_statement', /do not add up/)
})

test('pictures that are turned or mirrored are found where that is asked for', async () => {
  const picture = (await exampleWorks()).find(({ fileName }) => fileName === 'black-canyon.jpg')!
  const codesOf = async (bytes: Uint8Array) => (await identifyBytes(bytes, 'cat.png')).codes.pdq!
  const snapshot = join(directory, 'turned')
  await declare(anna, { fingerprints: { pdq: await codesOf(picture.bytes) } }, deny)
  await makeSnapshot(node.register, snapshot, testLogSigner)
  const upright = sharp(picture.bytes)
  const turned = await Promise.all(
    [upright.clone().rotate(90), upright.clone().flop(), upright.clone().flip().rotate(90)].map(async (each) =>
      codesOf(await each.png().toBuffer()),
    ),
  )
  const inputs = [
    csv(
      'turned.csv',
      turned.map((pdq) => [null, null, pdq, null, null]),
    ),
  ]
  const asTheyStand = await run({ snapshot, inputs })
  assert.equal(asTheyStand.counts.kept, 3)
  assert.match(asTheyStand.notSeen.join(), /--turned/)
  const { counts, notSeen } = await run({ snapshot, inputs, isTurned: true })
  assert.deepEqual([counts.dropped, counts.matches.picture], [3, 3])
  assert.match(notSeen.join(), /Some turned and mirrored pictures/)
})

test('of many works with one picture those are told that would be told of each alone', async () => {
  const at = Date.parse('2026-11-24T12:00:00.000Z')
  const use = { action: 'col:trainGenAI' as const, at }
  const policy = (decision: string) => ({
    terms: [
      {
        id: `urn:uuid:${decision}`,
        party: 'did:key:z1',
        targetKind: 'party',
        rules: JSON.stringify([{ action: 'col:trainGenAI', decision }]),
        conflict: null,
        validFrom: '2026-01-01T00:00:00.000Z',
        endsAt: null,
      },
    ],
    grants: [],
    parties: ['did:key:z1'],
    mustConsent: [],
    isPublicDomain: false,
  })
  const lines = async function* () {
    yield [`policy 1 ${JSON.stringify(policy('deny'))}`, `policy 2 ${JSON.stringify(policy('allow'))}`]
    const work = (name: string, said: number, pdq: string) =>
      `work urn:work:${name} did:key:z1 ${said} ${JSON.stringify({ codes: { pdq }, urls: [] })}`
    yield Array.from({ length: 500 }, (_, i) => work(String(i).padStart(3, '0'), 1 + (i % 2), 'a5'.repeat(32)))
    yield [work('near', 1, `${'a5'.repeat(31)}a4`)]
  }
  const index = await openGateIndex(lines(), use)
  try {
    const [found] = await index.byPicture(['a5'.repeat(32)], 31)
    const told = found!.map(({ target, distance, ruling }) => [target, distance, ruling.decision])
    assert.deepEqual(told.sort(), [
      ['urn:work:000', 0, 'deny'],
      ['urn:work:001', 0, 'allow'],
    ])
    const [other] = await index.byPicture([`${'a5'.repeat(31)}a6`], 31)
    assert.deepEqual(
      other!.map(({ target, distance }) => [target, distance]),
      [
        ['urn:work:near', 1],
        ['urn:work:000', 2],
        ['urn:work:001', 2],
      ],
    )
  } finally {
    await index.close()
  }
})

test('property: rows that are told without reading them are decided as all others are, in every format', async () => {
  const header = readSnapshotHeader(join(directory, 'snapshot'), testLogSigner.vkey)!
  const lines = () => readLineGroups(join(directory, 'snapshot', SNAPSHOT_LINES), header)
  const use = { action: 'col:trainAI' as const, at: Date.parse(header.createdAt) }
  const rules = {
    mode: 'opt-out' as const,
    action: use.action,
    pictureDistance: 31,
    textDistance: 48,
    isTurned: false,
    freeLicences: new Set<string>(),
    onlyVerifiedSites: false,
  }
  const decide = openRowDecider(await openGateIndex(lines(), use), rules)
  const hosts = fc.constantFrom(
    'anna.example',
    'ANNA.example',
    'a.cleo.example',
    'cleo.example',
    'cleo.example.',
    'free.example',
    'user@anna.example',
    'anna.example:443',
    'anna.example:8443',
    '[::1]',
    'é.example',
    '-.example',
    '',
  )
  const paths = fc.constantFrom(
    '',
    '/',
    '/a.jpg?x=1',
    '/a.jpg?x=2',
    '/a.jpg?x=1#top',
    '?x=1',
    '/album',
    '/album/',
    '/album/b c.jpg',
    '/album/é.jpg',
    '/album/x\u00a0y',
    '/album/\u0001',
    '/a"b\\c.jpg',
    '/a\nb.jpg',
  )
  const urls = fc
    .tuple(fc.constantFrom('https://', 'http://', 'HTTPS://', 'ftp://', 'https:/', '//', ''), hosts, paths)
    .map((parts) => parts.join(''))
  const hashes = fc.constantFrom(
    null,
    hex(1),
    hex(1).toUpperCase(),
    hex(3),
    hex(9),
    hex(9).slice(1),
    `${hex(9)}0`,
    'x'.repeat(64),
  )
  const rows = fc.array(
    fc.tuple(
      fc.option(urls),
      hashes,
      fc.constantFrom(null, hex(2), ''),
      fc.constantFrom(null, '', 'MIT', 'mine'),
      fc.constantFrom(null, '', 'tdm-reservation: 1', 'tdm-reservation: 0', 'content-usage: train-ai=n'),
    ),
    { minLength: 1, maxLength: 120, size: 'max' },
  )
  await fc.assert(
    fc.asyncProperty(rows, async (list) => {
      const manifest = join(directory, `fast-${runs}.jsonl`)
      writeFileSync(
        manifest,
        list
          .map(([url, hash, pdq, licence, signals]) => `${JSON.stringify({ url, hash, pdq, licence, signals })}\n`)
          .join(''),
      )
      const parquet = manifest.replace('jsonl', 'parquet')
      await withDuckDb((connection) =>
        connection.run(
          `COPY (SELECT * FROM read_json('${manifest}', columns = {url: 'VARCHAR', hash: 'VARCHAR', pdq: 'VARCHAR', licence: 'VARCHAR', signals: 'VARCHAR'})) TO '${parquet}' (FORMAT parquet)`,
        ),
      )
      const { pdq: _, ...seen } = COLUMNS
      // With pictures every row is read; without them the engine tells which ones need not be.
      for (const columns of [COLUMNS, seen]) {
        const read = list.map(([url, hash, pdq, licence, signals]) => ({
          url,
          sha256: hash?.toLowerCase() ?? null,
          pdq: columns === COLUMNS ? (pdq?.toLowerCase() ?? null) : null,
          licence,
          signals,
          iscc: null,
          text: null,
          party: null,
          language: null,
        }))
        const wanted = await decide(read)
        const reasons: Record<string, number> = {}
        for (const { reason } of wanted) reasons[reason] = (reasons[reason] ?? 0) + 1
        const leaves = wanted.map((outcome, at) => leafHash(new TextEncoder().encode(leafText(at, read[at]!, outcome))))
        for (const input of columns === COLUMNS ? [parquet] : [parquet, manifest]) {
          const { counts } = await run({ inputs: [input], columns, partRows: 17 })
          assert.deepEqual(counts.reasons, reasons)
          assert.equal(counts.kept, wanted.filter(({ decision }) => decision === 'kept').length)
          assert.deepEqual(Buffer.concat([...readLeaves(join(directory, `out-${runs}`))]), Buffer.concat(leaves))
        }
      }
    }),
    // Opening and syncing files is most of a run: fewer of them, each of as many rows as two had.
    { numRuns: 8 },
  )
})

test('several files are one list of rows, wherever parts begin and end', async () => {
  const urls = Array.from({ length: 50 }, (_, i) =>
    i % 7 === 0 ? 'https://anna.example/a.jpg?x=1' : `https://free.example/${i}.jpg`,
  )
  const inputs: string[] = []
  await withDuckDb(async (connection) => {
    for (const [start, end] of [
      [0, 23],
      [23, 23],
      [23, 24],
      [24, 50],
    ] as const) {
      const path = join(directory, `many-${start}-${end}.parquet`)
      const values = urls.slice(start, end).map((url) => `('${url}')`)
      const rows = values.length > 0 ? `(VALUES ${values.join(', ')}) AS rows(url)` : `(SELECT '' AS url WHERE false)`
      await connection.run(`COPY (SELECT url FROM ${rows}) TO '${path}' (FORMAT parquet)`)
      inputs.push(path)
    }
  })
  const roots = new Set<string>()
  for (const partRows of [3, 4, 10, 16, 64]) {
    const report = await run({ inputs, columns: { url: 'url' }, partRows })
    assert.deepEqual([report.counts.rows, report.counts.dropped], [50, 8])
    roots.add(report.root!)
  }
  assert.equal(roots.size, 1)
})

test('files of one schema agree by the names of their columns, whatever their order; names of our own are refused', async () => {
  const paths = ['order-a', 'order-b', 'order-c'].map((name) => join(directory, `${name}.parquet`))
  await withDuckDb(async (connection) => {
    const write = (select: string, path: string) => connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
    await write(`SELECT 'https://a.example/' AS url, '1' AS n`, paths[0]!)
    await write(`SELECT '2' AS n, 'https://anna.example/a.jpg?x=1' AS url, true AS more`, paths[1]!)
    await write(`SELECT 'https://b.example/' AS url, 7 AS file_row_number`, paths[2]!)
    await run({ inputs: paths.slice(0, 2), columns: { url: 'url' } })
    const out = join(directory, `out-${runs}`)
    const rows = async (name: string) =>
      (await connection.runAndReadAll(`SELECT url, n FROM '${join(out, name)}'`)).getRows()
    assert.deepEqual(await rows('kept.parquet'), [['https://a.example/', '1']])
    assert.deepEqual(await rows('dropped.parquet'), [['https://anna.example/a.jpg?x=1', '2']])
  })
  await refuses(run({ inputs: [paths[2]!], columns: { url: 'url' } }), 'dataset_invalid', /file_row_number/)
})

test('signals are read in every shape that a manifest gives them, and what cannot be read is no permission', async () => {
  const shapes: [unknown, string][] = [
    [{ 'tdm-reservation': '1' }, 'signal'],
    [{ 'x-robots-tag': ['index', 'noai'] }, 'signal'],
    [['content-type: text/html', 'tdm-reservation: 1'], 'signal'],
    [[['TDM-Reservation', '1']], 'signal'],
    [[{ name: 'tdm-reservation', value: 1 }], 'signal'],
    ['{"tdm-reservation":"1"}', 'signal'],
    ['{"tdm-reservation":"1"', 'signal_unclear'],
    [{ 'tdm-reservation': '0' }, 'not_reserved'],
    ['{"tdm-res', 'not_reserved'],
  ]
  for (const [signals, reason] of shapes) {
    const path = join(directory, `signals-${runs}.jsonl`)
    writeFileSync(path, `${JSON.stringify({ url: 'https://free.example/3', signals })}\n`)
    const { counts } = await run({ inputs: [path], columns: { url: 'url', signals: 'signals' } })
    assert.deepEqual(counts.reasons, { [reason]: 1 }, JSON.stringify(signals))
  }
  const mixed = join(directory, 'mixed.jsonl')
  writeFileSync(mixed, `{"url":7}\n{"url":"https://anna.example/a.jpg?x=1"}\n{"url":"https://free.example/4"}\n`)
  const { counts } = await run({ inputs: [mixed], columns: { url: 'url' } })
  assert.deepEqual(counts.reasons, { bad_value: 1, reserved: 1, not_reserved: 1 })
  const parquet = join(directory, 'signals.parquet')
  await withDuckDb((connection) =>
    connection.run(
      `COPY (SELECT 'https://free.example/5' AS url, MAP {'tdm-reservation': '1'} AS signals) TO '${parquet}' (FORMAT parquet)`,
    ),
  )
  const nested = await run({ inputs: [parquet], columns: { url: 'url', signals: 'signals' } })
  assert.deepEqual(nested.counts.reasons, { signal: 1 })
})

test('long values are read a few at a time, and long addresses one by one', async () => {
  const path = join(directory, 'long.parquet')
  await withDuckDb((connection) =>
    connection.run(
      `COPY (SELECT CASE WHEN i % 2 = 0 THEN 'https://free.example/' || repeat('x', 40000) || i ELSE 'https://free.example/' || i END AS url FROM range(3000) t(i)) TO '${path}' (FORMAT parquet)`,
    ),
  )
  const { counts } = await run({ inputs: [path], columns: { url: 'url' } })
  assert.deepEqual(counts.reasons, { not_reserved: 3000 })
  const list = Buffer.concat([...readLeaves(join(directory, `out-${runs}`))])
  const url = `https://free.example/${'x'.repeat(40_000)}8`
  const leaf = JSON.stringify([8, 'kept', 'not_reserved', null, url, null, null, null])
  assert.deepEqual(list.subarray(8 * 32, 9 * 32), createHash('sha256').update(`\0${leaf}`).digest())
})

test('a newer snapshot names what has to go, and who said so', async () => {
  await run()
  const previous = join(directory, `out-${runs}`)
  const newer = join(directory, 'newer')
  await declare(cleo, { urls: ['https://notcleo.example/'] }, deny)
  await makeSnapshot(node.register, newer, testLogSigner)
  const { mustGo } = await run({ snapshot: newer, previous })
  assert.deepEqual([mustGo!.rows, mustGo!.parties], [1, { [cleo.issuer]: 1 }])
  assert.match(keptOf(undefined, 'must-go.csv').join(), /notcleo\.example\/b\.jpg.*reserved/)
  await refuses(
    run({ snapshot: newer, previous, inputs: [csv('other.csv', ROWS.slice(1))] }),
    'invalid_input',
    /other files/,
  )
  await refuses(run({ snapshot: newer, previous: directory }), 'unreadable_file', /no earlier run/)

  const [older, changed] = [join(directory, 'snapshot', SNAPSHOT_LINES), join(newer, SNAPSHOT_LINES)]
  const delta: string[] = []
  for await (const { sign, line } of diffLines(readLines(older), readLines(changed))) delta.push(sign + line)
  assert.ok(delta.length < 6)
  const applied: string[] = []
  const stream = async function* () {
    yield* delta
  }
  for await (const line of applyDelta(readLines(older), stream())) applied.push(line)
  const expected: string[] = []
  for await (const line of readLines(changed)) expected.push(line)
  assert.deepEqual(applied, expected)
})

test('a snapshot that is old, changed, of another log or missing is refused before a row is read', async () => {
  const copy = join(directory, 'copy')
  mkdirSync(copy)
  const note = readFileSync(join(directory, 'snapshot', SNAPSHOT_NOTE), 'utf8')
  const lines: string[] = []
  for await (const line of readLines(join(directory, 'snapshot', SNAPSHOT_LINES))) lines.push(line)
  const put = async (changed: string[], header = note) => {
    await writeLines(join(copy, SNAPSHOT_LINES), changed)
    writeFileSync(join(copy, SNAPSHOT_NOTE), header)
    return run({ snapshot: copy })
  }
  assert.equal((await put(lines)).counts.kept, 5)
  await refuses(put(lines.slice(1)), 'invalid_proof', /not what was signed/)
  await refuses(put(lines.map((line) => line.replaceAll('deny', 'allow'))), 'invalid_proof', /not what was signed/)
  await refuses(put(lines, note.replace('\n10\n', '\n11\n')), 'invalid_proof', /not signed by this log/)
  await refuses(put(lines, 'nothing'), 'invalid_proof', /signature block/)
  writeFileSync(join(copy, SNAPSHOT_LINES), 'no zstd')
  writeFileSync(join(copy, SNAPSHOT_NOTE), note)
  await refuses(run({ snapshot: copy }), 'invalid_proof', /not what was signed/)
  const aged = node.clock.now + 8 * 86_400_000
  await refuses(run({ use: { action: 'col:trainAI', at: aged } }), 'state_not_allowed', /8 days old/)
  assert.equal((await run({ use: { action: 'col:trainAI', at: aged }, maxAgeDays: 9 })).counts.kept, 5)
  await refuses(run({ snapshot: join(directory, 'nowhere') }), 'unreadable_file', /no snapshot/)
  assert.equal(readSnapshotHeader(join(directory, 'snapshot'), testLogSigner.vkey)!.size, 10)
})

test('inputs that cannot be read are named; nothing is taken for empty', async () => {
  await refuses(run({ inputs: [csv('rows.csv')], columns: { url: 'address' } }), 'dataset_invalid', /no column address/)
  await refuses(run({ columns: {} }), 'usage', /no column was named/)
  const { counts } = await run({ inputs: [csv('header.csv', [])] })
  assert.deepEqual([counts.rows, keptOf()], [0, []])
  const broken = join(directory, 'broken.parquet')
  writeFileSync(broken, 'PAR1 nothing PAR1')
  await refuses(run({ inputs: [broken], columns: { url: 'url' } }), 'dataset_invalid', /./)
})

test('property: what changed, applied to the older lines, gives the newer ones', async () => {
  const lines = fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', maxLength: 3 })).map((all) => all.sort(byCharacters))
  const stream = async function* (all: string[]) {
    yield* all
  }
  await fc.assert(
    fc.asyncProperty(lines, lines, async (older, newer) => {
      const delta: string[] = []
      for await (const { sign, line } of diffLines(stream(older), stream(newer))) delta.push(sign + line)
      const applied: string[] = []
      for await (const line of applyDelta(stream(older), stream(delta))) applied.push(line)
      assert.deepEqual(applied, newer)
      if (delta.length > 0 && older.length > 0)
        await assert.rejects(async () => {
          for await (const _ of applyDelta(stream(newer), stream(delta)));
        })
    }),
  )
})

test('property: a table of keys finds what a map finds', () => {
  const seed = Uint32Array.of(1, 2, 3, 4)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 4 }), fc.nat(1000)), { maxLength: 3000 }), (entries) => {
      const [table, map] = [openKeyTable(), new Map<string, number[]>()]
      const key = new Uint32Array(4)
      for (const [text, value] of entries) {
        textKey(text, seed, key)
        table.add(key, value)
        map.set(text, [...(map.get(text) ?? []), value])
      }
      for (const text of [...map.keys(), 'never']) {
        textKey(text, seed, key)
        assert.deepEqual(table.find(key), map.get(text) ?? [])
      }
    }),
    { numRuns: 30 },
  )
})

test('addresses, licences and signals are read as they are written', () => {
  const key = (text: string) => readAddress(text)?.key
  assert.equal(key('HTTPS://Example.org:443/a?b#c'), 'example.org/a?b')
  assert.equal(key('http://example.org'), 'example.org/')
  assert.equal(key('https://example.org.:8443?q'), 'example.org:8443/?q')
  for (const none of ['ftp://example.org/', 'example.org', 'https://', 'https:// x/', '', 'javascript:alert(1)'])
    assert.equal(key(none), undefined, none)
  assert.deepEqual(prefixesOf('a.example/b/c/d?e=/f/'), ['a.example/b/c/', 'a.example/b/', 'a.example/'])
  assert.deepEqual(
    [
      'cc-by-4.0',
      'https://creativecommons.org/publicdomain/zero/1.0/',
      'http://creativecommons.org/licenses/by-nc/4.0/deed.de',
      'all rights reserved',
    ].map(readLicence),
    ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-NC-4.0', undefined],
  )
  const read = openSignalReader('col:trainGenAI')
  const reserved = (text: string) => read(text).isReserved
  assert.equal(reserved('X-Robots-Tag: noindex, noai'), true)
  assert.equal(reserved('X-Robots-Tag: noindex'), false)
  assert.equal(reserved('{"Content-Usage":"train-ai=n"}'), true)
  assert.equal(reserved('content-usage: train-ai=y'), false)
  assert.equal(reserved('server: nginx\ntdm-reservation: 1'), true)
  assert.equal(reserved('content-signal: search=no'), false)
})
