import { verifyCosignature } from './cosignature.ts'
import { parseSignatureLine, type NoteSignature, type NoteVerifier } from './note.ts'
import type { Log } from './log.ts'
import { formatAddCheckpoint } from './witness.ts'

/** Sends a body to a witness's `add-checkpoint` and gives what it answered. */
export type WitnessSender = (body: string) => Promise<{ status: number; body: string }>

/**
 * Asks a witness to cosign the newest checkpoint (C2SP tlog-witness). A witness that has seen another size says which;
 * then it is asked once more from there. Gives the verified cosignature, or undefined when there is none.
 */
export async function askWitness(
  log: Log,
  witness: NoteVerifier,
  send: WitnessSender,
): Promise<NoteSignature | undefined> {
  const checkpoint = log.checkpoint()
  const ask = async (oldSize: number) =>
    send(formatAddCheckpoint(oldSize, await log.proveConsistency(oldSize, checkpoint.size), checkpoint))
  let answer = await ask(0)
  const seen = answer.status === 409 && /^(0|[1-9][0-9]{0,15})\n$/.exec(answer.body)
  if (seen && Number(seen[1]) <= checkpoint.size) answer = await ask(Number(seen[1]))
  if (answer.status !== 200) return undefined
  const signatures = answer.body.trimEnd().split('\n').map(parseSignatureLine)
  return signatures.find(
    (signature) =>
      verifyCosignature({ ...checkpoint, note: { ...checkpoint.note, signatures: [signature] } }, witness) !==
      undefined,
  )
}
