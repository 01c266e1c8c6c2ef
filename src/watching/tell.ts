import { createHmac } from 'node:crypto'
import { ColophonError, requireSafeUrl, safeFetch, toBase64Url, uuidV7 } from '../foundation/index.ts'
import type { Register } from '../statements/index.ts'
import { findFound } from './findFound.ts'
import {
  deleteSubscription,
  insertSubscription,
  listSubscriptions,
  lastRun,
  updateSubscription,
  type WatchSubscription,
} from './store.ts'

const PLACES_MAX = 50
/** After so many failures in a row an address is no longer told; it stays on the list until somebody takes it off. */
const FAILURES_MAX = 10

/** Addresses of one party. */
const SUBSCRIPTIONS_MAX = 3

/**
 * Tells an address of everything new that is found of a party's works. `allowPrivate` is for one in the operator's own
 * network. Errors: those of `requireSafeUrl`, `duplicate_statement`, `too_many_requests`.
 */
export async function subscribe(
  register: Register,
  { party, url }: { party: string; url: string },
  { allowPrivate = false }: { allowPrivate?: boolean } = {},
): Promise<{ id: string; secret: string }> {
  await requireSafeUrl(url, { allowPrivate })
  const { effects, database } = register
  const own = await listSubscriptions(database.db, party)
  if (own.some((each) => each.url === url))
    throw new ColophonError('duplicate_statement', 'this address is told already', { where: url })
  if (own.length >= SUBSCRIPTIONS_MAX)
    throw new ColophonError('too_many_requests', `a party has ${SUBSCRIPTIONS_MAX} addresses at most`, {
      remedy: 'Take one of them off first.',
    })
  const id = uuidV7(effects)
  const secret = toBase64Url(effects.randomBytes(32))
  // What was found before is on the page; an address is told what comes from now on.
  const told = BigInt(await lastRun(database.db))
  await insertSubscription(database.db, { id, party, url, secret, told_run: told, failures: 0n })
  // Several that came at the same moment have not seen each other: the later ones give way.
  const now = await listSubscriptions(database.db, party)
  const place = now.findIndex((each) => each.id === id)
  if (place >= SUBSCRIPTIONS_MAX || now.slice(0, place).some((each) => each.url === url)) {
    await deleteSubscription(database.db, id)
    throw new ColophonError('too_many_requests', 'several addresses were given at the same moment', {
      remedy: 'Give them one after the other.',
    })
  }
  return { id, secret }
}

/** What an address is told: one message for everything that is new, however much it is. */
export interface Digest {
  party: string
  works: number
  places: number
  /** The first of them. */
  found: { work: string; title: string; dataset: string; version: string; row: number; match: string; status: string }[]
  page: string
  says: string
}

const SAYS =
  'Listed, never “trained”: a place in a data set does not show that a model was trained on it. A candidate may be an accident. Compare before you write to anybody.'

/** Sends each subscriber one digest of what it was not told yet. An address that fails is told again by the next run. */
export async function tellSubscribers(
  register: Register,
  publicUrl: string,
  { allowPrivate = false }: { allowPrivate?: boolean } = {},
): Promise<{ told: number; failed: number }> {
  const { db } = register.database
  const last = await lastRun(db)
  const result = { told: 0, failed: 0 }
  for (const subscription of await listSubscriptions(db)) {
    const { id, party, told_run: told, failures } = subscription
    if (failures >= BigInt(FAILURES_MAX) || Number(told) >= last) continue
    const digest = await digestOf(register, party, Number(told), publicUrl)
    const isTold = digest === undefined || (await send(subscription, digest, allowPrivate))
    if (digest) result[isTold ? 'told' : 'failed']++
    await updateSubscription(
      db,
      id,
      isTold ? { told_run: BigInt(last), failures: 0n } : { told_run: told, failures: failures + 1n },
    )
  }
  return result
}

/** Undefined when there is nothing new. */
async function digestOf(register: Register, party: string, after: number, publicUrl: string) {
  const { found, places, works } = await findFound(register, { party, after, limit: PLACES_MAX })
  if (places === 0) return undefined
  return {
    party,
    works,
    places,
    found: found.map((each) => ({
      work: each.work,
      title: each.title,
      dataset: each.dataset_name,
      version: each.dataset_version,
      row: Number(each.row_number),
      match: each.kind,
      status: each.status,
    })),
    page: `${publicUrl}/parties/${party}/found`,
    says: SAYS,
  } satisfies Digest
}

/** Signed so that whoever gets it knows who sent it: `x-colophon-signature: sha256=` over the body. */
async function send({ url, secret }: WatchSubscription, digest: Digest, allowPrivate: boolean): Promise<boolean> {
  const body = JSON.stringify(digest)
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  try {
    const { status } = await safeFetch(url, {
      method: 'POST',
      body,
      contentType: 'application/json',
      headers: { 'x-colophon-signature': signature },
      bytesMax: 65_536,
      timeoutMs: 10_000,
      redirectsMax: 0,
      allowPrivate,
    })
    return status >= 200 && status < 300
  } catch (error) {
    if (error instanceof ColophonError) return false
    throw error
  }
}
