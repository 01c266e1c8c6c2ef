import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError, systemEffects } from '../foundation/index.ts'
import { makeStatement, newSigner, signStatement } from '../statements/index.ts'
import {
  buildLineage,
  readStep,
  readTrail,
  recordStep,
  recordSteps,
  rootsOf,
  traceBack,
  type LineageStep,
} from './index.ts'

const step = (id: string, more: Partial<LineageStep>): LineageStep => ({
  type: 'LineageStep',
  id,
  activity: 'transform',
  endedAt: '2026-11-01T10:00:00.000Z',
  entities: [],
  edges: [],
  ...more,
})

/** Two sources and something of no known root are merged, filtered and trained on. */
const PIPELINE = [
  step('get', {
    activity: 'acquire',
    entities: [
      {
        id: 'letters',
        type: 'Source',
        url: 'https://letters.example/',
        licence: 'CC0-1.0',
        weights: { rows: 60, tokens: 6000 },
      },
      { id: 'novels', type: 'Source', owner: { id: 'urn:p:1', name: 'Ana' }, weights: { rows: 30, tokens: 3000 } },
      { id: 'dump', type: 'File', weights: { rows: 10, tokens: 1000 } },
    ],
  }),
  step('merge', {
    activity: 'merge',
    entities: [{ id: 'all', type: 'Dataset', weights: { rows: 100, tokens: 10_000 } }],
    edges: [
      {
        to: 'all',
        from: 'letters',
        weights: { tokens: 6000 },
        known: 'measured',
        rows: { kind: 'at', at: 0, count: 60 },
      },
      {
        to: 'all',
        from: 'novels',
        weights: { tokens: 3000 },
        known: 'attested',
        rows: { kind: 'at', at: 60, count: 30 },
      },
      {
        to: 'all',
        from: 'dump',
        weights: { tokens: 1000 },
        known: 'inferred',
        rows: { kind: 'at', at: 90, count: 10 },
      },
    ],
  }),
  step('filter', {
    activity: 'filter',
    entities: [{ id: 'kept', type: 'Dataset', weights: { rows: 98, tokens: 9800 } }],
    edges: [{ to: 'kept', from: 'all', known: 'measured', rows: { kind: 'without', rows: [1, 60] } }],
  }),
  step('train', {
    activity: 'train',
    entities: [{ id: 'model', type: 'Model' }],
    edges: [{ to: 'model', from: 'kept', known: 'attested' }],
  }),
]

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`)

test('what a model is made of: roots by weight, how sure that is, and what has no known root', () => {
  const { roots, unknownShare, certainty, measure } = rootsOf(buildLineage(PIPELINE), 'model', 'tokens')
  assert.equal(measure, 'tokens')
  assert.deepEqual(
    roots.map(({ entity, known }) => [entity.id, known]),
    [
      ['letters', 'measured'],
      ['novels', 'measured'],
    ],
  )
  near(roots[0]!.share, 0.6)
  near(roots[1]!.share, 0.3)
  near(unknownShare, 0.1)
  near(certainty.unknown, 0.1)
})

test('a model that was made from another is made of its own data; the other is named', () => {
  const { unknownShare, models } = rootsOf(
    buildLineage([
      ...PIPELINE,
      step('tune', {
        activity: 'train',
        entities: [{ id: 'tuned', type: 'Model' }],
        edges: [
          { to: 'tuned', from: 'model', known: 'attested' },
          { to: 'tuned', from: 'letters', known: 'attested' },
        ],
      }),
    ]),
    'tuned',
  )
  assert.equal(unknownShare, 0)
  assert.deepEqual(
    models.map(({ id }) => id),
    ['model'],
  )
})

test('weight that no link accounts for, and a split that nobody gave, have no known root', () => {
  const of = (edges: LineageStep['edges'], weights = { rows: 100 }) =>
    rootsOf(
      buildLineage([
        step('s', {
          entities: [
            { id: 'a', type: 'Work' },
            { id: 'b', type: 'Work' },
            { id: 'x', type: 'Dataset', weights },
          ],
          edges,
        }),
      ]),
      'x',
    ).unknownShare
  const edge = (from: string, rows?: number) => ({
    to: 'x',
    from,
    known: 'attested' as const,
    ...(rows === undefined ? {} : { weights: { rows } }),
  })
  near(of([edge('a', 40), edge('b', 30)]), 0.3)
  near(of([edge('a', 40), edge('b')]), 0)
  near(of([edge('a'), edge('b')]), 1)
  near(of([edge('a')]), 0)
  near(of([edge('a', 80), edge('b', 80)]), 0)
  near(of([{ ...edge('a'), known: 'unknown' }]), 1)
})

test('property: shares of roots and the unknown share come to one', () => {
  const amounts = fc.array(
    fc.record({ weight: fc.option(fc.nat(1000)), known: fc.constantFrom('attested', 'inferred', 'unknown') }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(amounts, fc.nat(5000), (links, whole) => {
      const entities = links.map((_, i) => ({ id: `r${i}`, type: (i % 2 ? 'Work' : 'File') as 'Work' | 'File' }))
      const lineage = buildLineage([
        step('s', {
          entities: [...entities, { id: 'x', type: 'Dataset', weights: { rows: whole } }],
          edges: links.map(({ weight, known }, i) => ({
            to: 'x',
            from: `r${i}`,
            known: known as 'attested',
            ...(weight === null ? {} : { weights: { rows: weight } }),
          })),
        }),
      ])
      const { roots, unknownShare } = rootsOf(lineage, 'x', 'rows')
      near(
        roots.reduce((sum, { share }) => sum + share, unknownShare),
        1,
      )
    }),
  )
})

test('a row is followed back through what was left out and put together', () => {
  const lineage = buildLineage(PIPELINE)
  const back = (row: number) => traceBack(lineage, 'kept', row).map(({ entity, row: at }) => `${entity.id}:${at}`)
  assert.deepEqual(back(0), ['all:0', 'letters:0'])
  // Row 1 was left out, so the second row that was kept is the third of all.
  assert.deepEqual(back(1), ['all:2', 'letters:2'])
  assert.deepEqual(back(59), ['all:61', 'novels:1'])
  assert.deepEqual(back(97), ['all:99', 'dump:9'])
  assert.throws(
    () => traceBack(lineage, 'kept', 98),
    (error: ColophonError) => error.code === 'not_found',
  )
  assert.throws(
    () => traceBack(lineage, 'nothing'),
    (error: ColophonError) => error.code === 'not_found',
  )
  // Nobody said which row the model learned from.
  assert.deepEqual(
    traceBack(lineage, 'model', 5).map(({ row }) => row),
    [undefined, undefined, undefined, undefined, undefined],
  )
})

test('what does not fit is refused with the step: circles, unknown names, two digests, a step twice', () => {
  const refused = (steps: LineageStep[], message: RegExp) =>
    assert.throws(
      () => buildLineage(steps),
      (error: ColophonError) =>
        error.code === 'invalid_input' && message.test(error.message) && error.where !== undefined,
    )
  const a = { id: 'a', type: 'Dataset' as const }
  const b = { id: 'b', type: 'Dataset' as const }
  refused(
    [
      step('1', { entities: [a, b], edges: [{ to: 'a', from: 'b', known: 'attested' }] }),
      step('2', { edges: [{ to: 'b', from: 'a', known: 'attested' }] }),
    ],
    /made from itself/,
  )
  refused([step('1', { entities: [a], edges: [{ to: 'a', from: 'a', known: 'attested' }] })], /made from itself/)
  refused([step('1', { entities: [a], edges: [{ to: 'a', from: 'c', known: 'attested' }] })], /no step describes c/)
  refused(
    [
      step('1', { entities: [{ ...a, sha256: '0'.repeat(64) }] }),
      step('2', { entities: [{ ...a, sha256: '1'.repeat(64) }] }),
    ],
    /another digest/,
  )
  refused([step('1', {}), step('1', {})], /there twice/)
  const long = Array.from({ length: 20_000 }, (_, i) =>
    step(`s${i}`, {
      entities: [{ id: `e${i + 1}`, type: 'Dataset' }, ...(i === 0 ? [{ id: 'e0', type: 'Work' as const }] : [])],
      edges: [{ to: `e${i + 1}`, from: `e${i}`, known: 'measured' }],
    }),
  )
  assert.equal(rootsOf(buildLineage(long), 'e20000').roots[0]!.entity.id, 'e0', 'a long pipeline is walked')
})

test('a trail keeps steps in order, signed or not; a torn line is none, a changed one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-trail-'))
  try {
    const path = join(folder, 'trail.jsonl')
    assert.throws(
      () => readTrail(path),
      (error: ColophonError) => error.code === 'unreadable_file',
    )
    const signer = newSigner()
    recordStep(path, PIPELINE[0]!)
    const signed = signStatement(makeStatement(signer.issuer, [PIPELINE[1]! as never], systemEffects), signer)
    recordStep(path, PIPELINE[1]!, signed)
    appendFileSync(path, '{"type":"LineageStep","id":"torn')
    recordStep(path, PIPELINE[2]!)
    const { lineage, signers } = readTrail(path)
    assert.deepEqual(
      lineage.steps.map(({ id }) => id),
      ['get', 'merge', 'filter'],
    )
    assert.deepEqual([...signers], [['merge', { issuer: signer.issuer }]])
    assert.throws(() => recordStep(path, PIPELINE[0]!), /there twice/)
    assert.equal(readTrail(path).lineage.steps.length, 3, 'what is refused is not written')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('{"tokens":6000}', '{"tokens":1}'))
    assert.throws(
      () => readTrail(path),
      (error: ColophonError) => /signature|sign/.test(error.message) && error.where === `${path}:2`,
    )
    writeFileSync(path, `${text.split('\n')[0]}\n{"type":"LineageStep","id":"x","activity":"cook"}\n`)
    assert.throws(
      () => readTrail(path),
      (error: ColophonError) => error.where === `${path}:2` && /activity/.test(error.message),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

const inFolder = async (run: (folder: string) => Promise<void> | void) => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-trail-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('whoever signed is named, not whom he says he signed for', () =>
  inFolder((folder) => {
    const path = join(folder, 'trail.jsonl')
    const [signer, other] = [newSigner(), newSigner()]
    const subject = { ...PIPELINE[0]!, onBehalfOf: other.issuer }
    writeFileSync(
      path,
      `${JSON.stringify(signStatement(makeStatement(signer.issuer, [subject as never], systemEffects), signer))}\n`,
    )
    assert.deepEqual(readTrail(path).signers.get('get'), { issuer: signer.issuer, onBehalfOf: other.issuer })
  }))

test('what is no trail stays as it is, and a last line without an end is a line', () =>
  inFolder((folder) => {
    const notes = join(folder, 'notes.txt')
    for (const text of ['my notes', 'my notes\n', '{"a":1}\n', '[1]', '']) {
      writeFileSync(notes, text)
      if (text === '') recordStep(notes, PIPELINE[0]!)
      else {
        assert.throws(() => recordStep(notes, PIPELINE[0]!), ColophonError)
        assert.equal(readFileSync(notes, 'utf8'), text)
      }
    }
    const path = join(folder, 'trail.jsonl')
    writeFileSync(path, JSON.stringify(PIPELINE[0]))
    recordStep(path, PIPELINE[1]!)
    assert.deepEqual(
      readTrail(path).lineage.steps.map(({ id }) => id),
      ['get', 'merge'],
    )
    for (const wrong of [folder, join(folder, 'nowhere', 'trail.jsonl')])
      assert.throws(
        () => recordStep(wrong, PIPELINE[0]!),
        (error: ColophonError) => error.code === 'unreadable_file',
      )
  }))

test('several processes that record at once lose nothing: each step is there, or was refused', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'trail.jsonl')
    const program = join(folder, 'record.ts')
    const face = new URL('./index.ts', import.meta.url).href
    writeFileSync(
      program,
      `import { recordStep } from ${JSON.stringify(face)}
const [path, who] = process.argv.slice(2)
let done = 0
for (let i = 0; i < 12; i++) {
  try {
    recordStep(path, { type: 'LineageStep', id: who + i, activity: 'transform', endedAt: '2026-01-01T00:00:00.000Z', entities: [], edges: [] })
    done++
  } catch (error) {
    if (error.code !== 'state_not_allowed') throw error
  }
}
process.stdout.write(String(done))`,
    )
    const outputs = await Promise.all(
      ['a', 'b', 'c'].map(
        (who) =>
          new Promise<string>((resolve, reject) =>
            execFile(process.execPath, ['--disable-warning=ExperimentalWarning', program, path, who], (error, out) =>
              error ? reject(error) : resolve(out),
            ),
          ),
      ),
    )
    const recorded = outputs.reduce((sum, out) => sum + Number(out), 0)
    assert.ok(recorded >= 12)
    assert.equal(readTrail(path).lineage.steps.length, recorded)
  }))

test('steps are added together or not at all; one as large as a gate’s is read again', () =>
  inFolder((folder) => {
    const path = join(folder, 'trail.jsonl')
    assert.throws(() => recordSteps(path, [{ step: PIPELINE[0]! }, { step: PIPELINE[0]! }]), /there twice/)
    assert.throws(
      () => readTrail(path),
      (error: ColophonError) => error.code === 'unreadable_file',
    )
    const rows = Array.from({ length: 300_000 }, (_, i) => 2 * i)
    const large = step('large', {
      entities: [
        { id: 'in', type: 'File' },
        { id: 'out', type: 'File' },
      ],
      edges: [{ to: 'out', from: 'in', known: 'measured', rows: { kind: 'without', rows } }],
    })
    recordStep(path, large)
    assert.equal(traceBack(readTrail(path).lineage, 'out', 0)[0]!.row, 1)
  }))

test('what was said first of an entity stands, additions are added, and a contradiction is told', () => {
  const lineage = buildLineage([
    step('1', { entities: [{ id: 'a', type: 'Source', licence: 'MIT', weights: { rows: 5 } }] }),
    step('2', {
      entities: [
        { id: 'a', type: 'File', licence: 'CC0-1.0', url: 'https://a.example/', weights: { rows: 9, bytes: 3 } },
      ],
    }),
  ])
  assert.deepEqual(lineage.entities.get('a'), {
    id: 'a',
    type: 'Source',
    licence: 'MIT',
    url: 'https://a.example/',
    weights: { rows: 5, bytes: 3 },
  })
  assert.deepEqual(lineage.contradictions, [
    '2: it says another licence of a than an earlier step; what was said first stands',
  ])
})

test('a model is no root of itself, a remainder is inferred, and a link that is recorded twice counts once', () => {
  const tuned = buildLineage([
    step('s', {
      entities: [
        { id: 'b', type: 'Model', url: 'https://b.example/' },
        { id: 'm', type: 'Model', owner: { id: 'urn:o' } },
      ],
      edges: [{ to: 'm', from: 'b', known: 'attested' }],
    }),
  ])
  assert.equal(rootsOf(tuned, 'm').unknownShare, 1)
  const parts = step('p', {
    entities: [
      { id: 'x', type: 'Dataset', weights: { rows: 100 } },
      { id: 'a', type: 'Work' },
      { id: 'c', type: 'Work' },
    ],
    edges: [
      { to: 'x', from: 'a', known: 'measured', weights: { rows: 10 } },
      { to: 'x', from: 'c', known: 'measured' },
    ],
  })
  const once = rootsOf(buildLineage([parts]), 'x')
  assert.deepEqual(
    once.roots.map(({ entity, known }) => [entity.id, known]),
    [
      ['c', 'inferred'],
      ['a', 'measured'],
    ],
  )
  assert.deepEqual(rootsOf(buildLineage([parts, { ...parts, id: 'again' }]), 'x'), once)
})

test('times and rows that cannot be are told, and lead nowhere', () => {
  const told = (more: Partial<LineageStep>, message: RegExp) =>
    assert.match(buildLineage([step('s', more)]).contradictions.join(), message)
  told({ startedAt: '2026-12-01T00:00:00.000Z' }, /before it began/)
  told(
    { entities: [{ id: 'a', type: 'Source', collected: { from: '2031-01-01', to: '1999-01-01' } }] },
    /before it was begun/,
  )
  const entities: LineageStep['entities'] = [
    { id: 'a', type: 'File', weights: { rows: 2 } },
    { id: 'b', type: 'File', weights: { rows: 3 } },
  ]
  const edge = { to: 'b', from: 'a', known: 'measured' as const }
  told({ entities, edges: [{ ...edge, rows: { kind: 'from', rows: [99] } }] }, /row 99/)
  told({ entities, edges: [{ ...edge, rows: { kind: 'at', at: 2, count: 2 } }] }, /end behind/)
  told({ entities, edges: [{ ...edge, rows: { kind: 'at', at: 0, count: 3 } }] }, /2 rows, and 3/)
  assert.throws(
    () => readStep({ ...step('s', {}), entities: [{ id: 'a', type: 'File', url: 'javascript:alert(1)' }] }, 'here'),
    /url/,
  )
})
