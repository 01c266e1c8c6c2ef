import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { didKeySchema, makeStatement } from '../statements/index.ts'
import type { Api } from './app.ts'
import { draftSchema, draftSubjects, signerOfDraft } from './drafts.ts'
import { answers, jsonBody } from './schemas.ts'
import { sessionOf, speaksFor } from './session.ts'
import { partyField } from './targetFields.ts'
import { didKeyOfSpki, toBeSigned, toBeSignedSchema } from './statements.ts'

const prepare = createRoute({
  method: 'post',
  path: '/api/drafts/prepare',
  summary: 'What somebody filled in as a statement to be signed, and the challenge for a passkey; nothing is recorded',
  request: {
    body: jsonBody(
      z.strictObject({
        publicKey: z
          .base64url()
          .max(400)
          .optional()
          .openapi({ description: 'Of a new passkey: SubjectPublicKeyInfo, DER' }),
        party: didKeySchema.optional().openapi({ description: 'A party that has signed before' }),
        draft: z.record(z.string().max(40), z.string().max(5000)).openapi({ description: 'The fields of the form' }),
      }),
    ),
  },
  responses: answers(
    200,
    'Unsigned statement, challenge, and the page that shows it once it is recorded',
    toBeSignedSchema.extend({ next: z.string() }),
  ),
})

export function addDraftRoutes(api: Api, node: Node): void {
  api.openapi(prepare, async (context) => {
    const { publicKey, party, draft } = context.req.valid('json')
    const didKey = publicKey === undefined ? party : didKeyOfSpki(publicKey)
    const session = await sessionOf(node, context)
    const speaker = didKey === undefined ? undefined : speaksFor(session, didKey)
    const { statement, next, issuer } = await prepareDraft(node, speaker, draft)
    const key = didKey ?? (issuer === session?.party ? session.didKey : issuer)
    return context.json({ ...toBeSigned(statement, key), next } as never, 200)
  })
}

/**
 * The statement that a filled-in form comes to for a party; without one, for the party that the form is meant for. With
 * `onBehalfOf` in the form, the party signs for that other one, by its mandate.
 */
export async function prepareDraft(
  node: Node,
  party: string | undefined,
  { onBehalfOf, ...form }: Record<string, string>,
) {
  const draft = readDraft(form)
  const principal = onBehalfOf?.trim() ? readPrincipal(onBehalfOf) : undefined
  const speaker = principal ?? party
  const needed = await signerOfDraft(node, draft)
  if (needed !== undefined && speaker !== undefined && speaker !== needed)
    throw new ColophonError('not_authorised', 'this key is not the one of the party that is asked', {
      where: speaker,
      remedy: `Sign with the key of ${needed}.`,
    })
  const issuer = party ?? speaker ?? needed
  if (issuer === undefined || (principal !== undefined && party === undefined))
    throw new ColophonError('invalid_input', 'say who signs', { where: 'party' })
  const { subjects, next } = await draftSubjects(node, speaker ?? issuer, draft)
  const said = principal === undefined ? subjects : inTheNameOf(principal, subjects)
  const statement = makeStatement(issuer, said, node.register.effects)
  return { statement, issuer, next: next.replace('{id}', statement.id) }
}

function readPrincipal(text: string): string {
  const principal = partyField.safeParse(text).data
  if (principal !== undefined) return principal
  throw new ColophonError('invalid_input', 'this names no party by its DID or the address of its page', {
    where: 'onBehalfOf',
  })
}

type Subjects = Awaited<ReturnType<typeof draftSubjects>>['subjects']

/** Who somebody is and who approves for a community is theirs alone to say. */
function inTheNameOf(principal: string, subjects: Subjects): Subjects {
  const own = subjects.find(({ type }) => ['Party', 'Mandate', 'Approval'].includes(type))
  if (own)
    throw new ColophonError('invalid_input', `a ${own.type} is stated in one’s own name only`, { where: 'onBehalfOf' })
  // What a representative has stated he takes back himself.
  return subjects.map((subject) => (subject.type === 'Revocation' ? subject : { ...subject, onBehalfOf: principal }))
}

/** The party that has to sign a filled-in form, where that does not depend on who fills it in. */
export async function knownSigner(node: Node, form: Record<string, string>): Promise<string | undefined> {
  return signerOfDraft(node, readDraft(form))
}

function readDraft(form: Record<string, string>) {
  const result = draftSchema.safeParse(withoutBlanks(form))
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new ColophonError('invalid_input', issue.message, {
    where: issue.path.join('.'),
    remedy: 'Go back, correct it, and send the form again.',
  })
}

/** Fields that were left empty say nothing. */
export function withoutBlanks(form: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== ''
        ? [[name, value.trim().replaceAll('\r\n', ' ').replaceAll('\n', ' ')]]
        : [],
    ),
  )
}
