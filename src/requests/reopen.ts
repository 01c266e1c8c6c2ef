import { isoTime } from '../foundation/index.ts'
import type { Register } from '../statements/index.ts'
import { findCase, findWorksIn, recordEvent } from './store.ts'
import { requireTransition, type CaseState } from './states.ts'

/** A row of a later version of a data set, by what it gives of itself. */
export interface FoundRow {
  row: number
  sha256?: string | undefined
  pdq?: string | undefined
  url?: string | undefined
}

/**
 * Opens cases again that ended with a removal or were closed, where the same row (by its SHA-256, its PDQ code or its
 * address) stands in another version of the data set. The history says which row of which version, and by what.
 *
 * @example await reopenWhenFound(register, { id: 'set-2027', name: 'Set', version: '2027' }, [{ row: 3, url }])
 */
export async function reopenWhenFound(
  register: Register,
  dataset: { id: string; name: string; version: string },
  rows: readonly FoundRow[],
): Promise<string[]> {
  const known = await findWorksIn(register.database.db, dataset.name)
  const places = { row_sha256: index(rows, 'sha256'), row_pdq: index(rows, 'pdq'), row_url: index(rows, 'url') }
  const reopened = new Set<string>()
  for (const work of known) {
    if (work.dataset === dataset.id || reopened.has(work.id)) continue
    const by = (['row_sha256', 'row_pdq', 'row_url'] as const).find((name) => places[name].has(work[name] ?? ''))
    if (!by) continue
    const row = places[by].get(work[by]!)!
    const note = `found again in ${dataset.name}, version ${dataset.version}, row ${row}: same ${LABELS[by]} ${work[by]!}`
    if (await reopen(register, work.id, note)) reopened.add(work.id)
  }
  return [...reopened]
}

const LABELS = { row_sha256: 'SHA-256', row_pdq: 'PDQ', row_url: 'address' } as const

function index(rows: readonly FoundRow[], name: 'sha256' | 'pdq' | 'url'): Map<string, number> {
  return new Map(rows.flatMap((row) => (row[name] ? [[row[name], row.row] as const] : [])))
}

async function reopen(register: Register, id: string, note: string): Promise<boolean> {
  return register.database.db.transaction().execute(async (queries) => {
    const found = await findCase(queries, id)
    if (!found || (found.state !== 'removed' && found.state !== 'closed')) return false
    requireTransition(found.state as CaseState, 'reopened')
    const recordedAt = isoTime(register.effects.now())
    await recordEvent(queries, { requestCase: id, state: 'reopened', note, recordedAt })
    return true
  })
}
