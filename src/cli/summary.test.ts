import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { GOOD, LAYOUTS, lines } from '../../tests/support/summaries.ts'
import type { SummaryDiff, SummaryLint } from '../transparency/index.ts'
import { runCommandsIn } from '../../tests/support/commandLine.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-summary-'))
after(() => rmSync(directory, { recursive: true, force: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const commands = runCommandsIn('.', process.env)
after(() => commands.end())
const summary = (...args: string[]) => commands.run('summary', ...args)

const AT = ['--at', '2026-11-27']

test('summary lint: 0 sound, 1 something is missing or contradicts, 2 unreadable', async () => {
  const good = write('good.pdf', (await LAYOUTS.pdf!(GOOD)).bytes)
  const sound = await summary('lint', good, ...AT)
  assert.equal(sound.status, 0, sound.errors)
  assert.match(sound.output, /^2\.3 Data crawled and scraped from online sources$/m)
  assert.match(sound.output, /^ {2}useful: Most relevant domain names \(6 domain names\)\n {4}“riksarkivet\.example /m)
  assert.match(sound.output, /Disclosure quality: 100 %/)
  const bad = write('bad.txt', lines({ ...GOOD, crawled: 'No', lastUpdate: 'None', measures: '' }).join('\n'))
  const wrong = await summary('lint', bad, ...AT)
  assert.equal(wrong.status, 1)
  assert.match(wrong.output, /contradictory: Crawlers were used .*\n {4}“☐ Yes ☒ No”/)
  assert.match(wrong.output, /missing: Measures to respect/)
  assert.match(wrong.output, /error contradiction: 2\.3/)
  const asJson = JSON.parse((await summary('lint', bad, '--json', ...AT)).output) as SummaryLint
  assert.equal(asJson.counts.contradictory, 1)
  assert.ok(asJson.quality! > 0.8 && asJson.quality! < 1)
  const german = write(
    'de.txt',
    'Die Anbieter haben für das Training nur Daten von den Bibliotheken und aus den Archiven genutzt, die nicht mit dem Netz verbunden sind und ein eigenes Recht der Nutzung haben, das ist so.',
  )
  const other = await summary('lint', german)
  assert.equal(other.status, 2)
  assert.match(other.output, /only the English template is read/)
})

test('summary lint refuses what it cannot read, and says what to do', async () => {
  const broken = await summary('lint', write('broken.pdf', '%PDF-1.7'))
  assert.equal(broken.status, 2)
  assert.match(broken.errors, /^colophon summary: unreadable_file: .*broken\.pdf.* try the original file\.$/m)
  assert.match((await summary('lint', join(directory, 'none.pdf'))).errors, /not_found: there is no such file/)
  assert.match((await summary('lint', directory)).errors, /unreadable_file/)
  assert.match((await summary('lint')).errors, /usage: give exactly one file/)
  assert.match((await summary('lint', 'a', '--at', 'soon')).errors, /--at is no time/)
  assert.match((await summary('check')).errors, /usage: summary takes one of: build, lint, diff/)
  assert.equal((await summary('diff', 'a')).status, 2)
})

test('summary diff says what changed, and what to look at', async () => {
  const older = write('1.txt', lines(GOOD).join('\n'))
  const newer = write(
    '2.txt',
    lines({ ...GOOD, crawled: 'No', domains: 'kb.example', languages: 'Swedish' }).join('\n'),
  )
  const changed = await summary('diff', older, newer, ...AT)
  assert.equal(changed.status, 1, changed.errors)
  assert.match(changed.output, /^2\.3 Most relevant domain names: changed\n {2}- riksarkivet\.example$/m)
  assert.match(changed.output, /was yes and is no now/)
  assert.match(changed.output, /the list is shorter by 5/)
  assert.match(changed.output, /the version is the same/)
  const asJson = JSON.parse((await summary('diff', older, newer, '--json')).output) as SummaryDiff
  assert.deepEqual(
    asJson.changes.map(({ id }) => id),
    ['languages', 'crawled', 'domains'],
  )
  assert.equal((await summary('diff', older, older)).status, 0)
})
