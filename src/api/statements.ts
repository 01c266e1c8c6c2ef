import { createPublicKey } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, fromBase64Url, toBase64Url } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  appendStatement,
  attachPasskeyProof,
  findStatement,
  makeReceipt,
  makeStatement,
  passkeyChallenge,
  passkeyProofOptions,
  statementSchema,
  toDidKey,
  type UnsignedStatement,
} from '../statements/index.ts'
import type { Api } from './app.ts'
import { refusePublicDomain, reservationInputSchema, reservationSubjects } from './reservation.ts'
import { answers, jsonBody } from './schemas.ts'
import { sessionOf, speaksFor } from './session.ts'

export const appended = z.object({ id: z.string(), logIndex: z.number(), receipt: z.string() }).openapi('Receipt')

const append = createRoute({
  method: 'post',
  path: '/api/statements',
  summary: 'Record a signed statement; answers when it is durable, with its receipt',
  request: {
    body: jsonBody(z.looseObject({}).openapi('Statement')),
  },
  responses: answers(201, 'The receipt', appended),
})

const read = createRoute({
  method: 'get',
  path: '/api/statements/{id}',
  summary: 'A recorded statement',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: answers(
    200,
    'The statement and its place',
    z.looseObject({ logIndex: z.number(), recordedAt: z.string() }),
  ),
})

/** What a route answers that prepares a statement. */
export const toBeSignedSchema = z.object({
  statement: z.looseObject({}),
  challenge: z.string(),
  didKey: z.string(),
})

const prepare = createRoute({
  method: 'post',
  path: '/api/reservations/prepare',
  summary: 'A statement for a passkey to sign, and the challenge that it signs',
  request: {
    body: jsonBody(
      z.strictObject({
        publicKey: z.base64url().max(400).openapi({ description: 'SubjectPublicKeyInfo, DER' }),
        input: reservationInputSchema,
      }),
    ),
  },
  responses: answers(200, 'Unsigned statement and challenge', toBeSignedSchema),
})

/** What a passkey answers when it signs. */
export const passkeyAnswerSchema = z.strictObject({
  didKey: z.string().max(200),
  authenticatorData: z.base64url().max(2000),
  clientDataJSON: z.base64url().max(4000),
  signature: z.base64url().max(200),
})

const passkey = createRoute({
  method: 'post',
  path: '/api/reservations/passkey',
  summary: 'Record a statement that a passkey has signed',
  request: {
    body: jsonBody(passkeyAnswerSchema.extend({ statement: z.looseObject({}) })),
  },
  responses: answers(201, 'The receipt', appended),
})

export function addStatementRoutes(api: Api, node: Node): void {
  api.openapi(append, async (context) => context.json(await record(node, context.req.valid('json')), 201))
  api.openapi(read, async (context) => {
    const row = await findStatement(node.register.database.db, context.req.valid('param').id)
    if (!row || row.commitment) throw new ColophonError('not_found', 'there is no such public statement')
    return context.json(
      { ...JSON.parse(row.body!), logIndex: Number(row.log_index), recordedAt: row.recorded_at } as never,
      200,
    )
  })
  api.openapi(prepare, async (context) => {
    const { publicKey, input } = context.req.valid('json')
    await refusePublicDomain(node, [input], input.dispute)
    const didKey = didKeyOfSpki(publicKey)
    const party = speaksFor(await sessionOf(node, context), didKey)
    const statement = makeStatement(party, await reservationSubjects(node, party, input), node.register.effects)
    return context.json(toBeSigned(statement, didKey) as never, 200)
  })
  api.openapi(passkey, async (context) => {
    const { statement, ...answer } = context.req.valid('json')
    return context.json(await record(node, readPasskeyAnswer(statement, answer)), 201)
  })
}

/** A statement, and what a passkey of this key signs of it. */
export function toBeSigned(statement: UnsignedStatement, didKey: string) {
  const challenge = toBase64Url(passkeyChallenge(statement, passkeyProofOptions(statement, didKey)))
  return { statement, challenge, didKey }
}

/** The statement with the proof that a passkey has given for it; whether it holds is judged when it is recorded. */
export function readPasskeyAnswer(statement: unknown, answer: z.infer<typeof passkeyAnswerSchema>) {
  const unsigned = statementSchema.omit({ proof: true }).safeParse(statement)
  if (!unsigned.success) throw new ColophonError('invalid_statement', unsigned.error.issues[0]!.message)
  return attachPasskeyProof(unsigned.data as UnsignedStatement, answer.didKey, {
    authenticatorData: fromBase64Url(answer.authenticatorData),
    clientDataJSON: fromBase64Url(answer.clientDataJSON),
    signature: fromBase64Url(answer.signature),
  })
}

async function record(node: Node, document: unknown) {
  const { statement, logIndex } = await appendStatement(node.register, document)
  return { id: statement.id, logIndex, receipt: await makeReceipt(node.register, logIndex) }
}

export function didKeyOfSpki(publicKey: string): string {
  try {
    return toDidKey(createPublicKey({ key: Buffer.from(fromBase64Url(publicKey)), format: 'der', type: 'spki' }))
  } catch (cause) {
    throw new ColophonError('invalid_input', 'the passkey’s public key cannot be read', { where: 'publicKey', cause })
  }
}
