import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { ColophonError, bytesEqual, fromBase64, sha256, toBase64 } from '../foundation/index.ts'

/** Signature types of C2SP signed-note v1.0.0 that we read and write. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const

/** A key that verifies notes: what a `vkey` line says. */
export interface NoteVerifier {
  name: string
  keyId: Uint8Array
  type: number
  publicKey: KeyObject
}

/** A key that signs notes. */
export interface NoteSigner {
  name: string
  keyId: Uint8Array
  privateKey: KeyObject
  vkey: string
}

export interface NoteSignature {
  name: string
  /** First 4 bytes of the decoded signature line. */
  keyId: Uint8Array
  signature: Uint8Array
  line: string
}

/** A signed note: text that ends in a newline, and its signature lines. */
export interface Note {
  text: string
  signatures: NoteSignature[]
}

const SIGNATURES_MAX = 100
const NOTE_BYTES_MAX = 1_000_000

/** Splits a signed note (C2SP signed-note v1.0.0). Malformed input is an `invalid_proof` error. */
export function parseNote(input: string): Note {
  if (input.length > NOTE_BYTES_MAX) throw invalid('the note is larger than 1 MB')
  if (!input.isWellFormed() || hasControlCharacter(input)) throw invalid('the note holds characters that it may not')
  const split = input.lastIndexOf('\n\n')
  if (split < 0 || !input.endsWith('\n')) throw invalid('the note has no signature block')
  const text = input.slice(0, split + 1)
  const lines = input.slice(split + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) throw invalid(`the note has more than ${SIGNATURES_MAX} signatures`)
  return { text, signatures: lines.map(parseSignatureLine) }
}

/** The text form of a note. */
export function formatNote(note: Note): string {
  return `${note.text}\n${note.signatures.map((signature) => signature.line).join('\n')}\n`
}

/** Parses one `— name base64` line. */
export function parseSignatureLine(line: string): NoteSignature {
  const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line)
  if (!match) throw invalid('a signature line is malformed')
  const bytes = fromBase64(match[2]!)
  if (bytes.length < 5) throw invalid('a signature is shorter than its key id')
  return { name: match[1]!, keyId: bytes.slice(0, 4), signature: bytes.slice(4), line }
}

/** Signs a note text with Ed25519 (type 0x01). */
export function signNote(text: string, signer: NoteSigner): NoteSignature {
  const signature = new Uint8Array(sign(null, Buffer.from(text), signer.privateKey))
  return makeSignature(signer.name, signer.keyId, signature)
}

/** Builds a signature line from its parts. */
export function makeSignature(name: string, keyId: Uint8Array, signature: Uint8Array): NoteSignature {
  const bytes = Buffer.concat([keyId, signature])
  return { name, keyId, signature, line: `— ${name} ${toBase64(bytes)}` }
}

/** True when the note carries a valid plain Ed25519 signature of this key. Unknown keys are ignored. */
export function noteIsSignedBy(note: Note, verifier: NoteVerifier): boolean {
  if (verifier.type !== signatureTypes.ed25519) return false
  return note.signatures.some(
    (signature) =>
      signature.name === verifier.name &&
      bytesEqual(signature.keyId, verifier.keyId) &&
      signature.signature.length === 64 &&
      verify(null, Buffer.from(note.text), verifier.publicKey, signature.signature),
  )
}

/** Parses a verifier key `name+keyid+base64(type ‖ key)`; anything else is an `invalid_input` error. */
export function parseVkey(text: string): NoteVerifier {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text.trim())
  if (!match) throw invalidKey(text)
  const material = fromBase64(match[3]!)
  const name = match[1]!
  const type = material[0]!
  if (material.length !== 33 || (type !== signatureTypes.ed25519 && type !== signatureTypes.cosignature)) {
    throw invalidKey(text)
  }
  const keyId = computeKeyId(name, type, material.slice(1))
  if (Buffer.from(keyId).toString('hex') !== match[2]) throw invalidKey(text)
  return { name, type, keyId, publicKey: ed25519PublicKey(material.slice(1)) }
}

/** Key id of signed-note and tlog-cosignature: SHA-256(name ‖ "\n" ‖ type ‖ key), first 4 bytes. */
export function computeKeyId(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  return sha256(Buffer.from(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, 4)
}

/** Makes a signer from a PKCS #8 PEM Ed25519 key. `type` tells a log's key (0x01) from a witness's (0x04). */
export function makeSigner(name: string, pem: string, type: number = signatureTypes.ed25519): NoteSigner {
  if (!/^[^\s+]+$/u.test(name))
    throw new ColophonError('usage', 'a key name holds no white space and no plus', { where: name })
  const privateKey = createPrivateKey(pem)
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  const publicKey = new Uint8Array(Buffer.from(jwk.x!, 'base64url'))
  const keyId = computeKeyId(name, type, publicKey)
  const material = Buffer.concat([Uint8Array.of(type), publicKey])
  return { name, keyId, privateKey, vkey: `${name}+${Buffer.from(keyId).toString('hex')}+${toBase64(material)}` }
}

/** A key object of 32 raw Ed25519 public key bytes. */
export function ed25519PublicKey(bytes: Uint8Array): KeyObject {
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') },
  })
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 && text[i] !== '\n') return true
  return false
}

function invalid(message: string): ColophonError {
  return new ColophonError('invalid_proof', message)
}

function invalidKey(text: string): ColophonError {
  return new ColophonError('invalid_input', 'not an Ed25519 verifier key', {
    where: text.slice(0, 120),
    remedy: 'A verifier key is written name+keyid+base64; a node shows its own under /log/vkey.',
  })
}
