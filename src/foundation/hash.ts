import { createHash } from 'node:crypto'
import { toHex } from './encoding.ts'

/** SHA-256 over the concatenation of the parts: 32 bytes. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** SHA-256 as 64 lower-case hexadecimal characters. */
export function sha256Hex(...parts: Uint8Array[]): string {
  return toHex(sha256(...parts))
}
