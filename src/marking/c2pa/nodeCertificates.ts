import { X509Certificate, createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, writeFileDurably } from '../../foundation/index.ts'
import { certificateName, generateKey, makeCertificate, type CertificateUse } from './certificates.ts'
import type { Signer } from './signer.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** A clock elsewhere that is a little late must not find a new certificate to be of the future. */
const BACKDATED_MS = DAY_MS

/**
 * A signature without a trusted time-stamp holds as long as its certificate; so a signer is renewed while it is good
 * for two years more, and a root while it outlives every signer it could issue.
 */
const SIGNER_MS = 5 * YEAR_MS
const SIGNER_RENEWED_MS = 2 * YEAR_MS
const ROOT_MS = 25 * YEAR_MS
const ROOT_RENEWED_MS = SIGNER_MS + YEAR_MS

interface Identity {
  /** DER. In a root's file those of former roots follow, whose signatures stay known. */
  certificates: Uint8Array[]
  privateKey: KeyObject
}

/**
 * A node's own certificates: a root and a signer that it issued, made at first start, kept in two files of the
 * directory that only their owner can read, and renewed before they expire or when the node takes another name.
 * Nobody but those who choose to trust the root does: to others the signature is valid, of an untrusted issuer.
 */
export async function openNodeCertificates(directory: string, name: string, now: () => number): Promise<Signer> {
  const organisation = certificateName(name) || 'Colophon'
  const rootPath = join(directory, 'c2pa-root.pem')
  const signerPath = join(directory, 'c2pa-signer.pem')
  let root = readIdentity(rootPath)
  if (!root || leftMs(root, now()) < ROOT_RENEWED_MS) {
    const made = issue(
      { organisation, commonName: certificateName(`Root of ${organisation}`) },
      'issue',
      ROOT_MS,
      now(),
    )
    root = { ...made, certificates: [...made.certificates, ...(root?.certificates ?? [])] }
    writeIdentity(rootPath, root)
  }
  let signer = readIdentity(signerPath)
  if (!signer || leftMs(signer, now()) < SIGNER_RENEWED_MS || !isIssuedBy(signer, root, organisation)) {
    signer = issue({ organisation, commonName: organisation }, 'sign', SIGNER_MS, now(), root)
    writeIdentity(signerPath, signer)
  }
  return { certificates: signer.certificates, privateKey: signer.privateKey }
}

/** The roots that a node has ever had, as PEM: what makes its own signatures trusted. None before its first start. */
export function nodeTrustAnchors(directory: string): string[] {
  const root = readIdentity(join(directory, 'c2pa-root.pem'))
  return root ? root.certificates.map(toPem) : []
}

function issue(
  subject: { organisation: string; commonName: string },
  use: CertificateUse,
  lifeMs: number,
  nowMs: number,
  issuer?: Identity,
): Identity {
  const { publicKey, privateKey } = generateKey()
  // The first bit is cleared, so that the number is positive in twenty bytes or fewer (RFC 5280 section 4.1.2.2).
  const serial = new Uint8Array(randomBytes(16))
  serial[0]! &= 0x7f
  const certificate = makeCertificate({
    subject,
    publicKey,
    use,
    serial,
    notBeforeMs: nowMs - BACKDATED_MS,
    notAfterMs: nowMs + lifeMs,
    issuerKey: issuer?.privateKey ?? privateKey,
    ...(issuer ? { issuerCertificate: issuer.certificates[0]! } : {}),
  })
  return { certificates: [certificate, ...(issuer ? [issuer.certificates[0]!] : [])], privateKey }
}

/** How long the certificate is good for; nothing when its time has not begun: the clock has been set back. */
function leftMs({ certificates: [certificate] }: Identity, nowMs: number): number {
  const { validFromDate, validToDate } = new X509Certificate(certificate!)
  return validFromDate.getTime() > nowMs ? 0 : validToDate.getTime() - nowMs
}

function isIssuedBy(signer: Identity, root: Identity, organisation: string): boolean {
  const certificate = new X509Certificate(signer.certificates[0]!)
  const subject = certificate.toLegacyObject().subject as { O?: string }
  return certificate.verify(new X509Certificate(root.certificates[0]!).publicKey) && subject.O === organisation
}

const PEM_PARTS = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n?/g

/** Key and certificates lie in one file, so that a crash cannot leave one of a pair. */
function readIdentity(path: string): Identity | undefined {
  if (!existsSync(path)) return undefined
  const parts = [...readFileSync(path, 'latin1').matchAll(PEM_PARTS)]
  try {
    const privateKey = createPrivateKey(parts.find(([, label]) => label === 'PRIVATE KEY')![0])
    const certificates = parts.filter(([, label]) => label === 'CERTIFICATE').map(([pem]) => new X509Certificate(pem))
    if (!certificates[0]!.publicKey.equals(createPublicKey(privateKey))) throw new Error('another key')
    return { privateKey, certificates: certificates.map(({ raw }) => new Uint8Array(raw)) }
  } catch (cause) {
    // Never replaced in silence: with it goes the trust in everything that it signed.
    throw new ColophonError('unreadable_file', 'this is no key with its certificate', {
      where: path,
      remedy: 'Restore the file from a backup, or move it away to have another one made.',
      cause,
    })
  }
}

function writeIdentity(path: string, { privateKey, certificates }: Identity): void {
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  writeFileDurably(path, key + certificates.map(toPem).join(''), 0o600)
}

function toPem(certificate: Uint8Array): string {
  return new X509Certificate(certificate).toString()
}
