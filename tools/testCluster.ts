import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openClickHouse, type ClickHouseClient } from '../src/datasets/clickhouse/client.ts'
import { readEngineUrl } from '../src/datasets/clickhouse/engineUrl.ts'
import { selectNearCodes } from '../src/datasets/clickhouse/queries.ts'
import { GUARANTEED_RADIUS, SUBSTRINGS, costOf } from '../src/datasets/clickhouse/substrings.ts'
import { CREATE_TABLES, FILL_SUBSTRINGS, INSERT_CODES, TABLES } from '../src/datasets/clickhouse/tables.ts'
import { median } from './bench/table.ts'
import { openChdbServer } from './cluster/chdbServer.ts'
import { CODE_BYTES, linearScan, makeCodes, type Codes } from './cluster/codes.ts'
import { checkBadInput, checkPushedDataset } from './cluster/checks.ts'

/**
 * `npm run test:cluster [-- --codes 1000000]`: the statements for ClickHouse, run by ClickHouse itself (as a library,
 * behind its HTTP interface on a loopback port) and through the client that everybody else uses. Every answer is
 * compared with a scan of all codes. Not part of `npm test`: the library is large.
 */
const { values } = parseArgs({ options: { codes: { type: 'string', default: '1000000' } } })
const codeCount = Number(values.codes)
const WANTED = 500
const SINGLES = 20
const SEED = 20261101
const INSERT_CODES_MAX = 500_000

assert.ok(Number.isInteger(codeCount) && codeCount >= 10_000, '--codes is a whole number from 10000')
const server = await openChdbServer()
try {
  server.query('CREATE DATABASE colophon_test')
  const credentials = `${encodeURIComponent(server.user)}:${encodeURIComponent(server.password)}`
  const engine = `clickhouse://${credentials}@127.0.0.1:${server.port}/colophon_test`
  const client = openClickHouse(readEngineUrl(engine, {}))
  console.log(
    `ClickHouse ${server.version}, ${cpus().length} cores (${cpus()[0]!.model}), ${codeCount} codes of 256 bits`,
  )
  let checks = await checkBadInput(server, engine)
  checks += await checkPushedDataset(server, engine)
  checks += await checkSearch(client)
  assert.ok(checks > 1000, 'a run that compares nothing fails')
  console.log(`${checks} comparisons, all equal.`)
} finally {
  await server.close()
}

/** Fills the tables, compares every answer with the scan, and says what a query costs. */
async function checkSearch(client: ClickHouseClient): Promise<number> {
  const { codes, wanted } = makeCodes(codeCount, WANTED, SEED)
  const fillMs = await timedMs(() => fill(client, codes))
  const queries = Array.from({ length: WANTED }, (_, i) => wanted.subarray(i * CODE_BYTES, (i + 1) * CODE_BYTES))
  let scanned: ReturnType<typeof linearScan>[] = []
  const scanMs = await timedMs(() => (scanned = queries.map((query) => linearScan(codes, query, GUARANTEED_RADIUS))))
  const expected = scanned.reduce((sum, hits) => sum + hits.length, 0)
  assert.ok(expected > WANTED * 2, 'the planted codes are there to be found')
  const hexadecimal = queries.map((query) => Buffer.from(query).toString('hex'))
  let compared = 0
  const ask = async (from: number, to: number) => {
    let found: Awaited<ReturnType<typeof selectNearCodes>> = []
    const ms = await timedMs(async () => {
      found = await selectNearCodes(client, hexadecimal.slice(from, to), GUARANTEED_RADIUS, codeCount)
    })
    for (let i = from; i < to; i++) {
      const own = found.filter(({ query }) => query === i - from).map(({ row, distance }) => ({ row, distance }))
      assert.deepEqual(own, scanned[i], `wanted code ${i} of ${from}…${to}`)
      compared++
    }
    return { ms, ...server.lastRead() }
  }
  await ask(0, 1)
  const batches = [await ask(0, WANTED), await ask(0, WANTED), await ask(0, WANTED)]
  // Codes 1 … 4 of each ten are ordinary: a picture of which a few copies are listed.
  const singles = []
  for (let i = 0; i < SINGLES; i++) singles.push(await ask(i * 10 + 1, i * 10 + 2))
  const eights = []
  for (let i = 0; i < SINGLES; i++) eights.push(await ask(i * 10 + 1, i * 10 + 9))
  const sqlScanMs = await scanInSql(client, hexadecimal)
  report({ singles, eights, batches, sqlScanMs, scanMs, fillMs, expected })
  return compared
}

async function fill(client: ClickHouseClient, codes: Codes): Promise<void> {
  for (const statement of CREATE_TABLES) await client.run(statement)
  const id = { dataset: 'seeded' }
  const count = codes.length / CODE_BYTES
  for (let from = 0; from < count; from += INSERT_CODES_MAX) {
    const to = Math.min(from + INSERT_CODES_MAX, count)
    const bytes = Buffer.alloc((to - from) * (CODE_BYTES + 8))
    for (let row = from; row < to; row++) {
      const at = (row - from) * (CODE_BYTES + 8)
      bytes.writeBigUInt64LE(BigInt(row), at)
      bytes.set(codes.subarray(row * CODE_BYTES, (row + 1) * CODE_BYTES), at + 8)
    }
    await client.insert(INSERT_CODES, bytes, id)
    await client.run(FILL_SUBSTRINGS, { ...id, from: String(from), to: String(to) })
  }
  // Parts are merged in the background; measured is what is left when that is done.
  await client.run(`OPTIMIZE TABLE ${TABLES.substrings} FINAL`)
}

/** The plainest SQL: one pass over all codes for each query. */
async function scanInSql(client: ClickHouseClient, hexadecimal: string[]): Promise<number> {
  const times = []
  for (const code of hexadecimal.slice(0, SINGLES)) {
    const sql = `SELECT row FROM ${TABLES.codes} WHERE bitHammingDistance(code, toFixedString(unhex({code:String}), 32)) <= 31`
    times.push(await timedMs(() => client.select(sql, { code })))
  }
  return median(times)
}

interface Asked {
  ms: number
  rows_read: number
  bytes_read: number
}

function report(
  run: Record<'singles' | 'eights' | 'batches', Asked[]> &
    Record<'sqlScanMs' | 'scanMs' | 'fillMs' | 'expected', number>,
) {
  const { probes, candidates } = costOf(SUBSTRINGS, codeCount)
  const bytes = (table: string) =>
    Number(
      server.query(
        `SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = '${table}' AND database = 'colophon_test'`,
      ),
    )
  const line = (what: string, asked: Asked[], codes: number) => {
    const ms = median(asked.map((each) => each.ms))
    const rows = median(asked.map((each) => each.rows_read))
    console.log(`| ${what} | ${ms.toFixed(1)} | ${(ms / codes).toFixed(2)} | ${Math.round(rows / codes)} |`)
  }
  console.log('| what (median, with HTTP) | ms | ms per code | rows read per code |\n|---|---|---|---|')
  line(`one code (${SINGLES} times)`, run.singles, 1)
  line(`one picture: eight codes (${SINGLES} times)`, run.eights, 8)
  line(`${WANTED} codes (3 times)`, run.batches, WANTED)
  console.log(
    `| one code, plain scan in SQL | ${run.sqlScanMs.toFixed(1)} | ${run.sqlScanMs.toFixed(2)} | ${codeCount} |`,
  )
  console.log(
    `| ${WANTED} codes, scan in JavaScript (the reference) | ${run.scanMs.toFixed(0)} | ${(run.scanMs / WANTED).toFixed(2)} | ${codeCount} |`,
  )
  console.log(
    `Filled in ${(run.fillMs / 1000).toFixed(1)} s; ${(bytes(TABLES.codes) / codeCount).toFixed(1)} bytes per code in ${TABLES.codes}, ${(bytes(TABLES.substrings) / codeCount).toFixed(1)} in ${TABLES.substrings}.`,
  )
  console.log(
    `On paper: ${probes} look-ups and ${Math.round(candidates)} candidates per code. ${run.expected} hits in all, recall 1.`,
  )
}

async function timedMs(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}
