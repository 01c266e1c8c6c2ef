import type { Queries, Tables } from '../../foundation/index.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    provider_inbox: {
      id: string
      party: string
      about: string
      name: string
      state: string
      statement: string
      recorded_at: string
    }
    inbox_place: { inbox: string; place: string; request_case: string }
    inbox_answer: {
      id: string
      request_case: string
      inbox: string
      status: string
      digest: string
      statement: string
      recorded_at: string
    }
  }
}

export async function insertInbox(queries: Queries, row: Tables['provider_inbox']): Promise<void> {
  await queries.insertInto('provider_inbox').values(row).execute()
}

export async function findInbox(queries: Queries, id: string) {
  return queries.selectFrom('provider_inbox').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listInboxes(queries: Queries, filter: { party?: string; about?: string; state?: string } = {}) {
  let query = queries.selectFrom('provider_inbox').selectAll()
  for (const name of ['party', 'about', 'state'] as const)
    if (filter[name] !== undefined) query = query.where(name, '=', filter[name])
  return query.orderBy('recorded_at').orderBy('id').limit(1000).execute()
}

export async function setInboxState(queries: Queries, id: string, state: string): Promise<void> {
  await queries.updateTable('provider_inbox').set({ state }).where('id', '=', id).execute()
}

/** Whether a case has the place of what it asks in an inbox: it is free, its own, or of a case that is over. */
export async function takePlace(
  queries: Queries,
  { inbox, place, id, endedBy }: { inbox: string; place: string; id: string; endedBy: readonly string[] },
): Promise<boolean> {
  return queries.transaction().execute(async (within) => {
    await within
      .deleteFrom('inbox_place')
      .where('inbox', '=', inbox)
      .where('place', '=', place)
      .where(({ eb, selectFrom }) =>
        eb('request_case', 'in', selectFrom('request_case').select('id').where('state', 'in', endedBy)),
      )
      .execute()
    await within
      .insertInto('inbox_place')
      .values({ inbox, place, request_case: id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await within
      .selectFrom('inbox_place')
      .select('request_case')
      .where('inbox', '=', inbox)
      .where('place', '=', place)
      .executeTakeFirst()
    return row?.request_case === id
  })
}

export async function leavePlace(queries: Queries, inbox: string, place: string, id: string): Promise<void> {
  await queries
    .deleteFrom('inbox_place')
    .where('inbox', '=', inbox)
    .where('place', '=', place)
    .where('request_case', '=', id)
    .execute()
}

/** Cases that were handed over into inboxes, the newest first: one of them, or those from before a moment. */
export async function listHandedOver(
  queries: Queries,
  inboxes: string[],
  { limit, id, before }: { limit: number; id?: string; before?: string },
) {
  if (inboxes.length === 0) return []
  let query = queries
    .selectFrom('request_delivery')
    .innerJoin('request_case', 'request_case.id', 'request_delivery.request_case')
    .selectAll('request_case')
    .select(['request_delivery.recipient as inbox', 'request_delivery.recorded_at as handed_over_at'])
    .where('channel', '=', 'inbox')
    .where('request_delivery.state', '=', 'sent')
    .where('recipient', 'in', inboxes)
  if (id !== undefined) query = query.where('request_case.id', '=', id)
  if (before !== undefined) query = query.where('request_delivery.recorded_at', '<', before)
  return query.orderBy('request_delivery.recorded_at', 'desc').limit(limit).execute()
}

export async function insertAnswer(queries: Queries, row: Tables['inbox_answer']): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('inbox_answer')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function listAnswers(queries: Queries, requestCase: string) {
  return queries
    .selectFrom('inbox_answer')
    .selectAll()
    .where('request_case', '=', requestCase)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

export async function countAnswers(queries: Queries, inbox: string, since: string): Promise<number> {
  const { count } = await queries
    .selectFrom('inbox_answer')
    .select((of) => of.fn.countAll<bigint>().as('count'))
    .where('inbox', '=', inbox)
    .where('recorded_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}
