import { ColophonError, bytesEqual, limits } from '../foundation/index.ts'
import { formatCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.ts'
import { appendToEdge, edgeRoot, partialFiles, type Edge, type TileFile } from './edge.ts'
import type { LogFiles } from './files.ts'
import type { Log } from './log.ts'
import { loadPublishedEdge } from './publishedEdge.ts'
import { createJournal, readJournals, type Journal } from './journal.ts'
import { consistencyProof, inclusionProof, leafHash, type Hash } from './merkle.ts'
import { type NoteSignature, type NoteSigner } from './note.ts'
import { makeTileReader, type TileReader } from './tileReader.ts'
import { TILE_WIDTH, bundlePath, decodeBundle } from './tiles.ts'
import type { TlogProof } from './tlogProof.ts'

const BATCH_ENTRIES_MAX = 1024
const BATCH_BYTES_MAX = 8 * 1024 * 1024
const JOURNAL_BYTES_MAX = 16 * 1024 * 1024
const PUBLISH_DELAY_MS = 50

interface Waiting {
  entry: Uint8Array
  resolve(index: number): void
  reject(error: unknown): void
}

/**
 * Opens the log in `files`, mending whatever a crash left: published tiles are checked against their checkpoint, then
 * the journal's entries are appended again. Nothing that was acknowledged is lost; anything damaged is `log_corrupt`.
 */
export async function openLog(options: { files: LogFiles; signer: NoteSigner; publishDelayMs?: number }): Promise<Log> {
  const { files, signer } = options
  const edge = await loadPublishedEdge(files, signer)
  const publishedSize = edge.size
  const pending = new Map<string, Uint8Array>()
  const { entries, paths } = await readJournals(files, publishedSize)
  for (const entry of entries) appendToEdge(edge, entry, (file) => pending.set(file.path, file.bytes))
  const log = new TiledLog(files, signer, edge, pending, publishedSize, options.publishDelayMs ?? PUBLISH_DELAY_MS)
  await log.startFresh(paths)
  return log
}

class TiledLog implements Log {
  readonly #files: LogFiles
  readonly #signer: NoteSigner
  readonly #edge: Edge
  /** Full tiles that are not published yet, by path. */
  readonly #pending: Map<string, Uint8Array>
  readonly #reader: TileReader
  readonly #publishDelayMs: number
  #publishedSize: number
  #journal: Journal | undefined
  #retiredJournals: string[] = []
  #queue: Waiting[] = []
  #writing: Promise<void> | undefined
  /** The end of the chain of publications: one at a time, in order. */
  #publishing: Promise<void> = Promise.resolve()
  #publishTimer: NodeJS.Timeout | undefined
  failure: ColophonError | undefined
  #checkpoint: Checkpoint | undefined

  constructor(
    files: LogFiles,
    signer: NoteSigner,
    edge: Edge,
    pending: Map<string, Uint8Array>,
    publishedSize: number,
    delay: number,
  ) {
    this.#files = files
    this.#signer = signer
    this.#edge = edge
    this.#pending = pending
    this.#publishedSize = publishedSize
    this.#publishDelayMs = delay
    this.#reader = makeTileReader((path) => this.#readFull(path))
  }

  get origin(): string {
    return this.#signer.name
  }

  get vkey(): string {
    return this.#signer.vkey
  }

  get size(): number {
    return this.#edge.size
  }

  /** Publishes what recovery found, then starts a new journal and removes the old ones, in this order. */
  async startFresh(oldJournals: string[]): Promise<void> {
    await this.#publishNow(true)
    this.#journal = await createJournal(this.#files, this.#edge.size)
    for (const path of oldJournals) if (path !== this.#journal.path) await this.#files.remove(path)
  }

  append(entry: Uint8Array): Promise<number> {
    if (entry.length === 0 || entry.length > limits.logEntryBytesMax) {
      const message = `a log entry has 1 to ${limits.logEntryBytesMax} bytes, this one ${entry.length}`
      return Promise.reject(new ColophonError('too_large', message))
    }
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.#queue.push({ entry, resolve, reject })
      this.#writing ??= this.#writeQueue()
    })
  }

  /** One batch at a time: whoever appends while a batch is being synchronised shares the next one. */
  async #writeQueue(): Promise<void> {
    await Promise.resolve()
    while (this.#queue.length > 0 && !this.failure) {
      const batch = takeBatch(this.#queue)
      try {
        await this.#journal!.append(
          this.#edge.size,
          batch.map(({ entry }) => entry),
        )
      } catch (error) {
        this.#refuseBatch(batch, error)
        continue
      }
      for (const { entry, resolve } of batch) {
        const index = this.#edge.size
        appendToEdge(this.#edge, entry, (file) => this.#pending.set(file.path, file.bytes))
        resolve(index)
      }
      await this.#rotateJournal()
      this.#schedulePublish()
    }
    this.#writing = undefined
  }

  #refuseBatch(batch: Waiting[], error: unknown): void {
    const isTakenBack = error instanceof ColophonError
    const refusal = isTakenBack ? error : unknownState(error)
    for (const { reject } of batch) reject(refusal)
    if (isTakenBack) return
    this.failure = refusal
    for (const { reject } of this.#queue.splice(0)) reject(refusal)
  }

  async #rotateJournal(): Promise<void> {
    if (this.#journal!.byteLength < JOURNAL_BYTES_MAX) return
    try {
      const next = await createJournal(this.#files, this.#edge.size)
      await this.#journal!.close()
      this.#retiredJournals.push(this.#journal!.path)
      this.#journal = next
    } catch (error) {
      this.failure = unknownState(error)
    }
  }

  async entries(start: number, end: number): Promise<Uint8Array[]> {
    const last = Math.min(end, this.#edge.size)
    const found: Uint8Array[] = []
    for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < last; index++) {
      const bundle = await this.#bundle(index)
      const first = index * TILE_WIDTH
      for (let place = Math.max(0, start - first); place < Math.min(bundle.length, last - first); place++) {
        found.push(await this.#checked(bundle[place]!, first + place))
      }
    }
    return found
  }

  /** What a disk gives back is compared with its tile before anybody builds on it. */
  async #checked(entry: Uint8Array, index: number): Promise<Uint8Array> {
    if (
      index < this.#edge.size - this.#edge.bundle.length &&
      !bytesEqual(leafHash(entry), await this.#subtree(0, index))
    ) {
      throw new ColophonError('log_corrupt', `entry ${index} is not the one that its tile names`, {
        remedy: 'Restore the log from a backup or a mirror.',
      })
    }
    return entry
  }

  async #bundle(index: number): Promise<readonly Uint8Array[]> {
    if (index === Math.floor(this.#edge.size / TILE_WIDTH)) return this.#edge.bundle
    const path = bundlePath(index)
    return decodeBundle(await this.#readFull(path), path)
  }

  checkpoint(): Checkpoint {
    if (this.#checkpoint?.size !== this.#edge.size) {
      this.#checkpoint = signCheckpoint(this.#signer, this.origin, this.#edge.size, edgeRoot(this.#edge))
    }
    return this.#checkpoint!
  }

  async addCosignature(size: number, signature: NoteSignature): Promise<void> {
    const { note, size: newest } = this.checkpoint()
    if (newest !== size || note.signatures.some(({ line }) => line === signature.line)) return
    note.signatures.push(signature)
    const turn = this.#publishing.then(() => this.#publishNow(true))
    this.#publishing = turn.catch(() => {})
    await turn
  }

  async prove(index: number, checkpoint = this.checkpoint()): Promise<TlogProof> {
    if (!Number.isSafeInteger(index) || index < 0 || index >= checkpoint.size) {
      throw new ColophonError('not_found', `the log has no entry ${index}`, { where: this.origin })
    }
    const path = await inclusionProof(this.#subtree, index, checkpoint.size)
    const [extra] = await this.entries(index, index + 1)
    return { extra, index, path, checkpoint }
  }

  proveConsistency(oldSize: number, newSize: number): Promise<Hash[]> {
    return consistencyProof(this.#subtree, oldSize, newSize)
  }

  /** Subtrees inside partial tiles come from the edge, all others from full tiles. */
  readonly #subtree = (level: number, start: number) => this.#reader.subtree(level, start, this.#edge)

  async readTile(path: string): Promise<Uint8Array | undefined> {
    return this.#pending.get(path) ?? (await this.#files.read(path))
  }

  async #readFull(path: string): Promise<Uint8Array> {
    const bytes = await this.readTile(path)
    if (!bytes) throw new ColophonError('log_corrupt', 'a tile is missing', { where: path })
    return bytes
  }

  #schedulePublish(): void {
    this.#publishTimer ??= setTimeout(() => {
      this.#publishTimer = undefined
      // What fails here stays in the journal, and the next publication tries again.
      this.#publishInTurn().catch(() => {})
    }, this.#publishDelayMs).unref()
  }

  async publishedCheckpoint(): Promise<string> {
    return new TextDecoder().decode(await this.#readFull('checkpoint'))
  }

  async publish(): Promise<void> {
    await this.#writing
    await this.#publishInTurn()
  }

  #publishInTurn(): Promise<void> {
    const turn = this.#publishing.then(() => this.#publishNow())
    this.#publishing = turn.catch(() => {})
    return turn
  }

  /** Tiles first, the checkpoint that needs them after, then the journals that nobody needs any more. */
  async #publishNow(force = false): Promise<void> {
    const checkpoint = this.checkpoint()
    if (checkpoint.size === this.#publishedSize && !force) return
    const full = [...this.#pending].map(([path, bytes]): TileFile => ({ path, bytes }))
    const partial = partialFiles(this.#edge)
    const retired = this.#retiredJournals.splice(0)
    try {
      await this.#files.writeAll([...full, ...partial])
      await this.#files.writeAll([
        { path: 'checkpoint', bytes: new TextEncoder().encode(formatCheckpoint(checkpoint)) },
      ])
    } catch (error) {
      this.#retiredJournals.unshift(...retired)
      throw error
    }
    this.#publishedSize = checkpoint.size
    for (const { path } of full) {
      this.#pending.delete(path)
      await this.#files.remove(`${path}.p`)
    }
    for (const path of retired) await this.#files.remove(path)
  }

  async close(): Promise<void> {
    await this.#writing
    clearTimeout(this.#publishTimer)
    this.#publishTimer = undefined
    if (!this.failure) await this.publish()
    this.failure ??= new ColophonError('log_closed', 'the log is closed')
    await this.#journal?.close()
  }
}

function takeBatch(queue: Waiting[]): Waiting[] {
  let bytes = 0
  let count = 0
  while (count < queue.length && count < BATCH_ENTRIES_MAX && bytes < BATCH_BYTES_MAX)
    bytes += queue[count++]!.entry.length
  return queue.splice(0, count)
}

function unknownState(cause: unknown): ColophonError {
  return new ColophonError('log_write_failed', 'the disk did not confirm a write, so the log has stopped', {
    remedy: 'Check the disk, then start the process again; it will find out what was kept.',
    cause,
  })
}
