import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryRules, checkRoundTrip, documentOf, NOW } from '../../../tests/support/rightsOracle.ts'
import type { RightsExport, RightsRule } from '../rules.ts'
import { AI_AGENTS } from './agents.ts'
import { exportAipref, readContentUsage, readRobotsContentUsage } from './aipref.ts'
import { exportContentSignal, readContentSignal } from './contentSignal.ts'
import { exportRights } from './index.ts'
import type { RightsReading } from './findings.ts'
import { exportRobotsAgents, readRobotsAgents } from './robotsAgents.ts'
import { linesFor, matchesPattern, mayFetch, readRobots } from './robotsTxt.ts'
import { exportTdmrep } from './tdmrep.ts'
import { readTdmrep, readTdmrepFile, readTdmrepValue, readTdmrepXmp } from './tdmrepRead.ts'
import { readXml } from './xml.ts'

const NOTHING: RightsReading = { rules: [], findings: [] }
const DENY_TRAINING: RightsRule[] = [{ action: 'col:trainAI', decision: 'deny' }]
const ALLOW_MINING: RightsRule[] = [{ action: 'tdm:mine', decision: 'allow' }]

function snippet(written: RightsExport, place: string, index = 0): string | undefined {
  return written.snippets.filter((each) => each.place === place)[index]?.text
}

/** The value of a line of robots.txt that was written for everybody. */
function robotsValue(written: RightsExport, key: string): string | undefined {
  const robots = readRobots(snippet(written, 'robots.txt') ?? '', 'robots.txt')
  assert.deepEqual(robots.findings, [])
  return linesFor(robots, 'anybody').find((line) => line.key === key)?.value
}

test('AIPREF: header and robots.txt say the same, are never wider than the rules and lose no denial silently', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'aipref', NOW),
    (written) => {
      const header = snippet(written, 'http-header')
      const robots = robotsValue(written, 'content-usage')
      if (header === undefined) return NOTHING
      const reading = readContentUsage(header.replace(/^Content-Usage: /, ''), 'header')
      assert.deepEqual(readRobotsContentUsage(robots!, 'robots.txt').rules, reading.rules)
      assert.deepEqual(reading.findings, [])
      return reading
    },
  )
  assert.ok(lossless > 5)
})

test('AIPREF speaks about generative training only', () => {
  const wider = exportAipref(documentOf(DENY_TRAINING), NOW)
  assert.equal(snippet(wider, 'http-header'), 'Content-Usage: train-ai=n')
  assert.equal(wider.losses[0]!.what, 'actionAsWhole')
  const derived = exportAipref(documentOf([{ action: 'odrl:derive', decision: 'deny' }]), NOW)
  assert.deepEqual(derived.snippets, [])
  assert.equal(derived.losses[0]!.why, 'noWord')
  const search = exportAipref(documentOf([...DENY_TRAINING, { action: 'odrl:index', decision: 'allow' }]), NOW)
  assert.ok(search.losses.some(({ rule, why }) => rule === 0 && why === 'searchOverrides'))
})

test('AIPREF: what is not understood is unknown and a finding', () => {
  const cases: [string, string, number][] = [
    ['ai-train=n', 'words_mixed_up', 0],
    ['train-ai=no', 'unknown_value', 0],
    ['train-ai', 'unknown_value', 0],
    ['train-ai=(y n)', 'unknown_value', 0],
    ['train-ai="n"', 'unknown_value', 0],
    ['Train-AI=n', 'malformed_structured_field', 0],
    ['train-ai=y,', 'malformed_structured_field', 0],
    ['train-ai=n, train-ai=y', 'repeated_word', 0],
    ['foo=y, search=y', 'unknown_word', 1],
    ['genai=n', 'unknown_word', 0],
    ['ai-input=n', 'words_mixed_up', 0],
    ['train-ai=n'.padEnd(10_000_000, ' '), 'too_large', 0],
    ['toString=y', 'malformed_structured_field', 0],
  ]
  for (const [value, code, rules] of cases) {
    const reading = readContentUsage(value, 'header')
    assert.equal(reading.findings[0]?.code, code, value.slice(0, 60))
    assert.equal(reading.rules.length, rules, value.slice(0, 60))
  }
  assert.deepEqual(readContentUsage('train-ai=n;reason="x, train-ai=y"', 'header').rules, [
    { action: 'col:trainGenAI', decision: 'deny' },
  ])
})

test('Content Signals: never wider, no denial lost, and only for a whole site', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'content-signal', NOW),
    (written) => {
      const value = robotsValue(written, 'content-signal')
      return value === undefined ? NOTHING : readContentSignal(value, 'robots.txt')
    },
  )
  assert.ok(lossless > 5)
  const part = { ...documentOf([{ action: 'col:trainAI', decision: 'allow' }]), paths: ['/open/'] }
  assert.deepEqual(exportContentSignal(part, NOW).snippets, [])
  const work = documentOf(DENY_TRAINING, { kind: 'work', id: 'urn:uuid:5a0e6f5e-6f0f-4b7c-8f0a-2d1f1c3b4a5d' })
  assert.deepEqual(exportContentSignal(work, NOW).snippets, [])
  assert.ok(exportContentSignal(work, NOW).losses.length > 0)
})

test('Content Signals: mixed words, unknown values and both answers are findings', () => {
  const codes = (value: string) => readContentSignal(value, 'robots.txt').findings.map(({ code }) => code)
  assert.deepEqual(codes('train-ai=n'), ['words_mixed_up'])
  assert.deepEqual(codes('ai-train=maybe'), ['unknown_value'])
  assert.deepEqual(codes('ai-train'), ['malformed_line'])
  assert.deepEqual(codes('ai-train=yes, ai-train=no'), ['said_both'])
  assert.deepEqual(codes('search=yes,ai-train=no,use=reference'), [])
  assert.deepEqual(codes('a=no,'.repeat(200)), ['too_large'])
  assert.deepEqual(readContentSignal('ai-train=no, ai-train=yes', 'robots.txt').rules, DENY_TRAINING)
})

test('TDMRep: file, header, tags, EPUB and XMP say the same; never wider; no denial lost', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'tdmrep', NOW),
    (written) => {
      const file = written.files.find(({ path }) => path.endsWith('tdmrep.json'))
      if (!file) return NOTHING
      const reading = readTdmrep(file.content, '/any/path', 'tdmrep.json')
      assert.deepEqual(reading.findings, [])
      const header = /^tdm-reservation: (.*)$/m.exec(snippet(written, 'http-header')!)![1]!
      const readings = [readTdmrepValue(header, 'header'), readTdmrepXmp(snippet(written, 'xmp')!, 'xmp')]
      for (const place of ['html-head', 'epub-metadata'] as const) {
        const { root, findings } = readXml(`<r>${snippet(written, place)}</r>`, place)
        assert.deepEqual(findings, [])
        readings.push(readTdmrepValue(root!.children[0]!.attributes.get('content')!, place))
      }
      const epub3 = readXml(`<r>${snippet(written, 'epub-metadata', 1)}</r>`, 'epub').root!
      readings.push(readTdmrepValue(epub3.children[0]!.text, 'epub'))
      for (const each of readings) assert.deepEqual(each, reading)
      return reading
    },
  )
  assert.ok(lossless > 5)
})

test('TDMRep offers on conditions only in a policy, and no more than the rule', () => {
  const rules: RightsRule[] = [
    {
      action: 'tdm:mine',
      decision: 'allow',
      territory: ['EU'],
      duties: [{ action: 'odrl:compensate', pay: { amount: '10', currency: 'EUR' }, per: 'year' }],
    },
  ]
  const written = exportTdmrep(documentOf(rules), NOW)
  assert.match(String(written.files[0]!.content), /"tdm-reservation": 1/)
  const policy = JSON.parse(String(written.files[1]!.content))
  assert.equal(policy['@type'], 'Offer')
  assert.equal(policy.profile, 'http://www.w3.org/ns/tdmrep')
  assert.equal(policy.prohibition, undefined)
  assert.equal(policy.permission[0].duty[0].action, 'compensate')
  assert.equal(written.losses[0]!.why, 'policyOnly')
  const denied = exportTdmrep(documentOf([...rules, { action: 'col:trainGenAI', decision: 'deny' }]), NOW)
  assert.ok(!denied.files.some(({ path }) => path === 'tdm-policy.jsonld'))
})

test('TDMRep: a policy names who is paid and who is asked, and no territory that is none', () => {
  const PAYEE = 'did:web:fund.example'
  const duties: RightsRule['duties'] = [
    { action: 'odrl:compensate', pay: { amount: '10', currency: 'EUR' }, per: 'year', to: PAYEE },
    { action: 'odrl:obtainConsent', party: 'did:web:heirs.example' },
  ]
  const policyOf = (more: object) => {
    const written = exportTdmrep(documentOf([{ ...ALLOW_MINING[0]!, ...more }]), NOW)
    const file = written.files.find(({ path }) => path === 'tdm-policy.jsonld')
    return { permission: file && JSON.parse(String(file.content)).permission[0], losses: written.losses }
  }
  const { duty } = policyOf({ duties }).permission
  assert.deepEqual([duty[0].compensatedParty, duty[1].consentingParty], [PAYEE, 'did:web:heirs.example'])
  const nowhere = policyOf({ territory: ['UK'] })
  assert.deepEqual([nowhere.permission, nowhere.losses.length], [undefined, 1])
  assert.deepEqual(policyOf({ territory: ['GB'] }).permission.constraint[0].rightOperand, ['GB'])
})

test('TDMRep: an offer for a part of a site is about that part', () => {
  const written = exportTdmrep({ ...documentOf(ALLOW_MINING), paths: ['/a/', '/b'] }, NOW)
  const { permission } = JSON.parse(String(written.files[1]!.content))
  assert.deepEqual(permission[0].target, ['https://publisher.example/a/', 'https://publisher.example/b'])
})

test('headers and tags for a part of a site: it is named where to put them', () => {
  for (const rules of [ALLOW_MINING, [{ action: 'col:trainGenAI', decision: 'deny' } as const]]) {
    for (const format of ['aipref', 'tdmrep'] as const) {
      const about = (paths: string[]) => exportRights({ ...documentOf(rules), paths }, format, NOW)
      const part = about(['/a/', '/b']).losses.filter(({ what }) => what === 'paths')
      assert.deepEqual(part, [{ rule: 0, what: 'paths', why: 'putThereOnly', words: ['/a/', '/b'] }])
      assert.ok(about(['/']).losses.every(({ what }) => what !== 'paths'))
    }
  }
})

test('TDMRep: the first entry that matches counts, other values are unset and findings', () => {
  const entries = [
    { location: '/open/*.html$', 'tdm-reservation': 0 },
    { location: '/', 'tdm-reservation': 1 },
  ]
  const read = (path: string) => readTdmrep(JSON.stringify(entries), path, 'f').rules[0]?.decision
  assert.equal(read('/open/a.html'), 'allow')
  assert.equal(read('/open/a.html?x'), 'deny')
  assert.equal(read('/Open/a.html'), 'deny')
  for (const value of ['2', 'yes', '', '"1"']) {
    assert.deepEqual(readTdmrepValue(value, 'header').rules, [])
    assert.equal(readTdmrepValue(value, 'header').findings[0]!.code, 'unknown_value')
  }
  assert.equal(readTdmrepFile('[{"location":"/","tdm-reservation":"0"}]', 'f').findings[0]!.code, 'unknown_value')
  assert.equal(readTdmrepFile('{"location":"/"}', 'f').findings[0]!.code, 'malformed_json')
  assert.equal(readTdmrepFile('['.repeat(500_000), 'f').findings[0]!.code, 'malformed_json')
  assert.equal(readTdmrepFile(`${'['.repeat(400_000)}${']'.repeat(400_000)}`, 'f').findings[0]!.code, 'malformed_json')
  assert.equal(readTdmrepFile(`[${' '.repeat(10_000_000)}]`, 'f').findings[0]!.code, 'too_large')
})

test('robots.txt by name: no crawler for search is ever kept out, nothing is ever allowed', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'robots-agents', NOW),
    (written) => {
      const text = snippet(written, 'robots.txt') ?? ''
      assert.doesNotMatch(text, /allow: \/$(?<!Disallow: \/)/m)
      const robots = readRobots(text, 'robots.txt')
      for (const { name, purpose } of AI_AGENTS) {
        if (purpose === 'search') assert.ok(mayFetch(linesFor(robots, name), '/'), name)
      }
      return readRobotsAgents(robots, '/', 'robots.txt')
    },
  )
  assert.equal(lossless, 0, 'a name is never all that was meant, or the rule is not written')
  assert.deepEqual(exportRobotsAgents(documentOf(ALLOW_MINING), NOW).snippets, [])
})

test('every listed crawler has an operator and a source; the list by observation agrees on what is training', () => {
  assert.equal(new Set(AI_AGENTS.map(({ name }) => name.toLowerCase())).size, AI_AGENTS.length)
  for (const { operator, source } of AI_AGENTS) assert.ok(operator && URL.canParse(source))
})

test('robots.txt by RFC 9309: groups, longest match, wildcards', () => {
  const cases = JSON.parse(readFileSync('vectors/rights-robots.json', 'utf8')).cases as {
    name: string
    input: { robots: string; agent: string; path: string }
    output: boolean
  }[]
  assert.ok(cases.length >= 15)
  for (const { name, input, output } of cases) {
    const robots = readRobots(input.robots, 'robots.txt')
    assert.equal(mayFetch(linesFor(robots, input.agent), input.path), output, name)
  }
  assert.ok(existsSync('vectors/rights-robots.json'))
})

test('hostile robots.txt and patterns are read in bounded time', () => {
  assert.equal(readRobots('a'.repeat(10_000_000), 'r').findings[0]!.code, 'too_large')
  assert.equal(readRobots(`User-agent: *\nDisallow: ${'*a'.repeat(100_000)}`, 'r').findings[0]!.code, 'too_large')
  assert.ok(!matchesPattern('*a'.repeat(4000), `${'a'.repeat(3999)}`))
  readRobots('User-agent: *\n'.repeat(35_000), 'r')
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readRobots(text, 'r')))
  fc.assert(fc.property(arbitraryRules, (rules) => void exportTdmrep(documentOf(rules), NOW)))
})
