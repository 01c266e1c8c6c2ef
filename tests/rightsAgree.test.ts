import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  actions,
  decideTerms,
  decideTexts,
  exportRights,
  purposes,
  type RightsRule,
  type UseRequest,
} from '../src/rights/index.ts'
import { arbitraryRules, documentOf } from './support/rightsOracle.ts'

const SHORT: Record<string, string> = {
  odrl: 'http://www.w3.org/ns/odrl/2/',
  col: 'https://colophon.example/ns/v1#',
  tdm: 'http://www.w3.org/ns/tdmrep#',
  cc: 'http://creativecommons.org/ns#',
}
const long = (name: string) => name.replace(/^(\w+):/, (_, prefix: string) => SHORT[prefix]!)

/** The request as an evaluation request of plain ODRL, with everything said. */
function requestText(request: Required<Omit<UseRequest, 'world' | 'licensee'>>, target: string): string {
  const said: [string, string][] = [
    ['odrl:purpose', request.purposes.map((purpose) => `<${long(purpose)}>`).join(', ')],
    ['odrl:spatial', `"${request.territory}"`],
    ['odrl:media', `"${request.media}"`],
    ['col:modelFlopExponent', `"${request.modelFlopExponent}"`],
    ['odrl:recipient', `<${request.recipient}>`],
    ['odrl:deliveryChannel', `"${request.channel}"`],
    ['odrl:dateTime', `"${new Date(request.at).toISOString()}"^^<http://www.w3.org/2001/XMLSchema#dateTime>`],
  ]
  return `@prefix s: <https://w3id.org/force/sotw#> . <urn:r> a s:EvaluationRequest ; s:requestedAction <${long(request.action)}> ;
    s:requestedTarget <${target}> ; s:requestParameter ${said.map(([name, value]) => `[ s:describesFeature <${long(name)}> ; s:value ${value} ]`).join(', ')} .`
}

const requests = fc.record({
  action: fc.constantFrom(...actions),
  at: fc
    .constantFrom('2026-01-15T00:00:00Z', '2026-06-15T12:00:00Z', '2027-03-01T00:00:00Z')
    .map((time) => Date.parse(time)),
  purposes: fc.subarray([...purposes], { minLength: 1, maxLength: 2 }),
  territory: fc.constantFrom('DE', 'FR', 'NO', 'US'),
  media: fc.constantFrom('text', 'picture', 'online'),
  modelFlopExponent: fc.integer({ min: 1, max: 40 }),
  recipient: fc.constant('did:key:z6Mkh6ajTa1yJEuqTy6CcrTVFsQAwds6xxp5jt9wmtwyvMLp'),
  channel: fc.constantFrom('social', 'example.org'),
})

test('terms, and the same terms written as ODRL and read by its evaluator, decide alike', async () => {
  const seen = { allow: 0, deny: 0, unset: 0 }
  await fc.assert(
    fc.asyncProperty(arbitraryRules, requests, async (rules: RightsRule[], asked) => {
      const target = 'urn:uuid:018f0000-0000-7000-8000-000000000001'
      const request = { work: target, ...asked }
      const document = documentOf(rules, { kind: 'work', id: target })
      const entry = {
        id: 't',
        party: 'p',
        targetKind: 'work',
        rules: JSON.stringify(rules),
        conflict: null,
        validFrom: '2020-01-01T00:00:00Z',
        endsAt: null,
      }
      const authority = { parties: new Set(['p']), mustConsent: [], isPublicDomain: false }
      const own = decideTerms([entry], [], authority, request)
      const { files } = exportRights(document, 'odrl', asked.at)
      const [first] = await decideTexts({
        policies: [{ text: String(files[0]!.content), where: 'policy' }],
        request: { text: requestText(request, target), where: 'request' },
        now: asked.at,
      })
      const { decision, findings } = first!.answer
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'error'),
        [],
      )
      assert.equal(decision, own.decision, JSON.stringify({ rules, asked }))
      seen[decision]++
    }),
    { numRuns: 300 },
  )
  for (const [decision, count] of Object.entries(seen)) assert.ok(count > 0, `${decision} was never the answer`)
})
