import type { Effects } from './clock.ts'
import { toHex } from './encoding.ts'

/** A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then random bits, so that ids sort by time. */
export function uuidV7(effects: Effects): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(effects.now()) << 16n)
  bytes.set(effects.randomBytes(10), 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = toHex(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
