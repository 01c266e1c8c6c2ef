import {
  ColophonError,
  asColophonError,
  canonicalJson,
  existsLookup,
  parseJson,
  toBase64,
  type Queries,
  type Tables,
} from '../foundation/index.ts'
import { leafHash } from '../log/index.ts'
import { judgeStatement } from './judge.ts'
import { RowBatch } from './kinds.ts'
import type { Register } from './register.ts'
import { entrySchema, type Statement } from './schema.ts'
import { sealCommitment } from './sign.ts'
import { existingIds, readProjectedSize, readVault, writeProjectedSize, type StatementRow } from './store.ts'
import { parseStatement, verifyStatement } from './verify.ts'

const CHUNK_ENTRIES = 512
/** Kinds after which a key may speak for another party, or no more. */
const CHANGES_KEYS = new Set(['Party', 'Revocation'])

/** Brings the tables up to the log's size, in log order, each chunk in one transaction with the place it reached. */
export function followLog(register: Register): Promise<void> {
  const wanted = register.log.size
  return inTurn(register, () => followUpTo(register, wanted))
}

/** Runs what changes projections when nobody else does. */
export function inTurn<Result>(register: Register, run: () => Promise<Result>): Promise<Result> {
  const turn = register.following.then(run)
  register.following = turn.then(
    () => {},
    () => {},
  )
  return turn
}

/** The same as `followLog`, for whoever has the turn. */
export async function followUpTo(register: Register, wanted: number): Promise<void> {
  const { db } = register.database
  let size = register.projectedSize ?? (await readProjectedSize(db))
  // A replay before this turn may have gone further than was wanted when the turn was asked for.
  if (size > register.log.size) {
    throw new ColophonError(
      'log_corrupt',
      `the tables follow ${size} entries, but the log has only ${register.log.size}`,
      {
        remedy: 'Give the database the log it belongs to, or restore the log from a backup or a mirror.',
      },
    )
  }
  while (size < wanted) {
    const entries = await register.log.entries(size, size + CHUNK_ENTRIES)
    await projectOrRefuse(register, size, entries)
    size += entries.length
    register.projectedSize = size
  }
}

/**
 * One chunk in one transaction. Should a row not fit the tables after all, the chunk is done entry by entry and the one
 * to blame is refused, so that no statement, whoever thought of it, can stop a node.
 */
async function projectOrRefuse(register: Register, firstIndex: number, entries: Uint8Array[]): Promise<void> {
  const project = async (index: number, some: Uint8Array[], isRefused = false) => {
    const read = await register.database.db.transaction().execute(async (queries) => {
      await writeProjectedSize(queries, index + some.length)
      return projectEntries(register, queries, index, some, isRefused)
    })
    for (const entry of read) if (register.verifiedEntries.delete(entry.hash)) reportOutcome(register, entry)
  }
  try {
    await project(firstIndex, entries)
  } catch (error) {
    if (!isConstraintError(error)) throw error
    register.keyCache.clear()
    for (const [i, entry] of entries.entries()) {
      await project(firstIndex + i, [entry]).catch((failure: unknown) => {
        if (!isConstraintError(failure)) throw failure
        return project(firstIndex + i, [entry], true)
      })
    }
  }
}

/** Tells whoever appended the entry and waits what became of it. */
function reportOutcome(register: Register, { logIndex, outcome, refusal }: ReadEntry): void {
  register.outcomes.set(Number(logIndex), outcome === 'accepted' ? null : (refusal ?? outcome))
}

/** A constraint of either database: SQLite's result code 19, PostgreSQL's class 23. */
function isConstraintError(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string }
  return (errcode !== undefined && (errcode & 0xff) === 19) || /^23\d{3}$/.test(code ?? '')
}

/** What an entry turned out to hold. */
interface ReadEntry {
  logIndex: bigint
  recordedAt: string
  commitment: string | null
  statement: Statement | undefined
  didKey: string
  outcome: 'accepted' | 'refused' | 'erased'
  refusal: string | null
  /** Appended by this process, which waits for the outcome. */
  isOwn: boolean
  /** Leaf hash, Base64. */
  hash: string
}

async function projectEntries(
  register: Register,
  queries: Queries,
  firstIndex: number,
  entries: Uint8Array[],
  isRefused: boolean,
): Promise<ReadEntry[]> {
  const read: ReadEntry[] = []
  for (const [i, entry] of entries.entries())
    read.push(await readEntry(register, queries, BigInt(firstIndex + i), entry))
  if (isRefused)
    for (const entry of read)
      Object.assign(entry, { outcome: 'refused', refusal: 'internal: it does not fit the tables' })
  const seen = await existingIds(
    queries,
    read.flatMap(({ statement }) => (statement ? [statement.id] : [])),
  )
  const known = await knownIds(queries, read)
  const rows = new RowBatch(
    queries,
    async (table, id) => known.get(table)?.has(id) ?? existsLookup(queries, table, 'id')(id),
  )
  for (const entry of read) {
    if (entry.statement && entry.outcome === 'accepted')
      await projectStatement(register, entry, entry.statement, seen, rows)
    rows.add('statement', toRow(entry))
  }
  await rows.queries()
  return read
}

/** The ids of works that these entries declare and that stand in the table already, asked for in one query. */
async function knownIds(queries: Queries, entries: readonly ReadEntry[]): Promise<Map<keyof Tables, Set<string>>> {
  const asked = entries.flatMap(({ statement }) =>
    (statement?.credentialSubject ?? []).flatMap(({ type, id }) =>
      type === 'Work' && typeof id === 'string' ? [id] : [],
    ),
  )
  const exists = existsLookup(queries, 'work', 'id')
  const answers = await Promise.all(asked.map(async (id) => ((await exists(id)) ? [id] : [])))
  return new Map([['work', new Set(answers.flat())]])
}

async function projectStatement(
  register: Register,
  entry: ReadEntry,
  statement: Statement,
  seen: Set<string>,
  rows: RowBatch,
): Promise<void> {
  try {
    if (seen.has(statement.id)) throw new ColophonError('duplicate_statement', 'recorded already')
    const judged = { ...entry, statement, isSealed: entry.commitment !== null }
    const subjects = await judgeStatement(register, judged, rows)
    for (const { kind, stated } of subjects) await kind.project(stated, rows)
    seen.add(statement.id)
    if (subjects.some(({ kind }) => CHANGES_KEYS.has(kind.type))) register.keyCache.clear()
  } catch (error) {
    const { code, message } = asColophonError(error)
    if (code === 'internal') throw error
    entry.outcome = 'refused'
    entry.refusal = `${code}: ${message}`
  }
}

async function readEntry(
  register: Register,
  queries: Queries,
  logIndex: bigint,
  bytes: Uint8Array,
): Promise<ReadEntry> {
  const base = {
    logIndex,
    recordedAt: '',
    commitment: null,
    statement: undefined,
    didKey: '',
    refusal: null,
    isOwn: false,
    hash: '',
  }
  try {
    const entry = entrySchema.parse(parseJson(bytes, `log entry ${logIndex}`))
    base.recordedAt = entry.at
    const hash = toBase64(leafHash(bytes))
    const isOwn = register.verifiedEntries.has(hash)
    base.hash = hash
    base.isOwn = isOwn
    if ('sealed' in entry) return await readSealed(queries, { ...base, commitment: entry.sealed.commitment }, isOwn)
    return openStatement({ ...base, recordedAt: entry.at }, entry.statement, isOwn)
  } catch (error) {
    return { ...base, outcome: 'refused', refusal: asColophonError(error).message.slice(0, 500) }
  }
}

async function readSealed(queries: Queries, base: Omit<ReadEntry, 'outcome'>, isOwn: boolean): Promise<ReadEntry> {
  const sealed = await readVault(queries, base.commitment!)
  if (!sealed) return { ...base, outcome: 'erased' }
  if (sealCommitment(sealed.salt, sealed.body) !== base.commitment) {
    throw new ColophonError('invalid_statement', 'the vault does not hold what the log committed to')
  }
  return openStatement(base, parseJson(sealed.body, 'vault'), isOwn)
}

function openStatement(base: Omit<ReadEntry, 'outcome'>, document: unknown, isOwn: boolean): ReadEntry {
  const statement = isOwn ? (document as Statement) : parseStatement(document)
  const didKey = isOwn ? statement.proof.verificationMethod.split('#')[0]! : verifyStatement(statement).didKey
  return { ...base, statement, didKey, outcome: 'accepted' }
}

function toRow(entry: ReadEntry): StatementRow {
  const { statement } = entry
  const isShown = statement && entry.outcome === 'accepted'
  return {
    log_index: entry.logIndex,
    id: statement?.id ?? '',
    kinds: statement?.credentialSubject.map(({ type }) => type).join(' ') ?? '',
    issuer: statement?.issuer ?? '',
    recorded_at: entry.recordedAt,
    outcome: entry.outcome,
    refusal: entry.refusal,
    commitment: entry.commitment,
    body: isShown ? canonicalJson(statement) : null,
  }
}
