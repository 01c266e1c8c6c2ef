import { isoTime, toHex, type Tables } from '../foundation/index.ts'
import { SIMILAR_TEXT_LENGTH_MIN, type WatchedHit, type WatchedWork } from '../datasets/index.ts'
import { isccTextCode } from '../fingerprints/index.ts'
import type { Register } from '../statements/index.ts'
import type { WorkEvidence } from './openCase.ts'
import { findCase, listEvents, listSought, recordEvent } from './store.ts'
import { requireTransition, type CaseState } from './states.ts'

/** What of a work in a case would show that it turned up again. */
export type SoughtCodes = Omit<Tables['request_work'], 'request_case' | 'position'>

/** Codes of the row and of the work itself: what comes back may be either, or like either. */
export function soughtCodes({ hit, row, codes }: WorkEvidence, rowsKnown: number | undefined): SoughtCodes {
  const own = codes as Partial<Record<'sha256' | 'pdq' | 'iscc-text-v0', string>>
  const text = (row as { text?: string | null } | null)?.text ?? ''
  return {
    dataset_name: hit.datasetName,
    row_sha256: hit.rowCodes.sha256 ?? null,
    row_pdq: hit.rowCodes.pdq ?? null,
    row_url: hit.url,
    row_text: text.length < SIMILAR_TEXT_LENGTH_MIN ? null : toHex(isccTextCode(text)),
    own_sha256: own.sha256 ?? null,
    own_pdq: own.pdq ?? null,
    own_text: own['iscc-text-v0'] ?? null,
    rows_known: rowsKnown === undefined ? null : BigInt(rowsKnown),
  }
}

/** What asks a part of a data set for works; undefined when the part is gone. */
type Ask = (works: readonly WatchedWork[]) => Promise<readonly WatchedHit[] | undefined>

/**
 * Opens cases again that ended with a removal or were closed, where the work stands in another version of the data set, or
 * in rows that came to it later: the same file or address, or a picture or text that is alike for more than chance. The
 * history says which row of which version, and by what. In data sets of another name it is a new finding, for others to answer.
 */
export async function reopenWhenFound(
  register: Register,
  dataset: { id: string; name: string; version: string },
  ask: Ask,
): Promise<string[]> {
  const sought = await listSought(register.database.db, dataset.name)
  const works = sought.flatMap((row, i) => watchedOf(row).map((work) => ({ ...work, id: String(i) })))
  if (works.length === 0) return []
  const reopened = new Set<string>()
  for (const hit of (await ask(works)) ?? []) {
    const { request_case: id, dataset: known, rows_known: rowsKnown } = sought[Number(hit.work)]!
    const isLater = known !== dataset.id || (rowsKnown !== null && hit.row >= Number(rowsKnown))
    if (hit.status === 'candidate' || !isLater || reopened.has(id)) continue
    const place = `found again in ${dataset.name}, version ${dataset.version}, row ${hit.row}: `
    if (await reopen(register, id, place, sayHow(hit))) reopened.add(id)
  }
  return [...reopened]
}

/** Codes of the row and of the work, without an id: one entry each, or one where they are the same. */
function watchedOf(row: SoughtCodes): Omit<WatchedWork, 'id'>[] {
  const entry = (sha256: string | null, pdq: string | null, textCode: string | null, url: string | null) => ({
    ...(sha256 === null ? {} : { sha256 }),
    ...(pdq === null ? {} : { pdq }),
    ...(textCode === null ? {} : { textCode }),
    urls: url === null ? [] : [url],
  })
  const own = (name: 'sha256' | 'pdq' | 'text') =>
    row[`own_${name}`] === row[`row_${name}`] ? null : row[`own_${name}`]
  return [
    entry(row.row_sha256, row.row_pdq, row.row_text, row.row_url),
    entry(own('sha256'), own('pdq'), own('text'), null),
  ].filter((each) => Object.keys(each).length > 1 || each.urls.length > 0)
}

function sayHow({ match, measure }: WatchedHit): string {
  if (match === 'exact-file') return 'the same file'
  if (match === 'url') return 'the same address'
  const what = match === 'near-text' ? 'text' : 'picture'
  return measure === 0 ? `the same ${what}` : `a ${what} that differs in ${measure} of 256 bits; compare them first`
}

/** Once for each place: whoever has closed a case that was opened again for it is not asked again. */
async function reopen(register: Register, id: string, place: string, how: string): Promise<boolean> {
  return register.database.db.transaction().execute(async (queries) => {
    const found = await findCase(queries, id)
    if (!found || (found.state !== 'removed' && found.state !== 'closed')) return false
    if ((await listEvents(queries, id)).some(({ note }) => note.startsWith(place))) return false
    requireTransition(found.state as CaseState, 'reopened')
    const recordedAt = isoTime(register.effects.now())
    await recordEvent(queries, { requestCase: id, state: 'reopened', note: place + how, recordedAt })
    return true
  })
}
