import { ColophonError, fromBase64, toBase64 } from '../foundation/index.ts'
import { formatNote, parseNote, signNote, type Note, type NoteSigner } from './note.ts'
import type { Hash } from './merkle.ts'

/** A tree head of C2SP tlog-checkpoint: which log, how many entries, which root. */
export interface Checkpoint {
  origin: string
  size: number
  root: Hash
  note: Note
}

/** The signed text of a tree head. */
export function signCheckpoint(signer: NoteSigner, origin: string, size: number, root: Hash): Checkpoint {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`
  return { origin, size, root, note: { text, signatures: [signNote(text, signer)] } }
}

/** The checkpoint as it is served and stored. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return formatNote(checkpoint.note)
}

/** Parses a signed checkpoint without judging its signatures. Malformed input is an `invalid_proof` error. */
export function parseCheckpoint(input: string): Checkpoint {
  const note = parseNote(input)
  const [origin, sizeText, rootText] = note.text.slice(0, -1).split('\n')
  if (!origin || !sizeText || !rootText) throw invalid('the checkpoint has fewer than three lines')
  if (
    note.text
      .slice(0, -1)
      .split('\n')
      .some((line) => line === '')
  )
    throw invalid('the checkpoint has an empty line')
  if (!/^(0|[1-9][0-9]{0,15})$/.test(sizeText)) throw invalid('the tree size is not a decimal number')
  const size = Number(sizeText)
  if (!Number.isSafeInteger(size)) throw invalid('the tree size is too large')
  const root = readHash(rootText)
  return { origin, size, root, note }
}

/** A Base64 line that must be 32 bytes long. */
export function readHash(text: string): Hash {
  let bytes: Uint8Array
  try {
    bytes = fromBase64(text)
  } catch {
    throw invalid('a hash is not Base64')
  }
  if (bytes.length !== 32) throw invalid('a hash is not 32 bytes long')
  return bytes
}

function invalid(message: string): ColophonError {
  return new ColophonError('invalid_proof', message)
}
