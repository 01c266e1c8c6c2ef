import { createHash, randomBytes } from 'node:crypto'
import { ColophonError, bytesEqual, safeFetch } from '../../foundation/index.ts'
import { derNull, derTrue, integer, objectId, octetString, readDer, readInside, sequence, smallInteger } from './der.ts'
import type { TimeAuthority } from './signer.ts'
import { readTimeStamp } from './timeStampToken.ts'

/** Bytes of an answer; tokens of public authorities with all their certificates have six to eight thousand. */
const ANSWER_BYTES_MAX = 100_000

/**
 * A time authority that is asked over HTTP (RFC 3161 section 3.4). `allowPrivate` is for one in the operator's own
 * network. Errors: `fetch_failed` and the others of `safeFetch`.
 */
export function openTimeAuthority(url: string, { allowPrivate = false } = {}): TimeAuthority {
  return {
    async stamp(request) {
      const { status, body } = await safeFetch(url, {
        method: 'POST',
        body: request,
        contentType: 'application/timestamp-query',
        accept: 'application/timestamp-reply',
        bytesMax: ANSWER_BYTES_MAX,
        allowPrivate,
      })
      if (status !== 200) throw refused(`the time authority answered with status ${status}`, url)
      return body
    },
  }
}

/**
 * Has an authority attest that these bytes existed, and returns its token (a CMS ContentInfo as DER). Whether the token
 * is signed by somebody trusted is judged when the manifest is read; that it is an answer to this question is checked
 * here. Errors: `fetch_failed`, and those of the authority.
 */
export async function stampBytes(authority: TimeAuthority, bytes: Uint8Array): Promise<Uint8Array> {
  const digest = new Uint8Array(createHash('sha256').update(bytes).digest())
  const nonce = integer(new Uint8Array(randomBytes(8)))
  const imprint = sequence(sequence(objectId('2.16.840.1.101.3.4.2.1'), derNull()), octetString(digest))
  const answer = await authority.stamp(sequence(smallInteger(1), imprint, nonce, derTrue()))
  const [status, token] = readInside(readDer(answer))
  const granted = readInside(status)[0]?.content
  if (!granted || granted.length !== 1 || granted[0]! > 1) throw refused('the time authority did not grant the request')
  const said = token && readTimeStamp(token.whole)
  if (!said || !bytesEqual(said.digest, digest) || !said.nonce || !bytesEqual(said.nonce, nonce))
    throw refused('the time authority answered another question')
  return new Uint8Array(token.whole)
}

function refused(message: string, where?: string): ColophonError {
  const remedy = 'Try again, name another time authority, or sign without one.'
  return new ColophonError('fetch_failed', message, { remedy, ...(where ? { where } : {}) })
}
