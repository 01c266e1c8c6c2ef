import assert from 'node:assert/strict'
import fc from 'fast-check'
import { actions, ruleCovers } from '../../src/rights/actions.ts'
import { countriesOf } from '../../src/rights/exports/territory.ts'
import type { RightsReading } from '../../src/rights/exports/findings.ts'
import {
  purposes,
  ruleSchema,
  type RightsDocument,
  type RightsExport,
  type RightsRule,
} from '../../src/rights/rules.ts'

/** The moment at which the tests write their exports. */
export const NOW = Date.parse('2026-06-15T12:00:00Z')
const PARTY = 'did:web:publisher.example'
const LATER = NOW + 400 * 86_400_000

/** A use in every respect that a rule can ask about. */
interface Use {
  action: RightsRule['action']
  purpose: string
  territory: string
  at: number
  medium: string
  channel: string
  recipient: string
  count: number
}

const USES: Use[] = actions.flatMap((action) =>
  [undefined, 'col:commercial', 'col:nonCommercial', 'col:research', 'col:education'].flatMap((purpose) =>
    ['DE', 'DE-BY', 'US'].flatMap((territory) =>
      [NOW, LATER].flatMap((at) =>
        [1, 100].map((count) => {
          const isPlain = count === 1
          const rest = { medium: isPlain ? 'text' : 'print', channel: isPlain ? 'social' : 'other.example' }
          const recipient = isPlain ? 'did:web:lab.example' : 'did:web:other.example'
          return { action, purpose: purpose ?? 'none', territory, at, ...rest, recipient, count }
        }),
      ),
    ),
  ),
)

/** True when a rule speaks about a use, under every one of its conditions. */
function speaks(rule: RightsRule, use: Use): boolean {
  const within = (list: readonly string[] | undefined, value: string) => list === undefined || list.includes(value)
  const day = new Date(use.at).toISOString().slice(5, 10)
  return (
    ruleCovers(rule.action, use.action) &&
    within(rule.purposes, use.purpose) &&
    (rule.territory === undefined || rule.territory.some((place) => holdsPlace(place, use.territory))) &&
    (rule.from === undefined || Date.parse(rule.from) <= use.at) &&
    (rule.until === undefined || use.at < Date.parse(rule.until)) &&
    (rule.seasons === undefined || rule.seasons.some(({ from, until }) => isWithin(day, from, until))) &&
    (rule.count === undefined || use.count <= rule.count) &&
    (rule.elapsed === undefined || use.count === 1) &&
    (rule.modelFlopExponentMax === undefined || use.count === 1) &&
    within(rule.media, use.medium) &&
    within(rule.channels, use.channel) &&
    within(rule.recipients, use.recipient)
  )
}

function holdsPlace(place: string, used: string): boolean {
  if (place === 'WORLD' || place === used) return true
  return (countriesOf([place]) ?? []).includes(used.slice(0, 2))
}

function isWithin(day: string, from: string, until: string): boolean {
  return from <= until ? from <= day && day <= until : day >= from || day <= until
}

/** Rules and what wins where they contradict each other; a list alone lets the denial win. */
type Said = readonly RightsRule[] | Pick<RightsDocument, 'rules' | 'conflict'>

/** What rules say about a use; a permission is what it demands. */
function answer(said: Said, use: Use): 'deny' | 'unset' | string[][] {
  const { rules, conflict } = 'rules' in said ? said : { rules: said }
  const spoken = rules.filter((rule) => speaks(rule, use))
  const allowing = spoken.filter(({ decision }) => decision === 'allow')
  const isDenied = allowing.length < spoken.length && (conflict !== 'perm' || allowing.length === 0)
  if (isDenied) return 'deny'
  if (spoken.length === 0) return 'unset'
  return allowing.map(({ duties }) => (duties ?? []).map((duty) => JSON.stringify(duty)).sort())
}

/** Fails when the second rules allow anything, or anything for less, that the first do not. */
export function assertNotWider(given: Said, read: Said, from = NOW): void {
  for (const use of USES) {
    if (use.at < from) continue
    const after = answer(read, use)
    if (typeof after === 'string') continue
    const before = answer(given, use)
    assert.ok(typeof before !== 'string', `${JSON.stringify(use)} is allowed by ${JSON.stringify(read)}`)
    for (const demanded of after) {
      assert.ok(
        before.some((offer) => offer.every((duty) => demanded.includes(duty))),
        `${JSON.stringify(use)} is allowed for less: ${JSON.stringify(demanded)}`,
      )
    }
  }
}

/** Fails when two lists of rules do not decide alike about every use. */
export function assertSameDecisions(given: Said, read: Said): void {
  const comparable = (value: ReturnType<typeof answer>) =>
    typeof value === 'string' ? value : [...new Set(value.map((duties) => duties.join()))].sort()
  for (const use of USES) {
    assert.deepEqual(comparable(answer(read, use)), comparable(answer(given, use)), JSON.stringify(use))
  }
}

/** Fails when a denial is neither read back for all that it denies nor named among the losses. */
function assertNoDenialLost(given: RightsDocument, read: Said, lost: ReadonlySet<number>): void {
  given.rules.forEach((rule, index) => {
    if (rule.decision === 'allow' || lost.has(index)) return
    for (const use of USES) {
      if (answer(given, use) === 'deny' && speaks(rule, use))
        assert.equal(answer(read, use), 'deny', `${JSON.stringify(rule)} is lost silently`)
    }
  })
}

/** Fails when a permission is neither read back for what it asks nor named among the losses, unless its reader says why. */
function assertNoPermissionLost(given: RightsDocument, read: RightsReading, lost: ReadonlySet<number>): void {
  if (read.findings.some(({ code }) => code === 'wider_than_said')) return
  given.rules.forEach((rule, index) => {
    if (rule.decision === 'deny' || lost.has(index)) return
    const asked = (rule.duties ?? []).map((duty) => JSON.stringify(duty)).sort()
    for (const use of USES) {
      if (!speaks(rule, use) || typeof answer(given, use) === 'string') continue
      const after = answer(read, use)
      const isCarried = typeof after !== 'string' && after.some((each) => each.join() === asked.join())
      assert.ok(isCarried, `${JSON.stringify(rule)} is lost silently for ${JSON.stringify(use)}`)
    }
  })
}

/**
 * The properties of every export on rules of every kind, for a site or a part of it: inside, what is read back allows no
 * more than the rules, and each rule that is not carried is a loss; outside, nothing is allowed.
 */
export function checkPaths(
  write: (document: RightsDocument) => RightsExport,
  read: (written: RightsExport, path: string) => RightsReading,
): void {
  fc.assert(
    fc.property(arbitraryLicences, arbitraryConflict, arbitraryPaths, (rules, conflict, paths) => {
      const document = { ...documentOf(rules), conflict, ...(paths ? { paths } : {}) }
      const written = write(document)
      const inside = read(written, '/a/b.html')
      assertNotWider(document, inside)
      const lost = new Set(written.losses.map(({ rule }) => rule))
      assertNoDenialLost(document, inside, lost)
      assertNoPermissionLost(document, inside, lost)
      if (!paths || paths.includes('/')) return
      const outside = read(written, '/b.html').rules
      assert.ok(
        outside.every(({ decision }) => decision === 'deny'),
        JSON.stringify(outside),
      )
      if (outside.length > 0) assert.ok(written.losses.some(({ what }) => what === 'paths'))
    }),
    { numRuns: 150 },
  )
}

/** The properties of every vocabulary that can be read back, on rules of every kind. */
export function checkRoundTrip(
  write: (document: RightsDocument) => RightsExport,
  read: (written: RightsExport) => RightsReading,
  options: { runs?: number; target?: RightsDocument['target'] } = {},
): { lossless: number } {
  let lossless = 0
  fc.assert(
    fc.property(arbitraryRules, arbitraryConflict, (rules, conflict) => {
      const document = { ...documentOf(rules, options.target), conflict }
      const written = write(document)
      const reading = read(written)
      for (const rule of reading.rules) assert.ok(ruleSchema.safeParse(rule).success, JSON.stringify(rule))
      assertNotWider(document, reading)
      const lost = new Set(written.losses.map(({ rule }) => rule))
      assertNoDenialLost(document, reading, lost)
      assertNoPermissionLost(document, reading, lost)
      if (written.losses.length > 0) return
      lossless++
      assertSameDecisions(document, reading)
    }),
    { numRuns: options.runs ?? 400 },
  )
  return { lossless }
}

export function documentOf(rules: RightsRule[], target?: RightsDocument['target']): RightsDocument {
  return {
    id: 'urn:uuid:5a0e6f5e-6f0f-4b7c-8f0a-2d1f1c3b4a5d',
    party: PARTY,
    partyName: 'Publisher & <Daughters>',
    contact: 'mailto:rights@publisher.example',
    policyUrl: 'https://publisher.example/policy?a=1&b=2',
    target: target ?? { kind: 'domain', id: 'publisher.example' },
    rules,
  }
}

const rarely = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const some = <Value>(...values: Value[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const amounts = fc.constantFrom('0', '10', '0.015')

const duties = fc.uniqueArray(
  fc.oneof(
    fc.record({
      action: fc.constant('odrl:compensate' as const),
      pay: fc.record({ amount: amounts, currency: fc.constantFrom('EUR', 'SEK') }),
      per: fc.constantFrom('use' as const, 'work' as const, 'year' as const, 'once' as const),
    }),
    fc.constantFrom(
      { action: 'odrl:attribute' as const },
      { action: 'odrl:attribute' as const, text: 'Photo: Ö. "Muster" <& Co>' },
      { action: 'odrl:inform' as const },
      { action: 'odrl:obtainConsent' as const, party: PARTY },
      { action: 'cc:ShareAlike' as const },
      { action: 'odrl:delete' as const, after: 'P30D' },
    ),
  ),
  { minLength: 1, maxLength: 2, selector: (duty) => duty.action },
)

const AI_ACTIONS = ['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput', 'odrl:index'] as const

const moment = fc.constantFrom('2020-01-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')

const arbitraryRule: fc.Arbitrary<RightsRule> = fc
  .record({
    action: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...AI_ACTIONS) }, fc.constantFrom(...actions)),
    decision: fc.constantFrom('allow' as const, 'deny' as const),
    purposes: rarely(some(...purposes)),
    territory: rarely(some('DE', 'US', 'EU', 'EEA', 'WORLD', 'DE-BY')),
    from: rarely(moment),
    until: rarely(moment),
    seasons: rarely(fc.constant([{ from: '06-01', until: '08-31' }])),
    elapsed: rarely(fc.constantFrom('P30D', 'P1Y')),
    count: rarely(fc.constantFrom(1, 50)),
    media: rarely(some('text' as const, 'print' as const)),
    modelFlopExponentMax: rarely(fc.constant(25)),
    recipients: rarely(fc.constant(['did:web:lab.example'])),
    channels: rarely(some('social', 'other.example')),
    duties: rarely(duties),
  })
  .map((rule) => ruleSchema.parse(JSON.parse(JSON.stringify(rule))))

const plainRule: fc.Arbitrary<RightsRule> = fc
  .record({ action: fc.constantFrom(...AI_ACTIONS), decision: fc.constantFrom('allow' as const, 'deny' as const) })
  .map((rule) => ruleSchema.parse({ ...rule }))

/** The same, beginning or ending some day: what is plain today need not be so tomorrow. */
const timedRule: fc.Arbitrary<RightsRule> = fc
  .tuple(plainRule, fc.constantFrom('from' as const, 'until' as const, undefined), moment)
  .map(([rule, when, time]) => (when ? ruleSchema.parse({ ...rule, [when]: time }) : rule))

/** What licences for sharing allow, all of it under the same conditions. */
const sharing: fc.Arbitrary<RightsRule[]> = arbitraryRule.map((rule) =>
  (['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:derive'] as const).map((action) => ({
    ...rule,
    action,
    decision: 'allow',
  })),
)

/** Rules as people write them and as nobody would: few or many, plain or under every condition. */
export const arbitraryRules: fc.Arbitrary<RightsRule[]> = fc.oneof(
  fc.array(arbitraryRule, { minLength: 1, maxLength: 4 }),
  fc.array(plainRule, { minLength: 1, maxLength: 3 }),
  fc.array(timedRule, { minLength: 1, maxLength: 3 }),
)

/** With somebody else who is paid, and a country that ISO 3166 does not have. */
function withStrangers(rules: RightsRule[]): RightsRule[] {
  return rules.map((rule) => ({
    ...rule,
    ...(rule.territory ? { territory: rule.territory.map((code) => (code === 'DE-BY' ? 'UK' : code)) } : {}),
    ...(rule.duties
      ? { duties: rule.duties.map((duty) => (duty.action === 'odrl:compensate' ? { ...duty, to: PARTY } : duty)) }
      : {}),
  }))
}

/** The same, and licences for sharing with whatever else. */
const arbitraryLicences = fc.oneof(
  { weight: 2, arbitrary: arbitraryRules },
  arbitraryRules.map(withStrangers),
  fc.tuple(sharing, fc.array(arbitraryRule, { maxLength: 2 })).map(([shared, more]) => [...shared, ...more]),
)

/** Now and then a yes goes before a no. */
export const arbitraryConflict = fc.constantFrom('prohibit' as const, 'prohibit' as const, 'perm' as const)

/** The whole of a site, or a part of it. */
const arbitraryPaths = fc.constantFrom<string[] | undefined>(undefined, ['/'], ['/a/'], ['/a/', '/'], ['/x', '/a/'])
