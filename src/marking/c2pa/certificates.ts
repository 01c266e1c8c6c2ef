import { X509Certificate, createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { ColophonError } from '../../foundation/index.ts'
import {
  bitString,
  certificateTime,
  contextValue,
  derTrue,
  derValue,
  integer,
  objectId,
  octetString,
  readDer,
  readInside,
  sequence,
  setOf,
  smallInteger,
  utf8String,
} from './der.ts'

/** What a certificate is for: to issue others, to sign content (C2PA 2.4 section 14.5.1), or to sign time-stamps. */
export type CertificateUse = 'issue' | 'sign' | 'timeStamp'

export interface CertificateRequest {
  subject: { organisation: string; commonName: string }
  publicKey: KeyObject
  use: CertificateUse
  /** Sixteen bytes that no other certificate of this issuer has. */
  serial: Uint8Array
  notBeforeMs: number
  notAfterMs: number
  issuerKey: KeyObject
  /** DER; a root, which issues itself, has none. */
  issuerCertificate?: Uint8Array
}

/** Characters of a name that X.520 allows. */
const NAME_CHARACTERS_MAX = 64

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))

/** Key usage and extended key usage. */
const USES: Record<CertificateUse, { keyUsage: Uint8Array; extended?: string }> = {
  issue: { keyUsage: bitString(1, Uint8Array.of(0x06)) },
  sign: { keyUsage: bitString(7, Uint8Array.of(0x80)), extended: '1.3.6.1.5.5.7.3.4' },
  timeStamp: { keyUsage: bitString(7, Uint8Array.of(0x80)), extended: '1.3.6.1.5.5.7.3.8' },
}

/** A key on P-256, as ES256 needs it. */
export function generateKey(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** Makes an X.509 certificate (RFC 5280), signed with ES256. Returns DER. */
export function makeCertificate(request: CertificateRequest): Uint8Array {
  const { subject, issuerCertificate, notBeforeMs, notAfterMs } = request
  const subjectName = distinguishedName(subject.organisation, subject.commonName)
  const toBeSigned = sequence(
    contextValue(0, smallInteger(2)),
    integer(request.serial),
    ECDSA_WITH_SHA256,
    issuerCertificate ? partsOf(issuerCertificate).subject : subjectName,
    sequence(certificateTime(notBeforeMs), certificateTime(notAfterMs)),
    subjectName,
    keyInfo(request.publicKey),
    contextValue(3, sequence(...extensions(request))),
  )
  const signature = new Uint8Array(sign('sha256', toBeSigned, request.issuerKey))
  return sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(0, signature))
}

/** The issuer and the serial number by which a signature names its certificate, each with its header. */
export function partsOf(certificate: Uint8Array): { issuer: Uint8Array; serial: Uint8Array; subject: Uint8Array } {
  const [, serial, , issuer, , subject] = readInside(readInside(readDer(certificate))[0])
  if (!serial || !issuer || !subject) throw new ColophonError('invalid_input', 'not an X.509 certificate of version 3')
  return { serial: serial.whole, issuer: issuer.whole, subject: subject.whole }
}

export function isSelfIssued(certificate: Uint8Array): boolean {
  const { issuer, subject } = partsOf(certificate)
  return Buffer.compare(issuer, subject) === 0
}

/** A name as it may stand in a certificate: without control characters, 64 characters at most. */
export function certificateName(name: string): string {
  return [...name.replaceAll(/\p{C}/gu, ' ').trim()].slice(0, NAME_CHARACTERS_MAX).join('')
}

function extensions({ use, publicKey, issuerCertificate }: CertificateRequest): Uint8Array[] {
  const { keyUsage, extended } = USES[use]
  const isIssuer = use === 'issue'
  const issuerPublicKey = issuerCertificate ? new X509Certificate(issuerCertificate).publicKey : publicKey
  return [
    extension('2.5.29.19', true, sequence(...(isIssuer ? [derTrue()] : []))),
    extension('2.5.29.15', true, keyUsage),
    // A time-stamping certificate must be for nothing else, and must say so critically (RFC 3161 section 2.3).
    ...(extended ? [extension('2.5.29.37', use === 'timeStamp', sequence(objectId(extended)))] : []),
    extension('2.5.29.14', false, octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', false, sequence(derValue(0x80, keyIdentifier(issuerPublicKey)))),
  ]
}

function extension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), ...(isCritical ? [derTrue()] : []), octetString(value))
}

function distinguishedName(organisation: string, commonName: string): Uint8Array {
  const attribute = (id: string, value: string) => setOf(sequence(objectId(id), utf8String(certificateName(value))))
  return sequence(attribute('2.5.4.10', organisation), attribute('2.5.4.3', commonName))
}

function keyInfo(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
}

/** RFC 7093, method 1: 160 bits of the SHA-256 of the key itself. */
function keyIdentifier(key: KeyObject): Uint8Array {
  const [, bits] = readInside(readDer(keyInfo(key)))
  return new Uint8Array(createHash('sha256').update(bits!.content.subarray(1)).digest().subarray(0, 20))
}
