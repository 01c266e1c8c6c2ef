import { sign, verify } from 'node:crypto'
import { bytesEqual } from '../foundation/index.ts'
import type { Checkpoint } from './checkpoint.ts'
import { makeSignature, signatureTypes, type NoteSignature, type NoteSigner, type NoteVerifier } from './note.ts'

/** Cosigns a checkpoint as a witness (C2SP tlog-cosignature, Ed25519, type 0x04). `time` is in POSIX seconds. */
export function cosign(checkpoint: Checkpoint, witness: NoteSigner, timeSeconds: number): NoteSignature {
  const timestamp = Buffer.alloc(8)
  timestamp.writeBigUInt64BE(BigInt(timeSeconds))
  const signature = sign(null, cosignedMessage(checkpoint, timeSeconds), witness.privateKey)
  return makeSignature(witness.name, witness.keyId, Buffer.concat([timestamp, signature]))
}

/** The time (POSIX seconds) at which this witness cosigned the checkpoint; undefined when it validly did not. */
export function verifyCosignature(checkpoint: Checkpoint, witness: NoteVerifier): number | undefined {
  if (witness.type !== signatureTypes.cosignature) return undefined
  for (const { name, keyId, signature } of checkpoint.note.signatures) {
    if (name !== witness.name || !bytesEqual(keyId, witness.keyId) || signature.length !== 72) continue
    const time = Number(Buffer.from(signature.buffer, signature.byteOffset, 8).readBigUInt64BE())
    if (!Number.isSafeInteger(time)) continue
    if (verify(null, cosignedMessage(checkpoint, time), witness.publicKey, signature.subarray(8))) return time
  }
  return undefined
}

function cosignedMessage(checkpoint: Checkpoint, timeSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${checkpoint.note.text}`)
}
