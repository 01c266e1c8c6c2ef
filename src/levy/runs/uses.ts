import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError } from '../../foundation/index.ts'
import type { WorkColumns } from '../distribution/rightsholders.ts'
import { usageEvidence, type Distribution } from '../plans/schema.ts'
import { openAdder } from './addUp.ts'
import { chunksOf, itemsOf, partsOf } from './chunks.ts'
import { NO_PLACE, type IdPlaces } from './direct.ts'
import type { Inputs } from './inputs.ts'
import { orderWorks } from './order.ts'

type FillUses = WorkColumns['fillUses']
type Measure = 'use' | 'attribution'

/**
 * What fills a column with the weights of uses, of one developer or of all. Works whose ids are whole numbers that lie
 * close together are added up where their id points to; others by the engine. Both give the same.
 */
export async function openUses(
  connection: DuckDBConnection,
  inputs: Inputs,
  works: IdPlaces | undefined,
  { evidence }: Distribution['rightsholders'],
): Promise<FillUses> {
  const columns = inputs.columns.get('uses') ?? new Set()
  const select = (measure: Measure, developer?: string) => selectUses(columns, evidence, measure, developer)
  const largest = works && (await largestToAddDirectly(connection, works, evidence))
  return works && largest !== undefined
    ? (weights, measure, developer) =>
        addDirectly(connection, inputs, works, weights, select(measure, developer), largest)
    : (weights, measure, developer) => addGrouped(connection, weights, select(measure, developer))
}

/** Which uses count, and what each weighs. */
interface Selected {
  weigh: string
  condition: string
}

/** A use weighs what its evidence weighs, by the smallest whole numbers that have the same ratio. */
function selectUses(
  columns: ReadonlySet<string>,
  evidence: Distribution['rightsholders']['evidence'],
  measure: Measure,
  developer?: string,
): Selected {
  const common = commonDivisor(evidence)
  const cases = usageEvidence.map((name) => `WHEN '${name}' THEN ${evidence[name] / common}`).join(' ')
  const isKnown = measure === 'use' && columns.has('evidence')
  const conditions = [
    columns.has('measure') ? `coalesce(measure, 'use') = '${measure}'` : String(measure === 'use'),
    ...(developer === undefined ? [] : [`developer = '${developer.replaceAll("'", "''")}'`]),
    // Without a column that says otherwise, uses are reported.
    ...(measure === 'use' && !isKnown && evidence.reported === 0 ? ['false'] : []),
  ]
  return {
    weigh: isKnown ? `CAST(uses AS HUGEINT) * CASE coalesce(evidence, 'reported') ${cases} END` : 'uses',
    condition: conditions.join(' AND '),
  }
}

function commonDivisor(evidence: Distribution['rightsholders']['evidence']): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return usageEvidence.reduce((divisor, name) => gcd(divisor, evidence[name]), 0) || 1
}

/**
 * What one line weighs at most; `undefined` unless every use is of a work that has a place to point to, and sums stay exact
 * in a double.
 */
async function largestToAddDirectly(
  connection: DuckDBConnection,
  { first, places }: IdPlaces,
  evidence: Distribution['rightsholders']['evidence'],
): Promise<number | undefined> {
  const asked = 'SELECT count(*), max(uses), min(work), max(work) FROM uses'
  const [count, most, firstUsed, lastUsed] = (await connection.runAndReadAll(asked)).getRows()[0]!
  const weightMax = Math.max(...usageEvidence.map((name) => evidence[name])) / commonDivisor(evidence)
  const largest = Number(most ?? 0) * weightMax
  if (largest * Number(count) >= 2 ** 53) return undefined
  if (firstUsed === null) return largest
  const isWithin = (firstUsed as bigint) >= first && (lastUsed as bigint) < first + BigInt(places.length)
  return isWithin ? largest : undefined
}

async function addDirectly(
  connection: DuckDBConnection,
  inputs: Inputs,
  { first, places }: IdPlaces,
  weights: BigUint64Array,
  { weigh, condition }: Selected,
  largest: number,
): Promise<boolean> {
  const isSmall = largest < 2 ** 32
  const adder = openAdder<Uint32Array | Float64Array>(places.length, isSmall ? Uint32Array : Float64Array)
  let isAny = false
  const columns = `CAST(work - ${first} AS UINTEGER), CAST(${weigh} AS ${isSmall ? 'UINTEGER' : 'DOUBLE'})`
  for await (const chunk of partsOf(connection, inputs, 'uses', columns, condition)) {
    adder.add(itemsOf<Uint32Array>(chunk, 0), itemsOf<Uint32Array | Float64Array>(chunk, 1))
  }
  const sums = adder.sums()
  for (let id = 0; id < sums.length; id++) {
    if (sums[id] === 0) continue
    if (places[id] === NO_PLACE) throw await unknownWork(connection)
    weights[places[id]!] = BigInt(sums[id]!)
    isAny = true
  }
  return isAny
}

async function addGrouped(
  connection: DuckDBConnection,
  weights: BigUint64Array,
  { weigh, condition }: Selected,
): Promise<boolean> {
  await orderWorks(connection)
  const summed = `SELECT work, sum(${weigh}) AS weight FROM uses WHERE ${condition} GROUP BY work`
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
    'SELECT row, work FROM (SELECT row_number() OVER () AS row, work FROM uses) WHERE work NOT IN (SELECT work FROM works) ORDER BY row LIMIT 1',
  )
  const [row, work] = read.getRows()[0]!
  return new ColophonError('dataset_invalid', 'uses: the work is not known', {
    where: `row ${row}: ${work}`,
    remedy: 'Give the work and its shares, or leave the line out. Nothing was distributed.',
  })
}
