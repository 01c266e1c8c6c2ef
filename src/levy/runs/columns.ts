import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError } from '../../foundation/index.ts'
import type { WorkColumns } from '../distribution/rightsholders.ts'
import { SHARES_WHOLE } from '../distribution/shares.ts'
import type { Distribution } from '../plans/schema.ts'
import { openUses } from './uses.ts'
import { chunksOf, itemsOf } from './chunks.ts'
import { orderByWork, placesOfWorks, readSharesDirectly, type PlacedWorks, type UnorderedShares } from './direct.ts'
import { orderPayees, orderWorks } from './order.ts'
import { refuseIdentifiers } from './identifiers.ts'
import { refuseRows, type InputTable, type Inputs, type RunFiles } from './inputs.ts'

/**
 * Brings the tables of `openInputs` into columns, in the stable order of ids: numbers by value, texts by code points.
 * `asOf` is the day whose shares count. Errors: `dataset_invalid` with the row and the reason; nothing is kept then.
 */
export async function loadColumns(
  connection: DuckDBConnection,
  inputs: Inputs,
  rules: Distribution['rightsholders'],
  asOf: string,
): Promise<WorkColumns> {
  const { files } = inputs
  await refuseFlawedIds(connection, inputs)
  const works = await placesOfWorks(connection, inputs)
  if (!works) {
    await orderWorks(connection)
    await refuseTwice(connection, 'works', files.works, 'SELECT work FROM ordered_works', 'work')
  }
  if (files.payees) await openPayees(connection, files.payees)
  const { shares, payeeCount } = await loadShares(connection, inputs, works, rules, asOf)
  await refuseUses(connection, files)
  return {
    count: shares.start.length - 1,
    sectors: works?.sectors ?? (await readSectors(connection)),
    shares,
    payeeCount,
    fillUses: await openUses(connection, inputs, works, rules),
  }
}

/** Works and payees where they are declared: everywhere else they are only what stands there. */
async function refuseFlawedIds(connection: DuckDBConnection, { files, areNumbers }: Inputs): Promise<void> {
  if (areNumbers) return
  await refuseIdentifiers(connection, 'works', 'work', files.works)
  if (files.payees) await refuseIdentifiers(connection, 'payees', 'payee', files.payees)
  else await refuseIdentifiers(connection, 'shares', 'payee', files.shares)
}

/** Under whose name each payee is credited: whoever died or merged, under the name of who follows. */
async function openPayees(connection: DuckDBConnection, paths: string[]): Promise<void> {
  await refuseTwice(connection, 'payees', paths, 'SELECT payee FROM payees', 'payee')
  await refuseRows(connection, 'payees', paths, [
    {
      condition: `status IN ('deceased', 'merged') AND successor IS NULL AND payee IN (SELECT payee FROM shares)`,
      message: 'a payee who has shares died or merged, and nobody follows',
    },
    {
      condition: 'successor IS NOT NULL AND successor NOT IN (SELECT payee FROM payees)',
      message: 'who follows is not among the payees',
    },
    {
      condition: `successor IS NOT NULL AND successor IN (SELECT payee FROM payees WHERE status IN ('deceased', 'merged'))`,
      message: 'who follows died or merged, too: name the last one',
    },
  ])
  await connection.run(
    `CREATE TABLE credited AS SELECT payee, CASE WHEN status IN ('deceased', 'merged') AND successor IS NOT NULL THEN successor ELSE payee END AS to_payee FROM payees`,
  )
}

async function refuseTwice(
  connection: DuckDBConnection,
  table: InputTable,
  paths: string[],
  select: string,
  column: string,
): Promise<void> {
  const read = await connection.runAndReadAll(`SELECT count(*) - count(DISTINCT ${column}) FROM (${select})`)
  if (Number(read.getRows()[0]![0]) === 0) return
  await refuseRows(connection, table, paths, [
    {
      condition: `${column} IN (SELECT ${column} FROM (${select}) GROUP BY ${column} HAVING count(*) > 1)`,
      message: `the ${column} stands there twice`,
    },
  ])
}

/** Shares of a day, in the order of works and, within a work, of payees; and how many payees there are. */
async function loadShares(
  connection: DuckDBConnection,
  inputs: Inputs,
  works: PlacedWorks | undefined,
  rules: Distribution['rightsholders'],
  asOf: string,
): Promise<{ shares: WorkColumns['shares']; payeeCount: number }> {
  const { files } = inputs
  const inForce = `("from" IS NULL OR CAST("from" AS DATE) <= DATE '${asOf}') AND ("until" IS NULL OR CAST("until" AS DATE) >= DATE '${asOf}')`
  await refuseRows(connection, 'shares', files.shares, [
    {
      condition: `share > ${SHARES_WHOLE}`,
      message: `a share exceeds ${SHARES_WHOLE}`,
      isAny: `max(share) > ${SHARES_WHOLE}`,
    },
    {
      condition: `TRY_CAST("from" AS DATE) > TRY_CAST("until" AS DATE)`,
      message: 'a share ends before it begins',
    },
  ])
  const direct = works && (await readSharesDirectly(connection, inputs, works, inForce))
  const read = direct ?? (await joinShares(connection, files, inForce))
  const shares = orderByWork(read.shares, works?.count ?? (await countOf(connection, 'ordered_works')))
  const hasTwice = await refuseShares(connection, files, rules, shares, inForce)
  return { shares: hasTwice ? mergeShares(shares) : shares, payeeCount: read.payeeCount }
}

/** The same where ids are texts: the engine finds the places. */
async function joinShares(connection: DuckDBConnection, files: RunFiles, inForce: string) {
  if (files.payees)
    await refuseRows(connection, 'shares', files.shares, [
      { condition: 'payee NOT IN (SELECT payee FROM payees)', message: 'the payee is not known' },
    ])
  await orderWorks(connection)
  await orderPayees(connection)
  await connection.run(
    `CREATE VIEW placed_shares AS SELECT CAST(w.rowid AS UINTEGER) AS work, CAST(p.rowid AS UINTEGER) AS payee, CAST(s.share AS USMALLINT) AS share
     FROM shares s JOIN ordered_works w ON w.work = s.work JOIN credited c ON c.payee = s.payee JOIN ordered_payees p ON p.payee = c.to_payee WHERE ${inForce}`,
  )
  const shares = await readPlaced(connection, files)
  await refuseUnplaced(connection, files, shares.count, inForce)
  return { shares, payeeCount: await countOf(connection, 'ordered_payees') }
}

async function readPlaced(connection: DuckDBConnection, files: RunFiles): Promise<UnorderedShares> {
  const most = await countOf(connection, 'shares')
  const read = { count: 0, work: new Uint32Array(most), payee: new Uint32Array(most), share: new Uint16Array(most) }
  for await (const chunk of chunksOf(connection, files.shares, 'SELECT work, payee, share FROM placed_shares')) {
    read.work.set(itemsOf<Uint32Array>(chunk, 0), read.count)
    read.payee.set(itemsOf<Uint32Array>(chunk, 1), read.count)
    read.share.set(itemsOf<Uint16Array>(chunk, 2), read.count)
    read.count += chunk.rowCount
  }
  return read
}

/** A share that found no place is of a work that is not there. */
async function refuseUnplaced(
  connection: DuckDBConnection,
  files: RunFiles,
  placed: number,
  inForce: string,
): Promise<void> {
  const read = await connection.runAndReadAll(`SELECT count(*) FROM shares WHERE ${inForce}`)
  if (Number(read.getRows()[0]![0]) === placed) return
  await refuseRows(connection, 'shares', files.shares, [
    { condition: `${inForce} AND work NOT IN (SELECT work FROM ordered_works)`, message: 'the work is not known' },
  ])
}

/** One payee twice in a work, and sums that the plan does not accept. Returns whether somebody follows another in a work. */
async function refuseShares(
  connection: DuckDBConnection,
  files: RunFiles,
  { claims }: Distribution['rightsholders'],
  { start, payee, share }: WorkColumns['shares'],
  inForce: string,
): Promise<boolean> {
  let isAnyTwice = false
  for (let work = 0; work < start.length - 1; work++) {
    let sum = 0
    for (let i = start[work]!; i < start[work + 1]!; i++) {
      sum += share[i]!
      if (i > start[work]! && payee[i] === payee[i - 1]) isAnyTwice = true
    }
    if ((sum > SHARES_WHOLE && claims.over === 'refuse') || (sum < SHARES_WHOLE && claims.under === 'refuse'))
      throw await refusedWork(connection, files, `rowid = ${work}`, `the shares sum to ${sum}, not to ${SHARES_WHOLE}`)
  }
  if (!isAnyTwice) return false
  const twice = `work IN (SELECT work FROM shares WHERE ${inForce} GROUP BY work, payee HAVING count(*) > 1)`
  const found = await connection.runAndReadAll(`SELECT count(*) FROM works WHERE ${twice}`)
  if (Number(found.getRows()[0]![0]) > 0)
    throw await refusedWork(connection, files, twice, 'one payee has two shares at the same time')
  return true
}

/** Who follows somebody has one share of both, which cannot contest itself: at most the whole. */
function mergeShares({ start, payee, share }: WorkColumns['shares']): WorkColumns['shares'] {
  const merged = {
    start: new Uint32Array(start.length),
    payee: new Uint32Array(payee.length),
    share: new Uint16Array(share.length),
  }
  let at = 0
  for (let work = 0; work < start.length - 1; work++) {
    for (let i = start[work]!; i < start[work + 1]!; i++) {
      const isSame = at > merged.start[work]! && merged.payee[at - 1] === payee[i]
      if (isSame) merged.share[at - 1] = Math.min(SHARES_WHOLE, merged.share[at - 1]! + share[i]!)
      else {
        merged.payee[at] = payee[i]!
        merged.share[at++] = share[i]!
      }
    }
    merged.start[work + 1] = at
  }
  return merged
}

async function refusedWork(connection: DuckDBConnection, files: RunFiles, where: string, message: string) {
  await orderWorks(connection)
  const read = await connection.runAndReadAll(`SELECT work FROM ordered_works WHERE ${where} ORDER BY rowid LIMIT 1`)
  const work = read.getRows()[0]![0]
  const rows = await connection.runAndReadAll(
    `SELECT row FROM (SELECT row_number() OVER () AS row, work FROM shares) WHERE work = ${typeof work === 'bigint' ? work : `'${String(work).replaceAll("'", "''")}'`} ORDER BY row LIMIT 10`,
  )
  return new ColophonError('shares_do_not_sum', `shares: ${message}`, {
    where: `${files.shares.join(', ')}, work ${work}, rows ${rows.getRows().flat().join(', ')}`,
    remedy: 'Nothing was distributed.',
  })
}

async function refuseUses(connection: DuckDBConnection, files: RunFiles): Promise<void> {
  const hasLines = await connection.runAndReadAll('SELECT count(line) FROM uses')
  if (Number(hasLines.getRows()[0]![0]) > 0)
    await refuseTwice(connection, 'uses', files.uses, 'SELECT line FROM uses', 'line')
}

async function readSectors(connection: DuckDBConnection): Promise<WorkColumns['sectors']> {
  const read = await connection.runAndReadAll(
    'SELECT sector, min(rowid), max(rowid) + 1 FROM ordered_works GROUP BY sector ORDER BY sector',
  )
  return new Map(read.getRows().map(([sector, from, to]) => [String(sector), { from: Number(from), to: Number(to) }]))
}

async function countOf(connection: DuckDBConnection, table: string): Promise<number> {
  const read = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)
  return Number(read.getRows()[0]![0])
}
