import { ColophonError, bytesEqual, fromBase64, toBase64 } from '../foundation/index.ts'
import { formatCheckpoint, parseCheckpoint, readHash, type Checkpoint } from './checkpoint.ts'
import { leafHash, rootFromInclusionProof, type Hash } from './merkle.ts'
import { noteIsSignedBy, type NoteVerifier } from './note.ts'
import { verifyCosignature } from './cosignature.ts'

/** A receipt: the entry itself (as extra data), its place, its path, and the checkpoint it leads to. */
export interface TlogProof {
  /** Opaque bytes; Colophon's receipts carry the log entry, which the proof then authenticates. */
  extra: Uint8Array | undefined
  index: number
  path: Hash[]
  checkpoint: Checkpoint
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const PROOF_CHARACTERS_MAX = 1_000_000

/** The text of a `.tlog-proof` file. C2SP tlog-proof. */
export function formatTlogProof(proof: TlogProof): string {
  const lines = [FIRST_LINE]
  if (proof.extra) lines.push(`extra ${toBase64(proof.extra)}`)
  lines.push(`index ${proof.index}`, ...proof.path.map(toBase64))
  return `${lines.join('\n')}\n\n${formatCheckpoint(proof.checkpoint)}`
}

/** Parses a `.tlog-proof` file; malformed input is an `invalid_proof` error. It does not verify anything. */
export function parseTlogProof(input: string): TlogProof {
  if (input.length > PROOF_CHARACTERS_MAX) throw invalid('the proof is larger than 1 MB')
  const split = input.indexOf('\n\n')
  if (split < 0) throw invalid('the proof holds no checkpoint')
  const lines = input.slice(0, split).split('\n')
  if (lines.shift() !== FIRST_LINE) throw invalid(`the first line is not ${FIRST_LINE}`)
  const extra = lines[0]?.startsWith('extra ') ? readExtra(lines.shift()!.slice(6)) : undefined
  const indexMatch = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')
  if (!indexMatch) throw invalid('the index line is missing or malformed')
  if (lines.length > 63) throw invalid('the path is longer than any tree needs')
  return {
    extra,
    index: Number(indexMatch[1]),
    path: lines.map(readHash),
    checkpoint: parseCheckpoint(input.slice(split + 2)),
  }
}

/** One thing that verification found. `severity` says whether it speaks against what was examined. */
export interface ProofFinding {
  code:
    | 'proof_malformed'
    | 'entry_missing'
    | 'path_mismatch'
    | 'log_signature_invalid'
    | 'inclusion_verified'
    | 'log_signature_verified'
    | 'witnessed'
  severity: 'good' | 'bad'
  detail: string
}

/**
 * Checks a receipt against the log key that the caller trusts, and counts known witnesses.
 * Never throws on bad input: it collects findings.
 */
export function verifyTlogProof(
  input: string,
  trusted: { log: NoteVerifier; witnesses?: NoteVerifier[] },
): { isSound: boolean; entry: Uint8Array | undefined; proof: TlogProof | undefined; findings: ProofFinding[] } {
  const findings: ProofFinding[] = []
  let proof: TlogProof
  try {
    proof = parseTlogProof(input)
  } catch (error) {
    findings.push({ code: 'proof_malformed', severity: 'bad', detail: (error as Error).message })
    return { isSound: false, entry: undefined, proof: undefined, findings }
  }
  findings.push(judgeInclusion(proof), judgeLogSignature(proof.checkpoint, trusted.log))
  for (const witness of trusted.witnesses ?? []) {
    const time = verifyCosignature(proof.checkpoint, witness)
    if (time !== undefined)
      findings.push({
        code: 'witnessed',
        severity: 'good',
        detail: `${witness.name} at ${new Date(time * 1000).toISOString()}`,
      })
  }
  return { isSound: findings.every(({ severity }) => severity === 'good'), entry: proof.extra, proof, findings }
}

function judgeInclusion({ extra, index, path, checkpoint }: TlogProof): ProofFinding {
  if (!extra)
    return { code: 'entry_missing', severity: 'bad', detail: 'the receipt does not carry the entry it is about' }
  const root = rootFromInclusionProof(index, checkpoint.size, leafHash(extra), path)
  if (!root || !bytesEqual(root, checkpoint.root)) {
    return {
      code: 'path_mismatch',
      severity: 'bad',
      detail: 'the entry, its index and its path do not lead to the checkpoint',
    }
  }
  return { code: 'inclusion_verified', severity: 'good', detail: `entry ${index} of ${checkpoint.size}` }
}

function judgeLogSignature(checkpoint: Checkpoint, log: NoteVerifier): ProofFinding {
  if (checkpoint.origin !== log.name || !noteIsSignedBy(checkpoint.note, log)) {
    return { code: 'log_signature_invalid', severity: 'bad', detail: `not signed by the log ${log.name}` }
  }
  return { code: 'log_signature_verified', severity: 'good', detail: log.name }
}

function readExtra(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch {
    throw invalid('the extra data is not Base64')
  }
}

function invalid(message: string): ColophonError {
  return new ColophonError('invalid_proof', message)
}
