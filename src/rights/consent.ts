import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import {
  didSchema,
  hasMandate,
  momentSchema,
  textSchema,
  type RowBatch,
  type StatedSubject,
  type StatementKind,
} from '../statements/index.ts'
import { findProposal } from './consentStore.ts'
import { isFreeWork } from './publicDomain.ts'
import { ruleSchema } from './rules.ts'
import { checkRules, subjectIdSchema, targetSchema } from './terms.ts'

const proposalSchema = z.strictObject({
  type: z.literal('Proposal'),
  onBehalfOf: didSchema.optional(),
  licensor: didSchema,
  licensee: didSchema,
  target: targetSchema,
  /** What would be allowed, under which conditions and for which duties. */
  rules: z
    .array(ruleSchema.extend({ decision: z.literal('allow') }))
    .min(1)
    .max(30),
  /** The proposal that this one counters. */
  inReplyTo: subjectIdSchema.optional(),
  /** What it is for, whom it serves and what may go wrong, in the words of whoever proposes. */
  purpose: textSchema(1000).optional(),
  benefit: textSchema(1000).optional(),
  harm: textSchema(1000).optional(),
  /** When it ends unanswered. No answer is a no. */
  answerBy: momentSchema.optional(),
  validFrom: momentSchema.optional(),
  validUntil: momentSchema.optional(),
})

type Proposal = z.infer<typeof proposalSchema>

/**
 * A licence that one side asks for or offers. It allows nothing: only the answer of the other side does. Silence is a
 * no, and nothing here ranks or prices anybody for it.
 */
export const proposalKind: StatementKind<Proposal> = {
  type: 'Proposal',
  schema: proposalSchema,
  tables: ['consent_proposal'],
  powers: ['grant', 'request'],
  async judge(stated, rows) {
    const { subject, party, recordedAt } = stated
    const { licensor, licensee, inReplyTo, validFrom, validUntil, target } = subject
    checkRules(subject.rules)
    await requireSide(stated, licensor, rows)
    if (licensor === licensee)
      throw new ColophonError('invalid_statement', 'nobody grants anything to himself', { where: 'licensee' })
    if (party !== licensor && party !== licensee)
      throw new ColophonError('not_authorised', 'a proposal comes from the licensor or from the licensee', {
        where: party,
      })
    if (validFrom && validUntil && validFrom >= validUntil)
      throw new ColophonError('invalid_statement', 'the licence ends before it begins', { where: 'validUntil' })
    const queries = await rows.queries()
    if (target.kind === 'work') {
      const work = await findWork(queries, target.id)
      if (!work) throw new ColophonError('not_found', 'there is no such work', { where: target.id })
      if (await isFreeWork(queries, work, recordedAt))
        throw new ColophonError('public_domain_cannot_be_reserved', 'what is in the public domain needs no licence', {
          where: target.id,
        })
    }
    if (inReplyTo === undefined) return
    const earlier = await findProposal(queries, inReplyTo)
    if (!earlier) throw new ColophonError('not_found', 'there is no such proposal to reply to', { where: inReplyTo })
    if (earlier.proposal.licensor !== licensor || earlier.proposal.licensee !== licensee)
      throw new ColophonError('invalid_statement', 'a counter-proposal is between the same two', { where: inReplyTo })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { licensor, licensee, target, rules, inReplyTo, purpose, benefit, harm, answerBy, validFrom, validUntil } =
      subject
    rows.add('consent_proposal', {
      id,
      proposer: party,
      licensor,
      licensee,
      target_kind: target.kind,
      target: target.id,
      rules: JSON.stringify(rules),
      reply_to: inReplyTo ?? null,
      purpose: purpose ?? null,
      benefit: benefit ?? null,
      harm: harm ?? null,
      answer_by: answerBy ?? null,
      valid_from: validFrom ?? recordedAt,
      valid_until: validUntil ?? null,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

/** Who may grant for somebody need not be let ask for somebody, and the other way round. */
async function requireSide(
  { issuer, party, recordedAt }: Pick<StatedSubject<unknown>, 'issuer' | 'party' | 'recordedAt'>,
  licensor: string,
  rows: RowBatch,
): Promise<void> {
  if (issuer === party) return
  const power = party === licensor ? 'grant' : 'request'
  if (!(await hasMandate(await rows.queries(), issuer, party, recordedAt, [power])))
    throw new ColophonError('not_authorised', `${issuer} has no mandate in force to ${power} for ${party}`, {
      where: party,
    })
}

const answerSchema = z.strictObject({
  type: z.literal('Answer'),
  onBehalfOf: didSchema.optional(),
  proposal: subjectIdSchema,
  answer: z.enum(['accept', 'refuse']),
})

/** The other side's yes or no. A yes makes the grant, signed by both: the proposal by one, the answer by the other. */
export const answerKind: StatementKind<z.infer<typeof answerSchema>> = {
  type: 'Answer',
  schema: answerSchema,
  tables: ['consent_answer'],
  powers: ['grant', 'request'],
  async judge(stated, rows) {
    const { subject, party, recordedAt } = stated
    const found = await findProposal(await rows.queries(), subject.proposal)
    if (!found) throw new ColophonError('not_found', 'there is no such proposal', { where: subject.proposal })
    const { proposal, answers, replies } = found
    await requireSide(stated, proposal.licensor, rows)
    const other = proposal.proposer === proposal.licensor ? proposal.licensee : proposal.licensor
    if (party !== other)
      throw new ColophonError('not_authorised', 'only the other side answers a proposal', { where: subject.proposal })
    if (answers.length > 0)
      throw new ColophonError('state_not_allowed', 'the proposal has been answered', {
        where: subject.proposal,
        remedy: 'A licence that was granted can be revoked; a new one can be proposed.',
      })
    if (subject.answer === 'accept' && replies.length > 0)
      throw new ColophonError('state_not_allowed', 'a counter-proposal stands in its place', { where: replies[0]!.id })
    if (proposal.answer_by !== null && recordedAt >= proposal.answer_by)
      throw new ColophonError('state_not_allowed', 'the time to answer is over, which is a no', {
        where: subject.proposal,
      })
    const revoked = await (
      await rows.queries()
    )
      .selectFrom('revocation')
      .select('id')
      .where('target', '=', subject.proposal)
      .where('effective_from', '<=', recordedAt)
      .executeTakeFirst()
    if (revoked)
      throw new ColophonError('state_not_allowed', 'the proposal was taken back', { where: subject.proposal })
  },
  async project({ subject, id, party, recordedAt, logIndex }, rows) {
    rows.add('consent_answer', {
      id,
      proposal: subject.proposal,
      party,
      answer: subject.answer,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
    if (subject.answer !== 'accept') return
    const { proposal } = (await findProposal(await rows.queries(), subject.proposal))!
    const rules = JSON.parse(proposal.rules) as Proposal['rules']
    rows.add('rights_grant', {
      id,
      licensor: proposal.licensor,
      licensee: proposal.licensee,
      target_kind: proposal.target_kind,
      target: proposal.target,
      actions: rules.map(({ action }) => action).join(' '),
      valid_from: proposal.valid_from > recordedAt ? proposal.valid_from : recordedAt,
      valid_until: proposal.valid_until,
      rules: proposal.rules,
      proposal: proposal.id,
      log_index: logIndex,
    })
  },
}
