import type { AppendFile, LogFiles } from '../../src/log/index.ts'

/** A pseudo-random generator with a seed (mulberry32), so that a failing run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

interface StoredFile {
  durable: Uint8Array
  /** Writes since the last sync, in order; a crash keeps any part of any subset of them. */
  volatile: { bytes: Uint8Array; position: number }[]
}

const SECTOR_BYTES = 512

/**
 * A disk in memory that behaves as badly as a real one may: until `sync` resolves, a crash keeps, loses, tears or
 * reorders writes; it can be full; reads and syncs can fail.
 */
export class FaultyDisk implements LogFiles {
  readonly #files = new Map<string, StoredFile>()
  #inFlight: { path: string; bytes: Uint8Array }[] = []
  readonly #random: () => number
  #isCrashed = false
  #operations = 0
  crashAfter = Infinity
  capacityBytes = Infinity
  failNextSync = false
  failReads = false

  constructor(random: () => number, files?: Map<string, Uint8Array>) {
    this.#random = random
    for (const [path, durable] of files ?? []) this.#files.set(path, { durable, volatile: [] })
  }

  /** What is on the disk after the power went away. */
  crash(): FaultyDisk {
    this.#isCrashed = true
    const after = new Map<string, Uint8Array>()
    for (const [path, file] of this.#files) after.set(path, this.#afterCrash(file))
    for (const { path, bytes } of this.#inFlight) if (this.#random() < 0.5) after.set(path, bytes)
    return new FaultyDisk(this.#random, after)
  }

  #afterCrash(file: StoredFile): Uint8Array {
    let bytes = file.durable
    for (const write of file.volatile) {
      for (let start = 0; start < write.bytes.length; start += SECTOR_BYTES) {
        if (this.#random() < 0.5) continue
        const end = Math.min(write.bytes.length, start + Math.ceil(this.#random() * SECTOR_BYTES))
        bytes = overwrite(bytes, write.bytes.subarray(start, end), write.position + start)
      }
    }
    return bytes
  }

  async #step(): Promise<void> {
    this.#operations++
    if (this.#operations > this.crashAfter) this.#isCrashed = true
    // A crashed process never comes back from its system call.
    if (this.#isCrashed) await new Promise(() => {})
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#isCrashed) await new Promise(() => {})
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    if (this.failReads) throw failure('EIO')
    const file = this.#files.get(path)
    if (!file) return undefined
    return file.volatile.reduce((bytes, write) => overwrite(bytes, write.bytes, write.position), file.durable)
  }

  async list(path: string): Promise<string[]> {
    const prefix = `${path}/`
    const names = [...this.#files.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length).split('/')[0]!)
    return [...new Set(names)].sort()
  }

  async writeAll(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
    const wanted = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (this.#usedBytes() + wanted > this.capacityBytes) throw failure('ENOSPC')
    this.#inFlight.push(...files)
    await this.#step()
    this.#inFlight = this.#inFlight.filter((file) => !files.includes(file))
    for (const { path, bytes } of files) this.#files.set(path, { durable: Uint8Array.from(bytes), volatile: [] })
  }

  async create(path: string): Promise<AppendFile> {
    await this.#step()
    const file: StoredFile = { durable: new Uint8Array(), volatile: [] }
    this.#files.set(path, file)
    return {
      write: async (bytes, position) => {
        if (this.#usedBytes() + bytes.length > this.capacityBytes) {
          file.volatile.push({ bytes: bytes.slice(0, Math.floor(bytes.length / 2)), position })
          throw failure('ENOSPC')
        }
        file.volatile.push({ bytes: Uint8Array.from(bytes), position })
        await this.#step()
      },
      sync: async () => {
        await this.#step()
        if (this.failNextSync) throw failure('EIO')
        file.durable = file.volatile.reduce(
          (bytes, write) => overwrite(bytes, write.bytes, write.position),
          file.durable,
        )
        file.volatile = []
      },
      truncate: async (length) => {
        const bytes = file.volatile.reduce((all, write) => overwrite(all, write.bytes, write.position), file.durable)
        file.durable = bytes.slice(0, length)
        file.volatile = []
      },
      close: async () => {},
    }
  }

  async remove(path: string): Promise<void> {
    await this.#step()
    for (const name of this.#files.keys()) if (name === path || name.startsWith(`${path}/`)) this.#files.delete(name)
  }

  /** Flips one bit of a stored file: damage that no crash explains. */
  damage(path: string, byte: number): void {
    this.#files.get(path)!.durable[byte]! ^= 1
  }

  paths(): string[] {
    return [...this.#files.keys()]
  }

  #usedBytes(): number {
    let sum = 0
    for (const file of this.#files.values()) sum += file.durable.length
    return sum
  }
}

function overwrite(bytes: Uint8Array, written: Uint8Array, position: number): Uint8Array {
  const result = new Uint8Array(Math.max(bytes.length, position + written.length))
  result.set(bytes)
  result.set(written, position)
  return result
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`the disk answers ${code}`), { code })
}
