import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandsIn } from '../../tests/support/commandLine.ts'
import { playRecordedAnswers, type PlayedAnswers } from '../../tests/support/recordedAnswers.ts'
import type { FurtherAnswer, Sending } from '../watching/index.ts'

const URL = 'https://harbour-lights.example/boats.html'
const directory = mkdtempSync(join(tmpdir(), 'colophon-further-'))
let crawl: PlayedAnswers
let run: ReturnType<typeof runCommandsIn>['run']
let end: () => unknown
before(async () => {
  crawl = await playRecordedAnswers('common-crawl')
  const ADAPTERS = `hash-dump,common-crawl=${crawl.url}`
  const env = { ...process.env, ADAPTERS, DATA_DIR: join(directory, 'data'), PUBLIC_URL: 'http://localhost' }
  ;({ run, end } = runCommandsIn(directory, env))
})
after(() => {
  end()
  rmSync(directory, { recursive: true, force: true })
})

type Printed = { isSent: boolean; sends: Sending[]; answers: FurtherAnswer[] }

test('what would leave is said first, and nothing leaves without a yes', async () => {
  const asked = ['look-further', '--url', URL, '--with', 'common-crawl']
  const { status, output } = await run(...asked)
  assert.equal(status, 1)
  assert.ok(output.includes(`to ${crawl.url.slice('http://'.length)}: address "${URL}"`))
  assert.match(output, /Nothing was sent/)
  const { isSent, sends } = JSON.parse((await run(...asked, '--json')).output) as Printed
  assert.deepEqual([isSent, sends.map(({ value }) => value), crawl.received], [false, [URL], []])
  const sent = await run(...asked, '--yes')
  assert.equal(sent.status, 0, sent.errors)
  assert.match(sent.output, /^common-crawl: Found in 2 places\./)
  assert.match(sent.output, /2026-09-14T11:23:08Z.*\n.*\n.*Looked through: CC-MAIN-2026-38, CC-MAIN-2026-34/)
  assert.match(sent.output, /a capture is not training/)
  await crawl.finish()
})

test('files are looked for in a dump on this machine: their digests are compared, and no yes is needed', async () => {
  writeFileSync(join(directory, 'poem.txt'), 'Forty lanterns.\n')
  const git = createHash('sha1').update('blob 16\0Forty lanterns.\n').digest('hex')
  writeFileSync(join(directory, 'list.csv'), `sha1_git,length\n${'0'.repeat(40)},1\n${git},16\n`)
  const asked = ['look-further', '--file', 'poem.txt', '--with', 'hash-dump', '--dump', 'list.csv', '--json']
  const { status, output, errors } = await run(...asked)
  assert.equal(status, 0, errors)
  const { isSent, answers } = JSON.parse(output) as Printed
  const [hit] = answers[0]!.hits
  assert.deepEqual([isSent, hit!.asked, hit!.place], [false, `sha1_git:${git}`, 'line 3'])
})

test('a declared work is asked about by what is on record of it; a sealed one never, nor what it has', async () => {
  writeFileSync(join(directory, 'open.txt'), 'An open text about forty lanterns. '.repeat(9))
  writeFileSync(join(directory, 'shut.txt'), 'A sealed text about one lantern. '.repeat(9))
  const declare = async (...args: string[]) => {
    const { status, output, errors } = await run('declare', ...args, '--key', 'k.pem', '--creator', 'Ann', '--json')
    assert.equal(status, 0, errors)
    return (JSON.parse(output) as { work: string }).work
  }
  const open = await declare('open.txt', '--title', 'Lanterns')
  const shut = await declare('shut.txt', '--sealed', '--title', 'One lantern')
  const sha256 = createHash('sha256').update('An open text about forty lanterns. '.repeat(9)).digest('hex')
  writeFileSync(join(directory, 'hashes.txt'), `${sha256}\n`)
  const dump = ['--with', 'hash-dump', '--dump', 'hashes.txt']
  const { answers } = JSON.parse((await run('look-further', open, ...dump, '--json')).output) as Printed
  assert.equal(answers[0]!.hits[0]!.asked, `sha256:${sha256}`)
  const sealed = await run('look-further', shut, ...dump)
  assert.equal(sealed.status, 2)
  assert.match(sealed.errors, /not_found/)
  const named = await run('look-further', '--phrase', 'One lantern', ...dump, '--yes')
  assert.equal(named.status, 2)
  assert.match(named.errors, /not_authorised.*keeps to itself.*Nothing was sent/)
})

test('what is not switched on is not asked, and wrong usage is told in one line; help tells the rest', async () => {
  for (const [args, expected] of [
    [['--phrase', 'x', '--with', 'infini-gram'], /not switched on here \(infini-gram\)\. .*ADAPTERS=infini-gram/],
    [['--phrase', 'x', '--with', 'everything'], /not switched on here/],
    [['--phrase', 'x'], /--with/],
    [['--url', 'not an address', '--with', 'hash-dump'], /neither an address nor a domain/],
    [['no-such-work', '--with', 'hash-dump'], /not_found/],
    [['--file', 'missing', '--with', 'hash-dump'], /no such file/],
  ] as const) {
    const { status, errors } = await run('look-further', ...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, expected)
    assert.equal(errors.trim().split('\n').length, 1)
  }
  const lacking = await run('look-further', '--phrase', 'lanterns', '--with', 'hash-dump')
  assert.deepEqual([lacking.status, /Not asked.*\(dump\)/.test(lacking.output)], [1, true])
  const help = await run('look-further', '--help')
  assert.match(help.output, /colophon look-further WORK-ID/)
  assert.match((await run('help')).output, /look-further/)
})
