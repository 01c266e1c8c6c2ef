import { sign } from 'node:crypto'
import { ColophonError, assertInvariant } from '../../foundation/index.ts'
import { CborTag, X5CHAIN, encodeCbor, type Cbor } from './cbor.ts'
import { isSelfIssued } from './certificates.ts'
import type { Signer } from './signer.ts'
import { stampBytes } from './timeStamp.ts'

const COSE_SIGN1 = 18
const ALGORITHM = 1
const ES256 = -7

/** Room for a token of a public authority with all its certificates. */
const TOKEN_BYTES_MAX = 12_000
const SIGNATURE_BYTES = 1024

/** Bytes to keep free for what `signClaim` will return. */
export function signatureBytes(signer: Signer): number {
  return SIGNATURE_BYTES + protectedHeader(signer).length + (signer.timeAuthority ? TOKEN_BYTES_MAX : 0)
}

/**
 * Signs a claim (its CBOR) as C2PA wants it: a tagged COSE_Sign1 (RFC 9052) with the certificates in the protected
 * header, the claim detached, and, over the signature, a time-stamp (`sigTst2`, C2PA 2.4 section 10.3.2.5); filled up
 * to exactly `length` bytes, which the file's own hash counts on, where one is given. Errors: those of the time
 * authority; `too_large`.
 */
export async function signClaim(claim: Uint8Array, signer: Signer, length?: number): Promise<Uint8Array> {
  const header = protectedHeader(signer)
  const toBeSigned = encodeCbor(['Signature1', header, new Uint8Array(), claim])
  const signature = new Uint8Array(sign('sha256', toBeSigned, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }))
  const unprotected = new Map<string, Cbor>()
  if (signer.timeAuthority) {
    const counterSigned = encodeCbor(['CounterSignature', header, new Uint8Array(), encodeCbor(signature)])
    const token = await stampBytes(signer.timeAuthority, counterSigned)
    unprotected.set('sigTst2', new Map([['tstTokens', [new Map([['val', token]])]]]))
  }
  const encode = (pads: Uint8Array[]) => {
    const filled = new Map([...unprotected, ...pads.map((pad, i) => [i === 0 ? 'pad' : 'pad2', pad] as const)])
    return encodeCbor(new CborTag(COSE_SIGN1, [header, filled, null, signature]))
  }
  return length === undefined ? encode([]) : padded(encode, length)
}

/** Algorithm and certificates; a root stays outside, for whoever trusts it has it (C2PA 2.4 section 14.6). */
function protectedHeader({ certificates: [leaf, ...issuers] }: Signer): Uint8Array {
  if (!leaf) throw new ColophonError('invalid_input', 'a signer needs its certificate')
  const chain = [leaf, ...issuers.filter((certificate) => !isSelfIssued(certificate))]
  // One certificate stands alone, several in an array (RFC 9360 section 2).
  return encodeCbor(
    new Map<number, Cbor>([
      [ALGORITHM, ES256],
      [X5CHAIN, chain.length === 1 ? leaf : chain],
    ]),
  )
}

/** A padding whose own length takes a byte more may jump over `length`; an empty second one moves it off that edge. */
function padded(encode: (pads: Uint8Array[]) => Uint8Array, length: number): Uint8Array {
  if (encode([new Uint8Array()]).length > length)
    throw new ColophonError('too_large', 'the time-stamp is larger than the room kept for it', {
      remedy: 'Name another time authority, or sign without one.',
    })
  for (const second of [[], [new Uint8Array()]]) {
    const free = length - encode([new Uint8Array(), ...second]).length
    for (const lengthBytes of [0, 1, 2, 4]) {
      if (free < lengthBytes) continue
      const bytes = encode([new Uint8Array(free - lengthBytes), ...second])
      if (bytes.length === length) return bytes
    }
  }
  assertInvariant(false, `no padding makes the signature ${length} bytes long`)
}
