import type { Queries } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    consent_proposal: {
      id: string
      proposer: string
      licensor: string
      licensee: string
      target_kind: string
      target: string
      rules: string
      reply_to: string | null
      purpose: string | null
      benefit: string | null
      harm: string | null
      answer_by: string | null
      valid_from: string
      valid_until: string | null
      recorded_at: string
      log_index: bigint
    }
    consent_answer: {
      id: string
      proposal: string
      party: string
      answer: string
      recorded_at: string
      log_index: bigint
    }
  }
}

/** A proposal with all answers to it and all proposals that reply to it, oldest first. */
export async function findProposal(queries: Queries, id: string) {
  const proposal = await queries.selectFrom('consent_proposal').selectAll().where('id', '=', id).executeTakeFirst()
  if (!proposal) return undefined
  const answers = await queries
    .selectFrom('consent_answer')
    .selectAll()
    .where('proposal', '=', id)
    .orderBy('log_index')
    .execute()
  const replies = await queries
    .selectFrom('consent_proposal')
    .selectAll()
    .where('reply_to', '=', id)
    .orderBy('log_index')
    .execute()
  return { proposal, answers, replies }
}
