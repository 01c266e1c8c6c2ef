import { LruMap, type Effects, type OpenDatabase } from '../foundation/index.ts'
import type { Log } from '../log/index.ts'
import type { StatementKind } from './kinds.ts'
import type { Register } from './register.ts'

const KEYS_CACHED = 10_000

/** Puts a register together; `followLog` then brings its tables up to the log. */
export function openRegister(parts: {
  log: Log
  database: OpenDatabase
  kinds: readonly StatementKind<never>[]
  effects: Effects
  admit?: Register['admit']
}): Register {
  return {
    log: parts.log,
    database: parts.database,
    kinds: new Map(parts.kinds.map((kind) => [kind.type, kind])),
    effects: parts.effects,
    admit: parts.admit ?? [],
    keyCache: new LruMap(KEYS_CACHED),
    verifiedEntries: new Set(),
    inFlight: new Set(),
    projectedSize: undefined,
    following: Promise.resolve(),
  }
}
