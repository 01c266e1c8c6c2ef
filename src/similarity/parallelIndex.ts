import { openHammingIndex, type HammingHit, type HammingIndex } from './hammingIndex.ts'
import { openThreads } from './threads.ts'

/** Codes ready to be searched on all cores: queries are divided among threads, each of which has tables of its own. */
export interface ParallelIndex {
  /** As `HammingIndex.search`. Errors: `too_large` when a thread needed more memory than there is. */
  search(queries: Uint8Array, radius: number): Promise<HammingHit[][]>
  close(): Promise<void>
}

/** Of fewer codes, or for fewer queries, a thread that would have to be told first is no help. */
const CODES_MIN = 100_000
const QUERIES_MIN = 2048
const CODE_BYTES = 32

/** What a thread is asked. The codes lie in memory that it shares; it makes its tables when it is asked first. */
export interface ParallelJob {
  codes: Uint8Array
  queries: Uint8Array
  radius: number
}

/** Indexes codes of 32 bytes that lie one after the other. Errors: those of `openHammingIndex`, when it is searched. */
export function openParallelIndex(codes: Uint8Array): ParallelIndex {
  const threads = openThreads(new URL('./parallelWorker.ts', import.meta.url))
  const shared = new Uint8Array(new SharedArrayBuffer(codes.length))
  shared.set(codes)
  let own: HammingIndex | undefined
  return {
    async search(queries, radius) {
      const count = queries.length / CODE_BYTES
      const isDivided = codes.length / CODE_BYTES >= CODES_MIN && count >= QUERIES_MIN && Number.isInteger(count)
      const parts = isDivided ? threads.count : 1
      const from = (part: number) => Math.floor((count * part) / parts) * CODE_BYTES
      const others = Array.from({ length: parts - 1 }, (_, i) => {
        const job: ParallelJob = { codes: shared, queries: queries.slice(from(i + 1), from(i + 2)), radius }
        return threads.ask<Uint32Array>(i, job)
      })
      // This thread's part is one of them, so that no failure of another is left unheard when it fails.
      const mine = Promise.resolve().then(() => {
        own ??= openHammingIndex(shared)
        return own.search(isDivided ? queries.subarray(0, from(1)) : queries, radius)
      })
      const [hits, ...answers] = await Promise.all([mine, ...others])
      for (const [i, told] of answers.entries()) {
        const first = from(i + 1) / CODE_BYTES
        for (let query = first; query < from(i + 2) / CODE_BYTES; query++) hits.push([])
        for (let at = 0; at < told.length; at += 3)
          hits[first + told[at]!]!.push({ place: told[at + 1]!, distance: told[at + 2]! })
      }
      return hits
    },
    close: () => threads.close(),
  }
}

/** Hits as numbers: query, place and distance, one after the other. Most queries have none. */
export function hitsAsNumbers(hits: readonly HammingHit[][]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    hits.flatMap((list, query) => list.flatMap(({ place, distance }) => [query, place, distance])),
  )
}
