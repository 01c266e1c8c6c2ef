import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime, limits, sha256Hex, toHex } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findCollection, itemId, proveItem } from '../register/index.ts'
import { findHiddenWorks } from '../rights/index.ts'
import {
  appendStatement,
  findStatementAt,
  makeReceipt,
  makeStatement,
  parseStatement,
  readSeal,
  verifyStatement,
  type Statement,
} from '../statements/index.ts'
import type { Api } from './app.ts'
import { collectionInputSchema, collectionSubjects, refusePublicDomain } from './reservation.ts'
import { answers, jsonBody } from './schemas.ts'
import { sessionOf, speaksFor } from './session.ts'
import {
  appended,
  didKeyOfSpki,
  passkeyAnswerSchema,
  readPasskeyAnswer,
  toBeSigned,
  toBeSignedSchema,
} from './statements.ts'

const prepare = createRoute({
  method: 'post',
  path: '/api/collections/prepare',
  summary: 'A collection statement for a passkey to sign: one signature for all works of the manifest',
  request: {
    body: jsonBody(
      z.strictObject({
        publicKey: z.base64url().max(400).openapi({ description: 'SubjectPublicKeyInfo, DER' }),
        input: collectionInputSchema,
      }),
    ),
  },
  responses: answers(
    200,
    'Unsigned statement, challenge, and the manifest that it signs the root of',
    toBeSignedSchema.extend({ manifest: z.string() }),
  ),
})

const record = createRoute({
  method: 'post',
  path: '/api/collections',
  summary: 'Record a collection: its statement, signed with a key or with a passkey, and its manifest',
  request: {
    body: jsonBody(
      z.strictObject({
        statement: z.looseObject({}),
        manifest: z.string().max(limits.requestBodyBytesMax),
        passkey: passkeyAnswerSchema.optional(),
      }),
    ),
  },
  responses: answers(201, 'The receipt', appended),
})

const prove = createRoute({
  method: 'get',
  path: '/api/collections/{id}/items/{position}/proof',
  summary: 'The proof that a work stands in a collection, to be verified without this node',
  request: { params: z.object({ id: z.string().max(100), position: z.coerce.number().int().min(0) }) },
  responses: answers(
    200,
    'Receipt of the collection statement, and the path from the item to the signed root',
    z.object({
      collection: z.string(),
      receipt: z.string(),
      item: z.object({ line: z.string(), position: z.number(), count: z.number(), path: z.array(z.string()) }),
    }),
  ),
})

const recordSealed = createRoute({
  method: 'post',
  path: '/api/sealed-statements',
  summary: 'Record a statement sealed: the log gets a commitment, the sender what opens it',
  request: { body: jsonBody(z.looseObject({})) },
  responses: answers(
    201,
    'The receipt, and the seal to keep',
    appended.extend({ seal: z.object({ salt: z.string(), body: z.string() }) }).openapi('SealedReceipt'),
  ),
})

export function addCollectionRoutes(api: Api, node: Node): void {
  api.openapi(prepare, async (context) => {
    const { publicKey, input } = context.req.valid('json')
    await refusePublicDomain(node, input.items, input.dispute)
    const didKey = didKeyOfSpki(publicKey)
    const { effects } = node.register
    const party = speaksFor(await sessionOf(node, context), didKey)
    const { subjects, manifest } = await collectionSubjects(node, party, input)
    const statement = makeStatement(party, subjects, effects)
    const prepared = { ...toBeSigned(statement, didKey), manifest: new TextDecoder().decode(manifest) }
    return context.json(prepared as never, 200)
  })
  api.openapi(record, async (context) => {
    const { statement, manifest, passkey } = context.req.valid('json')
    const signed = parseStatement(passkey ? readPasskeyAnswer(statement, passkey) : statement)
    const logIndex = await recordCollection(node, signed, new TextEncoder().encode(manifest))
    return context.json({ id: signed.id, logIndex, receipt: await makeReceipt(node.register, logIndex) }, 201)
  })
  api.openapi(prove, async (context) => {
    const { id, position } = context.req.valid('param')
    const collection = await findCollection(node.register.database.db, id)
    const manifest = collection && node.manifests.read(collection.manifest)
    if (!manifest || position >= Number(collection.item_count))
      throw new ColophonError('not_found', 'there is no such work in a collection here')
    const { db } = node.register.database
    const item = itemId(id, position)
    if ((await findHiddenWorks(db, [item], isoTime(node.register.effects.now()))).has(item))
      throw new ColophonError('not_authorised', 'the codes of this work are kept by its community', {
        where: item,
        remedy: 'Whoever declared the collection has its proofs: they were written beside the files.',
      })
    const receipt = await makeReceipt(node.register, Number(collection.log_index))
    return context.json({ collection: id, receipt, item: await proveItem(manifest, position) }, 200)
  })
  api.openapi(recordSealed, async (context) => {
    const { statement, logIndex } = await appendStatement(node.register, context.req.valid('json'), { isSealed: true })
    const row = await findStatementAt(node.register.database.db, logIndex)
    const seal = (await readSeal(node.register, row!.commitment!))!
    const receipt = await makeReceipt(node.register, logIndex)
    return context.json({ id: statement.id, logIndex, receipt, seal: { salt: toHex(seal.salt), body: seal.body } }, 201)
  })
}

/** Records a collection statement. Its manifest is kept only when the statement names it and the signature holds. */
export async function recordCollection(node: Node, statement: Statement, bytes: Uint8Array): Promise<number> {
  verifyStatement(statement)
  const hash = sha256Hex(bytes)
  const isNamed = statement.credentialSubject.some(
    (subject) => subject.type === 'Collection' && (subject as { manifest?: unknown }).manifest === hash,
  )
  if (!isNamed)
    throw new ColophonError('invalid_statement', 'the statement does not name this manifest', { where: 'manifest' })
  node.manifests.write(bytes)
  return (await appendStatement(node.register, statement)).logIndex
}
