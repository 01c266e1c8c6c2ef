import { X509Certificate, constants, createHash, verify } from 'node:crypto'
import { bytesEqual } from '../../foundation/index.ts'
import { derValue, objectId, readDer, readInside, type DerValue } from './der.ts'
import { readTimeStamp } from './timeStampToken.ts'

/** What a time-stamp token proves, and by whom. */
export interface TimeStampVerdict {
  /** The moment that it attests. */
  at: string
  /** Who signed it: the subject and the issuer of the certificate, as it names them. */
  signer: string
  issuer: string
  /** Whether the chain of certificates in the token ends at one of those that were given as trusted. */
  isTrusted: boolean
}

const DIGESTS: Record<string, string> = Object.fromEntries(
  [
    ['2.16.840.1.101.3.4.2.1', 'sha256'],
    ['2.16.840.1.101.3.4.2.2', 'sha384'],
    ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ].map(([id, name]) => [hex(objectId(id!)), name!]),
)
const MESSAGE_DIGEST = hex(objectId('1.2.840.113549.1.9.4'))
const RSA_PSS = hex(objectId('1.2.840.113549.1.1.10'))
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const CHAIN_MAX = 8

/**
 * Verifies a token (RFC 3161, CMS SignedData of RFC 5652) over a SHA-256, offline: the imprint, the signature by the
 * certificate that it brings, and that this one may stamp times and was valid then. Whether a stamp is *qualified* under
 * eIDAS stands in a trusted list and not in the token. Throws a plain `Error` that says what does not hold.
 */
export function verifyTimeStamp(
  token: Uint8Array,
  digest: Uint8Array,
  trusted: readonly X509Certificate[] = [],
): TimeStampVerdict {
  const said = readTimeStamp(token)
  if (!said) throw new Error('it is no time-stamp')
  if (!bytesEqual(said.digest, digest)) throw new Error('it is a time-stamp of something else')
  const [, , content, ...rest] = readInside(readInside(readInside(readDer(token))[1])[0])
  const info = readInside(readInside(content)[1])[0]
  const signerInfo = readInside(rest.at(-1))[0]
  const certificates = readInside(rest.find(({ tag }) => tag === 0xa0)).flatMap(({ whole }) => readCertificate(whole))
  if (!info || !signerInfo) throw new Error('it holds no signature')
  const certificate = requireSignature(info.content, signerInfo, certificates)
  if (!certificate.keyUsage?.includes(TIME_STAMPING)) throw new Error('its certificate may not stamp times')
  if (said.epochMs < certificate.validFromDate.getTime() || said.epochMs > certificate.validToDate.getTime())
    throw new Error('its certificate was not valid at that time')
  return {
    at: new Date(said.epochMs).toISOString(),
    signer: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    isTrusted: endsAt(certificate, certificates, trusted),
  }
}

/** The certificate whose key signed; throws where none did. */
function requireSignature(info: Uint8Array, signerInfo: DerValue, certificates: X509Certificate[]): X509Certificate {
  const parts = readInside(signerInfo)
  const [, , digestAlgorithm] = parts
  const attributesAt = parts.findIndex(({ tag }, i) => i > 2 && tag === 0xa0)
  const [attributes, algorithm, signature] = parts.slice(attributesAt)
  const hash = DIGESTS[hex(readInside(digestAlgorithm)[0]?.whole)]
  if (attributesAt < 0 || !attributes || !algorithm || !signature) throw new Error('its signature is not whole')
  if (!hash) throw new Error('its digest is none of SHA-256, SHA-384 and SHA-512')
  const digestAttribute = readInside(attributes).find((each) => hex(readInside(each)[0]?.whole) === MESSAGE_DIGEST)
  const signedDigest = readInside(readInside(digestAttribute)[1])[0]?.content
  if (!signedDigest || !bytesEqual(signedDigest, createHash(hash).update(info).digest()))
    throw new Error('what is signed is not what it says')
  // What is signed is the set of attributes under its own tag (RFC 5652 section 5.4).
  const signed = derValue(0x31, attributes.content)
  const isPss = hex(readInside(algorithm)[0]?.whole) === RSA_PSS
  for (const certificate of certificates) {
    const key = certificate.publicKey
    const padding = isPss ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {}
    if (verify(hash, signed, { key, ...padding }, signature.content)) return certificate
  }
  throw new Error('no certificate in it made its signature')
}

function readCertificate(der: Uint8Array): X509Certificate[] {
  try {
    return [new X509Certificate(der)]
  } catch {
    return []
  }
}

/** Whether a certificate comes, step by step, from one that is trusted. */
function endsAt(start: X509Certificate, known: X509Certificate[], trusted: readonly X509Certificate[]): boolean {
  let current = start
  for (let steps = 0; steps < CHAIN_MAX; steps++) {
    const issued = (by: X509Certificate) => current.checkIssued(by) && current.verify(by.publicKey)
    if (trusted.some((anchor) => anchor.fingerprint256 === current.fingerprint256 || issued(anchor))) return true
    const next = known.find((each) => each.fingerprint256 !== current.fingerprint256 && issued(each))
    if (!next) return false
    current = next
  }
  return false
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ')
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}
