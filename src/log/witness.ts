import { bytesEqual } from '../foundation/index.ts'
import { formatCheckpoint, parseCheckpoint, readHash, type Checkpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import { emptyRoot, verifyConsistency, type Hash } from './merkle.ts'
import { noteIsSignedBy, type NoteSigner, type NoteVerifier } from './note.ts'

/** The newest head of another log that this witness has cosigned. */
export interface WitnessedHead {
  size: number
  root: Hash
}

/** Where a witness keeps its heads. `replace` must be atomic and durable: it answers false when `old` is not what is stored. */
export interface WitnessStore {
  read(origin: string): Promise<WitnessedHead | undefined>
  replace(origin: string, old: WitnessedHead | undefined, next: WitnessedHead): Promise<boolean>
}

export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422
  contentType: string
  body: string
}

/** Answers `POST add-checkpoint` of C2SP tlog-witness. Never throws on bad input. */
export async function addCheckpoint(
  body: string,
  witness: { signer: NoteSigner; logs: readonly NoteVerifier[]; store: WitnessStore; nowSeconds: number },
): Promise<WitnessAnswer> {
  const request = readRequest(body)
  if (!request) return refuse(400, 'the request is malformed')
  const { oldSize, proof, checkpoint } = request
  const keys = witness.logs.filter(({ name }) => name === checkpoint.origin)
  if (keys.length === 0) return refuse(404, 'this log is not known here')
  if (!keys.some((key) => noteIsSignedBy(checkpoint.note, key))) return refuse(403, 'no signature of the log is valid')
  if (oldSize > checkpoint.size) return refuse(400, 'the old size is larger than the checkpoint')
  const known = await witness.store.read(checkpoint.origin)
  if ((known?.size ?? 0) !== oldSize) return conflict(known?.size ?? 0)
  const oldRoot = known?.root ?? emptyRoot()
  if (oldSize === checkpoint.size && !bytesEqual(oldRoot, checkpoint.root)) return conflict(oldSize)
  if (!verifyConsistency(oldSize, checkpoint.size, oldRoot, checkpoint.root, proof)) {
    return refuse(422, 'the consistency proof does not verify')
  }
  const isStored = await witness.store.replace(checkpoint.origin, known, {
    size: checkpoint.size,
    root: checkpoint.root,
  })
  if (!isStored) return conflict((await witness.store.read(checkpoint.origin))?.size ?? 0)
  return {
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: `${cosign(checkpoint, witness.signer, witness.nowSeconds).line}\n`,
  }
}

/** The body of `add-checkpoint` that a log sends to its witness. */
export function formatAddCheckpoint(oldSize: number, proof: readonly Hash[], checkpoint: Checkpoint): string {
  const lines = [`old ${oldSize}`, ...proof.map((hash) => Buffer.from(hash).toString('base64'))]
  return `${lines.join('\n')}\n\n${formatCheckpoint(checkpoint)}`
}

function readRequest(body: string): { oldSize: number; proof: Hash[]; checkpoint: Checkpoint } | undefined {
  try {
    const split = body.indexOf('\n\n')
    const lines = body.slice(0, split).split('\n')
    const old = /^old (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')
    if (split < 0 || !old || lines.length > 63) return undefined
    return { oldSize: Number(old[1]), proof: lines.map(readHash), checkpoint: parseCheckpoint(body.slice(split + 2)) }
  } catch {
    return undefined
  }
}

function refuse(status: 400 | 403 | 404 | 422, message: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${message}\n` }
}

function conflict(size: number): WitnessAnswer {
  return { status: 409, contentType: 'text/x.tlog.size', body: `${size}\n` }
}
