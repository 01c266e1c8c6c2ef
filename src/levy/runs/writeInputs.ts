import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { literal, readable, withDuckDb } from '../../datasets/index.ts'
import { ColophonError, csvCell, isoTime, type Queries } from '../../foundation/index.ts'
import { findWithdrawn, listShares } from '../../register/index.ts'
import { countFound } from '../../watching/index.ts'
import { splitCents } from '../allocation/splitCents.ts'
import { SHARES_WHOLE } from '../distribution/shares.ts'
import { listReceipts } from '../ledger/store.ts'

const WORKS_AT_ONCE = 500

/** What a developer's gate says of the rows that it kept: the folder of its run, and who the developer is. */
export interface GateEvidence {
  folder: string
  developer: string
}

/**
 * Writes the tables of a run from what the node knows: works and shares as declared, uses as found in data sets (`listed`)
 * and as gates report them (`reported`), contributions as received in a time. A work's medium is its sector; layers of a
 * work have equal parts; without creators the whole is the declarer's; a creator who is only named stands as `name:…`.
 * What is kept by a custodian, sealed or taken back is left out. Errors: `usage` when the folder is there.
 */
export async function writeInputs(
  queries: Queries,
  folder: string,
  period: { from: string; to: string },
  gates: readonly GateEvidence[],
  now: number,
): Promise<Record<'works' | 'shares' | 'uses' | 'contributions', number>> {
  if (existsSync(folder)) throw new ColophonError('usage', 'the folder is there already', { where: folder })
  const tables = {
    works: ['work,sector'],
    shares: ['work,payee,share'],
    uses: ['work,uses,developer,evidence'],
    contributions: ['developer,cents'],
  }
  const known = await addWorks(queries, tables, isoTime(now))
  for (const { work, count } of await countFound(queries))
    if (known.has(work)) tables.uses.push(line(work, count, '', 'listed'))
  for (const gate of gates)
    for (const { work, count } of await readEvidence(gate))
      if (known.has(work)) tables.uses.push(line(work, count, gate.developer, 'reported'))
  for (const { provider, cents } of await listReceipts(queries, period))
    tables.contributions.push(line(provider, cents))
  mkdirSync(folder, { recursive: true })
  for (const [name, lines] of Object.entries(tables))
    writeFileSync(join(folder, `${name}.csv`), `${lines.join('\n')}\n`)
  const count = (name: keyof typeof tables) => tables[name].length - 1
  return { works: count('works'), shares: count('shares'), uses: count('uses'), contributions: count('contributions') }
}

const line = (...cells: (string | number | bigint)[]) => cells.map(csvCell).join(',')

async function addWorks(
  queries: Queries,
  tables: { works: string[]; shares: string[] },
  at: string,
): Promise<Set<string>> {
  const known = new Set<string>()
  for (let after = ''; ;) {
    const works = await listShares(queries, after, WORKS_AT_ONCE)
    const gone = await findWithdrawn(
      queries,
      works.map(({ id, collection, log_index: logIndex }) => ({ id, collection, logIndex })),
      at,
    )
    for (const work of works) {
      if (gone.has(work.id)) continue
      known.add(work.id)
      tables.works.push(line(work.id, work.medium))
      for (const [payee, share] of sharesOf(work)) tables.shares.push(line(work.id, payee, share))
    }
    if (works.length < WORKS_AT_ONCE) return known
    after = works.at(-1)!.id
  }
}

/** Ten-thousandths by payee: layers weigh the same, and within a layer its shares. */
function sharesOf({ party, creators }: Awaited<ReturnType<typeof listShares>>[number]): Map<string, bigint> {
  if (creators.length === 0) return new Map([[party, BigInt(SHARES_WHOLE)]])
  const weights = new Map<string, bigint>()
  for (const creator of creators) {
    const payee = creator.party ?? `name:${creator.name}`
    weights.set(payee, (weights.get(payee) ?? 0n) + creator.share)
  }
  const parts = Array.from(weights, ([id, weight]) => ({ id, weight })).filter(({ weight }) => weight > 0n)
  return splitCents(BigInt(SHARES_WHOLE), parts)
}

/** How many rows of each work a gate kept because of a statement or a licence. */
async function readEvidence({ folder }: GateEvidence): Promise<{ work: string; count: bigint }[]> {
  const path = join(folder, 'evidence.csv')
  if (!existsSync(path))
    throw new ColophonError('unreadable_file', 'there is no such file', {
      where: path,
      remedy: 'Name the folder that colophon gate wrote.',
    })
  return withDuckDb(async (connection) => {
    const sql = `SELECT work, count(*) FROM read_csv(${literal(path)}, header = true, all_varchar = true) WHERE work IS NOT NULL GROUP BY work ORDER BY work`
    const read = await readable([path], () => connection.runAndReadAll(sql))
    return read.getRows().map(([work, count]) => ({ work: String(work), count: count as bigint }))
  })
}
