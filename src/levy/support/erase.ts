import type { Queries } from '../../foundation/index.ts'
import {
  deleteApplication,
  findAppeal,
  findDecision,
  listApplicationsOf,
  listAwardRows,
  takeTurn,
  updateApplication,
  type ApplicationRow,
} from './store.ts'

/**
 * Takes away what a party has applied with. What is not decided goes wholly; of what is, country, sector and amounts stay
 * for the figures, under no name; of an award name, party and amount stay, as the law asks of whoever keeps books.
 */
export async function eraseApplications(queries: Queries, party: string): Promise<void> {
  const calls = new Set((await listApplicationsOf(queries, party)).map((application) => application.in_call))
  // In one order, so that two who wait for the same calls never wait for each other.
  for (const call of [...calls].toSorted()) await takeTurn(queries, call)
  for (const application of await listApplicationsOf(queries, party)) {
    if (['draft', 'sent', 'withdrawn'].includes(application.state)) await deleteApplication(queries, application.id)
    else await eraseDecided(queries, application)
  }
  await queries.updateTable('support_award').set({ publishes: 0n }).where('party', '=', party).execute()
}

async function eraseDecided(queries: Queries, { id, state }: ApplicationRow): Promise<void> {
  const decision = await findDecision(queries, id)
  for (const table of ['support_conflict', 'support_score', 'support_opinion'] as const)
    await queries.deleteFrom(table).where('application', '=', id).execute()
  await queries
    .updateTable('support_decision')
    .set({ grounds: '[]', words: '' })
    .where('application', '=', id)
    .execute()
  if (state === 'appealed') await queries.deleteFrom('support_appeal').where('application', '=', id).execute()
  else await queries.updateTable('support_appeal').set({ grounds: '' }).where('application', '=', id).execute()
  await updateApplication(queries, id, {
    // Nobody is left who could go on with an appeal.
    state: state === 'appealed' ? ((decision?.cents ?? 0n) > 0n ? 'awarded' : 'rejected') : state,
    party: `erased:${id}`,
    fields: '{}',
    officer_words: null,
    not_urgent: null,
  })
}

/** Everything that is kept of a party's applications, for whoever takes it along. Who gave points is not told. */
export async function exportApplications(queries: Queries, party: string) {
  const exported = []
  for (const application of await listApplicationsOf(queries, party)) {
    const { officer_words: _, fields, ...row } = application
    const [decision, appeal] = [await findDecision(queries, application.id), await findAppeal(queries, application.id)]
    exported.push({
      ...row,
      fields: JSON.parse(fields) as unknown,
      decision: decision ? { ...decision, grounds: JSON.parse(decision.grounds) as unknown } : null,
      appeal: appeal ?? null,
    })
  }
  return { applications: exported, awards: await listAwardRows(queries, { party }) }
}
