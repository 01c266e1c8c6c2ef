import { csvCell, writePdf, type PdfBlock } from '../../foundation/index.ts'
import type { Allocation } from '../runs/allocations.ts'
import type { AccountStatement } from './statement.ts'

/** The texts of a statement in the language of its reader. */
export interface StatementWords {
  language: string
  t(key: string, values?: Record<string, string | number>): string
  /** An amount in the currency of the fund. */
  money(cents: bigint): string
}

/** A statement with the works that stand behind its runs. */
export interface StatedWorks {
  statement: AccountStatement
  name: string
  runs: { root: string; from: string; to: string; allocations: Allocation[] }[]
  /** Titles of works that the register knows. */
  titles: ReadonlyMap<string, string>
}

/** What a statement adds up, in the order of its sum: the name of the text, and the amount as it changes the balance. */
export function sumLines(each: AccountStatement): { key: string; cents: bigint }[] {
  return [
    { key: 'fund.opening', cents: each.openingCents },
    { key: 'fund.net', cents: each.netCents },
    { key: 'fund.costs', cents: -each.costsCents },
    { key: 'fund.reserves', cents: each.netReservesCents },
    { key: 'fund.payments', cents: -each.paymentsCents },
    { key: 'fund.tax', cents: -each.taxCents },
    ...(each.releasedCents === 0n ? [] : [{ key: 'fund.released', cents: -each.releasedCents }]),
    { key: 'fund.closing', cents: each.closingCents },
  ]
}

/** Cents for each use of a work, to a thousandth of a cent: an amount has no meaning without it. */
export function rateOf({ uses, cents }: Allocation): string {
  if (uses === 0n) return ''
  const thousandths = (cents * 1000n * 2n + uses) / (uses * 2n)
  return `${thousandths / 1000n}.${String(thousandths % 1000n).padStart(3, '0')}`
}

export async function statementPdf(
  { statement, name, runs, titles }: StatedWorks,
  words: StatementWords,
  at: string,
): Promise<Uint8Array> {
  const { t, money } = words
  const blocks: PdfBlock[] = [
    { heading: t('fund.statement'), level: 1 },
    { text: `${name} (${statement.payee}), ${t('fund.period', { from: statement.from, to: statement.to })}` },
    ...sumLines(statement).flatMap(({ key, cents }): PdfBlock[] => [{ term: t(key) }, { text: money(cents) }]),
    { note: t('fund.sum') },
    { heading: t('fund.movements'), level: 2 },
    ...statement.lines.map((line) => ({ text: `${line.day}: ${t(`fund.kind.${line.kind}`)}, ${money(line.cents)}` })),
    ...runs.flatMap((run): PdfBlock[] => [
      { heading: t('fund.works', { from: run.from, to: run.to }), level: 2 },
      ...run.allocations.map((each) => ({
        text: t('fund.work', {
          work: titles.get(each.work) ?? each.work,
          sector: each.sector,
          share: each.share / 100,
          uses: Number(each.uses),
          amount: money(each.cents),
        }),
      })),
      { note: t('fund.root', { root: run.root }) },
    ]),
    { note: t('fund.noLicence') },
  ]
  return writePdf({ title: `${t('fund.statement')} ${statement.payee}`, language: words.language, at }, blocks)
}

/** The lines of a statement and the works behind them, as one table. RFC 4180. */
export function statementCsv({ statement, runs, titles }: StatedWorks): string {
  const rows: (string | number | bigint)[][] = [
    ['what', 'day', 'work', 'title', 'sector', 'share', 'uses', 'centsPerUse', 'cents'],
    ['opening', statement.from, '', '', '', '', '', '', statement.openingCents],
    ...statement.lines.map((line) => [line.kind, line.day, '', '', '', '', '', '', line.cents]),
    ['closing', statement.to, '', '', '', '', '', '', statement.closingCents],
    ...runs.flatMap(({ to, allocations }) =>
      allocations.map((each) => [
        'work',
        to,
        each.work,
        titles.get(each.work) ?? '',
        each.sector,
        each.share,
        each.uses,
        rateOf(each),
        each.cents,
      ]),
    ),
  ]
  return rows.map((cells) => `${cells.map(safeCell).join(',')}\n`).join('')
}

/** Texts of others cannot become formulas of a spreadsheet. */
const safeCell = (value: string | number | bigint) =>
  csvCell(typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value)

/** The same as JSON; cents are digits. */
export function statementJson({ statement, name, runs, titles }: StatedWorks): object {
  const whole = { type: 'LevyStatementOfAccount', name, ...statement, runs, titles: Object.fromEntries(titles) }
  return JSON.parse(
    JSON.stringify(whole, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object
}
