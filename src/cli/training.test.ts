import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCommandsIn } from '../../tests/support/commandLine.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-training-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const file = (name: string) => join(directory, name)
const trail = file('trail.jsonl')

const commands = runCommandsIn('.', { ...process.env, DATA_DIR: file('data') })
after(() => commands.end())
const colophon = commands.run

test('lineage: a step from flags, answers for programs, and what is refused writes nothing', async () => {
  writeFileSync(file('data.csv'), 'a\n1\n')
  const made = [
    'lineage',
    'record',
    '--trail',
    trail,
    '--activity',
    'acquire',
    '--made',
    file('data.csv'),
    '--type',
    'Source',
  ]
  const first = await colophon(
    ...made,
    '--url',
    'https://data.example/',
    '--weight',
    'tokens=10',
    '--owner',
    'Ana',
    '--json',
  )
  assert.equal(first.status, 0, first.errors)
  const train = [
    'lineage',
    'record',
    '--trail',
    trail,
    '--activity',
    'train',
    '--made',
    'm',
    '--type',
    'Model',
    '--used',
    file('data.csv'),
  ]
  assert.equal((await colophon(...train, '--weight', 'tokens=10')).status, 0)
  const roots = JSON.parse((await colophon('lineage', 'roots', 'm', '--trail', trail, '--json')).output) as {
    measure: string
    unknownShare: number
    roots: { entity: { owner: { name: string } } }[]
  }
  assert.deepEqual([roots.measure, roots.unknownShare, roots.roots[0]!.entity.owner.name], ['tokens', 0, 'Ana'])
  const before = readFileSync(trail, 'utf8')
  for (const [args, message] of [
    [[...train, '--weight', 'words=3'], /usage: a weight is written as tokens=1200 \(words=3\)/],
    [[...train, '--record'], /--record needs --key/],
    [[...train, '--record', '--key', file('k.pem')], /needs a running node/],
    [['lineage', 'record', '--trail', trail, '--activity', 'cook', '--made', 'x'], /activity/],
    [['lineage', 'roots', 'nobody', '--trail', trail], /not_found: no step describes this entity \(nobody\)/],
    [['lineage', 'roots', 'm'], /--trail/],
    [['lineage', 'export', 'm', '--trail', trail, '--format', 'paper'], /--format is one of prov/],
  ] as const) {
    const { status, errors } = await colophon(...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, message)
  }
  assert.equal(readFileSync(trail, 'utf8'), before)
  assert.ok(!existsSync(file('k.pem')), 'no key is made for what is refused')
})

test('lineage: what is exported is imported again, whole or not at all', async () => {
  const out = file('m.prov.json')
  assert.equal((await colophon('lineage', 'export', 'm', '--trail', trail, '--format', 'prov', '-o', out)).status, 0)
  const other = file('other.jsonl')
  assert.equal((await colophon('lineage', 'import', out, '--trail', other)).status, 0)
  const roots = (path: string) => colophon('lineage', 'roots', 'm', '--trail', path, '--json')
  const [one, two] = [(await roots(trail)).output, (await roots(other)).output]
  assert.equal(one, two)
  const again = await colophon('lineage', 'import', out, '--trail', other)
  assert.deepEqual([again.status, /there twice/.test(again.errors)], [2, true])
  writeFileSync(file('evil.json'), '{"@context":"https://evil.example/x","@graph":[{"@id":"a","@type":"javascript:"}]}')
  assert.equal((await colophon('lineage', 'import', file('evil.json'), '--trail', file('new.jsonl'))).status, 2)
  assert.ok(!existsSync(file('new.jsonl')))
})

test('lineage: what the register said of a work when it was used', async () => {
  writeFileSync(file('work.txt'), 'A text of mine that nobody may train on, and long enough to be one.')
  const declared = await colophon(
    'declare',
    file('work.txt'),
    '--key',
    file('me.pem'),
    '--terms',
    'generative-training',
    '--json',
  )
  assert.equal(declared.status, 0, declared.errors)
  const { work } = JSON.parse(declared.output) as { work: string }
  const used = file('used.jsonl')
  const step = ['lineage', 'record', '--trail', used, '--activity']
  assert.equal((await colophon(...step, 'acquire', '--made', 'source', '--type', 'Work', '--work', work)).status, 0)
  assert.equal((await colophon(...step, 'train', '--made', 'model', '--type', 'Model', '--used', 'source')).status, 0)
  const { links } = JSON.parse(
    (await colophon('lineage', 'trace', 'model', '--trail', used, '--terms', '--json')).output,
  ) as {
    links: { terms: { decision: string } }[]
  }
  assert.deepEqual(
    links.map(({ terms }) => terms.decision),
    ['deny'],
  )
})

test('summary build: exit codes, and files that lint reads', async () => {
  writeFileSync(file('attested.json'), JSON.stringify({ answers: { provider: 'Example AI, https://ai.example' } }))
  const out = file('summary')
  const built = await colophon(
    'summary',
    'build',
    'm',
    '--trail',
    trail,
    '--attested',
    file('attested.json'),
    '-o',
    out,
    '--json',
  )
  assert.equal(built.status, 0, built.errors)
  const { open, missing } = JSON.parse(built.output) as { open: string[]; missing: string[] }
  assert.match(open.join(), /has no origin/)
  assert.ok(missing.includes('signatory'))
  for (const name of ['summary.html', 'summary.pdf', 'model-documentation.html', 'added-chapter.json'])
    assert.ok(existsSync(join(out, name)), name)
  assert.equal((await colophon('summary', 'lint', join(out, 'summary.json'))).status, 1)
  writeFileSync(file('wrong.json'), JSON.stringify({ answers: { provider: 7 } }))
  const wrong = await colophon(
    'summary',
    'build',
    'm',
    '--trail',
    trail,
    '--attested',
    file('wrong.json'),
    '-o',
    file('no'),
  )
  assert.equal(wrong.status, 2)
  assert.match(wrong.errors, /invalid_input: .*\(answers\.provider\)/)
  assert.ok(!existsSync(file('no')))
})

test('indicators: files, a reference of one’s own, and wrong usage', async () => {
  const rows = ['deu', 'deu', 'mlt', 'fra'].map((lang, i) => JSON.stringify({ lang, n: i + 1 })).join('\n')
  writeFileSync(file('rows.jsonl'), `${rows}\n`)
  writeFileSync(file('speakers.csv'), 'language,speakers\ndeu,50\nmlt,1\nfr,49\n')
  const measure = ['indicators', file('rows.jsonl'), '--language-column', 'lang', '--weight-column', 'n']
  const run = await colophon(...measure, '--reference', file('speakers.csv'), '-o', file('out'), '--json')
  assert.equal(run.status, 0, run.errors)
  const { indicators, weight } = JSON.parse(run.output) as {
    weight: number
    indicators: { id: string; reference?: string; figures: { id: string; value: number }[] }[]
  }
  assert.equal(weight, 10)
  assert.match(indicators.find(({ id }) => id === 'languageParity')!.reference!, /speakers\.csv/)
  for (const name of ['indicators.html', 'indicators.jsonstat.json', 'indicators.sdmx.csv'])
    assert.ok(existsSync(join(file('out'), name)), name)
  for (const [args, message] of [
    [[...measure, '--threshold', '2'], /--threshold is a share/],
    [[...measure, '--trail', trail], /--entity/],
    [['indicators', file('none.csv'), '--language-column', 'x'], /there is no such file/],
    [['indicators', file('rows.jsonl'), '--language-column', 'tongue'], /there is no column tongue/],
  ] as const) {
    const { status, errors } = await colophon(...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, message)
  }
})
