import { verify } from 'node:crypto'
import { ColophonError, bytesEqual, fromBase58, fromBase64Url, sha256 } from '../foundation/index.ts'
import { parseDidKey, verificationMethodOf } from './didKey.ts'
import { statementSchema, type PasskeyProof, type Statement, type UnsignedStatement } from './schema.ts'
import { eddsaHashData, passkeyChallenge } from './sign.ts'

/** What a signature check establishes: which key signed, and for passkeys, on which site. */
export interface VerifiedSignature {
  didKey: string
  /** The web origin that the passkey was used on; undefined for plain keys. */
  passkeyOrigin: string | undefined
}

/** Reads an untrusted document as a statement; what does not fit is `invalid_statement` with the field. */
export function parseStatement(document: unknown): Statement {
  const result = statementSchema.safeParse(document)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new ColophonError('invalid_statement', issue.message, { where: issue.path.join('.') || 'statement' })
}

/**
 * Verifies the statement's own signature. It proves who said it, not that it is true, and not that the key may speak
 * for the issuer: that is judged against the register. A failure is `invalid_signature`.
 */
export function verifyStatement(statement: Statement): VerifiedSignature {
  const { proof, ...document } = statement
  const didKey = proof.verificationMethod.split('#')[0]!
  if (proof.verificationMethod !== verificationMethodOf(didKey))
    throw invalid('the verification method is not a did:key')
  const { curve, publicKey } = parseDidKey(didKey)
  const signature = decodeSignature(proof.proofValue)
  if (proof.cryptosuite === 'eddsa-jcs-2022') {
    const { proofValue: _, ...options } = proof
    if (options['@context'] && JSON.stringify(options['@context']) !== JSON.stringify(document['@context'])) {
      throw invalid('the proof was made under another context')
    }
    const isValid = curve === 'Ed25519' && verify(null, eddsaHashData(document, options), publicKey, signature)
    if (!isValid) throw invalid('the signature does not fit the statement')
    return { didKey, passkeyOrigin: undefined }
  }
  return { didKey, passkeyOrigin: verifyPasskey(document, proof, didKey, signature) }
}

const USER_PRESENT = 0x01

function verifyPasskey(
  document: UnsignedStatement,
  proof: PasskeyProof,
  didKey: string,
  signature: Uint8Array,
): string {
  const { proofValue: _, authenticatorData, clientDataJSON, ...options } = proof
  const bytes = { authenticatorData: fromBase64Url(authenticatorData), clientDataJSON: fromBase64Url(clientDataJSON) }
  const { challenge, origin } = verifyPasskeyAnswer({ ...bytes, signature }, didKey)
  if (challenge !== Buffer.from(passkeyChallenge(document, options)).toString('base64url'))
    throw invalid('the passkey signed another statement')
  return origin
}

/** What an authenticator answers. */
export interface PasskeyAnswer {
  authenticatorData: Uint8Array
  clientDataJSON: Uint8Array
  signature: Uint8Array
}

/**
 * WebAuthn Level 2 section 7.2, without what only a server with sessions knows: type, site, presence, signature. Answers
 * the challenge (Base64url) that was signed and the origin that it was signed on; both are the caller's to judge. A
 * failure is `invalid_signature`.
 */
export function verifyPasskeyAnswer(answer: PasskeyAnswer, didKey: string): { challenge: string; origin: string } {
  const { authenticatorData, clientDataJSON, signature } = answer
  const client = readClientData(clientDataJSON)
  if (client.type !== 'webauthn.get') throw invalid('the passkey answered another kind of question')
  if (authenticatorData.length < 37) throw invalid('the authenticator data is too short')
  if (!siteFits(client.origin, authenticatorData.subarray(0, 32))) throw invalid('the passkey belongs to another site')
  if ((authenticatorData[32]! & USER_PRESENT) === 0) throw invalid('nobody was present at the passkey')
  const { curve, publicKey } = parseDidKey(didKey)
  const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)])
  const algorithm = curve === 'Ed25519' ? null : 'sha256'
  if (!verify(algorithm, signed, publicKey, signature)) throw invalid('the passkey signature does not fit')
  return { challenge: client.challenge, origin: client.origin }
}

function readClientData(bytes: Uint8Array): { type: string; challenge: string; origin: string } {
  try {
    const data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>
    const { type, challenge, origin } = data
    if (
      typeof type === 'string' &&
      typeof challenge === 'string' &&
      typeof origin === 'string' &&
      URL.canParse(origin)
    ) {
      return { type, challenge, origin }
    }
  } catch {
    // Falls through to the one error below.
  }
  throw invalid('the client data is malformed')
}

/** The relying party id is the site's host or a parent domain of it with at least two labels (or localhost). */
function siteFits(origin: string, rpIdHash: Uint8Array): boolean {
  const url = new URL(origin)
  if (url.protocol !== 'https:' && url.hostname !== 'localhost') return false
  const labels = url.hostname.split('.')
  const shortest = labels.length === 1 ? 1 : 2
  for (let start = 0; labels.length - start >= shortest; start++) {
    if (bytesEqual(sha256(Buffer.from(labels.slice(start).join('.'))), rpIdHash)) return true
  }
  return false
}

function decodeSignature(proofValue: string): Uint8Array {
  if (!proofValue.startsWith('z')) throw invalid('the proof value is not Base58 multibase')
  try {
    return fromBase58(proofValue.slice(1))
  } catch {
    throw invalid('the proof value is not Base58 multibase')
  }
}

function invalid(message: string): ColophonError {
  return new ColophonError('invalid_signature', message)
}
