import { openDatabase, isoTime } from '../../src/foundation/index.ts'
import { decideOdrl, decideTerms, openRightsIndex, type Policy, type UseRequest } from '../../src/rights/index.ts'
import { openTestRegister } from '../../tests/support/testRegister.ts'
import { insertChunked } from '../../src/foundation/index.ts'
import { printTable, type BenchRow } from './table.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const DECISIONS = 400_000

/** Decisions by 1,000 policies that are loaded, and by a register that holds a million, one core. */
export async function bench(): Promise<void> {
  printTable([loadedRow(), odrlRow(), ...(await registerRows())])
}

const RULES = [
  [{ action: 'tdm:mine', decision: 'deny' }],
  [
    { action: 'col:trainGenAI', decision: 'deny' },
    { action: 'col:trainAI', decision: 'allow', purposes: ['col:research', 'col:education'], territory: ['EU'] },
  ],
  [
    {
      action: 'tdm:mine',
      decision: 'allow',
      until: '2027-12-31T00:00:00Z',
      duties: [{ action: 'odrl:compensate', pay: { amount: '12.50', currency: 'EUR' } }],
    },
  ],
].map((rules) => JSON.stringify(rules))

/** One work with terms of its own, of its domain and of its party, out of a thousand that are loaded. */
function loadedRow(): BenchRow {
  const entry = (i: number, targetKind: string) => ({
    id: `${targetKind} ${i}`,
    party: `did:key:${i % 50}`,
    targetKind,
    rules: RULES[i % RULES.length]!,
    conflict: null,
    validFrom: '2026-01-01T00:00:00Z',
    endsAt: null,
  })
  const policies = Array.from({ length: 1000 }, (_, i) => [entry(i, 'work'), entry(i + 1, 'party')])
  const authorities = Array.from({ length: 50 }, (_, i) => ({
    parties: new Set([`did:key:${i}`, `did:key:${(i + 1) % 50}`]),
    mustConsent: [],
    isPublicDomain: false,
  }))
  const requests = Array.from({ length: 1000 }, (_, i) => requestOf(`work ${i}`, i))
  const counts: Record<string, number> = {}
  const seconds = timed(() => {
    for (let i = 0; i < DECISIONS; i++) {
      const { decision } = decideTerms(policies[i % 1000]!, [], authorities[i % 50]!, requests[i % 1000]!)
      counts[decision] = (counts[decision] ?? 0) + 1
    }
  })
  return {
    what: 'decisions by terms of two parties each',
    ours: DECISIONS / seconds,
    unit: '/s',
    target: '≥ 200,000',
    input: `1,000 works and their terms loaded; ${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  }
}

function requestOf(work: string, i: number): UseRequest {
  return {
    work,
    action: i % 2 === 0 ? 'col:trainAI' : 'col:trainGenAI',
    at: NOW,
    ...(i % 3 === 0 ? { purposes: ['col:research'], territory: 'DE' } : {}),
  }
}

/** Every policy of a thousand asked for every decision: what a caller without an index would do. */
function odrlRow(): BenchRow {
  const policies = Array.from({ length: 1000 }, (_, i): Policy => ({
    id: `policy ${i}`,
    type: 'Set',
    conflict: 'invalid',
    findings: [],
    rules: [
      {
        id: `rule ${i}`,
        kind: 'permission',
        actions: [{ id: 'http://www.w3.org/ns/odrl/2/use', refinements: [] }],
        targets: [{ id: `asset ${i}`, refinements: [] }],
        assigners: [],
        assignees: [],
        counterparts: [],
        constraints: [],
        duties: [],
      },
    ],
  }))
  const byTarget = new Map(policies.map((policy) => [policy.rules[0]!.targets[0]!.id, [policy]]))
  const world = {
    at: NOW,
    partOf: new Map(),
    kinds: new Map(),
    parameters: new Map(),
    properties: new Map(),
    dutyStates: new Map(),
    performed: [],
  }
  let allowed = 0
  const seconds = timed(() => {
    for (let i = 0; i < DECISIONS; i++) {
      const target = `asset ${i % 1000}`
      const request = { id: 'r', action: 'http://www.w3.org/ns/odrl/2/read', target, parameters: new Map() }
      if (decideOdrl(byTarget.get(target)!, request, world).decision === 'allow') allowed++
    }
  })
  if (allowed !== DECISIONS) throw new Error('an answer is wrong')
  return {
    what: 'decisions by plain ODRL policies, by target',
    ours: DECISIONS / seconds,
    unit: '/s',
    target: '≥ 200,000',
    input: '1,000 policies loaded',
  }
}

async function registerRows(): Promise<BenchRow[]> {
  const database = openDatabase({ file: ':memory:' })
  await openTestRegister(database)
  const kinds = ['work', 'domain', 'party']
  const rows = Array.from({ length: 1_000_000 }, (_, i) => ({
    id: `urn:uuid:${i}`,
    party: `did:key:${i % 1000}`,
    target_kind: kinds[i % 3]!,
    target: i % 3 === 1 ? `site${i}.example` : i % 3 === 2 ? `did:key:${i}` : `work ${i}`,
    rules: RULES[i % RULES.length]!,
    valid_from: '2026-01-01T00:00:00Z',
    valid_until: null,
    recorded_at: isoTime(NOW),
    conflict: null,
    log_index: BigInt(i),
  }))
  await database.db.transaction().execute((transaction) => insertChunked(transaction, 'terms', rows))
  const before = process.memoryUsage().heapUsed
  const start = performance.now()
  const index = await openRightsIndex(database.db, new Date().toISOString())
  const loadSeconds = (performance.now() - start) / 1000
  const works = Array.from({ length: 10_000 }, (_, n) => {
    const i = (n * 99 + 3) % 999_000
    const at = i - (i % 3)
    const parties = new Set([`did:key:${at % 1000}`, `did:key:${at + 2}`])
    return {
      id: `work ${at}`,
      hosts: [`www.site${at + 1}.example`],
      authority: { parties, mustConsent: [], isPublicDomain: false },
    }
  })
  const counts: Record<string, number> = {}
  const seconds = timed(() => {
    for (let i = 0; i < DECISIONS; i++) {
      const work = works[i % works.length]!
      const { decision } = index.decide(work, requestOf(work.id, i))
      counts[decision] = (counts[decision] ?? 0) + 1
    }
  })
  await database.close()
  const input = `1M terms, a third each by work, domain and party; ${Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`
  return [
    { what: 'decisions by the whole register', ours: DECISIONS / seconds, unit: '/s', target: '≥ 20,000', input },
    { what: 'register read into memory', ours: loadSeconds, unit: 's', target: '–', input: '1M terms' },
    {
      what: 'memory',
      ours: (process.memoryUsage().heapUsed - before) / 1e6,
      unit: 'MB',
      target: '–',
      input: '1M terms',
    },
  ]
}

function timed(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1000
}
