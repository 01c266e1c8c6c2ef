import { ColophonError, canonicalJson, isoTime, limits, toBase64 } from '../foundation/index.ts'
import { leafHash } from '../log/index.ts'
import { judgeStatement } from './judge.ts'
import { RowBatch } from './kinds.ts'
import { followLog } from './project.ts'
import type { Register } from './register.ts'
import type { LogEntry, Statement } from './schema.ts'
import { sealCommitment } from './sign.ts'
import { erasedId, writeVault } from './store.ts'
import { parseStatement, verifyStatement } from './verify.ts'

export interface Appended {
  statement: Statement
  logIndex: number
}

/**
 * Takes a signed statement from outside onto the log: reads it, verifies the signature, judges it against the register,
 * appends it durably, and waits until the tables follow. A sealed one leaves only a salted commitment on the log. Where
 * another process holds the log, that one does all of it.
 *
 * @throws ColophonError `invalid_statement`, `invalid_signature`, `unknown_key`, `revoked_key`, `duplicate_statement`,
 *   or whatever the kind of statement objects to; then nothing has been written.
 */
export async function appendStatement(
  register: Register,
  document: unknown,
  options: { isSealed?: boolean } = {},
): Promise<Appended> {
  const statement = parseStatement(document)
  const body = canonicalJson(statement)
  if (Buffer.byteLength(body) > limits.statementBytesMax) {
    throw new ColophonError('too_large', `a statement has at most ${limits.statementBytesMax} bytes`, {
      remedy: 'Declare a large collection by its manifest instead of item by item.',
    })
  }
  const { isSealed = false } = options
  if (register.holder) return { statement, logIndex: await register.holder.append(statement, isSealed) }
  const { didKey } = verifyStatement(statement)
  if (register.inFlight.has(statement.id)) throw duplicate(statement.id)
  register.inFlight.add(statement.id)
  try {
    const at = isoTime(register.effects.now())
    await admitStatement(register, statement, didKey, at, isSealed)
    const entry: LogEntry = isSealed ? await seal(register, body, at) : { v: 1, at, statement }
    const logIndex = await appendEntry(register, entry)
    await followLog(register)
    return readOutcome(register, statement, logIndex)
  } finally {
    register.inFlight.delete(statement.id)
  }
}

async function admitStatement(
  register: Register,
  statement: Statement,
  didKey: string,
  recordedAt: string,
  isSealed: boolean,
): Promise<void> {
  const { db } = register.database
  if (await register.idExists('statement', statement.id)) throw duplicate(statement.id)
  if (await register.idExists('erased_statement', erasedId(statement.id)))
    throw new ColophonError('erased', 'this statement was erased here', {
      where: statement.id,
      remedy: 'Who wants to state it again signs a new one.',
    })
  const rows = new RowBatch(db, register.idExists)
  const judged = { statement, didKey, recordedAt, logIndex: BigInt(register.log.size), isSealed }
  for (const { stated } of await judgeStatement(register, judged, rows)) {
    for (const admit of register.admit) await admit(stated, db)
  }
}

async function seal(register: Register, body: string, at: string): Promise<LogEntry> {
  const salt = register.effects.randomBytes(32)
  const commitment = sealCommitment(salt, body)
  await writeVault(register.database.db, { commitment, salt, body })
  return { v: 1, at, sealed: { commitment } }
}

async function appendEntry(register: Register, entry: LogEntry): Promise<number> {
  const bytes = Buffer.from(canonicalJson(entry))
  const hash = toBase64(leafHash(bytes))
  register.verifiedEntries.add(hash)
  try {
    return await register.log.append(bytes)
  } catch (error) {
    register.verifiedEntries.delete(hash)
    throw error
  }
}

function readOutcome(register: Register, statement: Statement, logIndex: number): Appended {
  const refusal = register.outcomes.get(logIndex)
  register.outcomes.delete(logIndex)
  if (refusal === null) return { statement, logIndex }
  throw new ColophonError(
    'duplicate_statement',
    `the statement stands on the log but was refused: ${refusal ?? 'unknown'}`,
    { where: statement.id },
  )
}

function duplicate(id: string): ColophonError {
  return new ColophonError('duplicate_statement', 'a statement with this id has been recorded already', {
    where: id,
    remedy: 'Nothing needs to be done; a new statement needs a new id.',
  })
}
