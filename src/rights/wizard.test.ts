import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { IntlMessageFormat } from 'intl-messageformat'
import { actions, type Action } from './actions.ts'
import { decideTerms, type UseRequest } from './decideTerms.ts'
import { purposes, ruleSchema, type RightsRule } from './rules.ts'
import { sayRules, type Words } from './sayRules.ts'
import { checkRules } from './terms.ts'
import { flawOfAnswers, rulesOfAnswers, termsOfRules, wizardFields } from './wizard.ts'

const texts = JSON.parse(readFileSync(new URL('../../locales/en.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>
const words: Words = {
  language: 'en',
  t(key, values) {
    assert.ok(texts[key] !== undefined, `no text for ${key}`)
    return values ? String(new IntlMessageFormat(texts[key], 'en').format(values)) : texts[key]
  },
}
const answersSchema = z.object(wizardFields)
const target = { kind: 'party' as const, id: 'did:key:z6MkTest' }
const answer = (given: Record<string, string>) => answersSchema.parse(given)

/** What the rules decide once they are recorded as terms. */
function decisionOf(rules: RightsRule[], action: Action, more: Partial<UseRequest> = {}) {
  const entries = termsOfRules(rules, target, []).map((terms, i) => ({
    id: String(i),
    party: 'p',
    targetKind: 'party',
    rules: JSON.stringify(terms.rules),
    conflict: terms.conflict ?? null,
    validFrom: '2026-01-01T00:00:00.000Z',
    endsAt: null,
  }))
  const authority = { parties: new Set(['p']), mustConsent: [], isPublicDomain: false }
  return decideTerms(entries, [], authority, { work: 'w', action, at: Date.parse('2026-11-24T12:00:00Z'), ...more })
}

test('each answer on AI decides as it says', () => {
  const ask = (ai: string, action: Action, more: Partial<UseRequest> = {}) =>
    decisionOf(rulesOfAnswers(answer({ ai, price: '50', credit: 'M. Muster' })), action, more).decision
  const research = { purposes: ['col:research' as const] }
  assert.deepEqual(
    [ask('no', 'col:trainAI'), ask('no', 'col:aiInput'), ask('no', 'col:trainAI', research)],
    ['deny', 'deny', 'deny'],
  )
  assert.deepEqual([ask('no-generative', 'col:trainGenAI'), ask('no-generative', 'col:trainAI')], ['deny', 'unset'])
  assert.deepEqual(
    [
      ask('research', 'col:trainAI', research),
      ask('research', 'col:trainAI'),
      ask('research', 'col:aiInput', { purposes: ['col:commercial'] }),
    ],
    ['allow', 'deny', 'deny'],
  )
  assert.deepEqual([ask('yes', 'col:trainGenAI'), ask('yes', 'odrl:derive')], ['allow', 'unset'])
  const paid = decisionOf(rulesOfAnswers(answer({ ai: 'paid', price: '50', credit: 'M. Muster' })), 'col:trainAI')
  assert.deepEqual([paid.decision, paid.reasons[0]!.duties!.length], ['allow', 2])
})

test('no answer reaches search or accessible copies, and every rule is one that can be recorded', () => {
  const replies = ['unsaid', 'yes', 'named', 'no']
  let seen = 0
  for (const ai of ['no', 'no-generative', 'research', 'paid', 'yes'])
    for (const promote of replies)
      for (const commercial of replies)
        for (const change of replies) {
          const rules = rulesOfAnswers(
            answer({ ai, promote, commercial, change, translate: change, credit: 'M', territory: 'EU' }),
          )
          rules.forEach((rule) => ruleSchema.parse(rule))
          checkRules(rules)
          for (const action of ['odrl:index', 'col:makeAccessible'] as const)
            assert.equal(decisionOf(rules, action, { territory: 'DE', purposes: ['col:commercial'] }).decision, 'unset')
          assert.equal(sayRules(rules, words).length, rules.length)
          seen++
        }
  assert.equal(seen, 320)
})

test('where and when holds for a yes only, and the last day counts', () => {
  const rules = rulesOfAnswers(
    answer({
      ai: 'research',
      promote: 'named',
      change: 'no',
      territory: 'EU',
      from: '2026-11-01',
      until: '2026-11-24',
    }),
  )
  const promotion = { purposes: ['col:promotion' as const], territory: 'DE' }
  assert.equal(decisionOf(rules, 'odrl:display', promotion).decision, 'allow')
  assert.equal(decisionOf(rules, 'odrl:display', { ...promotion, territory: 'US' }).decision, 'unset')
  assert.equal(
    decisionOf(rules, 'odrl:display', { ...promotion, at: Date.parse('2026-11-25T00:00:00Z') }).decision,
    'unset',
  )
  assert.equal(decisionOf(rules, 'odrl:modify', { territory: 'US' }).decision, 'deny')
})

test('a no to earning money does not give way to a yes for promotion, whatever is said about AI', () => {
  const rules = rulesOfAnswers(answer({ ai: 'research', promote: 'yes', commercial: 'no' }))
  const decide = (...list: UseRequest['purposes'] & object) =>
    decisionOf(rules, 'odrl:display', { purposes: list }).decision
  assert.deepEqual(
    [decide('col:promotion'), decide('col:commercial'), decide('col:promotion', 'col:commercial')],
    ['allow', 'deny', 'deny'],
  )
  assert.deepEqual(
    termsOfRules(rules, target, ['urn:uuid:x']).map(({ conflict, replaces }) => [conflict, replaces]),
    [
      ['perm', ['urn:uuid:x']],
      [undefined, undefined],
    ],
  )
})

test('answers that do not fit together are named', () => {
  assert.equal(flawOfAnswers(answer({ ai: 'paid' }))?.path, 'price')
  assert.equal(flawOfAnswers(answer({ ai: 'no', from: '2027-01-02', until: '2027-01-01' }))?.path, 'until')
  assert.equal(flawOfAnswers(answer({ ai: 'no', from: '2027-01-01', until: '2027-01-01' })), undefined)
  for (const until of ['2027-02-30', '1.1.2027', '2027-13-01'])
    assert.ok(!answersSchema.safeParse({ ai: 'no', until }).success)
})

test('rules in words', () => {
  const rules: RightsRule[] = [
    ...rulesOfAnswers(answer({ ai: 'paid', price: '50', currency: 'EUR', credit: 'M. {Muster} <b>' })),
    {
      action: 'odrl:display',
      decision: 'allow',
      purposes: ['col:promotion', 'col:education'],
      territory: ['EU', 'CH', 'DE-BY'],
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-12-01T00:00:00.000Z',
      seasons: [{ from: '11-15', until: '02-28' }],
      elapsed: 'P1Y6M',
      count: 3,
      media: ['print', 'online'],
      channels: ['social'],
      duties: [{ action: 'odrl:inform' }, { action: 'odrl:delete', after: 'P30D' }, { action: 'cc:ShareAlike' }],
    },
    { action: 'col:trainAI', decision: 'allow', modelFlopExponentMax: 22, until: '2027-06-01T18:00:00.000Z' },
  ]
  assert.deepEqual(sayRules(rules, words, 'perm'), [
    'Reading by machines, the training of any AI included (text and data mining): no.',
    'Reading by machines, the training of any AI included (text and data mining): yes all the same. In return: pay €50 for each work and name it as “M. {Muster} <b>”.',
    'Showing it: yes, to make it known or for education, in the European Union, Switzerland or Germany (DE-BY), from 1 November 2026, up to and including 30 November 2026, each year from 15 November to 28 February, for 1 year and 6 months once it has begun, at most 3 times, as print or online publication, on social. In return: tell whoever gave the permission, delete it after 30 days and pass the result on under the same terms.',
    'Training any AI: yes, up to and including 1 June 2027, 18:00 UTC, for models trained with at most 10^22 computing steps (FLOP).',
  ])
  for (const action of actions)
    for (const purpose of purposes) sayRules([{ action, decision: 'deny', purposes: [purpose] }], words)
})
