import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { csvCell, syncDirectory } from '../../foundation/index.ts'
import { divideOneWork } from '../distribution/shares.ts'
import type { Waterfall } from '../distribution/waterfall.ts'
import { heritageCriteria } from '../plans/schema.ts'
import { chunksOf } from './chunks.ts'
import { openTree, type RunLine } from './commit.ts'
import { orderPayees, orderWorks } from './order.ts'
import type { ComputedRun, RunReport } from './runDistribution.ts'

/** The lines of a run in their order: the fund's own, institutions, what is held, payees. Nothing is booked with 0. */
async function* linesOf({ connection, result }: ComputedRun): AsyncGenerator<RunLine> {
  const { waterfall, heritage, rightsholders } = result
  yield* ownLines(waterfall, heritage === undefined)
  for (const [owner, parts] of heritage ?? []) {
    const cents = heritageCriteria.reduce((sum, name) => sum + parts[name], 0n)
    if (cents > 0n) yield { account: 'Liabilities:Heritage', owner, cents }
  }
  if (!rightsholders) return
  for (const { reason, where, cents } of rightsholders.held)
    yield { account: 'Liabilities:Held', owner: `${reason} ${where}`.trim(), cents }
  const held = new Map<string, number>()
  for (const { reason, cents } of rightsholders.heldOfWorks) held.set(reason, (held.get(reason) ?? 0) + cents)
  for (const [owner, cents] of held) yield { account: 'Liabilities:Held', owner, cents: BigInt(cents) }
  let place = 0
  await orderPayees(connection)
  for await (const chunk of chunksOf(
    connection,
    [],
    'SELECT CAST(payee AS VARCHAR) FROM ordered_payees ORDER BY rowid',
  )) {
    const ids = chunk.getColumnVector(0)
    const rows = chunk.rowCount
    for (let i = 0; i < rows; i++) {
      const cents = rightsholders.payees[place++]!
      if (cents > 0) yield { account: 'Liabilities:Payees', owner: (ids as Texts).getItem(i)!, cents: BigInt(cents) }
    }
  }
}

function ownLines({ reserveCents, feeCents, groups }: Waterfall, isHeritageHeld: boolean): RunLine[] {
  const lines = [
    { account: 'Liabilities:Reserve', owner: '', cents: reserveCents },
    { account: 'Income:Administration', owner: '', cents: feeCents },
    { account: 'Liabilities:CreatorSupport', owner: '', cents: groups.creatorSupport },
    { account: 'Liabilities:Social', owner: '', cents: groups.social },
    { account: 'Liabilities:Held', owner: 'no-institutions', cents: isHeritageHeld ? groups.heritage : 0n },
  ]
  return lines.filter(({ cents }) => cents > 0n)
}

/** Writes what is booked, and commits to it. */
export async function writeLines(run: ComputedRun, folder: string, salts: Uint8Array) {
  const tree = openTree(salts)
  const file = openCsv(join(folder, 'lines.csv'), 'account,owner,cents')
  let count = 0
  for await (const line of linesOf(run)) {
    tree.add(line)
    file.write(`${line.account},${csvCell(line.owner)},${line.cents}\n`)
    count++
  }
  file.close()
  return { count, root: tree.root() }
}

/** Writes what each work has. Returns what each sector has. */
export async function writeWorks(
  { connection, result, works: columns }: ComputedRun,
  folder: string,
): Promise<RunReport['sectors']> {
  if (!result.rightsholders) return []
  const { works } = result.rightsholders
  await orderWorks(connection)
  const file = openCsv(join(folder, 'works.csv'), 'work,sector,cents')
  let place = 0
  for await (const chunk of chunksOf(
    connection,
    [],
    'SELECT CAST(work AS VARCHAR), sector FROM ordered_works ORDER BY rowid',
  )) {
    const [ids, sectors, rows] = [chunk.getColumnVector(0), chunk.getColumnVector(1), chunk.rowCount]
    for (let i = 0; i < rows; i++, place++)
      if (works[place]! > 0)
        file.write(
          `${csvCell((ids as Texts).getItem(i)!)},${csvCell((sectors as Texts).getItem(i)!)},${works[place]}\n`,
        )
  }
  file.close()
  return Array.from(columns.sectors, ([sector, { from, to }]) => ({
    sector,
    works: to - from,
    cents: String(works.subarray(from, to).reduce((sum, cents) => sum + cents, 0)),
  }))
}

/** Writes what waits, and for what: one line a work, sector or developer. */
export async function writeHeld(
  { connection, result: { rightsholders } }: ComputedRun,
  folder: string,
): Promise<RunReport['held']> {
  const file = openCsv(join(folder, 'held.csv'), 'reason,where,cents')
  const sums = new Map<string, { count: number; cents: bigint }>()
  const hold = (reason: string, where: string, cents: bigint) => {
    const sum = sums.get(reason) ?? { count: 0, cents: 0n }
    sums.set(reason, { count: sum.count + 1, cents: sum.cents + cents })
    file.write(`${reason},${csvCell(where)},${cents}\n`)
  }
  for (const { reason, where, cents } of rightsholders?.held ?? []) hold(reason, where, cents)
  const ofWorks = rightsholders?.heldOfWorks ?? []
  if (ofWorks.length > 0) {
    await orderWorks(connection)
    let next = 0
    let place = 0
    for await (const chunk of chunksOf(
      connection,
      [],
      'SELECT CAST(work AS VARCHAR) FROM ordered_works ORDER BY rowid',
    )) {
      for (; next < ofWorks.length && ofWorks[next]!.work < place + chunk.rowCount; next++) {
        const { work, reason, cents } = ofWorks[next]!
        hold(reason, chunk.getColumnVector(0).getItem(work - place) as string, BigInt(cents))
      }
      place += chunk.rowCount
    }
  }
  file.close()
  return Array.from(sums, ([reason, { count, cents }]) => ({ reason, count, cents: String(cents) }))
}

/** Writes what each payee has of each work, with the uses of the work that are known. */
export async function writeAllocations(
  { connection, result, works: { shares } }: ComputedRun,
  folder: string,
): Promise<void> {
  if (!result.rightsholders) return
  const { works } = result.rightsholders
  await orderWorks(connection)
  await orderPayees(connection)
  const payees = await connection.runAndReadAll('SELECT CAST(payee AS VARCHAR) FROM ordered_payees ORDER BY rowid')
  const names = payees.getColumns()[0] as string[]
  const file = openCsv(join(folder, 'allocations.csv'), 'payee,work,sector,share,uses,cents')
  const used = `SELECT work, sum(uses) AS uses FROM uses WHERE coalesce(measure, 'use') = 'use' GROUP BY work`
  const sql = `SELECT CAST(w.work AS VARCHAR), w.sector, CAST(coalesce(u.uses, 0) AS VARCHAR) FROM ordered_works w LEFT JOIN (${used}) u ON u.work = w.work ORDER BY w.rowid`
  let work = 0
  for await (const chunk of chunksOf(connection, [], sql)) {
    const [ids, sectors, uses] = [0, 1, 2].map((column) => chunk.getColumnVector(column)) as unknown as [
      Texts,
      Texts,
      Texts,
    ]
    const rows = chunk.rowCount
    for (let i = 0; i < rows; i++, work++) {
      if (works[work] === 0) continue
      divideOneWork(works[work]!, shares, work).forEach(({ payee, cents }, j) => {
        const cells = [
          names[payee]!,
          ids.getItem(i)!,
          sectors.getItem(i)!,
          shares.share[shares.start[work]! + j]!,
          uses.getItem(i)!,
          cents,
        ]
        file.write(`${cells.map(csvCell).join(',')}\n`)
      })
    }
  }
  file.close()
}

/** A column of texts. */
interface Texts {
  getItem(row: number): string | null
}

function openCsv(path: string, head: string): { write(text: string): void; close(): void } {
  const descriptor = openSync(path, 'wx', 0o600)
  let waiting: string[] = [`${head}\n`]
  let length = 0
  const flush = () => {
    const bytes = Buffer.from(waiting.join(''))
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
    waiting = []
    length = 0
  }
  return {
    write(text) {
      waiting.push(text)
      length += text.length
      if (length > 1 << 20) flush()
    },
    close() {
      flush()
      fsyncSync(descriptor)
      closeSync(descriptor)
      syncDirectory(join(path, '..'))
    },
  }
}
