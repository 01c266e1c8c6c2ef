import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError } from '../../foundation/index.ts'
import type { WorkColumns } from '../distribution/rightsholders.ts'
import { usageEvidence, type Distribution } from '../plans/schema.ts'
import { chunksOf, itemsOf } from './chunks.ts'

type FillUses = WorkColumns['fillUses']
type Measure = 'use' | 'attribution'

/**
 * What fills a column with the weights of uses, of one developer or of all. Works whose ids are whole numbers that lie
 * close together are added up where their id points to; others by the engine. Both give the same.
 */
export async function openUses(
  connection: DuckDBConnection,
  { evidence }: Distribution['rightsholders'],
): Promise<FillUses> {
  const select = (measure: Measure, developer?: string) => selectUses(evidence, measure, developer)
  const direct = await openDirect(connection, evidence)
  return direct
    ? (weights, measure, developer) => addDirectly(connection, direct, weights, select(measure, developer))
    : (weights, measure, developer) => addGrouped(connection, weights, select(measure, developer))
}

/** A use weighs what its evidence weighs, by the smallest whole numbers that have the same ratio. */
function selectUses(evidence: Distribution['rightsholders']['evidence'], measure: Measure, developer?: string): string {
  const common = commonDivisor(evidence)
  const cases = usageEvidence.map((name) => `WHEN '${name}' THEN ${evidence[name] / common}`).join(' ')
  const weigh = measure === 'use' ? `uses * CASE coalesce(evidence, 'reported') ${cases} END` : 'uses'
  const who = developer === undefined ? '' : ` AND developer = '${developer.replaceAll("'", "''")}'`
  return `SELECT work, ${weigh} AS weight FROM uses WHERE coalesce(measure, 'use') = '${measure}'${who}`
}

function commonDivisor(evidence: Distribution['rightsholders']['evidence']): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return usageEvidence.reduce((divisor, name) => gcd(divisor, evidence[name]), 0) || 1
}

/** Where the place of each work stands, by its id. */
interface Direct {
  first: bigint
  places: Uint32Array
}

const NO_PLACE = 0xffff_ffff
/** Ids take at most so many times the room of works. */
const SPREAD_MAX = 4

/** `undefined` where ids are texts or far apart, or sums could exceed what a double holds exactly. */
async function openDirect(
  connection: DuckDBConnection,
  evidence: Distribution['rightsholders']['evidence'],
): Promise<Direct | undefined> {
  const asked = `SELECT min(work), max(work), count(*), (SELECT count(*) * CAST(max(uses) AS DOUBLE) FROM uses), (SELECT min(work) FROM uses), (SELECT max(work) FROM uses) FROM ordered_works`
  const [first, last, count, most, firstUsed, lastUsed] = (await connection.runAndReadAll(asked)).getRows()[0]!
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return undefined
  const room = Number(last - first) + 1
  const weightMax = Math.max(...usageEvidence.map((name) => evidence[name])) / commonDivisor(evidence)
  if (room > Number(count) * SPREAD_MAX || Number(most ?? 0) * weightMax >= 2 ** 53) return undefined
  // A use outside of the works is refused by the other way, which names its row.
  if (firstUsed !== null && ((firstUsed as bigint) < first || (lastUsed as bigint) > last)) return undefined
  const places = new Uint32Array(room).fill(NO_PLACE)
  let place = 0
  for await (const chunk of chunksOf(
    connection,
    [],
    `SELECT CAST(work - ${first} AS UINTEGER) FROM ordered_works ORDER BY rowid`,
  ))
    for (const id of itemsOf<Uint32Array>(chunk, 0)) places[id] = place++
  return { first, places }
}

async function addDirectly(
  connection: DuckDBConnection,
  { first, places }: Direct,
  weights: BigUint64Array,
  select: string,
): Promise<boolean> {
  const sums = new Float64Array(places.length)
  let isAny = false
  const sql = `SELECT CAST(work - ${first} AS UINTEGER), CAST(weight AS DOUBLE) FROM (${select}) WHERE weight > 0`
  for await (const chunk of chunksOf(connection, [], sql)) {
    const ids = itemsOf<Uint32Array>(chunk, 0)
    const uses = itemsOf<Float64Array>(chunk, 1)
    for (let i = 0; i < ids.length; i++) sums[ids[i]!]! += uses[i]!
    isAny = true
  }
  for (let id = 0; id < sums.length; id++) {
    if (sums[id] === 0) continue
    if (places[id] === NO_PLACE) throw await unknownWork(connection)
    weights[places[id]!] = BigInt(sums[id]!)
  }
  return isAny
}

async function addGrouped(connection: DuckDBConnection, weights: BigUint64Array, select: string): Promise<boolean> {
  const summed = `SELECT work, sum(weight) AS weight FROM (${select}) GROUP BY work`
  const sql = `SELECT CAST(w.rowid AS UINTEGER), CAST(least(u.weight, ${2n ** 60n}) AS UBIGINT), CAST(w.work IS NULL AS UTINYINT) FROM (${summed}) u LEFT JOIN ordered_works w ON w.work = u.work WHERE u.weight > 0`
  let isAny = false
  for await (const chunk of chunksOf(connection, [], sql)) {
    const places = itemsOf<Uint32Array>(chunk, 0)
    const sums = itemsOf<BigUint64Array>(chunk, 1)
    const unknown = itemsOf<Uint8Array>(chunk, 2)
    for (let i = 0; i < places.length; i++) {
      if (unknown[i] === 1) throw await unknownWork(connection)
      weights[places[i]!] = sums[i]!
    }
    isAny = true
  }
  return isAny
}

async function unknownWork(connection: DuckDBConnection): Promise<ColophonError> {
  const read = await connection.runAndReadAll(
    'SELECT row, work FROM (SELECT row_number() OVER () AS row, work FROM uses) WHERE work NOT IN (SELECT work FROM ordered_works) ORDER BY row LIMIT 1',
  )
  const [row, work] = read.getRows()[0]!
  return new ColophonError('dataset_invalid', 'uses: the work is not known', {
    where: `row ${row}: ${work}`,
    remedy: 'Give the work and its shares, or leave the line out. Nothing was distributed.',
  })
}
