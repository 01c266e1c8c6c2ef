import type { ColophonError } from '../foundation/index.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Hash } from './merkle.ts'
import type { NoteSignature } from './note.ts'
import type { TlogProof } from './tlogProof.ts'

/** An open log: one writer, any number of readers. */
export interface Log {
  readonly origin: string
  readonly vkey: string
  /** Entries that are on the disk and have been acknowledged. */
  readonly size: number
  /** Why it takes no entries any more, once it does not. */
  readonly failure: ColophonError | undefined
  /** Appends one entry (1 to 65,535 bytes); resolves with its index after `fdatasync`. */
  append(entry: Uint8Array): Promise<number>
  /** The entries [start, end), read in bundles; `end` is capped at the size. */
  entries(start: number, end: number): Promise<Uint8Array[]>
  /** The signed head of everything acknowledged so far. */
  checkpoint(): Checkpoint
  /** Adds a cosignature to the checkpoint of this size, if it is still the newest, and publishes it again. */
  addCosignature(size: number, signature: NoteSignature): Promise<void>
  /** A receipt for the entry at `index`, under the newest checkpoint or the given one. */
  prove(index: number, checkpoint?: Checkpoint): Promise<TlogProof>
  proveConsistency(oldSize: number, newSize: number): Promise<Hash[]>
  /** A file of the log as it is served: a tile, a bundle; undefined when this log has none of that name. */
  readTile(path: string): Promise<Uint8Array | undefined>
  /** The checkpoint that stands in the static files: every tile that it needs is there. */
  publishedCheckpoint(): Promise<string>
  /** Waits until everything acknowledged stands in static files under a published checkpoint. */
  publish(): Promise<void>
  /** Publishes what is left and lets go of the files. */
  close(): Promise<void>
}
