import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import {
  SESSION_SECONDS,
  challenges,
  closeSession,
  openSession,
  readSession,
  signIn,
  type Session,
} from '../accounts/index.ts'
import { ColophonError, fromBase64Url } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { didKeySchema } from '../statements/index.ts'
import type { Api } from './app.ts'
import { answers, jsonBody } from './schemas.ts'
import { didKeyOfSpki, passkeyAnswerSchema } from './statements.ts'

const ask = createRoute({
  method: 'post',
  path: '/api/session/challenge',
  summary: 'A challenge for a passkey to sign in with; good for five minutes, once',
  responses: answers(200, 'The challenge', z.object({ challenge: z.string() })),
})

const open = createRoute({
  method: 'post',
  path: '/api/session',
  summary: 'Sign in with a passkey: sets a cookie that lasts six hours and is sent to this node alone',
  request: {
    body: jsonBody(
      passkeyAnswerSchema.omit({ didKey: true }).extend({
        credential: z.base64url().max(1400).openapi({ description: 'What the browser calls the passkey' }),
        didKey: didKeySchema.optional().openapi({ description: 'The key, where the device knows it' }),
        publicKey: z.base64url().max(400).optional().openapi({ description: 'Of a new passkey: SPKI, DER' }),
        party: z.string().max(300).optional().openapi({ description: 'Where it is another than the key itself' }),
      }),
    ),
  },
  responses: answers(200, 'Who is signed in', z.object({ party: z.string(), didKey: z.string() })),
})

/** Being signed in, by passkey alone: there is no password anywhere. */
export function addSessionRoutes(api: Api, node: Node): void {
  const { make, use } = challenges(node.register.effects.now)
  api.openapi(ask, (context) => context.json({ challenge: make() }, 200))
  api.openapi(open, async (context) => {
    const { authenticatorData, clientDataJSON, signature, publicKey, ...given } = context.req.valid('json')
    const answer = {
      authenticatorData: fromBase64Url(authenticatorData),
      clientDataJSON: fromBase64Url(clientDataJSON),
      signature: fromBase64Url(signature),
    }
    const didKey = publicKey === undefined ? given.didKey : didKeyOfSpki(publicKey)
    const means = { use, isOurs: (origin: string) => isOurs(node, origin) }
    const token = await signIn(node.register, { ...given, didKey, answer }, means)
    giveCookie(node, context, token)
    return context.json((await readSession(node.register, token))!, 200)
  })
}

/** Passkeys belong to the address that people reach this node at; on one's own machine the port does not matter. */
function isOurs({ config }: Node, origin: string): boolean {
  const own = new URL(config.publicUrl)
  return origin === own.origin || (own.hostname === 'localhost' && new URL(origin).hostname === 'localhost')
}

/** Signs in whoever has shown otherwise that a key is theirs. */
export async function startSession(node: Node, context: Context, session: Session): Promise<void> {
  giveCookie(node, context, await openSession(node.register, session))
}

/** Who is signed in, if anybody is. */
export async function sessionOf(node: Node, context: Context): Promise<Session | undefined> {
  return readSession(node.register, getCookie(context, cookieName(node)))
}

/** The party that a key speaks for: the one that it is signed in for, or itself. */
export function speaksFor(session: Session | undefined, didKey: string): string {
  return session?.didKey === didKey ? session.party : didKey
}

/** Who is signed in; `not_authorised` when nobody is. */
export async function needSession(node: Node, context: Context): Promise<Session> {
  const session = await sessionOf(node, context)
  if (session) return session
  throw new ColophonError('not_authorised', 'nobody is signed in, or it was too long ago', {
    remedy: 'Sign in, and try again.',
  })
}

export async function endSession(node: Node, context: Context): Promise<void> {
  const token = getCookie(context, cookieName(node))
  if (token) await closeSession(node.register.database.db, token)
  deleteCookie(context, cookieName(node), { path: '/', secure: isSecure(node) })
}

/** It is sent with no request that another site has caused, and no script can read it. */
function giveCookie(node: Node, context: Context, token: string): void {
  const options = { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: SESSION_SECONDS } as const
  setCookie(context, cookieName(node), token, { ...options, secure: isSecure(node) })
}

/** With this prefix browsers take it only from this very host, over https. */
function cookieName(node: Node): string {
  return isSecure(node) ? '__Host-session' : 'session'
}

function isSecure({ config }: Node): boolean {
  return config.publicUrl.startsWith('https:')
}
