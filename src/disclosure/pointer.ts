import { sha256Hex } from '../foundation/index.ts'

/** Bits of a pointer: few enough for a watermark, enough that few statements share one. */
export const POINTER_BITS = 40

/** Where marks point: the first 40 bits of the SHA-256 of a statement's id (UTF-8), in hexadecimal. */
export function pointerOf(id: string): string {
  return sha256Hex(new TextEncoder().encode(id)).slice(0, POINTER_BITS / 4)
}
