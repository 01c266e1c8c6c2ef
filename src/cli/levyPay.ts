import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { ColophonError, isoTime, parseJson, systemEffects } from '../foundation/index.ts'
import {
  bookAnswer,
  bookAwards,
  checkPain001,
  formatCents,
  importPayees,
  listPayouts,
  preparePayout,
  readCamt054,
  readDebtor,
  readPain002,
  writePayout,
} from '../levy/index.ts'
import { needOne, print, type ExitCode } from './command.ts'
import {
  day,
  need,
  onePlan,
  readPlanInForce,
  readText,
  today,
  withBooks,
  type LevyFlags,
  type LevyVerb,
} from './levyFlags.ts'

/** `levy payees FILE`. */
export const payees: LevyVerb = async (given, flags) => {
  const count = await withBooks((db) => importPayees(db, needOne(given, 'table'), isoTime(systemEffects.now())))
  print(flags.json, { payees: count }, [`${count} payees are known.`])
  return 0
}

/** `levy awards`: books final awards of the support scheme, each once. */
export const awards: LevyVerb = async (_, flags) => {
  const { booked, before } = await withBooks((db) => bookAwards(db, systemEffects.now()))
  const total = booked.reduce((sum, { cents }) => sum + cents, 0n)
  print(flags.json, { booked: booked.map(({ id, cents }) => ({ id, cents: String(cents) })), before }, [
    `${booked.length} awards booked, ${formatCents(total, 'EUR')}; ${before} were booked before.`,
  ])
  return 0
}

/** `levy pay`: what is owed becomes one payment file; `--again` writes a file again, byte for byte. */
export const pay: LevyVerb = async (_, flags) => {
  if (flags.list) return listFiles(flags)
  const out = need(flags, 'out')
  const remittance = 'Colophon fund'
  if (flags.again) {
    const written = await withBooks((db) => writePayout(db, flags.again!, out, remittance))
    print(flags.json, { message: flags.again, payments: written.payments, cents: String(written.cents), file: out }, [
      `The same file again: ${out}`,
    ])
    return 0
  }
  const { distribution, currency } = await readPlanInForce(onePlan(flags))
  if (currency !== 'EUR') throw new ColophonError('usage', `payment files are in euro, and the plan is in ${currency}`)
  const path = need(flags, 'debtor')
  const debtor = readDebtor(parseJson(readText(path), path), path)
  const executionDate = day(flags, 'on', tomorrow())
  if (executionDate < today()) throw new ColophonError('usage', '--on is in the past')
  return withBooks<ExitCode>(async (db) => {
    const payout = await preparePayout(db, { rules: distribution, debtor, executionDate, now: systemEffects.now() })
    if (payout.message)
      await writePayout(db, payout.message, out, remittance).catch((cause: unknown) => {
        throw new ColophonError(
          'unreadable_file',
          `the payments are booked as ${payout.message}, and the file was not written`,
          {
            where: out,
            remedy: `Write it: colophon levy pay --again ${payout.message} -o FILE.xml.`,
            cause,
          },
        )
      })
    const reasons = Map.groupBy(payout.notPaid, ({ reason }) => reason)
    print(
      flags.json,
      {
        ...payout,
        cents: String(payout.cents),
        taxCents: String(payout.taxCents),
        notPaid: payout.notPaid.map((each) => ({ ...each, cents: String(each.cents) })),
        ...(payout.message ? { file: out } : {}),
      },
      [
        payout.message
          ? `${payout.payments} payments, ${formatCents(payout.cents, 'EUR')}, tax kept back ${formatCents(payout.taxCents, 'EUR')}: ${out} (${payout.message})`
          : 'There is nothing to pay.',
        ...Array.from(
          reasons,
          ([reason, rows]) =>
            `  not paid, ${reason}: ${rows.length}, ${formatCents(
              rows.reduce((sum, { cents }) => sum + cents, 0n),
              'EUR',
            )}`,
        ),
      ],
    )
    return 0
  })
}

function tomorrow(): string {
  return isoTime(systemEffects.now() + 86_400_000).slice(0, 10)
}

/** `levy pay --list`: payment files, and how their payments stand. */
async function listFiles(flags: LevyFlags): Promise<ExitCode> {
  const payouts = await withBooks((db) => listPayouts(db))
  print(flags.json, JSON.parse(JSON.stringify({ payouts }, digits)) as object, [
    ...payouts.map(
      ({ message, executionDate, states }) =>
        `${message} for ${executionDate}: ${states.map(({ state, payments, cents }) => `${payments} ${state}, ${formatCents(cents, 'EUR')}`).join('; ')}`,
    ),
    ...(payouts.length === 0 ? ['No payment file was written yet.'] : []),
  ])
  return 0
}

/** `levy check-file FILE.xml`: what the schema of payment files does not see. */
export const checkFile: LevyVerb = async (given, flags) => {
  const path = open(needOne(given, 'payment file'))
  const check = await checkPain001(createReadStream(path), today())
  const isSound = !check.findings.some(({ severity }) => severity === 'error')
  print(flags.json, JSON.parse(JSON.stringify(check, digits)) as object, [
    ...check.findings.map(({ severity, where, what }) => `${severity}: ${where}: ${what}`),
    isSound ? 'Sound.' : 'NOT SOUND: do not send it.',
  ])
  return isSound ? 0 : 1
}

/** `levy answer FILE.xml`: books what the bank says in a camt.054 or pain.002 message, once. */
export const answer: LevyVerb = async (given, flags) => {
  const path = open(needOne(given, 'message of the bank'))
  const head = readFileSync(path).subarray(0, 4096).toString('latin1')
  const read = head.includes('camt.054') ? readCamt054 : readPain002
  const said = await read(createReadStream(path))
  const matched = await withBooks((db) => bookAnswer(db, said, systemEffects.now()))
  const { executed, rejected, returned, pending, known, unmatched } = matched
  const errors = said.findings.filter(({ severity }) => severity === 'error')
  print(flags.json, { ...matched, findings: said.findings }, [
    `${executed} executed, ${rejected} rejected, ${returned} returned, ${pending} pending, ${known} known before.`,
    ...unmatched.map(({ endToEndId, reference, message }) => `NOT MATCHED ${endToEndId ?? reference}: ${message}`),
    ...said.findings.map(({ severity, where, what }) => `${severity}: ${where}: ${what}`),
  ])
  return unmatched.length > 0 || errors.length > 0 ? 1 : 0
}

function open(path: string): string {
  if (existsSync(path)) return path
  throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
}

const digits = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
