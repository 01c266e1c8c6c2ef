import { createRoute, z } from '@hono/zod-openapi'
import type { Session } from '../accounts/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { accountRequestSchema, deleteAccount } from '../operations/index.ts'
import { ANSWER_STATUSES, askForInbox, findGiven, takeAnswer } from '../requests/index.ts'
import { makeStatement, readSaid, textSchema, type Statement, type UnsignedStatement } from '../statements/index.ts'
import type { Api } from './app.ts'
import { withoutBlanks } from './prepareDraft.ts'
import { answers, jsonBody } from './schemas.ts'
import { needSession } from './session.ts'
import { passkeyAnswerSchema, readPasskeyAnswer, toBeSigned, toBeSignedSchema } from './statements.ts'

const formSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inbox'), about: textSchema(200), name: textSchema(200) }),
  z
    .object({
      kind: z.literal('caseAnswer'),
      case: z.string().max(64),
      status: z.enum(ANSWER_STATUSES),
      reason: textSchema(2000).optional(),
    })
    .refine(({ status, reason }) => status !== 'refused' || reason !== undefined, {
      path: ['reason'],
      message: 'a refusal needs a reason',
    }),
  z.object({ kind: z.literal('deletion'), agreed: z.string().regex(/^[0-9a-f]{64}$/) }),
])

const prepare = createRoute({
  method: 'post',
  path: '/api/said/prepare',
  summary: 'What whoever is signed in says to this node alone, to be signed; nothing is recorded',
  request: {
    body: jsonBody(z.strictObject({ draft: z.record(z.string().max(40), z.string().max(5000)) })),
  },
  responses: answers(200, 'Unsigned statement and challenge', toBeSignedSchema),
})

const said = createRoute({
  method: 'post',
  path: '/api/said',
  summary: 'Takes what a passkey has signed for this node alone; none of it goes on the log',
  request: { body: jsonBody(passkeyAnswerSchema.extend({ statement: z.looseObject({}) })) },
  responses: answers(200, 'The page to go on at', z.object({ next: z.string() })),
})

/** What is said to the node and not to the public: an inbox asked for, a case answered, an account deleted. */
export function addSaidRoutes(api: Api, node: Node): void {
  api.openapi(prepare, async (context) => {
    const session = await needSession(node, context)
    const statement = await prepareSaid(node, session, context.req.valid('json').draft)
    return context.json(toBeSigned(statement, session.didKey) as never, 200)
  })
  api.openapi(said, async (context) => {
    await needSession(node, context)
    const { statement, ...answer } = context.req.valid('json')
    return context.json({ next: await takeSaid(node, readPasskeyAnswer(statement, answer)) }, 200)
  })
}

/** A filled-in form as a statement to be signed by whoever is signed in. Errors: `invalid_input`, `not_found`. */
export async function prepareSaid(
  node: Node,
  { party }: Session,
  form: Record<string, unknown>,
): Promise<UnsignedStatement> {
  const read = formSchema.safeParse(withoutBlanks(form))
  if (!read.success) {
    const issue = read.error.issues[0]!
    throw new ColophonError('invalid_input', issue.message, { where: issue.path.join('.') })
  }
  return makeStatement(party, [await subjectOf(node, party, read.data)] as never, node.register.effects)
}

async function subjectOf(node: Node, party: string, form: z.infer<typeof formSchema>): Promise<object> {
  const log = node.register.log.origin
  const { kind, ...fields } = form
  if (kind === 'inbox') return { type: 'Inbox', log, ...fields }
  if (form.kind === 'caseAnswer') {
    const given = await findGiven(node.register, party, form.case)
    if (!given) throw new ColophonError('not_found', 'no such case lies in your inboxes', { where: form.case })
    return { type: 'CaseAnswer', log, ...fields, evidenceHash: given.evidence_hash }
  }
  return { type: 'AccountRequest', action: 'delete', log, cases: [], ...fields }
}

/** Does what was signed; answers the page to go on at. Errors: those of `askForInbox`, `takeAnswer`, `deleteAccount`. */
export async function takeSaid(node: Node, statement: Statement): Promise<string> {
  const { register } = node
  const [{ type } = { type: '' }] = statement.credentialSubject
  if (type === 'Inbox') {
    await askForInbox(register, statement)
    return '/account'
  }
  if (type === 'CaseAnswer') {
    await takeAnswer(register, statement)
    return `/account/inbox/${(statement.credentialSubject[0] as unknown as { case: string }).case}`
  }
  const { party, subject } = await readSaid(register, statement, accountRequestSchema)
  if (subject.action !== 'delete') throw new ColophonError('invalid_statement', 'this is not said here')
  await deleteAccount(node, { party, cases: [], agreed: subject.agreed })
  return '/account/deleted'
}
