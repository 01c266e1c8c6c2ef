import {
  LruMap,
  existsLookup,
  type Effects,
  type OpenDatabase,
  type Queries,
  type Tables,
} from '../foundation/index.ts'
import type { Log } from '../log/index.ts'
import type { StatementKind } from './kinds.ts'
import type { LogHolder, Register } from './register.ts'

const KEYS_CACHED = 10_000

/** Puts a register together; `followLog` then brings its tables up to the log. */
export function openRegister(parts: {
  log: Log
  holder?: LogHolder | undefined
  database: OpenDatabase
  kinds: readonly StatementKind<never>[]
  effects: Effects
  admit?: Register['admit']
}): Register {
  return {
    log: parts.log,
    holder: parts.holder,
    database: parts.database,
    kinds: new Map(parts.kinds.map((kind) => [kind.type, kind])),
    effects: parts.effects,
    admit: parts.admit ?? [],
    keyCache: new LruMap(KEYS_CACHED),
    verifiedEntries: new Set(),
    inFlight: new Set(),
    outcomes: new Map(),
    idExists: idLookups(parts.database.db),
    projectedSize: undefined,
    following: Promise.resolve(),
  }
}

/** One lookup per table, made when it is first needed. */
function idLookups(queries: Queries): Register['idExists'] {
  const lookups = new Map<keyof Tables, (id: string) => Promise<boolean>>()
  return (table, id) => {
    let lookup = lookups.get(table)
    if (!lookup) lookups.set(table, (lookup = existsLookup(queries, table, 'id')))
    return lookup(id)
  }
}
