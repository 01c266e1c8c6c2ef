import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, isoTime, systemEffects, writeFileDurably } from '../foundation/index.ts'
import {
  formatCents,
  moneyIn,
  statementCsv,
  statementJson,
  statementPdf,
  readStatedWorks,
  requireSound,
  writeReport,
  type FundReport,
} from '../levy/index.ts'
import { speak } from '../web/index.ts'
import { needOne, print } from './command.ts'
import { day, need, onePlan, readGivenPlan, today, withBooks, type LevyVerb } from './levyFlags.ts'

/** `levy state PAYEE`: the statement of an account, as text, PDF, CSV or JSON. */
export const state: LevyVerb = async (given, flags) => {
  const payee = needOne(given, 'payee')
  const [from, to] = [day(flags, 'from', `${today().slice(0, 4)}-01-01`), day(flags, 'to', today())]
  const { stated, language } = await withBooks(async (db, { kept }) => {
    await requireSound(db)
    return readStatedWorks(db, kept, payee, from, to)
  })
  const spoken = flags.language ?? language ?? 'en'
  const { t } = speak(spoken)
  const words = { language: spoken, t, money: (cents: bigint) => moneyIn(spoken, cents, 'EUR') }
  const { out } = flags
  if (out?.endsWith('.pdf'))
    writeFileDurably(out, await statementPdf(stated, words, isoTime(systemEffects.now())), 0o600)
  else if (out?.endsWith('.csv')) writeFileDurably(out, statementCsv(stated), 0o600)
  else if (out?.endsWith('.json')) writeFileDurably(out, `${JSON.stringify(statementJson(stated), null, 1)}\n`, 0o600)
  else if (out) throw new ColophonError('usage', 'the file ends with .pdf, .csv or .json', { where: out })
  const { statement, name } = stated
  print(flags.json, statementJson(stated), [
    `${name} (${payee}), ${from} to ${to}`,
    `opening ${words.money(statement.openingCents)} + net ${words.money(statement.netCents)} − payments ${words.money(statement.paymentsCents)} − tax ${words.money(statement.taxCents)} − released ${words.money(statement.releasedCents)} = closing ${words.money(statement.closingCents)}`,
    ...statement.lines.map((line) => `${line.day} ${line.kind} ${words.money(line.cents)} ${line.description}`),
    ...(out ? [`Written: ${out}`] : []),
  ])
  return 0
}

/** `levy report --year YEAR`: the transparency report. */
export const report: LevyVerb = async (_, flags) => {
  const year = Number(need(flags, 'year'))
  if (!Number.isInteger(year) || year < 2000 || year > 2200) throw new ColophonError('usage', '--year is no year')
  const plan = await readGivenPlan(onePlan(flags))
  const written = await withBooks(async (db, { fund }) => {
    await requireSound(db)
    return writeReport(db, year, plan, fund)
  })
  const json = JSON.parse(
    JSON.stringify(written, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object
  if (flags.out) {
    mkdirSync(flags.out, { recursive: true })
    writeFileDurably(join(flags.out, `report-${year}.json`), `${JSON.stringify(json, null, 1)}\n`)
  }
  print(flags.json, json, linesOf(written, plan.currency))
  return 0
}

function linesOf(each: FundReport, currency: string): string[] {
  const money = (cents: bigint) => formatCents(cents, currency)
  return [
    `${each.year}: assessed ${money(each.assessedCents)}, received ${money(each.receivedCents)}, interest ${money(each.interestCents)}`,
    ...each.runs.flatMap((run) => [
      `distributed ${money(run.grossCents)} for ${run.from} to ${run.to} (${run.id})`,
      ...[...run.groups, ...run.sectors, ...run.held].map(([name, cents]) => `  ${name} ${money(cents)}`),
    ]),
    `administration ${money(each.administrationCents)}, ${each.administrationShare / 100} % of what was received`,
    ...each.paid.map(({ group, cents, payments }) => `paid to ${group}: ${money(cents)} in ${payments} payments`),
    `returned ${money(each.returnedCents)}, tax kept back ${money(each.taxCents)}`,
    ...each.outstanding.map(
      ({ account, accounts, cents }) => `outstanding, ${account}: ${money(cents)} on ${accounts} accounts`,
    ),
    `not located: ${each.unlocated.count}, ${money(each.unlocated.cents)}; released ${money(each.unlocated.releasedCents)}`,
  ]
}
