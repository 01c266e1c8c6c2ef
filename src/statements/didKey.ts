import { ECDH, createPublicKey, type KeyObject } from 'node:crypto'
import { ColophonError, LruMap, fromBase58, toBase58 } from '../foundation/index.ts'

/** Multicodec prefixes of the keys that we accept: ed25519-pub (0xed) and p256-pub (0x1200), as varints. */
const PREFIXES = { Ed25519: [0xed, 0x01], 'P-256': [0x80, 0x24] } as const

export interface SigningKeyInfo {
  curve: 'Ed25519' | 'P-256'
  publicKey: KeyObject
}

const parsed = new LruMap<string, SigningKeyInfo>(10_000)

/** The key inside a `did:key` (Ed25519 or P-256); anything else is an `invalid_input` error. */
export function parseDidKey(did: string): SigningKeyInfo {
  const known = parsed.get(did)
  if (known) return known
  if (!/^did:key:z[1-9A-HJ-NP-Za-km-z]{40,80}$/.test(did)) throw notAKey(did)
  const bytes = fromBase58(did.slice('did:key:z'.length))
  const info = decodeMultikey(bytes)
  if (!info || toDidKey(info.publicKey) !== did) throw notAKey(did)
  parsed.set(did, info)
  return info
}

/** The `did:key` of an Ed25519 or P-256 public key. */
export function toDidKey(publicKey: KeyObject): string {
  const jwk = publicKey.export({ format: 'jwk' })
  const x = Buffer.from(jwk.x!, 'base64url')
  if (jwk.crv === 'Ed25519') return `did:key:z${toBase58(Buffer.concat([Uint8Array.from(PREFIXES.Ed25519), x]))}`
  if (jwk.crv === 'P-256') {
    const isOdd = Buffer.from(jwk.y!, 'base64url').at(-1)! & 1
    return `did:key:z${toBase58(Buffer.concat([Uint8Array.from(PREFIXES['P-256']), Uint8Array.of(2 + isOdd), x]))}`
  }
  throw new ColophonError('invalid_input', `keys of type ${jwk.crv ?? jwk.kty} cannot sign statements`)
}

/** The verification method of a did:key: the key named inside its own document. */
export function verificationMethodOf(didKey: string): string {
  return `${didKey}#${didKey.slice('did:key:'.length)}`
}

function decodeMultikey(bytes: Uint8Array): SigningKeyInfo | undefined {
  const [first, second] = bytes
  const body = Buffer.from(bytes.subarray(2))
  if (first === PREFIXES.Ed25519[0] && second === PREFIXES.Ed25519[1] && body.length === 32) {
    const key = { kty: 'OKP', crv: 'Ed25519', x: body.toString('base64url') }
    return { curve: 'Ed25519', publicKey: createPublicKey({ format: 'jwk', key }) }
  }
  if (first === PREFIXES['P-256'][0] && second === PREFIXES['P-256'][1] && body.length === 33) {
    return { curve: 'P-256', publicKey: p256FromCompressed(body) }
  }
  return undefined
}

function p256FromCompressed(point: Buffer): KeyObject {
  try {
    const full = ECDH.convertKey(point, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer
    const key = {
      kty: 'EC',
      crv: 'P-256',
      x: full.subarray(1, 33).toString('base64url'),
      y: full.subarray(33).toString('base64url'),
    }
    return createPublicKey({ format: 'jwk', key })
  } catch (cause) {
    throw new ColophonError('invalid_input', 'the point is not on the curve P-256', { cause })
  }
}

function notAKey(did: string): ColophonError {
  return new ColophonError('invalid_input', 'not a did:key with an Ed25519 or P-256 key', { where: did.slice(0, 100) })
}
