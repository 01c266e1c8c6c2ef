import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  ColophonError,
  LruMap,
  fromBase64Url,
  isoTime,
  sha256Hex,
  toBase64Url,
  type Queries,
} from '../foundation/index.ts'
import { keySpeaksFor, verifyPasskeyAnswer, type PasskeyAnswer, type Register } from '../statements/index.ts'
import { deleteSession, deleteSessionsUntil, findSession, insertPasskey, insertSession, listPasskeys } from './store.ts'

/** A session lasts so long, however much it is used: half a working day. */
export const SESSION_SECONDS = 6 * 3600
const CHALLENGE_MS = 5 * 60_000
const USED_MAX = 50_000

/** Who is signed in, and with which of the party's keys. */
export interface Session {
  party: string
  didKey: string
}

/** What somebody brings who signs in with a passkey. */
export interface SignIn {
  /** What the browser calls the passkey (Base64url). */
  credential: string
  /** The key, where the device knows it. Any other is looked up by the passkey's name. */
  didKey?: string | undefined
  /** The party, where it is another than the key itself. */
  party?: string | undefined
  answer: PasskeyAnswer
}

/** Questions that passkeys answer: each is good for five minutes, once, and only in this process. */
export function challenges(now: () => number) {
  const secret = randomBytes(32)
  const used = new LruMap<string, true>(USED_MAX)
  const seal = (made: Buffer) => createHmac('sha256', secret).update(made).digest()
  return {
    /** 8 bytes of time, 16 of chance and 32 that only this process can make, in Base64url. */
    make(): string {
      const made = Buffer.concat([Buffer.alloc(8), randomBytes(16)])
      made.writeBigUInt64BE(BigInt(now()))
      return toBase64Url(Buffer.concat([made, seal(made)]))
    },
    /** Throws `not_authorised` for one that is none of ours, is too old, or was used before. */
    use(challenge: string): void {
      const bytes = Buffer.from(fromBase64Url(challenge))
      const made = bytes.subarray(0, 24)
      const isOurs = bytes.length === 56 && timingSafeEqual(seal(made), bytes.subarray(24))
      const isFresh = isOurs && Math.abs(now() - Number(made.readBigUInt64BE())) <= CHALLENGE_MS
      if (!isFresh || used.get(challenge))
        throw new ColophonError('not_authorised', 'this sign-in is too old, or was used before', {
          remedy: 'Load the page again, and sign in again.',
        })
      used.set(challenge, true)
    },
  }
}
export type Challenges = ReturnType<typeof challenges>

/**
 * Signs in with a passkey: a key is an account, whether it has stated anything yet or not. Errors: `not_authorised`,
 * `invalid_signature`, `not_found` for a passkey that has never signed in from the device where it was made.
 */
export async function signIn(
  register: Register,
  { credential, didKey, party, answer }: SignIn,
  { use, isOurs }: { use: Challenges['use']; isOurs: (origin: string) => boolean },
): Promise<string> {
  const { db } = register.database
  const keys = didKey === undefined ? await listPasskeys(db, credential) : [didKey]
  if (keys.length === 0)
    throw new ColophonError('not_found', 'this passkey has not signed in here yet', {
      remedy: 'Sign in once on the device where you made it. From then on it works everywhere.',
    })
  const { key, challenge, origin } = verifyAny(answer, keys)
  // A key that was made on another site is that site's to ask; it could pass our question on.
  if (!isOurs(origin)) throw new ColophonError('not_authorised', 'this passkey was asked on another site')
  use(challenge)
  await insertPasskey(db, { credential, did_key: key })
  return openSession(register, { party: party ?? key, didKey: key })
}

/** The first of the keys that has signed. Errors: `invalid_signature` when none has. */
function verifyAny(answer: PasskeyAnswer, keys: readonly string[]) {
  let failure: unknown
  for (const key of keys) {
    try {
      return { key, ...verifyPasskeyAnswer(answer, key) }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** Opens a session for whoever has shown that a key is theirs; answers the secret that the browser holds. */
export async function openSession(register: Register, { party, didKey }: Session): Promise<string> {
  const { effects, database } = register
  const now = effects.now()
  await deleteSessionsUntil(database.db, isoTime(now))
  if (!(await keySpeaksFor(database.db, party, didKey, isoTime(now))))
    throw new ColophonError('not_authorised', 'this key does not speak for this party', { where: party })
  const token = toBase64Url(effects.randomBytes(32))
  await insertSession(database.db, {
    token_hash: hashOf(token),
    party,
    did_key: didKey,
    expires_at: isoTime(now + SESSION_SECONDS * 1000),
  })
  return token
}

/** Who holds this secret; undefined when nobody does any more, or when the key was taken back since. */
export async function readSession(register: Register, token: string | undefined): Promise<Session | undefined> {
  if (!token) return undefined
  const { db } = register.database
  const now = isoTime(register.effects.now())
  const found = await findSession(db, hashOf(token))
  if (!found || found.expires_at <= now || !(await keySpeaksFor(db, found.party, found.did_key, now))) return undefined
  return { party: found.party, didKey: found.did_key }
}

export async function closeSession(queries: Queries, token: string): Promise<void> {
  await deleteSession(queries, hashOf(token))
}

function hashOf(token: string): string {
  return sha256Hex(Buffer.from(token))
}
