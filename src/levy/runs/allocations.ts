import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { literal, readable, withDuckDb } from '../../datasets/index.ts'

/** What a payee has of one work in a run. */
export interface Allocation {
  work: string
  sector: string
  /** Of the work, in ten-thousandths, as it was claimed. */
  share: number
  /** Uses of the whole work that are known. */
  uses: bigint
  cents: bigint
}

const ALLOCATIONS_MAX = 10_000

/** The works of a payee in a run, the largest amounts first, at most 10,000; none when the run was written without them. */
export async function listAllocations(folder: string, payee: string): Promise<Allocation[]> {
  const path = join(folder, 'allocations.csv')
  if (!existsSync(path)) return []
  return withDuckDb(async (connection) => {
    const columns = `{'payee': 'VARCHAR', 'work': 'VARCHAR', 'sector': 'VARCHAR', 'share': 'INTEGER', 'uses': 'BIGINT', 'cents': 'BIGINT'}`
    const sql = `SELECT work, sector, share, uses, cents FROM read_csv(${literal(path)}, header = true, columns = ${columns}, delim = ',', quote = '"', escape = '"') WHERE payee = ${literal(payee)} ORDER BY cents DESC, work LIMIT ${ALLOCATIONS_MAX}`
    const read = await readable([path], () => connection.runAndReadAll(sql))
    return read.getRows().map(([work, sector, share, uses, cents]) => ({
      work: String(work),
      sector: String(sector),
      share: Number(share),
      uses: uses as bigint,
      cents: cents as bigint,
    }))
  })
}
