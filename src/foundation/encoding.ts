import { ColophonError } from './errors.ts'

/** Lower-case hexadecimal text of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Bytes of hexadecimal text of even length; anything else is an `invalid_input` error. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new ColophonError('invalid_input', 'not hexadecimal text of even length')
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** Standard Base64 (RFC 4648 section 4) with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Decodes standard Base64 strictly: canonical padding, no white space, no stray bits. */
export function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new ColophonError('invalid_input', 'not canonical Base64')
  return new Uint8Array(bytes)
}

/** URL-safe Base64 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/** Decodes URL-safe Base64 without padding, strictly. */
export function fromBase64Url(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new ColophonError('invalid_input', 'not canonical Base64url')
  return new Uint8Array(bytes)
}

const BASE58_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Base58 (Bitcoin alphabet), as multibase `z` uses it. */
export function toBase58(bytes: Uint8Array): string {
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let i = 0; i < digits.length; i++) {
      carry += digits[i]! << 8
      digits[i] = carry % 58
      carry = (carry / 58) | 0
    }
    for (; carry > 0; carry = (carry / 58) | 0) digits.push(carry % 58)
  }
  let text = ''
  for (const byte of bytes) {
    if (byte !== 0) break
    text += '1'
  }
  for (let i = digits.length - 1; i >= 0; i--) text += BASE58_ALPHABET[digits[i]!]
  return text
}

/** Decodes Base58; at most 256 characters, because the work grows with the square of the length. */
export function fromBase58(text: string): Uint8Array {
  if (text.length > 256) throw new ColophonError('invalid_input', 'Base58 text is longer than 256 characters')
  const bytes: number[] = []
  for (const character of text) {
    let carry = BASE58_ALPHABET.indexOf(character)
    if (carry < 0) throw new ColophonError('invalid_input', 'not Base58 text')
    for (let i = 0; i < bytes.length; i++) {
      carry += bytes[i]! * 58
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff)
  }
  for (const character of text) {
    if (character !== '1') break
    bytes.push(0)
  }
  return new Uint8Array(bytes.reverse())
}

/** True when both byte strings are equal. Not for secrets. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
