import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideTexts } from './index.ts'

/**
 * The situations that the ODRL Information Model 2.2 explains by examples, section by section, each written anew with its
 * expected answers: the section, a policy, and requests with what is to be answered to them.
 */
interface Situation {
  section: string
  policy: object | object[]
  world?: object
  cases: [request: Request, decision: 'allow' | 'deny' | 'unset', duties?: string[]][]
}

interface Request {
  action: string
  target?: string
  by?: string
  when?: string
  more?: Record<string, string>
}

const EX = 'http://example.com/'
const policyOf = (more: object) => ({ '@context': 'http://www.w3.org/ns/odrl.jsonld', uid: `${EX}policy`, ...more })
const date = (value: string, type = 'xsd:date') => ({ '@value': value, '@type': type })
const before = (day: string) => ({ leftOperand: 'dateTime', operator: 'lt', rightOperand: date(day) })

const situations: Situation[] = [
  {
    section: '2.1.1 a set: one permission and one prohibition',
    policy: policyOf({
      '@type': 'Set',
      permission: [{ target: `${EX}film`, action: 'reproduce' }],
      prohibition: [{ target: `${EX}film`, action: 'modify' }],
    }),
    cases: [
      [{ action: 'reproduce', target: 'film' }, 'allow'],
      [{ action: 'modify', target: 'film' }, 'deny'],
      [{ action: 'display', target: 'film' }, 'unset'],
      [{ action: 'reproduce', target: 'other' }, 'unset'],
    ],
  },
  {
    section: '2.1.2 an offer to whoever takes it',
    policy: policyOf({
      '@type': 'Offer',
      permission: [{ target: `${EX}book`, assigner: `${EX}publisher`, action: 'print' }],
    }),
    cases: [[{ action: 'print', target: 'book', by: 'anybody' }, 'allow']],
  },
  {
    section: '2.1.3 an agreement between two',
    policy: policyOf({
      '@type': 'Agreement',
      permission: [{ target: `${EX}song`, assigner: `${EX}label`, assignee: `${EX}anna`, action: 'play' }],
    }),
    cases: [
      [{ action: 'play', target: 'song', by: 'anna' }, 'allow'],
      [{ action: 'play', target: 'song', by: 'boris' }, 'unset'],
    ],
  },
  {
    section: '2.2.2 a part of a collection by a refinement: shorter than an hour',
    policy: policyOf({
      permission: [
        {
          target: {
            '@type': 'AssetCollection',
            source: `${EX}archive`,
            refinement: [{ leftOperand: `${EX}runningTime`, operator: 'lt', rightOperand: date('60', 'xsd:integer') }],
          },
          action: 'play',
        },
      ],
    }),
    world: {
      '@context': { odrl: 'http://www.w3.org/ns/odrl/2/', ex: EX },
      '@graph': [
        { '@id': `${EX}short`, 'odrl:partOf': { '@id': `${EX}archive` }, 'ex:runningTime': 12 },
        { '@id': `${EX}long`, 'odrl:partOf': { '@id': `${EX}archive` }, 'ex:runningTime': 180 },
        { '@id': `${EX}elsewhere`, 'ex:runningTime': 12 },
      ],
    },
    cases: [
      [{ action: 'play', target: 'short' }, 'allow'],
      [{ action: 'play', target: 'long' }, 'unset'],
      [{ action: 'play', target: 'elsewhere' }, 'unset'],
    ],
  },
  {
    section: '2.3.2 a group of people by a refinement: of age',
    policy: policyOf({
      permission: [
        {
          target: `${EX}film`,
          assignee: {
            '@type': 'PartyCollection',
            source: `${EX}members`,
            refinement: [{ leftOperand: `${EX}age`, operator: 'gt', rightOperand: date('17', 'xsd:integer') }],
          },
          action: 'display',
        },
      ],
    }),
    world: {
      '@context': { odrl: 'http://www.w3.org/ns/odrl/2/', ex: EX },
      '@graph': [
        { '@id': `${EX}grown`, 'odrl:partOf': { '@id': `${EX}members` }, 'ex:age': 18 },
        { '@id': `${EX}young`, 'odrl:partOf': { '@id': `${EX}members` }, 'ex:age': 17 },
      ],
    },
    cases: [
      [{ action: 'display', target: 'film', by: 'grown' }, 'allow'],
      [{ action: 'display', target: 'film', by: 'young' }, 'unset'],
      [{ action: 'display', target: 'film', by: 'guest' }, 'unset'],
    ],
  },
  {
    section: '2.4 an action of ODRL, and one of a profile that includes nothing',
    policy: policyOf({
      permission: [
        { target: `${EX}a`, action: 'use' },
        { target: `${EX}b`, action: `${EX}perform` },
      ],
    }),
    cases: [
      [{ action: 'play', target: 'a' }, 'allow'],
      [{ action: 'sell', target: 'a' }, 'unset'],
      [{ action: 'play', target: 'b' }, 'unset'],
      [{ action: `${EX}perform`, target: 'b' }, 'allow'],
    ],
  },
  {
    section: '2.5.1 until a day',
    policy: policyOf({
      permission: [{ target: `${EX}doc`, action: 'distribute', constraint: [before('2026-01-01')] }],
    }),
    cases: [
      [{ action: 'distribute', target: 'doc', when: '2025-12-31T23:59:59Z' }, 'allow'],
      [{ action: 'distribute', target: 'doc', when: '2026-01-01T00:00:00Z' }, 'unset'],
    ],
  },
  {
    section: '2.5.2 printing up to a resolution',
    policy: policyOf({
      permission: [
        {
          target: `${EX}doc`,
          action: {
            'rdf:value': { '@id': 'odrl:print' },
            refinement: [
              {
                leftOperand: 'resolution',
                operator: 'lteq',
                rightOperand: date('1200', 'xsd:integer'),
                unit: 'http://dbpedia.org/resource/Dots_per_inch',
              },
            ],
          },
        },
      ],
    }),
    cases: [
      [{ action: 'print', target: 'doc', more: { resolution: '1200' } }, 'allow'],
      [{ action: 'print', target: 'doc', more: { resolution: '2400' } }, 'unset'],
    ],
  },
  {
    section: '2.5.3 either online or in print, and not both',
    policy: policyOf({
      permission: [
        {
          target: `${EX}photo`,
          action: 'reproduce',
          constraint: [
            {
              xone: {
                '@list': [
                  { leftOperand: 'media', operator: 'eq', rightOperand: { '@id': `${EX}online` } },
                  { leftOperand: 'media', operator: 'eq', rightOperand: { '@id': `${EX}print` } },
                ],
              },
            },
          ],
        },
      ],
    }),
    cases: [
      [{ action: 'reproduce', target: 'photo', more: { media: `<${EX}online>` } }, 'allow'],
      [{ action: 'reproduce', target: 'photo', more: { media: `<${EX}online>, <${EX}print>` } }, 'unset'],
      [{ action: 'reproduce', target: 'photo', more: { media: `<${EX}radio>` } }, 'unset'],
    ],
  },
  {
    section: '2.6.2 a prohibition within permissions, by each strategy',
    policy: policyOf({
      conflict: 'perm',
      permission: [{ target: `${EX}game`, action: 'use' }],
      prohibition: [{ target: `${EX}game`, action: 'archive' }],
    }),
    cases: [
      [{ action: 'archive', target: 'game' }, 'allow'],
      [{ action: 'index', target: 'game' }, 'allow'],
    ],
  },
  {
    section: '2.6.4 a price that is still to be paid',
    policy: policyOf({
      permission: [
        {
          target: `${EX}song`,
          action: 'play',
          duty: [
            {
              action: {
                'rdf:value': { '@id': 'odrl:compensate' },
                refinement: [
                  {
                    leftOperand: 'payAmount',
                    operator: 'eq',
                    rightOperand: date('5.00', 'xsd:decimal'),
                    unit: 'http://dbpedia.org/resource/Euro',
                  },
                ],
              },
            },
          ],
        },
      ],
    }),
    cases: [[{ action: 'play', target: 'song' }, 'allow', ['open']]],
  },
  {
    section: '2.6.5 a price to be paid before the use',
    policy: policyOf({
      permission: [
        {
          target: `${EX}song`,
          action: 'play',
          duty: [
            {
              uid: `${EX}payment`,
              action: 'compensate',
              constraint: [{ leftOperand: 'event', operator: 'lt', rightOperand: { '@id': 'odrl:policyUsage' } }],
            },
          ],
        },
      ],
    }),
    cases: [[{ action: 'play', target: 'song' }, 'unset']],
  },
  {
    section: '2.6.6 a duty that was missed, and what follows from it',
    policy: policyOf({
      permission: [
        {
          target: `${EX}data`,
          action: 'read',
          duty: [
            {
              action: 'delete',
              constraint: [before('2024-01-01')],
              consequence: [{ action: 'compensate', compensatedParty: `${EX}owner` }],
            },
          ],
        },
      ],
    }),
    world: {
      performed: [
        { action: 'odrl:compensate', to: `${EX}owner` },
        { action: 'odrl:delete', at: '2024-03-01T00:00:00Z' },
      ],
    },
    cases: [
      [{ action: 'read', target: 'data', when: '2024-06-01T00:00:00Z' }, 'allow', ['fulfilled']],
      [{ action: 'read', target: 'data', when: '2023-06-01T00:00:00Z' }, 'allow', ['open']],
    ],
  },
  {
    section: '2.6.7 a prohibition with a remedy',
    policy: policyOf({
      prohibition: [{ target: `${EX}data`, action: 'index', remedy: [{ action: 'anonymize', target: `${EX}data` }] }],
    }),
    cases: [[{ action: 'index', target: 'data' }, 'deny', ['open']]],
  },
  {
    section: '2.7.1 what is shared stands once, at the policy',
    policy: policyOf({
      target: `${EX}music`,
      assigner: `${EX}label`,
      action: 'play',
      permission: [{ assignee: `${EX}anna` }, { assignee: `${EX}boris`, action: 'stream' }],
    }),
    cases: [
      [{ action: 'play', target: 'music', by: 'anna' }, 'allow'],
      [{ action: 'stream', target: 'music', by: 'boris' }, 'allow'],
      [{ action: 'play', target: 'music', by: 'boris' }, 'unset'],
    ],
  },
  {
    section: '2.8 a policy that inherits another',
    policy: [
      policyOf({
        uid: `${EX}child`,
        inheritFrom: `${EX}parent`,
        permission: [{ target: `${EX}report`, action: 'display' }],
      }),
      policyOf({
        uid: `${EX}parent`,
        obligation: [{ assignee: `${EX}anna`, action: 'inform' }],
        permission: [{ target: `${EX}report`, action: 'print' }],
      }),
    ],
    cases: [
      [{ action: 'display', target: 'report', by: 'anna' }, 'allow', ['open']],
      [{ action: 'print', target: 'report', by: 'anna' }, 'allow'],
      [{ action: 'modify', target: 'report', by: 'anna' }, 'unset'],
    ],
  },
  {
    section: '2.10 a conflict without a strategy makes the policy void',
    policy: policyOf({
      permission: [{ target: `${EX}show`, action: 'display' }],
      prohibition: [{ target: `${EX}show`, action: 'use' }],
    }),
    cases: [[{ action: 'display', target: 'show' }, 'deny']],
  },
]

const iri = (name: string) => (name.startsWith('http') ? `<${name}>` : `<${EX}${name}>`)
const action = (name: string) => (name.startsWith('http') ? `<${name}>` : `<http://www.w3.org/ns/odrl/2/${name}>`)

function requestText({ action: asked, target, by, when, more = {} }: Request): string {
  const parameters = Object.entries(more).map(
    ([name, value]) => `[ s:describesFeature <http://www.w3.org/ns/odrl/2/${name}> ; s:value ${value} ]`,
  )
  if (when)
    parameters.push(
      `[ s:describesFeature s:TemporalData ; s:value "${when}"^^<http://www.w3.org/2001/XMLSchema#dateTime> ]`,
    )
  return `@prefix s: <https://w3id.org/force/sotw#> . <urn:r> a s:EvaluationRequest ; s:requestedAction ${action(asked)}
    ${target ? `; s:requestedTarget ${iri(target)}` : ''} ${by ? `; s:requestingParty ${iri(by)}` : ''}
    ${parameters.length > 0 ? `; s:requestParameter ${parameters.join(', ')}` : ''} .`
}

for (const { section, policy, world, cases } of situations) {
  test(`ODRL Information Model ${section}`, async () => {
    for (const [request, decision, duties] of cases) {
      const [first] = await decideTexts({
        policies: [{ text: JSON.stringify(policy), where: 'policy' }],
        request: { text: requestText(request), where: 'request' },
        ...(world ? { world: { text: JSON.stringify(world), where: 'world' } } : {}),
        now: Date.parse('2024-02-12T12:00:00Z'),
      })
      const { answer } = first!
      assert.equal(
        answer.decision,
        decision,
        `${JSON.stringify(request)}: ${answer.sentence} ${JSON.stringify(answer.findings)}`,
      )
      if (duties)
        assert.deepEqual(
          answer.duties.map(({ state }) => state),
          duties,
        )
    }
  })
}
