import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { eraseAccount, listAccountRows } from '../src/accounts/index.ts'
import {
  addAssessor,
  callFigures,
  changeCall,
  countFresh,
  declareConflict,
  decideCall,
  decideUrgent,
  dropCall,
  extendCall,
  fileAppeal,
  findCall,
  giveScore,
  listAwardRows,
  listAwards,
  listToAssess,
  makeCall,
  needApplication,
  noteCall,
  planDecision,
  readOutcome,
  readToAssess,
  refuseUrgency,
  saveDraft,
  sayOpinion,
  sendApplication,
  sentFields,
  waiveAppeal,
  withdrawApplication,
  writeWords,
  type Scheme,
} from '../src/levy/support/index.ts'
import { appendStatement } from '../src/statements/index.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, signed, type TestRegister } from './support/testRegister.ts'
import {
  ASSESSORS,
  FUND,
  applicationForm,
  callInput,
  partyNamed,
  schemeOn,
  score,
  supportPlan,
} from './support/supportCalls.ts'

const postgres = startPostgres()
after(() => postgres.stop())
const DAY = 86_400_000
const refusal = (code: string) => ({ code })
const [ada, ben, cem, dia] = ASSESSORS as [string, string, string, string]

async function scoreAll(scheme: Scheme, application: string, points: readonly [string, number, number][]) {
  for (const [assessor, need, plan] of points) {
    await declareConflict(scheme, application, assessor, { isConflict: false, words: '' })
    await giveScore(scheme, application, assessor, score(need, plan))
  }
}

async function apply(scheme: Scheme, call: string, name: string, more: Parameters<typeof applicationForm>[0] = {}) {
  return sendApplication(scheme, partyNamed(name), call, applicationForm({ name, ...more }))
}

async function decideAll({ clock }: TestRegister, scheme: Scheme, call: string) {
  clock.now = Date.parse('2026-12-11T08:00:00Z')
  const planned = await planDecision(scheme, call)
  await decideCall(scheme, FUND, call, planned.agreed)
}

const stateOf = async (scheme: Scheme, id: string) => (await needApplication(scheme.db, id)).state

for (const { name, open } of testDatabases(postgres.url)) {
  test(`${name}: a call is the officer’s, within the plan, and stays as it is once it has opened`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    await assert.rejects(makeCall(scheme, ada, callInput(), supportPlan), refusal('not_authorised'))
    for (const [wrong, where] of [
      [{ awardCapCents: 2_500_001, budgetCents: 9_000_000 }, 'awardCapCents'],
      [{ urgentPpm: 199_999 }, 'urgentPpm'],
      [{ assessors: [{ party: ada, name: 'Ada' }] }, 'assessors'],
      [{ assessors: [ada, FUND].map((party) => ({ party, name: 'A' })) }, 'assessors'],
      [{ closes: '2026-11-23', opens: '2026-11-24' }, 'closes'],
      [{ pointsMin: 16 }, 'pointsMin'],
      [{ title: 'a\u202eb' }, 'title'],
    ] as const)
      await assert.rejects(makeCall(scheme, FUND, callInput(wrong as never), supportPlan), {
        code: 'invalid_input',
        where,
      })

    const later = await makeCall(scheme, FUND, callInput({ opens: '2026-12-01', title: 'Winter' }), supportPlan)
    await assert.rejects(apply(scheme, later, 'maria'), refusal('state_not_allowed'))
    await assert.rejects(noteCall(scheme, FUND, later, 'Early.'), refusal('state_not_allowed'))
    await changeCall(scheme, FUND, later, callInput({ opens: '2026-12-02', title: 'Deep winter' }), supportPlan)
    assert.equal((await findCall(scheme.db, later))!.title, 'Deep winter')
    const call = await makeCall(scheme, FUND, callInput(), supportPlan)
    await assert.rejects(changeCall(scheme, FUND, call, callInput(), supportPlan), refusal('state_not_allowed'))
    await assert.rejects(dropCall(scheme, FUND, call), refusal('state_not_allowed'))
    await assert.rejects(extendCall(scheme, FUND, call, '2026-12-09'), refusal('state_not_allowed'))
    await extendCall(scheme, FUND, call, '2026-12-12')
    await noteCall(scheme, FUND, call, 'It closes two days later.')
    await dropCall(scheme, FUND, later)
    assert.equal(await findCall(scheme.db, later), undefined)
    const guide = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/support-scheme.md', 'utf8'))![1]!
    await makeCall(scheme, FUND, parse(guide) as never, supportPlan)
    test.clock.now = Date.parse('2026-12-12T23:59:59Z')
    await apply(scheme, call, 'maria')
    test.clock.now += 1000
    await assert.rejects(apply(scheme, call, 'late'), refusal('state_not_allowed'))
    await assert.rejects(extendCall(scheme, FUND, call, '2026-12-20'), refusal('state_not_allowed'))
    await database.close()
  })

  test(`${name}: an application is kept as a draft, sent once, and taken back`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const call = await makeCall(scheme, FUND, callInput(), supportPlan)
    const maria = partyNamed('maria')
    const draft = await saveDraft(scheme, maria, call, applicationForm({ amount: 'much', purpose: '' }))
    await assert.rejects(withdrawApplication(scheme, partyNamed('other'), draft), refusal('not_found'))
    for (const [more, where] of [
      [{ amount: '5000.01' }, 'amount'],
      [{ amount: '1.000,50' }, 'amount'],
      [{ amount: '0' }, 'amount'],
      [{ country: 'Austria' }, 'country'],
      [{ isUrgent: 'yes' }, 'urgentReason'],
      [{ isUrgent: '' }, 'isUrgent'],
      [{ contact: 'maria' }, 'contact'],
      [{ knows: [partyNamed('nobody')] }, 'knows'],
      [{ purpose: 'x'.repeat(6001) }, 'purpose'],
      [{ organisation: 'a\u0000b' }, 'organisation'],
    ] as const)
      await assert.rejects(sendApplication(scheme, maria, call, applicationForm(more as never)), {
        code: 'invalid_input',
        where,
      })
    assert.equal(await stateOf(scheme, draft), 'draft')
    const sent = await sendApplication(scheme, maria, call, applicationForm({ amount: '1 200,5' }))
    assert.equal(sent, draft, 'the draft becomes the application')
    assert.equal((await needApplication(scheme.db, sent)).asked_cents, 120_050n)
    await assert.rejects(saveDraft(scheme, maria, call, applicationForm()), refusal('duplicate_statement'))
    await assert.rejects(apply(scheme, call, 'maria'), refusal('duplicate_statement'))
    for (const party of [FUND, ada])
      await assert.rejects(sendApplication(scheme, party, call, applicationForm()), refusal('not_authorised'))
    await assert.rejects(addAssessor(scheme, FUND, call, { party: maria, name: 'M' }), refusal('state_not_allowed'))
    await withdrawApplication(scheme, maria, sent)
    const row = await needApplication(scheme.db, sent)
    assert.deepEqual([row.state, row.fields], ['withdrawn', '{}'])
    await assert.rejects(withdrawApplication(scheme, maria, sent), refusal('state_not_allowed'))
    await assert.rejects(apply(scheme, call, 'maria'), refusal('duplicate_statement'))
    const other = await saveDraft(scheme, partyNamed('other'), call, applicationForm())
    await withdrawApplication(scheme, partyNamed('other'), other)
    await assert.rejects(needApplication(scheme.db, other), refusal('not_found'))
    await database.close()
  })

  test(`${name}: who is tied to an applicant, or says so, sees nothing and gives no points`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const [applicant, agent, keyed] = [newSigner(), newSigner(), newSigner()]
    const assessors = [ada, ben, agent.issuer, keyed.issuer].map((party, i) => ({
      party,
      name: `A${i}`,
      ...(party === ben ? { organisation: 'Writers’ Union e.V.' } : {}),
    }))
    const call = await makeCall(scheme, FUND, callInput({ assessors }), supportPlan)
    const form = applicationForm({ organisation: 'WRITERS UNION, E.V.', knows: [ada] })
    const id = await sendApplication(scheme, applicant.issuer, call, form)
    for (const party of [ada, ben]) await assert.rejects(readToAssess(scheme, id, party), refusal('not_authorised'))
    assert.deepEqual(await listToAssess(scheme, (await findCall(scheme.db, call))!, ada), { seen: [], tied: 1 })

    const { seen } = await readToAssess(scheme, id, agent.issuer)
    assert.deepEqual([seen.standing, seen.who?.name, seen.application], ['undeclared', 'Maria Muster', undefined])
    await assert.rejects(giveScore(scheme, id, agent.issuer, score(1, 1)), refusal('not_authorised'))
    const mandate = {
      type: 'Mandate',
      representative: agent.issuer,
      powers: ['grant'],
      validFrom: '2026-01-01T00:00:00Z',
    }
    await appendStatement(test.register, signed(test.register, applicant, mandate))
    await assert.rejects(readToAssess(scheme, id, agent.issuer), refusal('not_authorised'))
    const party = { type: 'Party', id: applicant.issuer, kind: 'person', name: 'Maria', keys: [keyed.didKey] }
    await appendStatement(test.register, signed(test.register, applicant, party))
    await assert.rejects(readToAssess(scheme, id, keyed.issuer), refusal('not_authorised'))

    await addAssessor(scheme, FUND, call, { party: cem, name: 'Cem' })
    await assert.rejects(addAssessor(scheme, FUND, call, { party: cem, name: 'Cem' }), refusal('duplicate_statement'))
    await assert.rejects(declareConflict(scheme, id, cem, { isConflict: true, words: '' }), refusal('invalid_input'))
    await declareConflict(scheme, id, cem, { isConflict: false, words: '' })
    assert.equal((await readToAssess(scheme, id, cem)).seen.application?.purpose, 'A book.\nIt needs half a year.')
    await assert.rejects(giveScore(scheme, id, cem, score(11, 1)), refusal('invalid_input'))
    await assert.rejects(giveScore(scheme, id, cem, score(1, 1).slice(1)), refusal('invalid_input'))
    await giveScore(scheme, id, cem, score(9, 4))
    await declareConflict(scheme, id, cem, { isConflict: true, words: 'We shared a studio.' })
    assert.deepEqual(Object.keys((await readToAssess(scheme, id, cem)).seen).includes('who'), false)
    await assert.rejects(
      declareConflict(scheme, id, cem, { isConflict: false, words: '' }),
      refusal('state_not_allowed'),
    )
    await assert.rejects(readToAssess(scheme, id, dia), refusal('not_authorised'))
    assert.equal((await planDecision(scheme, call)).missing[0]!.what, 'scores', 'points before a conflict do not count')
    await database.close()
  })

  test(`${name}: decided with reasons, down the ranking, after it has closed; what is final is told for the books`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const call = await makeCall(scheme, FUND, callInput({ pointsMin: 3 }), supportPlan)
    const first = await apply(scheme, call, 'first', { amount: '5000' })
    const second = await apply(scheme, call, 'second', { amount: '4000' })
    const third = await apply(scheme, call, 'third', { amount: '2500', acceptsLess: 'yes', publishes: 'no' })
    const fourth = await apply(scheme, call, 'fourth', { amount: '100' })
    const fifth = await apply(scheme, call, 'fifth', { amount: '100' })
    await scoreAll(scheme, fifth, [
      [ada, 1, 1],
      [ben, 1, 1],
    ])
    await scoreAll(scheme, fourth, [
      [ada, 2, 2],
      [ben, 2, 2],
    ])
    await scoreAll(scheme, third, [
      [ada, 5, 3],
      [ben, 5, 3],
      [cem, 5, 3],
    ])
    await scoreAll(scheme, second, [
      [ada, 6, 3],
      [ben, 6, 3],
    ])
    await scoreAll(scheme, first, [[ada, 9, 5]])
    test.clock.now = Date.parse('2026-12-10T23:00:00Z')
    await assert.rejects(decideCall(scheme, FUND, call, ''), refusal('state_not_allowed'))
    test.clock.now += 2 * 3_600_000
    assert.deepEqual((await planDecision(scheme, call)).missing[0], { id: first, what: 'scores' })
    await scoreAll(scheme, first, [[ben, 8, 4]])
    await assert.rejects(decideAll(test, scheme, call), /sentence of the officer is missing/)
    for (const id of [first, second, third, fourth, fifth]) await writeWords(scheme, FUND, id, `Because of ${id}.`)
    await assert.rejects(decideCall(scheme, FUND, call, 'a'.repeat(64)), refusal('confirmation_required'))
    await assert.rejects(
      decideCall(scheme, ada, call, (await planDecision(scheme, call)).agreed),
      refusal('not_authorised'),
    )
    await decideAll(test, scheme, call)
    const told = []
    for (const id of [first, second, third, fourth, fifth]) {
      const { decision } = await readOutcome(scheme.db, id)
      told.push([decision!.outcome, decision!.cents])
      assert.match(decision!.words, /^Because of /)
    }
    assert.deepEqual(told, [
      ['awarded', 500_000n],
      ['awarded', 400_000n],
      ['partial', 100_000n],
      ['money', 0n],
      ['points', 0n],
    ])
    const { decision } = await readOutcome(scheme.db, first)
    assert.deepEqual(JSON.parse(decision!.grounds)[0], {
      name: 'Need',
      pointsMax: 10,
      points: 17,
      scores: 2,
      words: ['Need is 9.', 'Need is 8.'],
    })
    assert.equal(decision!.appeal_until, '2027-01-10')
    await assert.rejects(decideAll(test, scheme, call), refusal('state_not_allowed'))
    await assert.rejects(giveScore(scheme, first, ada, score(1, 1)), refusal('state_not_allowed'))

    const names = async () => (await listAwards(scheme.db, test.clock.now)).map(({ name }) => name).sort()
    assert.deepEqual(await names(), ['first', 'second'], 'whoever has less than was asked may appeal')
    await assert.rejects(fileAppeal(scheme, partyNamed('first'), first, 'More!'), refusal('state_not_allowed'))
    await waiveAppeal(scheme, partyNamed('third'), third)
    await assert.rejects(fileAppeal(scheme, partyNamed('third'), third, 'More.'), refusal('state_not_allowed'))
    const [award] = (await listAwards(scheme.db, test.clock.now)).filter(({ name }) => name === 'third')
    assert.deepEqual([award!.cents, award!.currency, award!.call, award!.publishes], [100_000n, 'EUR', call, false])
    const figures = await callFigures(scheme.db, (await findCall(scheme.db, call))!)
    assert.deepEqual([figures.applications, figures.awards, figures.awardedCents], [5, 3, 1_000_000n])
    assert.deepEqual(figures.byCountry, [{ name: 'AT', applications: 5, awarded: 3 }])
    await database.close()
  })

  test(`${name}: urgent applications are decided at once; an appeal goes to others, and is owed where nothing is left`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const call = await makeCall(scheme, FUND, callInput(), supportPlan)
    const urgent = { isUrgent: 'yes', urgentReason: 'The studio has burnt.' }
    const [flood, fire, calm] = [
      await apply(scheme, call, 'flood', { amount: '5000', ...urgent }),
      await apply(scheme, call, 'fire', { amount: '5000', ...urgent }),
      await apply(scheme, call, 'calm', { amount: '4000', ...urgent }),
    ]
    assert.equal((await needApplication(scheme.db, flood)).urgent_due, '2026-12-15')
    await refuseUrgency(scheme, FUND, calm, 'It can wait for the others.')
    await assert.rejects(decideUrgent(scheme, FUND, calm), refusal('state_not_allowed'))
    for (const id of [flood, fire, calm]) {
      await scoreAll(scheme, id, [
        [ada, 5, 5],
        [ben, 5, 5],
      ])
      await assert.rejects(decideUrgent(scheme, FUND, flood), refusal('state_not_allowed'))
    }
    for (const id of [flood, fire, calm]) await writeWords(scheme, FUND, id, 'As said.')
    await decideUrgent(scheme, FUND, flood)
    await decideUrgent(scheme, FUND, fire)
    await decideAll(test, scheme, call)
    assert.equal((await readOutcome(scheme.db, calm)).decision!.outcome, 'money')

    const party = partyNamed('calm')
    await assert.rejects(fileAppeal(scheme, party, calm, ' '), refusal('invalid_input'))
    test.clock.now = Date.parse('2027-01-10T23:00:00Z')
    await fileAppeal(scheme, party, calm, 'It could not wait.')
    await assert.rejects(fileAppeal(scheme, party, calm, 'Again.'), refusal('state_not_allowed'))
    await assert.rejects(sayOpinion(scheme, ada, calm, { upholds: true, words: 'Yes.' }), refusal('not_authorised'))
    await assert.rejects(sayOpinion(scheme, FUND, calm, { upholds: true, words: 'Yes.' }), refusal('not_authorised'))
    await assert.rejects(sayOpinion(scheme, cem, calm, { upholds: true, words: 'Yes.' }), refusal('not_authorised'))
    await declareConflict(scheme, calm, cem, { isConflict: false, words: '' })
    await sayOpinion(scheme, cem, calm, { upholds: true, words: 'It could not.' })
    await declareConflict(scheme, calm, dia, { isConflict: true, words: 'A neighbour.' })
    const turn = { queries: scheme.db, call: (await findCall(scheme.db, call))! }
    assert.equal(await countFresh({ ...turn, application: await needApplication(scheme.db, calm) }), 1)
    assert.equal(await stateOf(scheme, calm), 'appealed')
    await sayOpinion(scheme, FUND, calm, { upholds: true, words: 'Agreed.' })
    assert.equal(await stateOf(scheme, calm), 'upheld')
    const owed = await listAwardRows(scheme.db, 'owed')
    assert.deepEqual(
      owed.map(({ name, cents }) => [name, cents]),
      [['calm', 400_000n]],
    )
    assert.ok(!(await listAwards(scheme.db, test.clock.now)).some(({ name }) => name === 'calm'))

    const days = { opens: '2027-02-01', closes: '2027-02-20' }
    const next = await makeCall(scheme, FUND, callInput(days), supportPlan)
    assert.ok(!(await listAwards(scheme.db, test.clock.now)).some(({ name }) => name === 'calm'), 'not before it opens')
    test.clock.now = Date.parse('2027-02-01T00:00:00Z')
    const paid = (await listAwards(scheme.db, test.clock.now)).find(({ name }) => name === 'calm')
    assert.deepEqual([paid?.call, paid?.cents], [next, 400_000n])
    test.clock.now = Date.parse('2027-02-21T00:00:00Z')
    assert.equal((await planDecision(scheme, next)).leftCents, 600_000n)
    await database.close()
  })

  test(`${name}: who decides and sends at the same time spends nothing twice`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const call = await makeCall(scheme, FUND, callInput(), supportPlan)
    const ids = []
    for (const name of ['one', 'two', 'three', 'four']) {
      const id = await apply(scheme, call, name, { amount: '5000', isUrgent: 'yes', urgentReason: 'Now.' })
      ids.push(id)
      await scoreAll(scheme, id, [
        [ada, 5, 5],
        [ben, 5, 5],
      ])
      await writeWords(scheme, FUND, id, 'Said.')
    }
    const twice = await Promise.allSettled([...ids, ...ids].map((id) => decideUrgent(scheme, FUND, id)))
    assert.equal(twice.filter(({ status }) => status === 'fulfilled').length, 4)
    const awards = await listAwardRows(scheme.db, { call })
    assert.deepEqual(
      awards.map(({ cents }) => cents),
      [500_000n, 500_000n],
    )
    const same = await Promise.allSettled(['a', 'a', 'a'].map((party) => apply(scheme, call, party)))
    assert.equal(same.filter(({ status }) => status === 'fulfilled').length, 1)
    await database.close()
  })

  test(`${name}: with the account goes what was applied with; of an award name and amount stay`, async () => {
    const database = await open()
    const test = await openTestRegister(database)
    const scheme = schemeOn(test)
    const call = await makeCall(scheme, FUND, callInput(), supportPlan)
    const [waiting, awarded] = [await apply(scheme, call, 'waiting'), await apply(scheme, call, 'awarded')]
    const [rejected, appealed] = [
      await apply(scheme, call, 'rejected', { amount: '5000' }),
      await apply(scheme, call, 'appealed', { amount: '5000' }),
    ]
    const secret = 'needs half a year'
    await scoreAll(scheme, waiting, [[ada, 1, 1]])
    await eraseAccount(scheme.db, partyNamed('waiting'))
    await assert.rejects(needApplication(scheme.db, waiting), refusal('not_found'))
    for (const [id, points] of [
      [awarded, 10],
      [rejected, 3],
      [appealed, 5],
    ] as const) {
      await scoreAll(scheme, id, [
        [ada, points, 1],
        [ben, points, 1],
      ])
      await writeWords(scheme, FUND, id, 'Said.')
    }
    await decideAll(test, scheme, call)
    await fileAppeal(scheme, partyNamed('rejected'), rejected, 'No.')
    const exported = JSON.stringify(await listAccountRows(scheme.db, partyNamed('awarded')), (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    )
    assert.ok(exported.includes(secret) && !exported.includes(ada), 'taken along, without who gave points')
    for (const name of ['awarded', 'rejected', 'appealed']) await eraseAccount(scheme.db, partyNamed(name))
    const rows = []
    for (const table of [
      'support_application',
      'support_score',
      'support_decision',
      'support_appeal',
      'support_conflict',
    ] as const)
      rows.push(...(await scheme.db.selectFrom(table).selectAll().execute()))
    const left = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
    for (const gone of [secret, 'maria@example.org', partyNamed('rejected'), 'Need is', 'Said.', 'None.'])
      assert.ok(!left.includes(gone), gone)
    assert.equal(sentFields(await needApplication(scheme.db, awarded)), undefined)
    assert.equal(await stateOf(scheme, rejected), 'rejected')
    const awards = await listAwardRows(scheme.db, { party: partyNamed('awarded') })
    assert.deepEqual(
      awards.map(({ name, cents, publishes }) => [name, cents, publishes]),
      [['awarded', 300_000n, 0n]],
    )
    assert.equal((await listAwards(scheme.db, test.clock.now + 60 * DAY)).length, 2)
    await database.close()
  })
}
