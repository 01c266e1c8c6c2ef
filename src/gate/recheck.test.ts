import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { testLogSigner } from '../../tests/support/testRegister.ts'
import { gate, type GateReport } from './gate.ts'
import { byCharacters } from './snapshotLines.ts'
import { writeSnapshot } from './snapshotFile.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-recheck-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const OLDER = '2026-11-24T12:00:00.000Z'
const NEWER = '2026-11-28T12:00:00.000Z'
const hex = (seed: number) => seed.toString(16).padStart(2, '0').repeat(32)

/** Policies by what they say of text and data mining; the last two say something else by the time of the newer snapshot. */
const POLICIES = [
  { decision: 'deny' },
  { decision: 'allow' },
  { decision: 'deny', endsAt: '2026-11-26T00:00:00.000Z' },
  { decision: 'deny', validFrom: '2026-11-26T00:00:00.000Z' },
].map(({ decision, endsAt = null, validFrom = '2026-01-01T00:00:00.000Z' }, i) => ({
  terms: [
    {
      id: `urn:uuid:${i}`,
      party: 'did:key:z1',
      targetKind: 'party',
      rules: JSON.stringify([{ action: 'tdm:mine', decision }]),
      conflict: null,
      validFrom,
      endsAt,
    },
  ],
  grants: [],
  parties: ['did:key:z1'],
  mustConsent: [],
  isPublicDomain: false,
}))

const policy = fc.nat(POLICIES.length - 1)
const work = fc.tuple(fc.nat(5), policy, fc.nat(3), fc.boolean()).map(([n, said, key, hasAddress]) => {
  const found = {
    codes: { sha256: hex(key), pdq: hex(16 + key) },
    urls: hasAddress ? [`https://a.example/${key}/`] : [],
  }
  return `work urn:uuid:${n} did:key:z${n % 2} ${said} ${JSON.stringify(found)}`
})
const site = fc
  .tuple(fc.constantFrom('a.example', 'b.example'), policy)
  .map(([host, said]) => `site ${host} did:key:z1 ${said}`)
const party = policy.map((said) => `party did:key:z1 ${said}`)
const snapshotLines = (said: readonly string[]) =>
  [...said, ...POLICIES.map((each, i) => `policy ${i} ${JSON.stringify(each)}`)].sort(byCharacters)
/** An older and a newer snapshot: most lines are in both, some are gone, some came, some say something else. */
const snapshots = fc
  .tuple(
    fc.uniqueArray(fc.oneof(work, site, party), { maxLength: 7, selector: (line) => line.split(' ', 2).join() }),
    fc.array(fc.oneof(work, site), { maxLength: 2 }),
    fc.nat(2),
    fc.nat(2),
  )
  .map(([common, others, gone, come]) => {
    const named = (line: string) => line.split(' ', 2).join()
    const instead = new Map(others.map((line) => [named(line), line]))
    const newer = new Map(common.slice(gone).map((line) => [named(line), instead.get(named(line)) ?? line]))
    for (const line of others) newer.set(named(line), line)
    return {
      older: snapshotLines(common.slice(0, Math.max(0, common.length - come))),
      newer: snapshotLines([...newer.values()]),
    }
  })
const rows = fc.array(
  fc.record({
    url: fc.option(fc.constantFrom('https://a.example/1/x.jpg', 'https://b.example/', 'https://c.example/', 'nowhere')),
    sha256: fc.option(fc.constantFrom(hex(1), hex(2), hex(9))),
    pdq: fc.option(fc.constantFrom(hex(17), `${hex(18).slice(1)}0`, hex(40))),
    party: fc.option(fc.constantFrom('did:key:z1', 'did:key:z7')),
    licence: fc.option(fc.constantFrom('MIT', 'mine')),
    signals: fc.option(fc.constant('tdm-reservation: 1')),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
)

let folders = 0
async function snapshotOf(said: readonly string[], createdAt: string): Promise<string> {
  const folder = mkdtempSync(join(directory, `snapshot-${folders++}-`))
  await writeSnapshot(folder, said, { origin: testLogSigner.name, size: 1, root: 'AA==', createdAt }, testLogSigner)
  return folder
}

async function run(manifest: string, snapshot: string, at: string, previous?: string) {
  const out = join(directory, `out-${folders++}`)
  const report = await gate({
    inputs: [manifest],
    columns: { url: 'url', sha256: 'sha256', pdq: 'pdq', party: 'party', licence: 'licence', signals: 'signals' },
    out,
    snapshot,
    vkey: testLogSigner.vkey,
    mode: 'opt-out',
    use: { action: 'tdm:mine', at: Date.parse(at) },
    partRows: 16,
    ...(previous === undefined ? {} : { previous }),
  })
  return { out, report }
}

const told = (out: string) =>
  readdirSync(join(out, 'parts'))
    .filter((name) => name.endsWith('.csv') || name.endsWith('.leaves'))
    .sort()
    .map((name) => readFileSync(join(out, 'parts', name), 'latin1'))

const columns = 'url,sha256,pdq,party,licence,signals'.split(',')
function writeManifest(list: readonly Record<string, string | null>[]): string {
  const path = join(directory, `rows-${folders++}.csv`)
  const said = list.map((row) => columns.map((name) => row[name] ?? '').join(','))
  writeFileSync(path, `${columns.join(',')}\n${said.join('\n')}\n`)
  return path
}

test('property: what a newer snapshot does not concern need not be decided again, and it comes to the same', async () => {
  await fc.assert(
    fc.asyncProperty(snapshots, rows, async ({ older, newer }, list) => {
      const manifest = writeManifest(list)
      const first = await run(manifest, await snapshotOf(older, OLDER), OLDER)
      const snapshot = await snapshotOf(newer, NEWER)
      const whole = await run(manifest, snapshot, NEWER)
      const again = await run(manifest, snapshot, NEWER, first.out)
      assert.ok(again.report.recheck)
      const alike = ({ counts, root, domains }: GateReport) => ({ counts, root, domains })
      assert.deepEqual(alike(again.report), alike(whole.report))
      assert.deepEqual(told(again.out), told(whole.out))
    }),
    { numRuns: 25 },
  )
})

test('only rows of which something new is said are decided anew; other rules, or a run that was touched, mean all', async () => {
  const policies = POLICIES.map((each, i) => `policy ${i} ${JSON.stringify(each)}`)
  const workOf = (n: number, said: number) =>
    `work urn:uuid:${n} did:key:z1 ${said} ${JSON.stringify({ codes: { pdq: hex(n) }, urls: [] })}`
  const manifest = writeManifest(Array.from({ length: 90 }, (_, i) => ({ pdq: hex(100 + i) })))
  const first = await run(manifest, await snapshotOf([...policies, workOf(100, 0), workOf(101, 1)], OLDER), OLDER)
  assert.equal(first.report.counts.dropped, 1)
  const snapshot = await snapshotOf(
    [...policies, workOf(100, 0), workOf(101, 1), workOf(102, 0), workOf(103, 3)],
    NEWER,
  )
  const again = await run(manifest, snapshot, NEWER, first.out)
  // The row that was dropped, and those of the two works that are new.
  assert.deepEqual(again.report.recheck, { lines: 2, rows: 3 })
  assert.deepEqual([again.report.counts.dropped, again.report.mustGo?.rows], [3, 2])

  const previous = first.out
  for (const spoil of [
    () => rmSync(join(previous, 'report.json')),
    () => {
      writeFileSync(join(previous, 'report.json'), '{}')
      writeFileSync(join(previous, 'parts', 'snapshot.lines'), 'nothing of the kind')
    },
  ]) {
    spoil()
    const blind = await run(manifest, snapshot, NEWER, previous)
    assert.equal(blind.report.recheck, undefined)
    assert.deepEqual(blind.report.counts, again.report.counts)
  }
})
