import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
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

/** SHA-256 of a file of any size, in hexadecimal. Errors: those of reading it. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
