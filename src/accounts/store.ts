import type { Queries, Tables } from '../foundation/index.ts'
import { eraseApplications, exportApplications } from '../levy/index.ts'
import type { CaseFilter } from '../requests/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    account_session: { token_hash: string; party: string; did_key: string; expires_at: string }
    account_passkey: { credential: string; did_key: string }
    account_mail_asked: { address_hash: string; party_hash: string; asked_at: string; is_refusal: bigint }
    site_proof: { party: string; host: string; way: string; checked_at: string }
    account_case: { party: string; request_case: string; access_key: string }
    account_mail: {
      party: string
      address: string
      language: string
      token: string
      asked_at: string
      confirmed_at: string | null
      told_run: bigint
      told_at: string
      failures: bigint
    }
  }
}

export type MailRow = Tables['account_mail']

export async function insertSession(queries: Queries, row: Tables['account_session']): Promise<void> {
  await queries.insertInto('account_session').values(row).execute()
}

export async function findSession(queries: Queries, tokenHash: string) {
  return queries.selectFrom('account_session').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
}

export async function deleteSession(queries: Queries, tokenHash: string): Promise<void> {
  await queries.deleteFrom('account_session').where('token_hash', '=', tokenHash).execute()
}

export async function deleteSessionsUntil(queries: Queries, at: string): Promise<void> {
  await queries.deleteFrom('account_session').where('expires_at', '<=', at).execute()
}

/** Keys that have signed in under what browsers call a passkey; anybody can call his own the same. */
export async function listPasskeys(queries: Queries, credential: string): Promise<string[]> {
  const rows = await queries
    .selectFrom('account_passkey')
    .select('did_key')
    .where('credential', '=', credential)
    .limit(50)
    .execute()
  return rows.map(({ did_key }) => did_key)
}

export async function insertPasskey(queries: Queries, row: Tables['account_passkey']): Promise<void> {
  await queries
    .insertInto('account_passkey')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function insertKept(queries: Queries, row: Tables['account_case']): Promise<void> {
  await queries
    .insertInto('account_case')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Cases of an account with their keys, newest first. */
export async function listKeptCases(queries: Queries, party: string, filter: CaseFilter, limit?: number) {
  let query = queries
    .selectFrom('account_case')
    .innerJoin('request_case', 'request_case.id', 'account_case.request_case')
    .selectAll('request_case')
    .select('account_case.access_key')
    .where('party', '=', party)
  for (const name of ['state', 'kind', 'dataset'] as const)
    if (filter[name] !== undefined) query = query.where(`request_case.${name}`, '=', filter[name])
  const ordered = query.orderBy('created_at', 'desc').orderBy('request_case.id')
  return (limit === undefined ? ordered : ordered.limit(limit)).execute()
}

/** What was written of the calendar into the histories of a party's cases after a moment. */
export async function listFactsOfParty(queries: Queries, party: string, after: string) {
  return queries
    .selectFrom('account_case')
    .innerJoin('request_fact', 'request_fact.request_case', 'account_case.request_case')
    .innerJoin('request_case', 'request_case.id', 'account_case.request_case')
    .select(['request_case.subject', 'request_fact.name'])
    .where('party', '=', party)
    .where('request_fact.recorded_at', '>', after)
    .orderBy('request_fact.recorded_at')
    .orderBy('request_case.id')
    .execute()
}

export async function findMail(queries: Queries, by: { party: string } | { token: string }) {
  const query = queries.selectFrom('account_mail').selectAll()
  return ('party' in by ? query.where('party', '=', by.party) : query.where('token', '=', by.token)).executeTakeFirst()
}

/** Addresses that somebody has confirmed, after a party, in the order of parties. */
export async function listMails(queries: Queries, after: string, limit: number): Promise<MailRow[]> {
  return queries
    .selectFrom('account_mail')
    .selectAll()
    .where('confirmed_at', 'is not', null)
    .where('party', '>', after)
    .orderBy('party')
    .limit(limit)
    .execute()
}

export async function insertAsked(queries: Queries, row: Tables['account_mail_asked']): Promise<void> {
  await queries.insertInto('account_mail_asked').values(row).execute()
}

export async function deleteAskedBefore(queries: Queries, at: string): Promise<void> {
  await queries.deleteFrom('account_mail_asked').where('asked_at', '<', at).execute()
}

/** How often an address was asked after a moment, or an account has asked, or whether it has said no. */
export async function countAsked(
  queries: Queries,
  by: { address_hash: string; is_refusal: 0n | 1n } | { party_hash: string },
  after: string,
): Promise<number> {
  let query = queries
    .selectFrom('account_mail_asked')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('asked_at', '>', after)
  if ('party_hash' in by) query = query.where('party_hash', '=', by.party_hash)
  else query = query.where('address_hash', '=', by.address_hash).where('is_refusal', '=', by.is_refusal)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

export async function putMail(queries: Queries, row: MailRow): Promise<void> {
  await queries
    .insertInto('account_mail')
    .values(row)
    .onConflict((conflict) => conflict.column('party').doUpdateSet(row))
    .execute()
}

export async function updateMail(queries: Queries, party: string, change: Partial<MailRow>): Promise<void> {
  await queries.updateTable('account_mail').set(change).where('party', '=', party).execute()
}

export async function deleteMail(queries: Queries, party: string): Promise<void> {
  await queries.deleteFrom('account_mail').where('party', '=', party).execute()
}

export async function countSites(queries: Queries, party: string): Promise<number> {
  return (await listSites(queries, { party })).length
}

/** Sites of a party, or the parties that a site names, as they were last looked at. */
export async function listSites(queries: Queries, by: { party: string } | { host: string }) {
  const query = queries.selectFrom('site_proof').selectAll()
  const narrowed = 'party' in by ? query.where('party', '=', by.party) : query.where('host', '=', by.host)
  return narrowed.orderBy('host').orderBy('party').limit(100).execute()
}

/** A site as it was last looked at. */
export async function putSite(queries: Queries, row: Tables['site_proof']): Promise<void> {
  await queries
    .insertInto('site_proof')
    .values(row)
    .onConflict((conflict) => conflict.columns(['party', 'host']).doUpdateSet(row))
    .execute()
}

/** Those that were looked at before a moment, longest ago first. */
export async function listSitesToCheck(queries: Queries, before: string, limit: number) {
  return queries
    .selectFrom('site_proof')
    .selectAll()
    .where('checked_at', '<', before)
    .orderBy('checked_at')
    .limit(limit)
    .execute()
}

/** What an account keeps beside its cases, for whoever takes it along. */
export async function listAccountRows(queries: Queries, party: string) {
  const { token: _, ...mail } = (await findMail(queries, { party })) ?? { token: '' }
  const { applications, awards } = await exportApplications(queries, party)
  return {
    applications,
    awards,
    mail: 'address' in mail ? [mail] : [],
    sites: await listSites(queries, { party }),
    inboxes: await queries.selectFrom('provider_inbox').selectAll().where('party', '=', party).execute(),
    passkeys: await queries.selectFrom('account_passkey').selectAll().where('did_key', '=', party).execute(),
  }
}

/** Takes away everything that is kept with an account; the names of its own key's passkeys, too. */
export async function eraseAccount(queries: Queries, party: string): Promise<void> {
  await eraseApplications(queries, party)
  // What lies in an inbox are cases of others: they stay with those who opened them.
  for (const table of ['account_session', 'account_case', 'account_mail', 'site_proof', 'provider_inbox'] as const)
    await queries.deleteFrom(table).where('party', '=', party).execute()
  await queries.deleteFrom('account_passkey').where('did_key', '=', party).execute()
}
