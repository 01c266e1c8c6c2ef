// Policies, requests and worlds that are hostile or odd. Each case says what the answer should be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideTexts } from './index.ts'
const P = `@prefix odrl: <http://www.w3.org/ns/odrl/2/>. @prefix ex: <http://example.org/>. @prefix dct: <http://purl.org/dc/terms/>. @prefix xsd: <http://www.w3.org/2001/XMLSchema#>. @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>. @prefix temp: <http://example.com/request/>. @prefix report: <https://w3id.org/force/compliance-report#>. @prefix sotw: <https://w3id.org/force/sotw#>.\n`
async function d(policy: string | string[], request: string, world = '', opt: { now?: number } = {}) {
  const ps = [policy].flat()
  let r
  try {
    const a = await decideTexts({
      policies: ps.map((p, i) => ({ text: /^\s*[{[]/.test(p) ? p : P + p, where: 'p' + i })),
      request: { text: /^\s*[{[]/.test(request) ? request : P + request, where: 'r' },
      ...(world ? { world: { text: /^\s*\{/.test(world) ? world : P + world, where: 'w' } } : {}),
      now: opt.now ?? Date.parse('2026-11-24T12:00:00Z'),
    })
    r = a
      .map((x) => x.answer.decision + ' [' + x.answer.findings.map((f) => f.severity[0] + ':' + f.code) + ']')
      .join(' | ')
  } catch (e) {
    r = 'CRASH ' + (e as Error).stack?.split('\n').slice(0, 3).join(' ')
  }
  return r
}
const REQ = (action = 'odrl:read', target = 'ex:x', assignee = 'ex:alice', more = '') =>
  `ex:r a odrl:Request; odrl:permission ex:rp. ex:rp odrl:action ${action}; odrl:target ${target}; odrl:assignee ${assignee}${more}.`
const POL = (c = '', more = '') =>
  `ex:p a odrl:Set; odrl:permission ex:pp ${more}. ex:pp odrl:action odrl:read; odrl:target ex:x ${c}.`
const T = (name: string, expected: string, got: Promise<string>) =>
  test(name, async () => assert.ok((await got).startsWith(expected), `expected ${expected}, got ${await got}`))
const con = (l: string, o: string, r: string, x = '') =>
  `; odrl:constraint [ odrl:leftOperand ${l}; odrl:operator ${o}; odrl:rightOperand ${r} ${x}]`
void T(
  '001 no action permission',
  'allow',
  d('ex:p a odrl:Set; odrl:permission ex:pp. ex:pp a odrl:Permission.', REQ()),
)
void T(
  '004 no action prohibition',
  'deny',
  d('ex:p a odrl:Set; odrl:prohibition ex:pp. ex:pp a odrl:Prohibition.', REQ()),
)
void T('076', 'allow', d(POL(con('odrl:purpose', 'odrl:isNoneOf', 'ex:a, ex:b')), REQ()))
void T(
  '082 compact',
  'allow',
  d(
    'ex:p a odrl:Set; odrl:action odrl:read; odrl:permission ex:pp. ex:pp odrl:target ex:x; odrl:assignee ex:alice.',
    REQ(),
  ),
)
for (const n of ['"constructor"', '"toString"', '"valueOf"', '"hasOwnProperty"', '"__proto__"', '"isPrototypeOf"'])
  void T('left ' + n, 'unset', d(POL(con(n, 'odrl:eq', '"never"')), REQ()))
void T(
  'spatial constructor',
  'unset',
  d(
    POL(con('odrl:spatial', 'odrl:eq', '"constructor"')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '"DE"')),
  ),
)
void T(
  'spatial geonames',
  'unset',
  d(
    POL(con('odrl:spatial', 'odrl:eq', '<https://sws.geonames.org/2921044/>')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '<https://sws.geonames.org/3017382/>')),
  ),
)
void T(
  'spatial other authority',
  'unset',
  d(
    POL(con('odrl:spatial', 'odrl:eq', '<http://a.example/Georgia>')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '<http://b.example/Georgia>')),
  ),
)
void T(
  'prohibit DE, ask EU',
  'deny',
  d(
    'ex:p a odrl:Set; odrl:permission [odrl:action odrl:use]; odrl:prohibition [ odrl:action odrl:read' +
      con('odrl:spatial', 'odrl:eq', '"DE"') +
      '].',
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '"EU"')),
  ),
)
void T(
  'permit neq DE, ask EU',
  'unset',
  d(
    POL(con('odrl:spatial', 'odrl:neq', '"DE"')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '"EU"')),
  ),
)
void T('request: sell a read', 'unset', d(POL(), REQ('odrl:sell') + ' odrl:sell a odrl:read.'))
void T(
  'request: dateTime overrides world',
  'unset',
  d(
    POL(con('odrl:dateTime', 'odrl:lt', '"2025-01-01T00:00:00Z"^^xsd:dateTime')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:dateTime', 'odrl:eq', '"2024-01-01T00:00:00Z"^^xsd:dateTime')),
    '{"now":"2026-11-24T00:00:00Z"}',
  ),
)
void T(
  'request: count overrides performed',
  'unset',
  d(
    POL(con('odrl:count', 'odrl:lteq', '1')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:count', 'odrl:eq', '1')),
    '{"performed":[{"action":"odrl:read","by":"http://example.org/alice"},{"action":"odrl:read","by":"http://example.org/alice"}]}',
  ),
)
void T(
  'request neq purpose',
  'unset',
  d(
    POL(con('odrl:purpose', 'odrl:eq', 'ex:research')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:purpose', 'odrl:neq', 'ex:research')),
  ),
)
void T(
  'request purpose isNoneOf',
  'unset',
  d(
    POL(con('odrl:purpose', 'odrl:isAnyOf', 'ex:research')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:purpose', 'odrl:isNoneOf', 'ex:research')),
  ),
)
void T(
  'count of narrower actions',
  'unset',
  d(
    'ex:p a odrl:Set; odrl:permission [ odrl:action odrl:use; odrl:target ex:x' +
      con('odrl:count', 'odrl:lteq', '1') +
      '].',
    REQ('odrl:read'),
    '{"performed":[{"action":"odrl:print","by":"http://example.org/alice","target":"http://example.org/x"}]}',
  ),
)
void T(
  'elapsedTime gt',
  'unset',
  d(
    POL(con('odrl:elapsedTime', 'odrl:gt', '"P30D"^^xsd:duration')),
    REQ(),
    '{"now":"2026-01-02T00:00:00Z","performed":[{"action":"odrl:read","by":"http://example.org/alice","at":"2026-01-01T00:00:00Z"}]}',
  ),
)
void T('dateTime neq garbage', 'unset', d(POL(con('odrl:dateTime', 'odrl:neq', '"garbage"^^xsd:dateTime')), REQ()))
void T(
  'payAmount neq incomparable',
  'unset',
  d(
    POL(con('odrl:payAmount', 'odrl:neq', '"x"')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:payAmount', 'odrl:eq', '5')),
  ),
)
void T(
  'unit mismatch',
  'unset',
  d(
    POL(con('odrl:resolution', 'odrl:lteq', '300', '; odrl:unit ex:dpi')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:resolution', 'odrl:eq', '300', '; odrl:unit ex:dpcm')),
  ),
)
void T(
  'payment without currency',
  'unset',
  d(
    POL(
      '; odrl:duty [odrl:action [rdf:value odrl:compensate; odrl:refinement [odrl:leftOperand odrl:payAmount; odrl:operator odrl:eq; odrl:rightOperand 5; odrl:unit <http://cvx.iptc.org/iso4217a/EUR>]]; odrl:constraint [odrl:leftOperand odrl:event; odrl:operator odrl:lt; odrl:rightOperand odrl:policyUsage]]',
    ),
    REQ(),
    '{"performed":[{"action":"odrl:compensate","amount":"5"}]}',
  ),
)
void T(
  'payment currency R',
  'unset',
  d(
    POL(
      '; odrl:duty [odrl:action [rdf:value odrl:compensate; odrl:refinement [odrl:leftOperand odrl:payAmount; odrl:operator odrl:eq; odrl:rightOperand 5; odrl:unit <http://cvx.iptc.org/iso4217a/EUR>]]; odrl:constraint [odrl:leftOperand odrl:event; odrl:operator odrl:lt; odrl:rightOperand odrl:policyUsage]]',
    ),
    REQ(),
    '{"performed":[{"action":"odrl:compensate","amount":"5","currency":"R"}]}',
  ),
)
void T('constraint literal', 'unset', d(POL('; odrl:constraint "only in Germany"'), REQ()))
void T(
  'and with literal operand',
  'unset',
  d(
    POL(
      '; odrl:constraint [odrl:and ("x" [odrl:leftOperand odrl:dateTime; odrl:operator odrl:gt; odrl:rightOperand "2020-01-01T00:00:00Z"^^xsd:dateTime])]',
    ),
    REQ(),
  ),
)
void T(
  'two operators',
  'unset',
  d(POL(con('odrl:dateTime', 'odrl:neq, odrl:eq', '"2020-01-01T00:00:00Z"^^xsd:dateTime')), REQ()),
)
void T(
  'two leftOperands',
  'unset',
  d(POL(con('odrl:dateTime, odrl:count', 'odrl:gt', '"2020-01-01T00:00:00Z"^^xsd:dateTime')), REQ()),
)
void T(
  'and + or on a node',
  'unset',
  d(
    POL(
      `; odrl:constraint [odrl:and ([odrl:leftOperand odrl:dateTime; odrl:operator odrl:gt; odrl:rightOperand "2020-01-01T00:00:00Z"^^xsd:dateTime]); odrl:or ([odrl:leftOperand odrl:dateTime; odrl:operator odrl:lt; odrl:rightOperand "2020-01-01T00:00:00Z"^^xsd:dateTime])]`,
    ),
    REQ(),
  ),
)
void T(
  'and + simple on a node',
  'unset',
  d(
    POL(
      `; odrl:constraint [odrl:and ([odrl:leftOperand odrl:dateTime; odrl:operator odrl:gt; odrl:rightOperand "2020-01-01T00:00:00Z"^^xsd:dateTime]); odrl:leftOperand odrl:dateTime; odrl:operator odrl:lt; odrl:rightOperand "2020-01-01T00:00:00Z"^^xsd:dateTime]`,
    ),
    REQ(),
  ),
)
void T(
  'cycle with prohibition',
  'deny',
  d(
    'ex:a a odrl:Set; odrl:inheritFrom ex:b; odrl:prohibition [odrl:action odrl:read]. ex:b a odrl:Set; odrl:inheritFrom ex:a; odrl:permission [odrl:action odrl:read].',
    REQ(),
  ),
)
void T(
  'self inherit prohibition',
  'deny',
  d('ex:a a odrl:Set; odrl:inheritFrom ex:a; odrl:prohibition [odrl:action odrl:read].', REQ()),
)
void T(
  'cycle + other policy permits',
  'deny',
  d(
    'ex:a a odrl:Set; odrl:inheritFrom ex:a; odrl:prohibition [odrl:action odrl:read]. ex:c a odrl:Set; odrl:permission [odrl:action odrl:read].',
    REQ(),
  ),
)
void T(
  'inherit across files',
  'allow',
  d(
    [
      'ex:a a odrl:Set; odrl:inheritFrom ex:b; odrl:permission [odrl:action odrl:print].',
      'ex:b a odrl:Set; odrl:permission [odrl:action odrl:read].',
    ],
    REQ(),
  ),
)
void T(
  'inherit conflicting strategies',
  'deny',
  d(
    'ex:a a odrl:Set; odrl:conflict odrl:perm; odrl:inheritFrom ex:b; odrl:permission [odrl:action odrl:read]. ex:b a odrl:Set; odrl:conflict odrl:prohibit; odrl:prohibition [odrl:action odrl:read].',
    REQ(),
  ),
)
void T(
  'middle without rules',
  'deny',
  d(
    'ex:a a odrl:Set; odrl:inheritFrom ex:b; odrl:permission [odrl:action odrl:read]. ex:b a odrl:Set; odrl:inheritFrom ex:c. ex:c a odrl:Set; odrl:prohibition [odrl:action odrl:read].',
    REQ(),
  ),
)
void T(
  'request-type hides policy',
  'deny',
  d(
    [
      'ex:a a odrl:Set; odrl:prohibition [odrl:action odrl:read]. ex:q a odrl:Request; odrl:permission [odrl:action odrl:read]; odrl:inheritFrom ex:a. ex:z a odrl:Set; odrl:permission [odrl:action odrl:read].',
    ],
    REQ(),
  ),
)
void T(
  'prohibition ref unresolved',
  'unset',
  d(
    'ex:p a odrl:Set; odrl:permission [odrl:action odrl:read]; odrl:prohibition [odrl:action odrl:read; odrl:constraint [odrl:leftOperand odrl:dateTime; odrl:operator odrl:gt; odrl:rightOperandReference <https://nowhere.example/>]].',
    REQ(),
  ),
)
void T(
  'unknown profile: its terms are unknown, the others hold',
  'allow',
  d(POL('', '; odrl:profile ex:unknownProfile'), REQ()),
)
void T(
  'an offer is for whoever takes it',
  'allow',
  d('ex:p a odrl:Offer; odrl:assigner ex:o; odrl:permission [odrl:action odrl:read; odrl:target ex:x].', REQ()),
)
void T(
  'lang tag',
  'unset',
  d(
    POL(con('odrl:language', 'odrl:eq', '"chat"@fr')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:language', 'odrl:eq', '"chat"@en')),
  ),
)
void T(
  'world now garbage',
  'unset',
  d(POL(con('odrl:dateTime', 'odrl:gt', '"2026-01-01T00:00:00Z"^^xsd:dateTime')), REQ(), '{"now":"1 January 2025"}'),
)
void T(
  'world performed object',
  'unset',
  d(POL(con('odrl:count', 'odrl:lteq', '1')), REQ(), '{"performed":{"action":"odrl:read"}}'),
)
void T('world performed null', 'unset', d(POL(con('odrl:count', 'odrl:lteq', '1')), REQ(), '{"performed":[null]}'))
void T(
  'world partOf string',
  'unset',
  d(
    'ex:p a odrl:Set; odrl:permission [odrl:action odrl:read; odrl:target ex:coll].',
    REQ(),
    '{"partOf":{"http://example.org/x":"http://example.org/coll"}}',
  ),
)
void T('Feb 30', 'unset', d(POL(con('odrl:dateTime', 'odrl:gt', '"2024-02-30T00:00:00Z"^^xsd:dateTime')), REQ()))
void T(
  'jsonld misspelled constraint',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","target":"http://example.org/x","constraints":[{"leftOperand":"spatial","operator":"eq","rightOperand":"DE"}]}]}',
    REQ(),
  ),
)
void T(
  'jsonld constraint text',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","target":"http://example.org/x","constraint":"only in Germany"}]}',
    REQ(),
  ),
)
void T(
  'jsonld target blank/invalid dropped',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","target":"my work 1"}]}',
    REQ(),
  ),
)
void T(
  'jsonld assignee invalid IRI',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","target":"http://example.org/x","assignee":"Bob <bob@example.org>"}]}',
    REQ(),
  ),
)
void T(
  'jsonld assignee null',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","target":"http://example.org/x","assignee":{"@value":"Bob"}}]}',
    REQ(),
  ),
)
void T(
  'jsonld left constructor',
  'unset',
  d(
    '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","uid":"http://example.org/p","permission":[{"action":"read","constraint":[{"leftOperand":{"@value":"constructor"},"operator":"eq","rightOperand":"DE"}]}]}',
    REQ(),
  ),
)
void T(
  'display in play (2.2)',
  'allow',
  d('ex:p a odrl:Set; odrl:permission [odrl:action odrl:play].', REQ('odrl:display')),
)
void T(
  'prohibit play, ask display',
  'deny',
  d(
    'ex:p a odrl:Set; odrl:permission [odrl:action odrl:use]; odrl:prohibition [odrl:action odrl:play].',
    REQ('odrl:display'),
  ),
)
void T(
  'party refinement by request',
  'unset',
  d(
    'ex:p a odrl:Set; odrl:permission [odrl:action odrl:read; odrl:assignee [a odrl:PartyCollection; odrl:source ex:users; odrl:refinement [odrl:leftOperand ex:age; odrl:operator odrl:gteq; odrl:rightOperand 18]]].',
    REQ('odrl:read', 'ex:x', 'ex:alice', con('ex:age', 'odrl:eq', '18')),
    'ex:alice odrl:partOf ex:users.',
  ),
)
void T(
  'hasPart spatial dir',
  'unset',
  d(
    POL(con('odrl:spatial', 'odrl:hasPart', '"EU"')),
    REQ('odrl:read', 'ex:x', 'ex:alice', con('odrl:spatial', 'odrl:eq', '"DE"')),
  ),
)

const dag = (levels: number) =>
  Array.from(
    { length: levels },
    (_, i) => `ex:c${i} odrl:and ex:c${i + 1}, ex:d${i + 1} . ex:d${i + 1} odrl:and ex:c${i + 1} .`,
  ).join('\n')
void T(
  'constraints that are named twice at every level',
  'unset',
  d(`${POL('; odrl:constraint ex:c0')}\n${dag(40)}`, REQ()),
)
const heirs = (count: number) =>
  Array.from({ length: count }, (_, i) => `ex:p${i} a odrl:Set ; odrl:inheritFrom ex:p${i + 1}, ex:p${i + 2} .`).join(
    '\n',
  )
void T(
  'policies that inherit the same in many ways',
  'deny',
  d(
    `${heirs(60)} ex:p61 odrl:prohibition [ odrl:action odrl:read ] . ex:p60 odrl:prohibition [ odrl:action odrl:print ] .`,
    REQ(),
  ),
)
