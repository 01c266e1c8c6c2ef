import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import {
  canonicalJson,
  isoTime,
  sha256,
  toBase58,
  toBase64Url,
  toHex,
  uuidV7,
  type Effects,
} from '../foundation/index.ts'
import { toDidKey, verificationMethodOf } from './didKey.ts'
import {
  COLOPHON_CONTEXT,
  CREDENTIALS_CONTEXT,
  type Statement,
  type StatementProof,
  type UnsignedStatement,
} from './schema.ts'

/** A key that signs statements for a party. `issuer` is the party: the key's own did:key unless it says otherwise. */
export interface StatementSigner {
  issuer: string
  didKey: string
  privateKey: KeyObject
}

/** Makes a new Ed25519 key for a party. */
export function newSigner(): StatementSigner {
  return signerFromKey(generateKeyPairSync('ed25519').privateKey)
}

/** A signer from a private Ed25519 key, for the party `issuer` or, without it, for the key itself. */
export function signerFromKey(privateKey: KeyObject, issuer?: string): StatementSigner {
  const didKey = toDidKey(createPublicKey(privateKey))
  return { issuer: issuer ?? didKey, didKey, privateKey }
}

/** A statement without its proof: a fresh id, now, and what is stated. */
export function makeStatement(
  issuer: string,
  subjects: Statement['credentialSubject'],
  effects: Effects,
): UnsignedStatement {
  return {
    '@context': [CREDENTIALS_CONTEXT, COLOPHON_CONTEXT],
    id: `urn:uuid:${uuidV7(effects)}`,
    type: ['VerifiableCredential', 'ColophonStatement'],
    issuer,
    validFrom: isoTime(effects.now()),
    credentialSubject: subjects,
  }
}

/** Signs with `eddsa-jcs-2022` (W3C vc-di-eddsa section 3.3). */
export function signStatement(statement: UnsignedStatement, signer: StatementSigner): Statement {
  const options = {
    '@context': statement['@context'] as string[],
    type: 'DataIntegrityProof' as const,
    cryptosuite: 'eddsa-jcs-2022' as const,
    created: statement.validFrom,
    verificationMethod: verificationMethodOf(signer.didKey),
    proofPurpose: 'assertionMethod' as const,
  }
  const signature = sign(null, eddsaHashData(statement, options), signer.privateKey)
  return { ...statement, proof: { ...options, proofValue: `z${toBase58(signature)}` } }
}

/** What `eddsa-jcs-2022` signs: SHA-256 of the proof options, then SHA-256 of the document, both canonical. 64 bytes. */
export function eddsaHashData(document: object, options: object): Uint8Array {
  return Buffer.concat([sha256(Buffer.from(canonicalJson(options))), sha256(Buffer.from(canonicalJson(document)))])
}

/** The proof options that a passkey's challenge covers, before the authenticator has answered. */
export function passkeyProofOptions(statement: UnsignedStatement, didKey: string) {
  return {
    '@context': statement['@context'] as string[],
    type: 'DataIntegrityProof' as const,
    cryptosuite: 'webauthn-jcs-v1' as const,
    created: statement.validFrom,
    verificationMethod: verificationMethodOf(didKey),
    proofPurpose: 'assertionMethod' as const,
  }
}

/** The WebAuthn challenge for a statement: SHA-256 of its canonical form, proof options included. 32 bytes. */
export function passkeyChallenge(statement: UnsignedStatement, options: object): Uint8Array {
  return sha256(Buffer.from(canonicalJson({ ...statement, proof: options })))
}

/** Puts an authenticator's answer into the statement; all three values are kept, or nobody could verify it again. */
export function attachPasskeyProof(
  statement: UnsignedStatement,
  didKey: string,
  answer: { authenticatorData: Uint8Array; clientDataJSON: Uint8Array; signature: Uint8Array },
): Statement {
  const proof: StatementProof = {
    ...passkeyProofOptions(statement, didKey),
    authenticatorData: toBase64Url(answer.authenticatorData),
    clientDataJSON: toBase64Url(answer.clientDataJSON),
    proofValue: `z${toBase58(answer.signature)}`,
  }
  return { ...statement, proof }
}

/** The commitment that the log holds for a sealed statement: SHA-256(salt ‖ canonical statement), hexadecimal. */
export function sealCommitment(salt: Uint8Array, body: string): string {
  return toHex(sha256(salt, Buffer.from(body)))
}
