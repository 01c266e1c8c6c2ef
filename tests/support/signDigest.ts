import { secp256k1 } from '@noble/curves/secp256k1.js'

/** A digest signed as a wallet signs EIP-712: r, s and v, 65 bytes. */
export function signDigest(digest: Uint8Array, key: string): Uint8Array {
  const secret = new Uint8Array(Buffer.from(key.slice(2), 'hex'))
  const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
  return Buffer.concat([signature.subarray(1), Buffer.from([27 + signature[0]!])])
}
