import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ColophonError } from '../foundation/index.ts'
import { declare } from './declare.ts'
import { openCommandLine } from '../../tests/support/commandLine.ts'
import { serveLoopback } from '../../tests/support/loopbackServer.ts'

const line = openCommandLine()
after(() => line.close())
const path = (name: string) => join(line.directory, name)

interface Declared {
  party: string
  statements: number
  outcomes: Record<string, number>
  examples: { place: string; field: string; remedy: string }[]
  interrupted?: { code: string; message: string }
}

const TABLE = [
  'Inventarnummer;Titel;Künstler;Technik;Link;Rechte;ISBN',
  'A1;Bäume;Maria Muster;Radierung;https://m.example.org/1;Public Domain;',
  'A2;Brücke;Hans Beispiel;Öl auf Leinwand;https://m.example.org/2;InC;',
  'A3;Katalog;;Buch;https://m.example.org/3;;978-0-306-40615-8',
  'A2;Die Brücke;;;;;',
].join('\n')

/** Runs that end with exit code 1 still answer with one document. */
async function declared(...args: string[]): Promise<{ status: number | null; answer: Declared }> {
  const { status, output, errors } = await line.run('declare', ...args, '--json')
  assert.ok(output.startsWith('{'), errors)
  return { status, answer: JSON.parse(output) as Declared }
}

const none = { new: 0, changed: 0, unchanged: 0, duplicate: 0, refused: 0, gone: 0 }
const museum = ['--key', 'museum.pem', '--collection', 'Plates', '--terms', 'mining', '--role', 'rightsholder']

test('a preview shows what each column is read as, and signs nothing', async () => {
  writeFileSync(path('works.csv'), Buffer.from(TABLE, 'latin1'))
  const { status, output } = await line.run('declare', '--csv', 'works.csv', '--preview')
  assert.equal(status, 1, 'one of the records would be refused')
  assert.match(output, /CSV with semicolons, windows-1252\. Nothing was signed/)
  assert.match(output, /Künstler ─▶ creator\s+Maria Muster/)
  assert.match(output, /line 4: refused \(isbn\).*8 where 7 is expected/)
  const { answer } = await declared('--csv', 'works.csv', '--preview', '--map', 'none=ISBN,title=Technik')
  const mapped = answer as unknown as { columns: { column: string; field?: string }[] }
  assert.deepEqual(
    mapped.columns.filter(({ field }) => field === 'title').map(({ column }) => column),
    ['Technik'],
  )
  assert.ok(!readdirSync(line.directory).includes('data'), 'nothing was opened or made')
})

test('a table is declared: outcomes by line, terms for what may be reserved and for nothing that is free', async () => {
  const more = ['--state', 'museum.state', '--outcomes', 'outcomes.csv', '--receipts', 'receipts']
  const { status, answer } = await declared('--csv', 'works.csv', ...museum, ...more)
  assert.deepEqual([status, answer.statements, answer.outcomes], [1, 2, { ...none, new: 2, duplicate: 1, refused: 1 }])
  assert.deepEqual([answer.examples[0]!.place, answer.examples[0]!.field], ['line 4', 'isbn'])
  assert.match(readFileSync(path('outcomes.csv'), 'utf8'), /line 5,duplicate,id:A2,Die Brücke,line 3/)
  assert.equal(readdirSync(path('receipts')).length, 2)
  for (const name of readdirSync(path('receipts')))
    assert.equal((await line.run('log', 'verify', `receipts/${name}`, '--vkey', line.vkey())).status, 0)
  const again = await declared('--csv', 'works.csv', ...museum, '--state', 'museum.state')
  assert.deepEqual(
    [again.answer.statements, again.answer.outcomes],
    [0, { ...none, unchanged: 2, duplicate: 1, refused: 1 }],
  )
  const entries = readFileSync(path('outcomes.csv'), 'utf8')
  const itemOf = (place: string) => new RegExp(`${place},new.*(urn:colophon:item:[0-9a-f-]+:\\d+)`).exec(entries)![1]!
  const decide = (place: string) => line.json<object>('rights', 'export', '--work', itemOf(place), '--format', 'tdmrep')
  assert.match(JSON.stringify(await decide('line 3')), /tdm-reservation/)
  assert.doesNotMatch(JSON.stringify(await decide('line 2')), /tdm-reservation\\?":\s?1/)
})

test('the same through the node that runs; what changed is declared, and what is gone is named', async () => {
  writeFileSync(path('works.csv'), TABLE.replace('Brücke;Hans', 'Brücke, revised;Hans').replace(/^A1.*\n/m, ''))
  await line.whileServing(async () => {
    const { answer } = await declared('--csv', 'works.csv', ...museum, '--state', 'museum.state')
    assert.deepEqual(answer.outcomes, { ...none, changed: 1, duplicate: 1, refused: 1, gone: 1 })
  })
})

test('a server that stalls is told, what came is declared, and the next run goes on', async () => {
  const record = (id: string) =>
    `<record><header><identifier>${id}</identifier></header><metadata><dc><title>Work ${id}</title></dc></metadata></record>`
  let isBroken = true
  const server = await serveLoopback((address, response) => {
    const query = new URL(address, 'http://x').searchParams
    if (query.get('verb') === 'Identify')
      return '<OAI-PMH><Identify><deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>'
    if (!query.has('resumptionToken'))
      return `<OAI-PMH><ListRecords>${record('oai:1')}<resumptionToken>next</resumptionToken></ListRecords></OAI-PMH>`
    if (isBroken) response.statusCode = 500
    return `<OAI-PMH><ListRecords>${record('oai:2')}</ListRecords></OAI-PMH>`
  })
  try {
    const args = ['--oai', server.url, '--allow-private', ...museum, '--state', 'oai.state']
    const first = await declared(...args)
    assert.deepEqual(
      [first.status, first.answer.outcomes, first.answer.interrupted?.code],
      [1, { ...none, new: 1 }, 'fetch_failed'],
    )
    isBroken = false
    const next = await declared(...args)
    assert.deepEqual([next.status, next.answer.outcomes], [0, { ...none, new: 1 }])
    const closed = await line.run('declare', '--oai', server.url, ...museum)
    assert.equal(closed.status, 2)
    assert.match(closed.errors, /url_refused/)
  } finally {
    await server.close()
  }
})

test('wrong usage is told on one line', async () => {
  writeFileSync(path('empty.csv'), 'title,creator\n')
  const cases: [string[], RegExp][] = [
    [['--csv', 'works.csv'], /give --key and --collection/],
    [['--csv', 'works.csv', '--xml', 'x', '--preview'], /give one source/],
    [['works.csv', '--csv', 'works.csv', '--preview'], /do not go together/],
    [['--csv', 'works.csv', '--preview', '--map', 'colour=Titel'], /--map is written/],
    [['--csv', 'works.csv', '--preview', '--role', 'king'], /--role is one of/],
    [['--csv', 'missing.csv', '--preview'], /no such file/],
    [['--site', 'https://example.org/', '--preview'], /give --key/],
    [['--csv', 'works.csv', ...museum, '--sealed'], /sealed/],
  ]
  for (const [args, message] of cases) {
    // None of these gets as far as opening anything, so no process is needed for each.
    const given = args.map((each) => (each.endsWith('.csv') ? path(each) : each))
    await assert.rejects(declare.run(given), ({ code, message: said }: ColophonError) => {
      assert.ok(code === 'usage' || code === 'unreadable_file', code)
      assert.match(said, message)
      return true
    })
  }
  const { status, errors } = await line.run('declare', '--csv', 'empty.csv', ...museum)
  assert.equal(status, 2)
  assert.match(errors, /empty_file: there was no record in it/)
})
