import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, isoTime, parseJson, systemEffects, writeFileDurably } from '../foundation/index.ts'
import {
  assess,
  bookEntries,
  decideObjection,
  interestEntry,
  issueAssessment,
  interestOwed,
  listAssessments,
  listObjections,
  listPlans,
  object,
  parseAmount,
  formatCents,
  readFacts,
  receiptEntry,
  writeNotice,
  type IssuedAssessment,
} from '../levy/index.ts'
import { needOne, print, type ExitCode } from './command.ts'
import {
  day,
  need,
  onePlan,
  readGivenPlan,
  readPlanInForce,
  readText,
  today,
  withBooks,
  type LevyFlags,
  type LevyVerb,
} from './levyFlags.ts'

/** `levy assess FACTS.json`: what is due and why; with `--record` it is issued and booked. */
export const assessDeveloper: LevyVerb = async (given, flags) => {
  if (flags.list) return listIssued(flags)
  const path = needOne(given, 'file of facts')
  const facts = readFacts(parseJson(readText(path), path, 16 * 1024 * 1024), path)
  const plan = flags.record ? await readPlanInForce(onePlan(flags)) : await readGivenPlan(onePlan(flags))
  if (flags.corrects && !flags.record) throw new ColophonError('usage', '--corrects needs --record')
  const issued: IssuedAssessment = flags.record
    ? await withBooks((db, { fund }) =>
        issueAssessment(db, plan, facts, systemEffects, { corrects: flags.corrects, fund }),
      )
    : { id: 'not issued', corrects: null, notifiedOn: today(), assessment: assess(plan, facts, today()), facts }
  if (flags.out) await writeNotices(flags.out, issued)
  const { assessment } = issued
  print(flags.json, asJson(issued), [
    ...assessment.lines.map(
      ({ step, text, cents }) => `${step.padEnd(11)} ${formatCents(cents, plan.currency).padStart(22)}  ${text}`,
    ),
    ...assessment.instalments
      .filter(({ cents }) => cents > 0n)
      .map(({ dueOn, cents }) => `due on ${dueOn} ${formatCents(cents, plan.currency)}`),
    flags.record ? `Issued and booked: ${issued.id}` : 'Not issued: add --record.',
  ])
  return 0
}

/** `levy assess --list`: what was issued, latest first, and what was objected. */
async function listIssued(flags: LevyFlags): Promise<ExitCode> {
  return withBooks<ExitCode>(async (db) => {
    const issued = await listAssessments(db, flags.provider ? { provider: flags.provider } : {})
    const objections = await Promise.all(issued.map(({ id }) => listObjections(db, id)))
    const lines = issued.flatMap(({ id, corrects, notifiedOn, assessment: each }, i) => [
      `${id} ${notifiedOn} ${each.name}, ${each.scheme}/${each.version}, ${each.period.from} to ${each.period.to}: ${formatCents(each.dueCents, each.currency)}${corrects ? `, corrects ${corrects}` : ''}`,
      ...objections[i]!.map((one) => `  objection ${one.id} of ${one.made_on}: ${one.outcome ?? 'open'}`),
    ])
    const rows = issued.map((each, i) => ({ ...each, objections: objections[i] }))
    print(flags.json, asJson({ assessments: rows }), lines.length > 0 ? lines : ['No assessment was issued yet.'])
    return 0
  })
}

async function writeNotices(folder: string, issued: IssuedAssessment): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileDurably(join(folder, 'notice.json'), `${JSON.stringify(asJson(issued), null, 1)}\n`, 0o600)
  writeFileDurably(
    join(folder, 'notice.pdf'),
    await writeNotice(issued, 'The fund', isoTime(systemEffects.now())),
    0o600,
  )
}

/** Cents as digits. */
const asJson = (issued: object) =>
  JSON.parse(
    JSON.stringify(issued, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object

/** `levy object ASSESSMENT --grounds TEXT`. */
export const objectTo: LevyVerb = async (given, flags) => {
  const id = await withBooks((db) => object(db, needOne(given, 'assessment'), need(flags, 'grounds'), systemEffects))
  print(flags.json, { id }, [`The objection is noted: ${id}`])
  return 0
}

/** `levy decide OBJECTION --uphold|--reject --reason TEXT`. */
export const decideOn: LevyVerb = async (given, flags) => {
  if (flags.uphold === flags.reject) throw new ColophonError('usage', 'give either --uphold or --reject')
  const outcome = flags.uphold ? 'upheld' : 'rejected'
  await withBooks((db) =>
    decideObjection(db, needOne(given, 'objection'), outcome, need(flags, 'reason'), systemEffects),
  )
  const next =
    outcome === 'upheld' ? ' Issue the correction: colophon levy assess … --record --corrects ASSESSMENT.' : ''
  print(flags.json, { outcome }, [`The objection is ${outcome}.${next}`])
  return 0
}

/** `levy receive`: money came in, or went back when the amount is negative. */
export const receive: LevyVerb = async (_, flags) => {
  const provider = need(flags, 'provider')
  const cents = parseAmount(need(flags, 'amount'), '--amount')
  const entry = receiptEntry(provider, cents, need(flags, 'reference'), day(flags, 'on', today()))
  const booked = await withBooks((db) => bookEntries(db, [entry], isoTime(systemEffects.now())))
  print(flags.json, { booked }, [
    booked === 1 ? 'Booked.' : 'That reference was booked before; nothing was booked again.',
  ])
  return 0
}

/** `levy interest ASSESSMENT --paid-on DAY`: what paying late costs up to a day; with `--record` what is new of it is booked. */
export const interest: LevyVerb = async (given, flags) => {
  const id = needOne(given, 'assessment')
  const until = day(flags, 'paid-on', today())
  const rates = (flags['reference-rate'] ?? []).map(readRate)
  return withBooks<ExitCode>(async (db) => {
    const [issued] = await listAssessments(db, { id })
    if (!issued) throw new ColophonError('not_found', 'there is no such assessment', { where: id })
    const [recorded] = await listPlans(db, { digest: issued.assessment.planDigest })
    if (!recorded) throw new ColophonError('not_found', 'the plan of this assessment is not recorded', { where: id })
    const owed = await interestOwed(db, id, recorded.plan, until, rates)
    const { provider, scheme, currency } = issued.assessment
    if (flags.record && owed.openCents > 0n)
      await bookEntries(
        db,
        [interestEntry(provider, scheme, owed.openCents, `${id}:${until}`, until)],
        isoTime(systemEffects.now()),
      )
    print(flags.json, asJson(owed), [
      ...owed.parts.map(
        (each) =>
          `due on ${each.dueOn} ${formatCents(each.cents, currency)}, ${each.paidOn ? `paid on ${each.paidOn}` : 'open'}: interest ${formatCents(each.interestCents, currency)}`,
      ),
      `together ${formatCents(owed.totalCents, currency)}, booked before ${formatCents(owed.bookedCents, currency)}`,
      flags.record ? `Booked: ${formatCents(owed.openCents, currency)}` : 'Not booked: add --record.',
    ])
    return 0
  })
}

/** `2027-01-01=21500`: from that day on 2.15 %. */
function readRate(text: string) {
  const match = /^(\d{4}-\d{2}-\d{2})=(-?\d{1,7})$/.exec(text)
  if (match) return { from: match[1]!, ppm: Number(match[2]) }
  throw new ColophonError('usage', `--reference-rate is no DAY=PPM: ${text}`)
}
