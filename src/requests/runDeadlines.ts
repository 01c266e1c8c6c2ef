import { isoTime } from '../foundation/index.ts'
import type { Register } from '../statements/index.ts'
import { dayIn, zoneOf } from './calendar.ts'
import { isPersonalDataKind } from './kinds.ts'
import type { CaseDetails } from './openCase.ts'
import { deadlines, type Deadline } from './states.ts'
import { findCase, insertFact, listEvents, listWaiting, recordEvent } from './store.ts'

/** What was written into a history. */
export interface DueFact {
  id: string
  name: Deadline['name']
  due: string
  state: string
}

const PAGE = 500

/** The deadlines that a kind has: a month under the GDPR, a reasonable time otherwise. */
export function deadlinesOf(kind: string, details: CaseDetails, sentAtMs: number): Deadline[] {
  const other = isPersonalDataKind(kind) ? 'alert' : 'personal-data'
  return deadlines(sentAtMs, details.recipientCountry).filter(({ name }) => name !== other)
}

/**
 * Writes into the history of every case that waits for an answer what has come due by now: the reminder, and that there
 * was no answer, which also becomes the state. Each is written once for each time that a case was sent, however often
 * and late this runs. A day is over when it is over in the recipient's time zone.
 */
export async function runDeadlines(register: Register, nowMs: number): Promise<DueFact[]> {
  const { db } = register.database
  const written: DueFact[] = []
  let after = ''
  for (;;) {
    const page = await listWaiting(db, after, PAGE)
    for (const { id, kind, details } of page)
      written.push(...(await runCase(register, { id, kind, details: JSON.parse(details) as CaseDetails }, nowMs)))
    if (page.length < PAGE) return written
    after = page.at(-1)!.id
  }
}

async function runCase(
  register: Register,
  { id, kind, details }: { id: string; kind: string; details: CaseDetails },
  nowMs: number,
): Promise<DueFact[]> {
  return register.database.db.transaction().execute(async (queries) => {
    const sentAt = sentAtOf(await listEvents(queries, id))
    if (sentAt === undefined) return []
    const today = dayIn(nowMs, zoneOf(details.recipientCountry))
    const recordedAt = isoTime(nowMs)
    const written: DueFact[] = []
    for (const { name, due, basis } of deadlinesOf(kind, details, Date.parse(sentAt))) {
      if (due >= today) continue
      const fact = { request_case: id, name, counted_from: sentAt, recorded_at: recordedAt }
      if (!(await insertFact(queries, fact))) continue
      // Whatever came in between, an answer or a bounce, counts more than the calendar.
      if ((await findCase(queries, id))?.state !== 'sent') break
      const state = name === 'reminder' ? 'sent' : 'no-reply'
      const note = name === 'reminder' ? `reminder: no answer by ${due} (${basis})` : `no decision by ${due} (${basis})`
      await recordEvent(queries, { requestCase: id, state, note, recordedAt })
      written.push({ id, name, due, state })
    }
    return written
  })
}

/** When a case was last sent. Notes repeat the state that they were written in, so it is the first of the last run. */
export function sentAtOf(events: readonly { state: string; recorded_at: string }[]): string | undefined {
  let last = events.length - 1
  while (last >= 0 && events[last]!.state !== 'sent') last--
  while (last > 0 && events[last - 1]!.state === 'sent') last--
  return events[last]?.recorded_at
}
