import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decideTexts } from './index.ts'

const NOW = Date.parse('2024-02-12T11:20:10.999Z')
const PREFIXES = `@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sotw: <https://w3id.org/force/sotw#> .
@prefix report: <https://w3id.org/force/compliance-report#> .
`

async function decide(policy: string | object, request: string, world?: string | object) {
  const text = (value: string | object) => (typeof value === 'string' ? PREFIXES + value : JSON.stringify(value))
  const [first] = await decideTexts({
    policies: [{ text: text(policy), where: 'policy' }],
    request: { text: PREFIXES + request, where: 'request' },
    ...(world === undefined ? {} : { world: { text: text(world), where: 'world' } }),
    now: NOW,
  })
  return first!.answer
}

const asks = (who: string, action: string, target: string, more = '') =>
  `ex:request a odrl:Request ; odrl:permission [ a odrl:Permission ; odrl:assignee ex:${who} ; odrl:action odrl:${action} ; odrl:target ex:${target} ${more} ] .`
const asksFor = (who: string, action: string, target: string, parameters: Record<string, string> = {}) =>
  `ex:request a sotw:EvaluationRequest ; sotw:requestedAction odrl:${action} ; sotw:requestingParty ex:${who} ; sotw:requestedTarget ex:${target} ${Object.entries(
    parameters,
  )
    .map(([name, value]) => `; sotw:requestParameter [ sotw:describesFeature ${name} ; sotw:value ${value} ]`)
    .join(' ')} .`
const at = (time: string) => `<http://example.com/request/currentTime> dct:issued "${time}"^^xsd:dateTime .`

test('a permission of an action covers what the vocabulary includes in it, and nothing else', async () => {
  const policy = 'ex:p a odrl:Set ; odrl:permission ex:rule . ex:rule odrl:action odrl:use .'
  const decisions: Record<string, string> = {}
  for (const action of ['use', 'read', 'write', 'print', 'extract', 'sell', 'transfer', 'index'])
    decisions[action] = (await decide(policy, asks('alice', action, 'x'))).decision
  assert.deepEqual(decisions, {
    use: 'allow',
    read: 'allow',
    write: 'allow',
    print: 'allow',
    extract: 'allow',
    sell: 'unset',
    transfer: 'unset',
    index: 'allow',
  })
  const narrow =
    'ex:p odrl:permission [ odrl:action odrl:read, odrl:modify ; odrl:target ex:x ; odrl:assignee ex:alice ] .'
  assert.equal((await decide(narrow, asks('alice', 'modify', 'x'))).decision, 'allow')
  assert.equal((await decide(narrow, asksFor('alice', 'sell', 'x'))).decision, 'unset')
  assert.equal((await decide(narrow, asks('alice', 'use', 'x'))).decision, 'unset', 'more than is permitted')
  assert.equal((await decide(narrow, asks('bob', 'read', 'x'))).decision, 'unset')
  assert.equal((await decide(narrow, asks('alice', 'read', 'y'))).decision, 'unset')
})

test('properties of a policy are shared by its rules, and an asset may name its policy', async () => {
  const compact =
    'ex:p a odrl:Set ; odrl:action odrl:read ; odrl:target ex:x ; odrl:permission [ odrl:assignee ex:alice ] .'
  assert.equal((await decide(compact, asksFor('alice', 'read', 'x'))).decision, 'allow')
  assert.equal((await decide(compact, asksFor('alice', 'read', 'y'))).decision, 'unset')
  const named = 'ex:x odrl:hasPolicy ex:p . ex:p odrl:permission [ odrl:action odrl:play ] .'
  assert.equal((await decide(named, asks('alice', 'play', 'x'))).decision, 'allow')
  assert.equal((await decide(named, asks('alice', 'play', 'y'))).decision, 'unset')
})

test('time: every operator before, at and after; days and zones', async () => {
  const expected: Record<string, [string, string, string]> = {
    eq: ['unset', 'allow', 'unset'],
    neq: ['allow', 'unset', 'allow'],
    lt: ['allow', 'unset', 'unset'],
    lteq: ['allow', 'allow', 'unset'],
    gt: ['unset', 'unset', 'allow'],
    gteq: ['unset', 'allow', 'allow'],
  }
  const times = ['2024-02-12T11:20:10.998Z', '2024-02-12T11:20:10.999Z', '2024-02-12T12:20:11.000+01:00']
  for (const [operator, decisions] of Object.entries(expected)) {
    const policy = `ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:${operator} ; odrl:rightOperand "2024-02-12T11:20:10.999Z"^^xsd:dateTime ] ] .`
    const found = await Promise.all(
      times.map(async (time) => (await decide(policy, asks('a', 'read', 'x'), at(time))).decision),
    )
    assert.deepEqual(found, decisions, operator)
  }
  const day = `ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:eq ; odrl:rightOperand "2024-02-12"^^xsd:date ] ] .`
  const on = (time: string) => asksFor('a', 'read', 'x', { 'sotw:TemporalData': `"${time}"^^xsd:dateTime` })
  assert.equal((await decide(day, on('2024-02-12T00:00:00Z'))).decision, 'allow')
  assert.equal((await decide(day, on('2024-02-13T00:00:00Z'))).decision, 'unset')
})

const purposeRule = (operator: string, values: string) =>
  `ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:${operator} ; odrl:rightOperand ${values} ] ] .`

test('sets of values: any, none, all, a kind of, a part of; and what was not said', async () => {
  const decisionOf = async (rule: string, value?: string, world?: string) =>
    (await decide(rule, asksFor('a', 'read', 'x', value ? { 'sotw:Purpose': value } : {}), world)).decision
  const any = purposeRule('isAnyOf', 'ex:account, ex:quality')
  assert.deepEqual(
    [await decisionOf(any, 'ex:account'), await decisionOf(any, 'ex:other'), await decisionOf(any)],
    ['allow', 'unset', 'unset'],
  )
  const listed = purposeRule('isAnyOf', '( ex:account ex:quality )')
  assert.equal(await decisionOf(listed, 'ex:quality'), 'allow')
  const none = purposeRule('isNoneOf', 'ex:account, ex:quality')
  assert.deepEqual(
    [await decisionOf(none, 'ex:account'), await decisionOf(none, 'ex:other'), await decisionOf(none)],
    ['unset', 'allow', 'allow'],
  )
  const all = purposeRule('isAllOf', 'ex:account, ex:quality')
  assert.deepEqual(
    [await decisionOf(all, 'ex:account, ex:quality'), await decisionOf(all, 'ex:account')],
    ['allow', 'unset'],
  )
  const kind = purposeRule('isA', 'ex:account')
  assert.equal(
    await decisionOf(
      kind,
      'ex:mine',
      'ex:mine a ex:sub . ex:sub <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:account .',
    ),
    'allow',
  )
  assert.equal(await decisionOf(kind, 'ex:mine'), 'unset')
  const part = purposeRule('isPartOf', 'ex:whole')
  assert.equal(
    await decisionOf(part, 'ex:piece', 'ex:piece odrl:partOf ex:middle . ex:middle odrl:partOf ex:whole .'),
    'allow',
  )
  const has = purposeRule('hasPart', 'ex:piece')
  assert.equal(await decisionOf(has, 'ex:whole', 'ex:piece odrl:partOf ex:whole .'), 'allow')
  assert.equal(await decisionOf(has, 'ex:whole'), 'unset')
})

test('what a request says of its use counts in every form of saying it, so that nothing is excluded in vain', async () => {
  const said = 'ex:said odrl:leftOperand odrl:purpose ; odrl:operator odrl:eq ; odrl:rightOperand ex:account .'
  const rules = [
    [purposeRule('eq', 'ex:account'), 'allow'],
    [purposeRule('isAnyOf', 'ex:account, ex:quality'), 'allow'],
    [purposeRule('isNoneOf', 'ex:account, ex:quality'), 'unset'],
  ] as const
  for (const word of ['sotw:context', 'odrl:constraint', 'odrl:refinement'])
    for (const [rule, decision] of rules) {
      const request = asks('a', 'read', 'x', `; ${word} ex:said`)
      assert.equal((await decide(rule, `${request} ${said}`)).decision, decision, `${word} ${rule}`)
    }
})

test('and, or, xone, andSequence, nested and as lists', async () => {
  const is = (name: string) => `[ odrl:leftOperand odrl:${name} ; odrl:operator odrl:eq ; odrl:rightOperand ex:yes ]`
  const rule = (logic: string, members: string) =>
    `ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:${logic} ${members} ] ] .`
  const decisionOf = async (policy: string, purpose: string, product: string) =>
    (
      await decide(
        policy,
        asksFor('a', 'read', 'x', { 'odrl:purpose': `ex:${purpose}`, 'odrl:product': `ex:${product}` }),
      )
    ).decision
  const table: Record<string, string[]> = {
    and: ['allow', 'unset', 'unset'],
    or: ['allow', 'allow', 'unset'],
    xone: ['unset', 'allow', 'unset'],
    andSequence: ['allow', 'unset', 'unset'],
  }
  for (const [logic, expected] of Object.entries(table))
    for (const members of [`${is('purpose')}, ${is('product')}`, `( ${is('purpose')} ${is('product')} )`]) {
      const policy = rule(logic, members)
      const found = [
        await decisionOf(policy, 'yes', 'yes'),
        await decisionOf(policy, 'yes', 'no'),
        await decisionOf(policy, 'no', 'no'),
      ]
      assert.deepEqual(found, expected, `${logic} ${members}`)
    }
  const nested = rule('or', `${is('purpose')}, [ odrl:and ${is('product')}, ${is('purpose')} ]`)
  assert.equal(await decisionOf(nested, 'no', 'yes'), 'unset')
})

test('collections of assets and parties, with what refines them', async () => {
  const policy = `ex:p odrl:permission [ odrl:action odrl:read ; odrl:assignee ex:people ; odrl:target ex:things ] .
ex:people a odrl:PartyCollection ; odrl:source ex:club . ex:things a odrl:AssetCollection ; odrl:source ex:shelf .`
  const world = 'ex:alice odrl:partOf ex:club . ex:x odrl:partOf ex:shelf . ex:y odrl:partOf ex:other .'
  assert.equal((await decide(policy, asks('alice', 'read', 'x'), world)).decision, 'allow')
  assert.equal((await decide(policy, asks('alice', 'read', 'y'), world)).decision, 'unset')
  assert.equal((await decide(policy, asks('bob', 'read', 'x'), world)).decision, 'unset')
  const claimed = `${asks('bob', 'read', 'x')} ex:bob odrl:partOf ex:club .`
  assert.equal((await decide(policy, claimed, world)).decision, 'unset', 'nobody makes himself a member')
  const refined = `ex:p odrl:permission [ odrl:action odrl:play ; odrl:target [ a odrl:AssetCollection ; odrl:source ex:shelf ;
 odrl:refinement [ odrl:leftOperand ex:runningTime ; odrl:operator odrl:lt ; odrl:rightOperand "60"^^xsd:integer ] ] ] .`
  const films = 'ex:x odrl:partOf ex:shelf ; ex:runningTime 59 . ex:y odrl:partOf ex:shelf ; ex:runningTime 61 .'
  assert.equal((await decide(refined, asks('a', 'play', 'x'), films)).decision, 'allow')
  assert.equal((await decide(refined, asks('a', 'play', 'y'), films)).decision, 'unset')
})

test('refined actions: what is asked for must be known to be within', async () => {
  const policy = `ex:p odrl:permission [ odrl:target ex:x ; odrl:action [ <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> odrl:print ;
 odrl:refinement [ odrl:leftOperand odrl:resolution ; odrl:operator odrl:lteq ; odrl:rightOperand "1200"^^xsd:integer ] ] ] .`
  const decisionOf = async (parameters: Record<string, string>) =>
    (await decide(policy, asksFor('a', 'print', 'x', parameters))).decision
  assert.equal(await decisionOf({ 'odrl:resolution': '1200' }), 'allow')
  assert.equal(await decisionOf({ 'odrl:resolution': '1201' }), 'unset')
  assert.equal(await decisionOf({}), 'unset')
})

test('a permission and a prohibition: by the strategy, and invalid is a no that is reported', async () => {
  const policy = (strategy: string) =>
    `ex:p a odrl:Set ${strategy} ; odrl:permission [ odrl:action odrl:use ; odrl:target ex:x ] ; odrl:prohibition [ odrl:action odrl:print ; odrl:target ex:x ] .`
  for (const [strategy, expected] of Object.entries({
    '': 'deny',
    '; odrl:conflict odrl:perm': 'allow',
    '; odrl:conflict odrl:prohibit': 'deny',
    '; odrl:conflict odrl:invalid': 'deny',
    '; odrl:conflict ex:mine': 'deny',
  })) {
    const answer = await decide(policy(strategy), asks('a', 'print', 'x'))
    assert.deepEqual([answer.decision, answer.conflicts.length], [expected, 1], strategy)
    assert.equal((await decide(policy(strategy), asks('a', 'display', 'x'))).decision, 'allow')
  }
})

test('two policies that contradict each other: the no counts, and both are named', async () => {
  const two = `ex:yes a odrl:Set ; odrl:permission [ odrl:action odrl:use ; odrl:target ex:x ] .
    ex:no a odrl:Set ; odrl:prohibition [ odrl:action odrl:print ; odrl:target ex:x ] .`
  const answer = await decide(two, asks('a', 'print', 'x'))
  assert.equal(answer.decision, 'deny')
  assert.deepEqual(answer.conflicts, [
    {
      policies: ['http://example.org/yes', 'http://example.org/no'],
      strategy: 'prohibit',
      permissions: ['permission 1'],
      prohibitions: ['prohibition 1'],
    },
  ])
  assert.match(answer.sentence, /yes, .*no.*and the no counts/)
  assert.deepEqual((await decide(two, asks('a', 'display', 'x'))).conflicts, [])
})

test('duties: open, fulfilled, violated, before the use, and what follows from a violation', async () => {
  const policy = `ex:p odrl:permission [ odrl:action odrl:play ; odrl:target ex:x ; odrl:duty ex:duty ] .
ex:duty a odrl:Duty ; odrl:compensatedParty ex:author ; odrl:action [ <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> odrl:compensate ;
 odrl:refinement [ odrl:leftOperand odrl:payAmount ; odrl:operator odrl:eq ; odrl:rightOperand "5.00"^^xsd:decimal ; odrl:unit <http://dbpedia.org/resource/EUR> ] ] .`
  const request = asks('a', 'play', 'x')
  const open = await decide(policy, request)
  assert.deepEqual([open.decision, open.duties.map(({ state }) => state)], ['allow', ['open']])
  assert.match(open.sentence, /still to be done: odrl:compensate/)
  const paid = (amount: string, currency: string, to = 'http://example.org/author') => ({
    performed: [{ action: 'odrl:compensate', by: 'http://example.org/a', to, amount, currency }],
  })
  const stateAfter = async (world: object) => (await decide(policy, request, world)).duties.map(({ state }) => state)
  assert.deepEqual(await stateAfter(paid('5', 'EUR')), ['fulfilled'])
  assert.deepEqual(await stateAfter(paid('7.5', 'EUR')), ['fulfilled'])
  for (const world of [paid('4.99', 'EUR'), paid('5', 'USD'), paid('5', 'EUR', 'http://example.org/other')])
    assert.deepEqual(await stateAfter(world), ['open'])
  const reported = (state: string) => `ex:r report:rule ex:duty ; report:deonticState report:${state} .`
  assert.equal((await decide(policy, request, reported('Violated'))).decision, 'unset')
  assert.equal((await decide(policy, request, reported('NonSet'))).decision, 'allow')
  const before = `ex:p odrl:permission [ odrl:action odrl:play ; odrl:duty ex:d ] . ex:d odrl:action odrl:obtainConsent ;
 odrl:constraint [ odrl:leftOperand odrl:event ; odrl:operator odrl:lt ; odrl:rightOperand odrl:policyUsage ] .`
  assert.equal((await decide(before, request)).decision, 'unset')
  assert.equal((await decide(before, request, { duties: { 'http://example.org/d': 'fulfilled' } })).decision, 'allow')
  const late = `ex:p odrl:permission [ odrl:action odrl:play ; odrl:duty ex:d ] . ex:d odrl:action odrl:delete ; odrl:consequence ex:c ;
 odrl:constraint [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand "2024-01-01"^^xsd:date ] . ex:c odrl:action odrl:inform .`
  const missed = await decide(late, request)
  assert.deepEqual(
    [missed.decision, missed.rules[0]!.duties[0]!.state, missed.rules[0]!.duties[0]!.consequences[0]!.state],
    ['unset', 'violated', 'open'],
  )
  assert.equal(
    (await decide(late, request, { performed: [{ action: 'odrl:inform' }, { action: 'odrl:delete' }] })).decision,
    'allow',
  )
})

test('how often, how long, at intervals, where and in which season', async () => {
  const rule = (operand: string, operator: string, right: string) =>
    `ex:p odrl:permission [ odrl:action odrl:play ; odrl:constraint [ odrl:leftOperand ${operand} ; odrl:operator odrl:${operator} ; odrl:rightOperand ${right} ] ] .`
  const plays = (...times: string[]) => ({
    performed: times.map((time) => ({ action: 'odrl:play', by: 'http://example.org/a', at: time })),
  })
  const decisionOf = async (policy: string, world?: object) =>
    (await decide(policy, asks('a', 'play', 'x'), world)).decision
  const twice = rule('odrl:count', 'lteq', '2')
  assert.equal(await decisionOf(twice, plays('2024-01-01T00:00:00Z')), 'allow')
  assert.equal(await decisionOf(twice, plays('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')), 'unset')
  const month = rule('odrl:elapsedTime', 'lteq', '"P1M"^^xsd:duration')
  assert.deepEqual(
    [
      await decisionOf(month),
      await decisionOf(month, plays('2024-01-13T00:00:00Z')),
      await decisionOf(month, plays('2024-01-12T00:00:00Z')),
    ],
    ['allow', 'allow', 'unset'],
  )
  const weekly = rule('odrl:timeInterval', 'eq', '"P7D"^^xsd:duration')
  assert.deepEqual(
    [await decisionOf(weekly, plays('2024-02-06T00:00:00Z')), await decisionOf(weekly, plays('2024-02-05T00:00:00Z'))],
    ['unset', 'allow'],
  )
  const inUnion = rule('odrl:spatial', 'eq', '"EU"')
  for (const [place, expected] of Object.entries({
    DE: 'allow',
    'FR-IDF': 'allow',
    CH: 'unset',
    NO: 'unset',
    EL: 'allow',
  }))
    assert.equal(await decisionOf(inUnion, { parameters: { spatial: place } }), expected, place)
  assert.equal(await decisionOf(rule('odrl:spatial', 'neq', '"EEA"'), { parameters: { spatial: 'NO' } }), 'unset')
  const winter = rule('<https://colophon.example/ns/v1#season>', 'eq', '"11-01/03-31"')
  assert.deepEqual(
    [await decisionOf(winter), await decisionOf(winter, { now: '2024-04-01T00:00:00Z' })],
    ['allow', 'unset'],
  )
})

test('what is inherited is part of a policy, and a circle or a policy that is not here allows nothing', async () => {
  const child = 'ex:child a odrl:Set ; odrl:inheritFrom ex:parent ; odrl:permission [ odrl:action odrl:display ] .'
  const parent = 'ex:parent odrl:prohibition [ odrl:action odrl:print ] ; odrl:permission [ odrl:action odrl:play ] .'
  assert.equal((await decide(child + parent, asks('a', 'print', 'x'))).decision, 'deny')
  assert.equal((await decide(child + parent, asks('a', 'play', 'x'))).decision, 'allow')
  const missing = await decide(child, asks('a', 'display', 'x'))
  assert.deepEqual([missing.decision, missing.findings.map(({ code }) => code)], ['unset', ['policy_unresolved']])
  const circle = await decide(`${child}${parent} ex:parent odrl:inheritFrom ex:child .`, asks('a', 'display', 'x'))
  assert.equal(circle.decision, 'unset')
})

test('JSON-LD is read like Turtle, with the context of ODRL known and every other refused', async () => {
  const policy = {
    '@context': 'http://www.w3.org/ns/odrl.jsonld',
    '@type': 'Agreement',
    uid: 'http://example.org/p',
    permission: [
      {
        target: 'http://example.org/x',
        assignee: 'http://example.org/alice',
        action: [
          {
            'rdf:value': { '@id': 'odrl:print' },
            refinement: [
              {
                leftOperand: 'resolution',
                operator: 'lteq',
                rightOperand: { '@value': '1200', '@type': 'xsd:integer' },
                unit: 'http://dbpedia.org/resource/Dots_per_inch',
              },
            ],
          },
        ],
        constraint: [
          { leftOperand: 'dateTime', operator: 'lt', rightOperand: { '@value': '2025-01-01', '@type': 'xsd:date' } },
        ],
        duty: [{ action: 'attribute', attributedParty: 'http://example.org/author' }],
      },
    ],
    prohibition: { target: 'http://example.org/x', action: 'derive', remedy: [{ action: 'anonymize' }] },
  }
  const allowed = await decide(policy, asksFor('alice', 'print', 'x', { 'odrl:resolution': '600' }))
  assert.deepEqual(
    [allowed.decision, allowed.duties.map(({ actions }) => actions), allowed.findings],
    ['allow', [['http://www.w3.org/ns/odrl/2/attribute']], []],
  )
  assert.equal((await decide(policy, asksFor('alice', 'derive', 'x'))).decision, 'deny')
  const foreign = await decide({ ...policy, '@context': 'https://evil.example/context' }, asks('alice', 'print', 'x'))
  assert.deepEqual([foreign.decision, foreign.findings.map(({ code }) => code)], ['unset', ['context_unknown']])
})

test('a rule that names no action is about all of them, and that is said', async () => {
  const allowing = await decide('ex:p odrl:permission [ a odrl:Permission ] .', asks('a', 'read', 'x'))
  assert.deepEqual([allowing.decision, allowing.findings.map(({ code }) => code)], ['allow', ['action_missing']])
  const denying = await decide('ex:p odrl:prohibition [ a odrl:Prohibition ] .', asks('a', 'read', 'x'))
  assert.equal(denying.decision, 'deny')
})

test('bad input is a finding and never an allow', async () => {
  const request = asks('a', 'read', 'x')
  const allowing = 'ex:p odrl:permission [ odrl:action odrl:read ] .'
  const bad: [string, string][] = [
    ['syntax', 'ex:p odrl:permission ['],
    ['no_policy', 'ex:p ex:is ex:nothing .'],
    [
      'operator_unknown',
      'ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:count ; odrl:operator odrl:about ; odrl:rightOperand 5 ] ] .',
    ],
    [
      'constraint_incomplete',
      'ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:count ] ] .',
    ],
    ['property_unknown', 'ex:p odrl:permission [ odrl:acton odrl:read ] .'],
    [
      'reference_unresolved',
      'ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:count ; odrl:operator odrl:lteq ; odrl:rightOperandReference ex:elsewhere ] ] .',
    ],
    [
      'constraint_contradictory',
      'ex:p odrl:permission [ odrl:action odrl:read ; odrl:constraint [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:gt ; odrl:rightOperand "2025-01-01"^^xsd:date ], [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand "2024-01-01"^^xsd:date ] ] .',
    ],
  ]
  for (const [code, policy] of bad) {
    const answer = await decide(policy, request)
    assert.ok(
      answer.findings.some((finding) => finding.code === code),
      `${code}: ${JSON.stringify(answer.findings)}`,
    )
    assert.equal(answer.decision, 'unset', code)
  }
  const huge = await decide(`${allowing} # ${'x'.repeat(5_000_000)}`, request)
  assert.deepEqual([huge.decision, huge.findings[0]!.code], ['unset', 'too_large'])
  const [deep] = await decideTexts({
    policies: [{ text: `${'{"permission":'.repeat(500)}{}${'}'.repeat(500)}`, where: 'deep' }],
    request: { text: PREFIXES + request, where: 'r' },
    now: NOW,
  })
  assert.deepEqual([deep!.answer.decision, deep!.answer.findings[0]!.code], ['unset', 'too_deep'])
})

const rules = fc.array(
  fc.record({
    kind: fc.constantFrom('permission', 'prohibition'),
    action: fc.constantFrom('use', 'read', 'print', 'derive', 'extract', 'reproduce'),
    target: fc.constantFrom('x', 'y', ''),
    from: fc.integer({ min: 0, max: 10 }),
    until: fc.integer({ min: 0, max: 10 }),
  }),
  { maxLength: 5 },
)
type Drawn = { kind: string; action: string; target: string; from: number; until: number }
const day = (number: number) => `2024-01-${String(number + 10)}`
const written = (drawn: readonly Drawn[], strategy: string) =>
  `ex:p a odrl:Set ; odrl:conflict odrl:${strategy} . ${drawn
    .map(
      ({ kind, action, target, from, until }) =>
        `ex:p odrl:${kind} [ odrl:action odrl:${action} ${target && `; odrl:target ex:${target}`} ; odrl:constraint [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:gteq ; odrl:rightOperand "${day(from)}"^^xsd:date ], [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lteq ; odrl:rightOperand "${day(until)}"^^xsd:date ] ] .`,
    )
    .join('\n')}`
const WIDTH = { deny: 0, unset: 1, allow: 2 }

test('a prohibition more never widens an answer, and a shorter time never widens a permission', async () => {
  await fc.assert(
    fc.asyncProperty(
      rules,
      rules,
      fc.constantFrom('perm', 'prohibit', 'invalid'),
      fc.integer({ min: 0, max: 10 }),
      fc.nat(),
      async (drawn, others, strategy, when, place) => {
        const request = asksFor('a', 'print', 'x', { 'sotw:TemporalData': `"${day(when)}T12:00:00Z"^^xsd:dateTime` })
        const base = [...drawn, { kind: 'permission', action: 'use', target: '', from: 0, until: 10 }]
        const before = WIDTH[(await decide(written(base, strategy), request)).decision]
        const more = others.map((rule) => ({ ...rule, kind: 'prohibition' }))
        assert.ok(WIDTH[(await decide(written([...base, ...more], strategy), request)).decision] <= before)
        const shorter = base.map((rule, i) =>
          i === place % base.length && rule.kind === 'permission'
            ? { ...rule, from: rule.from + 1 > 10 ? 10 : rule.from + 1, until: rule.until }
            : rule,
        )
        assert.ok(
          strategy !== 'prohibit' || WIDTH[(await decide(written(shorter, strategy), request)).decision] <= before,
        )
      },
    ),
    { numRuns: 60 },
  )
})

test('what is to be done later, for something else, or by a name of no vocabulary is not done', async () => {
  const before =
    'ex:p odrl:permission [ odrl:target ex:x ; odrl:action odrl:play ; odrl:duty [ odrl:action odrl:compensate ; odrl:constraint [ odrl:leftOperand odrl:event ; odrl:operator odrl:lt ; odrl:rightOperand odrl:policyUsage ] ] ] .'
  const after = async (done: object) =>
    (await decide(before, asks('a', 'play', 'x'), { performed: [{ action: 'odrl:compensate', ...done }] })).decision
  assert.equal(await after({}), 'allow')
  assert.equal(await after({ at: '2030-01-01T00:00:00Z' }), 'unset')
  assert.equal(await after({ target: 'urn:other' }), 'unset')
  const counted =
    'ex:p odrl:permission [ odrl:target ex:x ; odrl:action odrl:display ; odrl:constraint [ odrl:leftOperand odrl:count ; odrl:operator odrl:lteq ; odrl:rightOperand 1 ] ] .'
  const world = { performed: [{ action: 'display' }] }
  assert.equal((await decide(counted, asks('a', 'display', 'x'), world)).decision, 'unset', 'a bare name counts')
})

test('what is no duration and what is no operand permits nothing', async () => {
  for (const [operand, operator, right] of [
    ['odrl:elapsedTime', 'odrl:eq', '"garbage"^^xsd:duration'],
    ['odrl:elapsedTime', 'odrl:lteq', '"5"'],
    ['odrl:timeInterval', 'odrl:eq', '"garbage"^^xsd:duration'],
    ['odrl:purpos', 'odrl:neq', 'ex:commercial'],
  ]) {
    const policy = `ex:p odrl:permission [ odrl:target ex:x ; odrl:action odrl:play ; odrl:constraint [ odrl:leftOperand ${operand} ; odrl:operator ${operator} ; odrl:rightOperand ${right} ] ] .`
    assert.equal((await decide(policy, asks('a', 'play', 'x'))).decision, 'unset', operand)
  }
})

test('a policy file that holds nothing is not passed over', async () => {
  const allow = `${PREFIXES} ex:p odrl:permission [ odrl:target ex:x ; odrl:action odrl:play ] .`
  for (const text of ['', '[]', '# nothing']) {
    const [first] = await decideTexts({
      policies: [
        { text, where: 'empty' },
        { text: allow, where: 'policy' },
      ],
      request: { text: PREFIXES + asks('a', 'play', 'x'), where: 'request' },
      now: NOW,
    })
    assert.equal(first!.answer.decision, 'unset')
    assert.deepEqual(
      first!.answer.findings.map(({ code, where }) => [code, where]),
      [['no_policy', 'empty']],
    )
  }
})
