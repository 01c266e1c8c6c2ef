import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryConflict, arbitraryRules, NOW } from '../../tests/support/rightsOracle.ts'
import { actions } from './actions.ts'
import { decideTerms, type TermsEntry, type UseRequest, type WorkAuthority } from './decideTerms.ts'
import { effectiveTerms } from './effectiveTerms.ts'
import type { RightsRule } from './rules.ts'

const [MAKER, SINGER, STRANGER] = ['did:web:maker.example', 'did:web:singer.example', 'did:web:stranger.example']
const AT = new Date(NOW).toISOString()

const entries = fc.array(
  fc.record({
    party: fc.constantFrom(MAKER, SINGER, STRANGER),
    targetKind: fc.constantFrom('work', 'set', 'domain', 'party'),
    rules: arbitraryRules,
    conflict: arbitraryConflict,
    endsAt: fc.constantFrom(null, null, null, '2026-02-01T00:00:00.000Z'),
  }),
  { minLength: 1, maxLength: 4 },
)
const asEntries = (list: readonly (Omit<TermsEntry, 'id' | 'rules' | 'validFrom'> & { rules: RightsRule[] })[]) =>
  list.map((each, place) => ({
    ...each,
    id: `urn:${place}`,
    rules: JSON.stringify(each.rules),
    validFrom: '2020-01-01T00:00:00.000Z',
  }))

const uses: fc.Arbitrary<UseRequest> = fc.record({
  work: fc.constant('urn:uuid:1'),
  action: fc.constantFrom(...actions),
  at: fc.constant(NOW),
  purposes: fc.constantFrom(['col:commercial' as const], ['col:research' as const]),
  territory: fc.constantFrom('DE', 'US'),
  media: fc.constantFrom('text', 'print'),
  channel: fc.constantFrom('social', 'else.example'),
  recipient: fc.constantFrom('did:web:lab.example', 'did:web:other.example'),
  modelFlopExponent: fc.constantFrom(20, 30),
})

/** What a reader makes of the documents alone: every no counts, and all that are allowed must be paid for. */
function readAlone(entry: readonly TermsEntry[], asked: UseRequest, parties: ReadonlySet<string>) {
  const authority = { parties, mustConsent: [], isPublicDomain: false }
  return entry.map((each) => decideTerms([each], [], authority, asked)).filter(({ decision }) => decision !== 'unset')
}

test('what is told about a work alone is never wider, or for less, than what is decided', () => {
  let allowed = 0
  fc.assert(
    fc.property(
      entries,
      uses,
      fc.subarray([MAKER, SINGER]),
      fc.boolean(),
      (list, asked, mustConsent, isPublicDomain) => {
        const authority: WorkAuthority = { parties: new Set([MAKER, SINGER]), mustConsent, isPublicDomain }
        const all = asEntries(list)
        const decided = decideTerms(all, [], authority, asked)
        const told = effectiveTerms(all, authority, AT)
        const alone = told.map(({ entry, rules }) => ({ ...entry, rules: JSON.stringify(rules) }))
        const read = readAlone(alone, asked, new Set([MAKER, SINGER, STRANGER]))
        if (read.length === 0 || read.some(({ decision }) => decision === 'deny')) return
        allowed++
        assert.equal(decided.decision, 'allow', JSON.stringify({ told, decided }, null, 1))
        const owed = (reasons: typeof decided.reasons) =>
          new Set(reasons.flatMap(({ duties = [] }) => duties.map(({ actions: to, says }) => [...to, ...says].join())))
        const demanded = owed(read.flatMap(({ reasons }) => reasons))
        for (const duty of owed(decided.reasons)) assert.ok(demanded.has(duty), `${duty} is not told`)
        for (const { leftOut, rules, entry } of told)
          assert.equal(leftOut.length + rules.length, (JSON.parse(entry.rules) as RightsRule[]).length)
      },
    ),
    { numRuns: 8000 },
  )
  assert.ok(allowed > 100, `only ${allowed} uses were allowed`)
})
