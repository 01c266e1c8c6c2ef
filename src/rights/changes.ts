import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'

/** Every moment at which something that was said of a target began, ended or was replaced: terms, labels, disputes, and who approves or vouches. */
const EVENTS = sql`(
  SELECT target_kind, target, valid_from AS happened FROM terms
  UNION ALL SELECT target_kind, target, valid_until FROM terms WHERE valid_until IS NOT NULL
  UNION ALL SELECT terms.target_kind, terms.target, revocation.effective_from FROM terms JOIN revocation ON revocation.target = terms.id
  UNION ALL SELECT terms.target_kind, terms.target, terms_replaced.effective_from FROM terms JOIN terms_replaced ON terms_replaced.target = terms.id
  UNION ALL SELECT target_kind, target, recorded_at FROM label
  UNION ALL SELECT label.target_kind, label.target, label_approval.recorded_at FROM label JOIN label_approval ON label_approval.label = label.id
  UNION ALL SELECT label.target_kind, label.target, revocation.effective_from FROM label JOIN revocation ON revocation.target = label.id
  UNION ALL SELECT kind.name, claim.target, claim.recorded_at FROM claim, (SELECT 'work' AS name UNION ALL SELECT 'set') AS kind WHERE claim.claims = 'disputes'
  UNION ALL SELECT kind.name, claim.target, revocation.effective_from FROM claim JOIN revocation ON revocation.target = claim.id, (SELECT 'work' AS name UNION ALL SELECT 'set') AS kind WHERE claim.claims = 'disputes'
  UNION ALL SELECT 'work', other.work, claim.recorded_at FROM claim JOIN fingerprint AS own ON own.work = claim.target AND own.algorithm = 'sha256' JOIN fingerprint AS other ON other.algorithm = 'sha256' AND other.code = own.code WHERE claim.claims = 'disputes'
  UNION ALL SELECT 'work', other.work, revocation.effective_from FROM claim JOIN revocation ON revocation.target = claim.id JOIN fingerprint AS own ON own.work = claim.target AND own.algorithm = 'sha256' JOIN fingerprint AS other ON other.algorithm = 'sha256' AND other.code = own.code WHERE claim.claims = 'disputes'
  UNION ALL SELECT label.target_kind, label.target, claim.recorded_at FROM label JOIN claim ON claim.target = label.party AND claim.claims = 'vouches'
  UNION ALL SELECT label.target_kind, label.target, revocation.effective_from FROM label JOIN claim ON claim.target = label.party AND claim.claims = 'vouches' JOIN revocation ON revocation.target = claim.id
)`

/** Between two moments (ISO), both included. */
export interface Span {
  from: string
  until: string
}

/**
 * True for rows of `work` whose record may have changed in a span: it was declared or taken back, its party took a name,
 * or something that was said of it, of its collection, of its parties or of a site that it stands on began or ended. Works
 * with a rule that begins or ends at a moment are among them whatever the span is.
 */
export function changedWithin({ from, until }: Span): RawBuilder<SqlBool> {
  const timed = (kind: string) =>
    sql`(SELECT terms.target FROM terms WHERE terms.target_kind = ${kind} AND (terms.rules LIKE '%"from":%' OR terms.rules LIKE '%"until":%'))`
  const taken = sql`work.log_index IN (SELECT statement.log_index FROM revocation JOIN statement ON statement.id = substr(revocation.target, 1, ${STATEMENT_ID_CHARACTERS}) WHERE revocation.effective_from >= ${from} AND revocation.effective_from <= ${until})`
  return sql<SqlBool>`(${surelyChangedWithin({ from, until })} OR ${taken} OR ${reachedBy(timed)})`
}

/** The same for what surely changed: not what only stands in a statement of which something was taken back. */
export function surelyChangedWithin({ from, until }: Span): RawBuilder<SqlBool> {
  const within = (column: RawBuilder<unknown>) => sql`${column} >= ${from} AND ${column} <= ${until}`
  const targets = (kind: string) =>
    sql`(SELECT event.target FROM ${EVENTS} AS event WHERE event.target_kind = ${kind} AND ${within(sql`event.happened`)})`
  const named = sql`(SELECT party.id FROM party WHERE party.is_sealed = 0 AND ${within(sql`party.recorded_at`)})`
  const items = sql`(SELECT item_withdrawal.work FROM item_withdrawal WHERE ${within(sql`item_withdrawal.effective_from`)})`
  return sql<SqlBool>`(${within(sql`work.recorded_at`)} OR ${reachedBy(targets)}
    OR work.id IN ${items}
    OR work.party IN ${named}
    OR work.id IN (SELECT work_creator.work FROM work_creator WHERE work_creator.party IN ${named}))`
}

function reachedBy(targets: (kind: string) => RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(work.id IN ${targets('work')}
    OR work.collection IN ${targets('set')}
    OR work.party IN ${targets('party')}
    OR work.id IN (SELECT work_creator.work FROM work_creator WHERE work_creator.party IN ${targets('party')})
    OR work.id IN (SELECT work_url.work FROM work_url JOIN ${targets('domain')} AS site ON work_url.host = site.target OR work_url.host LIKE '%.' || site.target))`
}

/** `urn:uuid:` and the 36 characters behind it. */
export const STATEMENT_ID_CHARACTERS = 45

/** The last change before or at a moment of what was said of each target, by `kind id`. */
export async function readLastChanges(
  queries: Queries,
  targets: readonly { kind: string; id: string }[],
  at: string,
): Promise<Map<string, string>> {
  const last = new Map<string, string>()
  const ids = [...new Set(targets.map(({ id }) => id))]
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = sql.join(ids.slice(start, start + IDS_AT_ONCE))
    const { rows } = await sql<{ target_kind: string; target: string; happened: string }>`
      SELECT event.target_kind, event.target, max(event.happened) AS happened FROM ${EVENTS} AS event
      WHERE event.target IN (${some}) AND event.happened <= ${at}
      GROUP BY event.target_kind, event.target`.execute(queries)
    for (const { target_kind, target, happened } of rows) last.set(`${target_kind} ${target}`, happened)
  }
  return last
}

const IDS_AT_ONCE = 400
