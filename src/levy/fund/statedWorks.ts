import type { Queries } from '../../foundation/index.ts'
import { findWork } from '../../register/index.ts'
import { listAllocations } from '../runs/allocations.ts'
import { keptRun } from '../runs/bookRun.ts'
import { listPayees } from './payees.ts'
import { stateAccount } from './statement.ts'
import type { StatedWorks } from './statementDocuments.ts'

/** A statement with the works behind it, from the runs that the node keeps. Errors: those of `stateAccount`. */
export async function readStatedWorks(
  queries: Queries,
  runsFolder: string,
  payee: string,
  from: string,
  to: string,
): Promise<{ stated: StatedWorks; language: string | null }> {
  const statement = await stateAccount(queries, payee, from, to)
  const [known] = await listPayees(queries, { ids: [payee] })
  const runs: StatedWorks['runs'] = []
  const titles = new Map<string, string>()
  for (const { run } of statement.lines) {
    const folder = run && keptRun(runsFolder, run.root)
    if (!run || !folder) continue
    const allocations = await listAllocations(folder, payee)
    runs.push({ ...run, allocations })
    for (const { work } of allocations.slice(0, TITLES_MAX)) {
      const found = await findWork(queries, work)
      if (found) titles.set(work, found.title)
    }
  }
  return { stated: { statement, name: known?.name ?? payee, runs, titles }, language: known?.language ?? null }
}

const TITLES_MAX = 1000
