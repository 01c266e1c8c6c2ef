import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  arbitraryConflict,
  arbitraryRules,
  checkPaths,
  checkRoundTrip,
  documentOf,
  NOW,
} from '../../../tests/support/rightsOracle.ts'
import { readBack } from '../../../tests/support/rightsReaders.ts'
import { ColophonError } from '../../foundation/index.ts'
import { ruleSchema, type RightsRule } from '../rules.ts'
import { deedOf, readLicenceUrl } from './creativeCommons.ts'
import { words } from '../../web/text.ts'
import { parseRightsDocument } from './documentSchema.ts'
import { exportFormats, exportRights, parseRightsFormat, sayLoss, type RightsFormat } from './index.ts'
import { exportRightsStatement, readRightsStatement, RIGHTS_STATEMENTS } from './rightsStatements.ts'
import { readSchemaOrg } from './schemaOrg.ts'
import { readXml } from './xml.ts'

const allow = (action: RightsRule['action'], more: object = {}): RightsRule =>
  ruleSchema.parse({ action, decision: 'allow', ...more })
const deny = (action: RightsRule['action']): RightsRule => ({ action, decision: 'deny' })
const SHARING = ['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:present'] as const
const credit = { duties: [{ action: 'odrl:attribute' }] }

test('every format writes rules of every kind, names rules that exist, and what it writes is well-formed', () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      arbitraryConflict,
      fc.constantFrom('domain', 'work', 'party'),
      (rules, conflict, kind) => {
        const id = { domain: 'publisher.example', work: 'urn:uuid:1', party: 'did:web:publisher.example' }[kind]
        const document = { ...documentOf(rules, { kind, id } as never), conflict }
        for (const format of exportFormats) {
          const written = exportRights(document, format, NOW)
          assert.equal(written.format, format)
          for (const loss of written.losses) {
            const said = sayLoss(loss, words)
            assert.ok(rules[loss.rule] && !/undefined|^:|: $|“”/.test(said), `${format} ${said}`)
          }
          const nothing = written.files.length === 0 && written.snippets.length === 0
          if (nothing) assert.equal(new Set(written.losses.map(({ rule }) => rule)).size, rules.length, format)
          for (const { path, mediaType, content } of written.files) {
            assert.match(path, /^[a-z.-]+(\/[a-z.-]+)?$/)
            if (mediaType.includes('json')) JSON.parse(String(content))
            else assert.deepEqual(readXml(String(content), path).findings, [])
          }
          for (const { place, text } of written.snippets) {
            if (place === 'http-header') assert.match(text, /^[\x20-\x7e\n]+$/)
            if (place === 'xmp' || place === 'epub-metadata')
              assert.deepEqual(readXml(`<r>${text}</r>`, place).findings, [])
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

for (const format of exportFormats) {
  test(`${format}: for a part of a site nothing is allowed elsewhere, and each rule is carried or named`, () => {
    checkPaths((document) => exportRights(document, format, NOW), readBack)
  })
}

test('vectors: what the words of each vocabulary are for plain rules', () => {
  const { cases } = JSON.parse(readFileSync('vectors/rights-words.json', 'utf8')) as {
    cases: { name: string; input: RightsRule[]; output: Record<string, unknown> }[]
  }
  assert.ok(cases.length > 10)
  for (const { name, input, output } of cases) {
    const written = (format: RightsFormat) => exportRights(documentOf(input), format, NOW)
    const snippet = (format: RightsFormat, pattern: RegExp) =>
      pattern.exec(
        written(format)
          .snippets.map(({ text }) => text)
          .join('\n'),
      )?.[1] ?? null
    const rsl = String(written('rsl').files[0]?.content ?? '')
    const list = (tag: string) => new RegExp(`<${tag} type="usage">([^<]*)<`).exec(rsl)?.[1]
    const cawg = written('cawg').files[0]
    const uses = cawg && Object.entries<{ use: string }>(JSON.parse(String(cawg.content)).data.entries)
    const reservation = snippet('tdmrep', /tdm-reservation: (\d)/)
    const words = {
      aipref: snippet('aipref', /^Content-Usage: ([^/].*)$/m),
      'content-signal': snippet('content-signal', /Content-Signal: (.*)/),
      tdmrep: reservation === null ? null : Number(reservation),
      iptc: snippet('iptc', /vocab\/([A-Z-]+)/),
      rsl: rsl === '' ? null : JSON.parse(JSON.stringify({ permits: list('permits'), prohibits: list('prohibits') })),
      cawg: uses ? Object.fromEntries(uses.map(([key, { use }]) => [key, use])) : null,
    }
    assert.deepEqual(words, output, name)
  }
})

test('formats that only link, or cannot deny, name every denial', () => {
  const rules = [deny('tdm:mine'), deny('odrl:derive'), deny('odrl:index')]
  for (const format of ['schema-org', 'rightsstatements', 'creative-commons', 'story-pil', 'local-contexts'] as const) {
    const lost = new Set(exportRights(documentOf(rules), format, NOW).losses.map(({ rule }) => rule))
    assert.deepEqual([...lost].sort(), [0, 1, 2], format)
  }
})

test('Creative Commons: a deed only for the rules that it is', () => {
  checkRoundTrip(
    (document) => exportRights(document, 'creative-commons', NOW),
    (written) => {
      const url = /<(.*)>/.exec(written.snippets[0]?.text ?? '')?.[1]
      return url ? readLicenceUrl(url, 'header') : { rules: [], findings: [] }
    },
    { runs: 100 },
  )
  const by = [...SHARING, 'odrl:derive' as const].map((action) => allow(action, credit))
  assert.equal(deedOf(by, NOW), 'https://creativecommons.org/licenses/by/4.0/')
  assert.equal(deedOf([...by, deny('col:trainAI')], NOW), undefined)
  assert.equal(deedOf(by.slice(1), NOW), undefined)
  const part = { ...documentOf(by), paths: ['/a/'] }
  assert.deepEqual(exportRights(part, 'creative-commons', NOW).snippets, [])
  assert.doesNotMatch(String(exportRights(part, 'schema-org', NOW).files[0]!.content), /license/)
  const later = by.map((rule) => ({ ...rule, from: '2099-01-01T00:00:00.000Z' }))
  assert.equal(deedOf(later, NOW), undefined)
  const ending = by.map((rule) => ({ ...rule, until: '2099-01-01T00:00:00.000Z' }))
  assert.equal(deedOf(ending, NOW), undefined)
  for (const licence of ['by', 'by-sa', 'by-nc', 'by-nc-sa', 'by-nd', 'by-nc-nd']) {
    const url = `https://creativecommons.org/licenses/${licence}/4.0/`
    const { rules, findings } = readLicenceUrl(url, 'page')
    assert.deepEqual(findings, [])
    assert.equal(deedOf(rules, NOW), url)
    assert.ok(
      rules.every(({ action }) => !/mine|train|aiInput|index/.test(action)),
      'nothing is said about AI',
    )
  }
  const zero = readLicenceUrl('http://creativecommons.org/publicdomain/zero/1.0/deed.de', 'page')
  assert.equal(deedOf(zero.rules, NOW), 'https://creativecommons.org/publicdomain/zero/1.0/')
  assert.deepEqual(readLicenceUrl('https://creativecommons.org/publicdomain/mark/1.0/', 'page').rules, [])
  for (const url of [
    'https://creativecommons.org.evil.example/licenses/by/4.0/',
    'https://a.example/',
    'javascript:1',
  ]) {
    assert.deepEqual(readLicenceUrl(url, 'page').rules, [])
    assert.equal(readLicenceUrl(url, 'page').findings.length, 1)
  }
})

test('rightsstatements.org: twelve statements; a permission only for the rules that it is', () => {
  assert.equal(Object.keys(RIGHTS_STATEMENTS).length, 12)
  const education = SHARING.map((action) => allow(action, { purposes: ['col:education'] }))
  const written = exportRightsStatement(documentOf(education))
  assert.match(written.snippets[0]!.text, /InC-EDU\/1\.0/)
  assert.deepEqual(written.losses, [])
  assert.deepEqual(readRightsStatement('http://rightsstatements.org/vocab/InC-EDU/1.0/', 'x').rules, education)
  const notSaid = exportRightsStatement(
    documentOf([deny('tdm:mine')]),
    'http://rightsstatements.org/vocab/InC-EDU/1.0/',
  )
  assert.deepEqual(notSaid.snippets, [])
  const free = exportRightsStatement(documentOf([deny('tdm:mine')]), 'http://rightsstatements.org/vocab/NoC-US/1.0/')
  assert.equal(free.losses[0]!.why, 'noCopyright')
  assert.equal(
    readRightsStatement('http://rightsstatements.org/vocab/InC-XX/1.0/', 'x').findings[0]!.code,
    'unknown_value',
  )
})

test('schema.org: links, no rule of its own, and no way out of the script', () => {
  const document = { ...documentOf([deny('col:trainAI')]), partyName: '</script><script>alert(1)</script>' }
  const written = exportRights(document, 'schema-org', NOW)
  assert.equal(written.snippets[0]!.text.match(/<\/script/g)!.length, 1)
  const { links } = readSchemaOrg(String(written.files[0]!.content), 'page')
  assert.deepEqual(links.usageInfo, [document.policyUrl])
  const nested = '{"@graph":[{"hasPart":{"license":{"@id":"https://creativecommons.org/licenses/by-nd/4.0/"}}}]}'
  assert.equal(readSchemaOrg(nested, 'page').rules.length, 4)
  assert.equal(readSchemaOrg(' '.repeat(10_000_000), 'page').findings[0]!.code, 'too_large')
})

test('PIL: nothing without the uses that every licence of its kind gives; false is never taken for a denial', () => {
  const base = SHARING.slice(0, 3).map((action) => allow(action))
  const terms = (...rules: RightsRule[]) => {
    const content = exportRights(documentOf(rules), 'story-pil', NOW).files[0]?.content
    return content === undefined ? undefined : JSON.parse(String(content))
  }
  assert.equal(terms(allow('odrl:derive')), undefined)
  assert.equal(terms(...base).onChain.commercialUse, true)
  assert.equal(terms(...base).onChain.derivativesAllowed, false)
  assert.equal(terms(...base).offChain.aiLearningModels, false)
  assert.equal(terms(...base, allow('col:trainAI')).offChain.aiLearningModels, true)
  assert.equal(terms(...base, allow('col:trainAI'), deny('col:trainGenAI')).offChain.aiLearningModels, false)
  const derive = allow('odrl:derive', { duties: [{ action: 'odrl:attribute' }, { action: 'cc:ShareAlike' }] })
  assert.equal(terms(...base, derive).onChain.derivativesReciprocal, true)
  assert.equal(terms(...base, derive, deny('odrl:translate')).onChain.derivativesAllowed, false)
  const nonCommercial = SHARING.slice(0, 3).map((action) => allow(action, { purposes: ['col:nonCommercial'] }))
  assert.equal(terms(...nonCommercial).onChain.commercialUse, false)
  const lost = (...rules: RightsRule[]) =>
    exportRights(documentOf(rules), 'story-pil', NOW).losses.map(({ rule }) => rule)
  assert.deepEqual(lost(...nonCommercial), [])
  assert.equal(terms(...base, allow('odrl:derive', credit)).offChain.attribution, false)
  assert.deepEqual(lost(base[0]!, ...nonCommercial.slice(1)), [0], 'commercial copying is not granted')
  const research = nonCommercial.map((rule) => ({ ...rule, purposes: [...rule.purposes!, 'col:research' as const] }))
  assert.deepEqual(lost(...research), [0, 1, 2], 'research with commerce is not granted')
  const priced = allow('odrl:derive', {
    duties: [{ action: 'odrl:compensate', pay: { amount: '1', currency: 'EUR' } }],
  })
  assert.equal(terms(...base, priced).onChain.derivativesAllowed, false)
})

test('Local Contexts: links to what a community said, nothing from rules', () => {
  const label = {
    id: 'tka',
    name: 'TK Attribution',
    url: 'https://localcontextshub.org/projects/1',
    community: { name: 'A & B' },
  }
  const written = exportRights(documentOf([deny('tdm:mine')]), 'local-contexts', NOW, { labels: [label] })
  assert.match(written.snippets[0]!.text, /A &amp; B/)
  assert.deepEqual(JSON.parse(String(written.files[0]!.content)).labels, [label])
})

test('a document from a file is checked member by member', () => {
  const good = { ...documentOf([deny('col:trainAI')]), iscc: 'ISCC:MAACAJINXFXA2SQX' }
  assert.equal(parseRightsDocument(JSON.stringify(good), 'f').document.rules.length, 1)
  const bad: [object, RegExp][] = [
    [{ ...good, extra: 1 }, /the whole/],
    [{ ...good, rules: [] }, /rules/],
    [{ ...good, rules: [{ action: 'col:trainAI', decision: 'maybe' }] }, /rules\.0\.decision/],
    [{ ...good, contact: 'javascript:alert(1)' }, /contact/],
    [{ ...good, policyUrl: 'http://a.example/' }, /policyUrl/],
    [{ ...good, partyName: 'a\r\nSet-Cookie: b' }, /partyName/],
    [{ ...good, paths: ['relative'] }, /paths/],
  ]
  for (const [input, place] of bad) {
    assert.throws(
      () => parseRightsDocument(JSON.stringify(input), 'f'),
      (error: unknown) => error instanceof ColophonError && error.code === 'invalid_input' && place.test(error.where!),
      JSON.stringify(input).slice(0, 80),
    )
  }
  assert.throws(() => parseRightsFormat('toString'), /no format/)
})

test('docs/rights-exports.md has a section for every format and none for another', () => {
  const docs = readFileSync('docs/rights-exports.md', 'utf8')
  const sections = [...docs.matchAll(/^## .*`([a-z-]+)`$/gm)].map(([, format]) => format)
  assert.deepEqual(sections.sort(), [...exportFormats].sort())
  const example = /```json\n([\s\S]*?)```/.exec(docs)![1]!
  const { document } = parseRightsDocument(example, 'docs')
  for (const format of exportFormats) exportRights(document, format, NOW)
})
