import assert from 'node:assert/strict'
import { caseHit, caseInput } from './support/caseInput.ts'
import { after, test } from 'node:test'
import type { DatasetHit } from '../src/datasets/index.ts'
import { isoTime, readConfig } from '../src/foundation/index.ts'
import {
  deadlines,
  findCase,
  formOf,
  letterOf,
  listDeliveries,
  listEvents,
  moveCase,
  openCase,
  recordBounce,
  recordPost,
  reopenWhenFound,
  requestStatistics,
  runDeadlines,
  sendByMail,
  smtpMailer,
  suppressed,
  type RequestInput,
} from '../src/requests/index.ts'
import { MAILS_A_DAY } from '../src/requests/sendCase.ts'
import { insertDelivery } from '../src/requests/store.ts'
import { speak } from '../src/web/index.ts'
import { startSmtpServer } from './support/smtpServer.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const HIT: DatasetHit = { ...caseHit, url: 'https://example.org/a.jpg' }

const INPUT: RequestInput = { ...caseInput, senderName: 'Maria', workTitle: 'Sky' }

const DAY = 86_400_000

async function open({ register }: TestRegister, more: Partial<RequestInput> = {}, hit: Partial<DatasetHit> = {}) {
  const found = { hit: { ...HIT, ...hit }, row: null, codes: {}, foundAt: '2026-11-24T12:00:00.000Z' }
  return (await openCase(register, newSigner(), { ...INPUT, ...more }, found)).id
}

const stateOf = async ({ register }: TestRegister, id: string) => (await findCase(register.database.db, id))!.state
const notesOf = async ({ register }: TestRegister, id: string) =>
  (await listEvents(register.database.db, id)).map(({ state, note }) => `${state} ${note}`)

for (const { name, open: openDatabase } of testDatabases(postgres.url)) {
  test(`${name}: a week, and two months, of days run deadlines and reminders, each once`, async () => {
    const database = await openDatabase()
    const there = await openTestRegister(database)
    const { register, clock } = there
    const [removal, access, answered, draft] = [
      await open(there, { recipientCountry: 'DE' }),
      await open(there, { kind: 'access', isOwnPersonalData: true, recipientCountry: 'FR' }),
      await open(there),
      await open(there),
    ]
    for (const id of [removal, access, answered]) await moveCase(register, id, 'sent', '')
    const start = clock.now
    for (let day = 1; day <= 7; day++) assert.deepEqual(await runDeadlines(register, start + day * DAY), [])
    await moveCase(register, answered, 'removed', 'done')
    const written: string[] = []
    for (let day = 8; day <= 61; day++) {
      const now = start + day * DAY
      clock.now = now
      // A run that is repeated, or meets another, adds nothing.
      const [first, second] = [await runDeadlines(register, now), await runDeadlines(register, now)]
      assert.deepEqual(second, [])
      written.push(...first.map(({ id, name: what, due }) => `${id === removal ? 'removal' : 'access'} ${what} ${due}`))
    }
    // Sent on Tuesday, 24 November: day 30 is Christmas Eve, one month is the same day.
    assert.deepEqual(written.toSorted(), [
      'access personal-data 2026-12-24',
      'access reminder 2026-12-08',
      'removal alert 2026-12-24',
      'removal reminder 2026-12-08',
    ])
    assert.deepEqual(await Promise.all([removal, access, answered, draft].map((id) => stateOf(there, id))), [
      'no-reply',
      'no-reply',
      'removed',
      'submitted',
    ])
    await database.close()
  })

  test(`${name}: what was missed for two months is made up for in one run, and counts again when sent again`, async () => {
    const database = await openDatabase()
    const there = await openTestRegister(database)
    const { register, clock } = there
    const id = await open(there)
    await moveCase(register, id, 'sent', '')
    clock.now += 61 * DAY
    const runs = await Promise.all([runDeadlines(register, clock.now), runDeadlines(register, clock.now)])
    assert.deepEqual(
      runs.flat().map(({ name: what }) => what),
      ['reminder', 'alert'],
    )
    for (const state of ['closed', 'reopened', 'sent'] as const) await moveCase(register, id, state, '')
    assert.deepEqual(await runDeadlines(register, clock.now), [])
    assert.equal((await runDeadlines(register, clock.now + 20 * DAY)).length, 1)
    await database.close()
  })

  test(`${name}: a row that is found again in a later version opens its case again, with what shows it`, async () => {
    const database = await openDatabase()
    const there = await openTestRegister(database)
    const { register } = there
    const [removed, other, waiting] = [
      await open(there),
      await open(there, {}, { datasetName: 'Else' }),
      await open(there),
    ]
    for (const id of [removed, other])
      for (const state of ['sent', 'removed'] as const) await moveCase(register, id, state, '')
    const answering =
      (row: number, status = 'exact'): Parameters<typeof reopenWhenFound>[2] =>
      async (works) => {
        const work = works.find(({ sha256 }) => sha256 === 'a'.repeat(64))
        return work ? [{ work: work.id, row, match: 'exact-file', measure: 0, status } as never] : []
      }
    const same = { id: 'set-1', name: 'Set', version: '1' }
    assert.deepEqual(await reopenWhenFound(register, same, answering(31)), [], 'how many rows it had is not known')
    const later = { id: 'set-2', name: 'Set', version: '2' }
    assert.deepEqual(await reopenWhenFound(register, later, async () => []), [])
    assert.deepEqual(await reopenWhenFound(register, later, answering(31, 'candidate')), [])
    assert.deepEqual(await reopenWhenFound(register, later, async () => undefined), [], 'the part has gone')
    assert.deepEqual(await reopenWhenFound(register, later, answering(31)), [removed])
    assert.match(
      (await notesOf(there, removed)).at(-1)!,
      /^reopened found again in Set, version 2, row 31: the same file$/,
    )
    assert.deepEqual(await reopenWhenFound(register, later, answering(31)), [])
    assert.deepEqual([await stateOf(there, other), await stateOf(there, waiting)], ['removed', 'submitted'])
    await database.close()
  })

  test(`${name}: figures hide small counts and private cases`, async () => {
    const database = await openDatabase()
    const there = await openTestRegister(database)
    for (let i = 0; i < 6; i++) await open(there, { kind: i < 5 ? 'removal' : 'information' })
    await open(there, { isIntimate: true })
    const { total, byKind, byState, medianDaysToAnswer } = await requestStatistics(database.db)
    assert.deepEqual(
      { total, byKind, byState, medianDaysToAnswer },
      {
        total: 6,
        // One hidden count alone would follow from the total.
        byKind: { removal: null, information: null },
        byState: { submitted: 6 },
        medianDaysToAnswer: null,
      },
    )
    await database.close()
  })
}

test('a letter about a model is not addressed to whoever holds the data set', async () => {
  const database = await testDatabases('')[0]!.open()
  const there = await openTestRegister(database)
  const datasets = [{ id: HIT.dataset, contact: 'sets@example.org' }]
  const recipientOf = async (more: Partial<RequestInput>) =>
    letterOf((await findCase(database.db, await open(there, more)))!, datasets).recipient
  assert.equal(await recipientOf({ kind: 'removal' }), 'sets@example.org')
  assert.equal(await recipientOf({ kind: 'unlearning', model: 'Model 9' }), null)
  assert.equal(await recipientOf({ kind: 'unlearning', model: 'Model 9', recipientName: 'Models' }), 'Models')
  await database.close()
})

test('days are the recipient’s, and a date on a weekend or a holiday moves to the next working day', () => {
  const due = (sent: string, country?: string) => deadlines(Date.parse(sent), country).map(({ due: day }) => day)
  // Half past ten in the evening in UTC is the next day in Athens: Saturday 14 and Sunday 30 days later move.
  assert.deepEqual(due('2026-11-27T12:00:00Z'), ['2026-12-11', '2026-12-28', '2026-12-28'])
  assert.deepEqual(due('2026-11-27T22:30:00Z', 'GR'), ['2026-12-14', '2026-12-28', '2026-12-28'])
  assert.deepEqual(due('2026-12-11T12:00:00Z', 'FR')[0], '2026-12-28', 'Christmas is a Friday')
  assert.deepEqual(due('2027-01-31T12:00:00Z')[2], '2027-03-01')
  assert.deepEqual(
    suppressed(
      new Map([
        ['a', 9],
        ['b', 1],
        ['c', 2],
      ]),
    ),
    { a: 9, b: null, c: null },
  )
})

test('a letter goes out by mail with its PDF; a refusal and a bounce let it be sent again', async () => {
  const smtp = await startSmtpServer((recipient) => recipient.includes('gone@'))
  const database = await testDatabases('')[0]!.open()
  const there = await openTestRegister(database)
  const { register } = there
  const mailer = smtpMailer(smtp.url, 'desk@example.org')
  try {
    const id = await open(there, { workTitle: 'Sky\r\nBcc: all@example.org' })
    const letter = letterOf((await findCase(database.db, id))!, [])
    assert.equal(await sendByMail(register, mailer, letter, 'gone@example.org', speak), 'undelivered')
    assert.match((await notesOf(there, id)).at(-1)!, /refused: .*550/)
    assert.equal(await sendByMail(register, mailer, letter, 'set@example.org', speak), 'sent')
    await assert.rejects(sendByMail(register, mailer, letter, 'set@example.org', speak), { code: 'state_not_allowed' })
    assert.equal(smtp.mails.length, 1)
    const [head] = smtp.mails[0]!.split('\r\n\r\n')
    assert.match(head!, /^Reply-To: maria@example\.org$/m)
    assert.doesNotMatch(head!, /^Bcc/m)
    assert.match(smtp.mails[0]!, /application\/pdf/)
    assert.match(smtp.mails[0]!, /appears in Set/)
    await recordBounce(register, id, 'mailbox full')
    assert.equal(await stateOf(there, id), 'undelivered')
    await recordPost(register, id, '2026-11-23', 'RR 1')
    assert.match((await notesOf(there, id)).at(-1)!, /^sent by post on 2026-11-23, tracking number RR 1/)
    await assert.rejects(recordPost(register, id, '2036-11-23', ''), { code: 'invalid_input' })
    assert.deepEqual(
      (await listDeliveries(database.db, id)).map(({ channel, state }) => `${channel} ${state}`).sort(),
      ['mail undelivered', 'mail undelivered', 'post sent'],
    )
    const intimate = await open(there, { isIntimate: true })
    const secret = letterOf((await findCase(database.db, intimate))!, [])
    await assert.rejects(sendByMail(register, mailer, secret, 'set@example.org', speak), { code: 'not_authorised' })
    const full = 'full@example.org'
    for (let i = 0; i < MAILS_A_DAY; i++) {
      const delivery = { id: `mail-${i}`, request_case: letter.id, channel: 'mail', recipient: full, state: 'sent' }
      await insertDelivery(database.db, { ...delivery, note: '', recorded_at: isoTime(there.clock.now) })
    }
    for (const spelled of [full, 'FULL@Example.org', 'full+1@example.org'])
      await assert.rejects(sendByMail(register, mailer, letter, spelled, speak), { code: 'too_many_requests' })
    await recordPost(register, intimate, '2026-11-24', '')
    assert.equal(smtp.mails.length, 1)
  } finally {
    smtp.stop()
    await database.close()
  }
})

test('mail is off unless it is set up, and a wrong address is not repeated', () => {
  assert.equal(readConfig({}).mail, undefined)
  assert.throws(
    () => readConfig({ SMTP_URL: 'http://u:secret@host', MAIL_FROM: 'a@b.example' }),
    (error: Error) => {
      assert.doesNotMatch(error.message + JSON.stringify(error), /secret/)
      return true
    },
  )
})

test('a form that a provider wants is offered for what it takes, by whole words of its name, and for nothing else', () => {
  const letter = (kind: string, datasetName: string, model?: string) =>
    ({ kind, details: model ? { model } : {}, evidence: { hit: { ...HIT, datasetName } } }) as never
  assert.equal(formOf(letter('erasure', 'LAION-5B'))?.provider, 'LAION')
  assert.equal(formOf(letter('erasure', 're-LAION 2B'))?.provider, 'LAION')
  assert.equal(formOf(letter('opt-out', 'LAION-5B')), undefined)
  assert.equal(formOf(letter('erasure', 'Pavilaionis')), undefined)
  assert.equal(formOf(letter('objection', 'Set', 'Llama 4'))?.provider, 'Meta')
  assert.equal(formOf(letter('objection', 'Set', 'Llamas of the Andes')), undefined)
})
