import { parseJson } from '../foundation/index.ts'
import { formatTlogProof, verifyTlogProof, type NoteVerifier } from '../log/index.ts'
import type { Register } from './register.ts'
import { entrySchema, type Statement } from './schema.ts'
import { sealCommitment } from './sign.ts'
import { readVault } from './store.ts'
import { parseStatement, verifyStatement } from './verify.ts'

/** The `.tlog-proof` receipt of a log entry, with the entry inside. */
export async function makeReceipt(register: Register, logIndex: number): Promise<string> {
  if (register.holder) return register.holder.receipt(logIndex)
  return formatTlogProof(await register.log.prove(logIndex))
}

/** What the holder of a sealed statement keeps beside the receipt, to open the commitment later. */
export async function readSeal(
  register: Register,
  commitment: string,
): Promise<{ salt: Uint8Array; body: string } | undefined> {
  return readVault(register.database.db, commitment)
}

export interface ReceiptFinding {
  code: string
  severity: 'good' | 'bad'
  detail: string
}

export interface ReceiptVerdict {
  isSound: boolean
  recordedAt: string | undefined
  /** The place in the log that the receipt proves. */
  logIndex: number | undefined
  statement: Statement | undefined
  findings: ReceiptFinding[]
}

/**
 * Verifies a receipt offline: the entry's place in the log, the log's signature, and the statement's own signature.
 * `seal` opens a sealed entry. It never throws on bad input.
 */
export function verifyReceipt(
  text: string,
  trusted: { log: NoteVerifier; witnesses?: NoteVerifier[] },
  seal?: { salt: Uint8Array; body: string },
): ReceiptVerdict {
  const proof = verifyTlogProof(text, trusted)
  const findings: ReceiptFinding[] = [...proof.findings]
  let recordedAt: string | undefined
  let statement: Statement | undefined
  try {
    if (proof.entry) {
      const entry = entrySchema.parse(parseJson(proof.entry, 'entry'))
      recordedAt = entry.at
      statement =
        'sealed' in entry ? openSeal(entry.sealed.commitment, seal, findings) : parseStatement(entry.statement)
      if (statement) findings.push(judgeSignature(statement))
    }
  } catch (error) {
    findings.push({ code: 'entry_malformed', severity: 'bad', detail: (error as Error).message })
  }
  const isSound = findings.every(({ severity }) => severity === 'good')
  return { isSound, recordedAt, logIndex: proof.proof?.index, statement, findings }
}

function openSeal(
  commitment: string,
  seal: { salt: Uint8Array; body: string } | undefined,
  findings: ReceiptFinding[],
): Statement | undefined {
  if (!seal) {
    findings.push({ code: 'sealed', severity: 'good', detail: 'the log holds a commitment; its body was not given' })
    return undefined
  }
  if (sealCommitment(seal.salt, seal.body) !== commitment) {
    findings.push({ code: 'seal_mismatch', severity: 'bad', detail: 'the body is not what the log committed to' })
    return undefined
  }
  findings.push({ code: 'seal_opened', severity: 'good', detail: 'the body is what the log committed to' })
  return parseStatement(parseJson(seal.body, 'sealed body'))
}

function judgeSignature(statement: Statement): ReceiptFinding {
  try {
    const { didKey, passkeyOrigin } = verifyStatement(statement)
    const how = passkeyOrigin ? `passkey used at ${passkeyOrigin}` : 'key'
    return { code: 'statement_signature_verified', severity: 'good', detail: `${how} ${didKey}` }
  } catch (error) {
    return { code: 'statement_signature_invalid', severity: 'bad', detail: (error as Error).message }
  }
}
