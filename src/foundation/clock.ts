import { randomBytes as nodeRandomBytes } from 'node:crypto'

/** The effects that pure code is handed instead of reaching for them. */
export interface Effects {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  randomBytes(length: number): Uint8Array
}

export const systemEffects: Effects = {
  now: () => Date.now(),
  randomBytes: (length) => new Uint8Array(nodeRandomBytes(length)),
}

/** A moment as ISO 8601 UTC text with milliseconds, as every table stores it. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
