import { X509Certificate, createPrivateKey } from 'node:crypto'
import { ColophonError } from '../../foundation/index.ts'
import type { Signer } from './signer.ts'

/**
 * A signer with certificates and a key of one's own, from PEM: the chain from the leaf upwards, and its private key
 * (ES256: an elliptic curve P-256). Errors: `unreadable_file`, `invalid_input` when they do not belong together.
 */
export function ownSigner(chainPem: string, keyPem: string, nowMs: number): Signer {
  const blocks = chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  let chain: X509Certificate[]
  let privateKey: Signer['privateKey']
  try {
    chain = blocks.map((block) => new X509Certificate(block))
    privateKey = createPrivateKey(keyPem)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the certificates or the key cannot be read', {
      remedy: 'Give both as PEM, the key without a password.',
      cause,
    })
  }
  const refuse = (message: string): never => {
    throw new ColophonError('invalid_input', message)
  }
  const [leaf] = chain
  if (!leaf) return refuse('there is no certificate in the file')
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') refuse('the key is not of the curve P-256 (ES256)')
  if (!leaf.checkPrivateKey(privateKey)) refuse('the key does not belong to the first certificate')
  if (Date.parse(leaf.validTo) < nowMs || Date.parse(leaf.validFrom) > nowMs)
    refuse('the certificate is not valid today')
  chain.forEach((certificate, i) => {
    const issuer = chain[i + 1]
    if (issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)))
      refuse(`certificate ${i + 1} was not issued by the one after it`)
  })
  return { certificates: chain.map(({ raw }) => new Uint8Array(raw)), privateKey }
}
