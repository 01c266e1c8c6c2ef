import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { parseCheckpoint, parseVkey, readOwner } from '../src/log/index.ts'
import { itemId } from '../src/register/index.ts'
import { makeStatement, newSigner, signStatement, verifyReceipt } from '../src/statements/index.ts'
import { systemEffects } from '../src/foundation/index.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { openCommandLine, type Recorded } from './support/commandLine.ts'

const { directory, run, json, vkey, whileServing, close } = openCommandLine()
after(close)

test('beside a running node', async (context) => {
  await whileServing(async () => {
    await context.test('commands read its register, and leave the log to it', readsAndLeaves)
    await context.test('a case is opened, bundled and escalated; what is committed stands on its log', carriesCase)
    await context.test('works of a collection are taken back by their proofs, and `verify` says so', takesBack)
    await context.test('a collection is offered, asked for as it is offered or otherwise, and granted', offers)
  })
})

async function readsAndLeaves(): Promise<void> {
  writeFileSync(join(directory, 'photo.jpg'), await makeMarkFile('jpeg'))
  copyFileSync(resolve('examples/disclosure/how.json'), join(directory, 'how.json'))
  const declared = ['declare', 'photo.jpg', '--key', 'k.pem', '--disclosure', 'how.json', '--terms', 'mining']
  const { work } = await json<{ work: string }>(...declared)
  const decided = await run('rights', 'decide', '--work', work, '--action', 'tdm:mine')
  assert.deepEqual([decided.status, decided.output.split('\n')[0]], [1, 'deny'])
  const marked = await json<{ marks: string[] }>('mark', 'photo.jpg', '-o', 'marked.jpg')
  assert.deepEqual(marked.marks, ['metadata', 'c2pa'])
  const verified = await json<{ verdict: string; works: { work: string }[] }>('verify', 'marked.jpg')
  assert.deepEqual([verified.verdict, verified.works.map((found) => found.work)], ['agrees', [work]])
  assert.match((await run('request', 'list')).output, /^No cases/)

  const receipt = (await run('log', 'prove', '0')).output
  assert.ok(verifyReceipt(receipt, { log: parseVkey(vkey()) }).isSound)
  assert.match((await run('log', 'prove', '7')).errors, /not_found/)
  assert.match((await run('log', 'prove', 'x')).errors, /usage/)
  const signer = newSigner()
  const who = { type: 'Party', id: signer.issuer, kind: 'person', name: 'Another', keys: [] }
  const statement = signStatement(makeStatement(signer.issuer, [who], systemEffects), signer)
  writeFileSync(join(directory, 'party.json'), JSON.stringify(statement))
  assert.equal((await json<{ logIndex: number }>('log', 'append', 'party.json')).logIndex, 1)
  assert.equal(parseCheckpoint((await run('log', 'checkpoint')).output).size, 2)
  assert.match((await run('log', 'replay')).errors, /log_locked/)
}

async function carriesCase(): Promise<void> {
  writeFileSync(join(directory, 'poem.txt'), 'Forty lanterns over the harbour, and one for whoever counts. '.repeat(6))
  const { sha256 } = (await json<{ codes: { sha256: string } }>('identify', 'poem.txt')).codes
  writeFileSync(join(directory, 'rows.csv'), `url,sha256\nhttps://elsewhere.example/poem,${sha256}\n`)
  const columns = ['--url-column', 'url', '--sha256-column', 'sha256']
  await json('index', 'build', 'rows.csv', '--name', 'Rows', '--version', '1', ...columns)
  const who = ['--name', 'Maria', '--contact', 'm@example.org', '--title', 'Lanterns']
  const said = ['--licensed', 'no', '--public-domain', 'no', '--same-subject', 'no', '--quotation', 'no']
  const sure = ['--confirmed', '--it-is-accurate', '--country', 'DE']
  const { id } = await json<{ id: string }>('request', 'open', 'poem.txt', ...who, ...said, ...sure)
  const { logIndex } = await json<{ logIndex: number }>('request', 'bundle', id, '-o', 'evidence.zip')
  const proved = verifyReceipt((await run('log', 'prove', String(logIndex))).output, { log: parseVkey(vkey()) })
  assert.deepEqual([proved.isSound, proved.statement?.credentialSubject[0]?.type], [true, 'Anchor'])
  const { isSound } = await json<{ isSound: boolean }>('verify', 'evidence.zip', '--vkey', vkey())
  assert.ok(isSound)
  await run('request', 'send', id, '--note', 'by hand')
  await run('request', 'answer', id, '--state', 'refused')
  const pack = ['--to', 'dsc', '--country', 'NL', '-o', 'pack.zip']
  assert.equal((await json<{ state: string }>('request', 'escalate', id, ...pack)).state, 'escalated')
  assert.match((await run('request', 'list')).output, new RegExp(`${id} removal escalated`))
}

async function takesBack(): Promise<void> {
  const names = ['one.txt', 'two.txt', 'three.txt']
  for (const name of names)
    writeFileSync(join(directory, name), `The ${name} of a kingfisher over the weir. `.repeat(5))
  const declared = ['declare', ...names, '--key', 'me.pem', '--collection', 'Birds', '--terms', 'ai-training']
  const { collection } = await json<{ collection: string }>(...declared)
  const stands = await run('verify', 'two.txt.item-proof')
  assert.match(stands.output, /Sound\.\nIt stands, says the register here\./, stands.errors)
  const refused = await run('declare', '--take-back', 'two.txt.item-proof', '--key', 'other.pem')
  assert.match(refused.errors, /not the one of the party/)
  assert.match((await run('declare', '--take-back', '--key', 'me.pem')).errors, /usage/)
  await json('declare', '--take-back', 'two.txt.item-proof', '--key', 'me.pem', '-o', 'back.tlog-proof')
  assert.match((await run('verify', 'back.tlog-proof', '--vkey', vkey())).output, /Sound|sound/)
  const taken = await json<{ isSound: boolean; takenBackFrom: string }>('verify', 'two.txt.item-proof')
  assert.ok(taken.isSound && taken.takenBackFrom !== null)
  const said = await run('verify', 'two.txt.item-proof')
  assert.match(said.output, /Sound\.\nIts declaration was taken back from \d{4}/)
  const { url } = readOwner(join(directory, 'data', 'log'))!
  const elsewhere = await run('verify', 'two.txt.item-proof', '--at', url!)
  assert.match(elsewhere.output, /Sound\.\nIts declaration was taken back from \d{4}[^\n]*, says http/)
  const id = itemId(collection, 1)
  const decided = await run('rights', 'decide', '--work', id, '--action', 'col:trainAI')
  assert.match(decided.output, /^unset\n {2}the declaration of the work was taken back from \d{4}/)
  const other = await json<{ takenBackFrom: string | null }>('verify', 'one.txt.item-proof')
  assert.equal(other.takenBackFrom, null)
}

async function offers(): Promise<void> {
  for (const name of ['map.txt', 'chart.txt'])
    writeFileSync(join(directory, name), `The ${name} of a harbour. `.repeat(9))
  const declared = ['declare', 'map.txt', 'chart.txt', '--key', 'holder.pem', '--collection', 'Maps']
  const { collection, party } = await json<{ collection: string; party: string }>(...declared)
  const terms = [
    '--action',
    'col:trainAI',
    '--for',
    'research',
    '--until',
    '2030-06-30',
    '--price',
    '120.50',
    '--per',
    'year',
  ]
  const about = ['--title', 'Maps & charts', '--audience', 'small', '--offer-until', '2029-12-31']
  assert.match(
    (await run('offer', 'make', collection, '--key', 'lab.pem', ...about, ...terms)).errors,
    /not the one of/,
  )
  const made = await json<Recorded>('offer', 'make', collection, '--key', 'holder.pem', ...about, ...terms)
  assert.ok(verifyReceipt(readFileSync(join(directory, made.receipt), 'utf8'), { log: parseVkey(vkey()) }).isSound)
  const listed = (await run('offer', 'list')).output
  assert.match(listed, /: Maps & charts, .* 2 public works\. Who may ask: small and medium-sized enterprises\.\n$/)

  const asked = await json<Recorded>(
    'offer',
    'ask',
    made.statement,
    '--key',
    'lab.pem',
    '--name',
    'Lab',
    '--purpose',
    'maps',
  )
  const cheaper = ['--price', '60', '--territory', 'EU']
  const other = await json<Recorded>('offer', 'ask', made.statement, '--key', 'lab.pem', ...cheaper)
  interface Shown {
    offer: { rules: { duties: object[] }[] }
    requests: { id: string; state: string; licensee: string; rules: { territory?: string[]; duties: object[] }[] }[]
  }
  const { offer, requests } = await json<Shown>('offer', 'show', made.statement)
  assert.deepEqual(
    requests.map(({ id, state }) => [id, state]).sort(),
    [
      [asked.statement, 'open'],
      [other.statement, 'open'],
    ].sort(),
  )
  const rulesOf = (id: string) => requests.find((each) => each.id === id)!.rules
  assert.deepEqual(rulesOf(asked.statement), offer.rules, 'as it is offered')
  const [changed] = rulesOf(other.statement)
  assert.deepEqual(
    [changed!.territory, changed!.duties],
    [['EU'], [{ action: 'odrl:compensate', pay: { amount: '60', currency: 'EUR' }, per: 'year' }]],
  )

  assert.match((await run('offer', 'answer', asked.statement, '--key', 'holder.pem')).errors, /--accept or --refuse/)
  await json('offer', 'answer', asked.statement, '--key', 'holder.pem', '--accept')
  await json('offer', 'answer', other.statement, '--key', 'holder.pem', '--refuse')
  const use = ['--action', 'col:trainAI', '--purpose', 'research', '--licensee', requests[0]!.licensee]
  assert.match((await run('rights', 'decide', '--work', itemId(collection, 0), ...use)).output, /^allow/)
  await json('offer', 'take-back', made.statement, '--key', 'holder.pem')
  assert.match((await run('offer', 'list')).output, /Nothing is on offer/)
  assert.match((await run('offer', 'list', '--party', party)).output, /This offer was taken back/)
  assert.match((await run('offer', 'ask', made.statement, '--key', 'lab.pem')).errors, /no longer offered/)
}
