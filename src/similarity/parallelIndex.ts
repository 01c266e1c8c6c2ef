import { openHammingIndex, type HammingHit, type HammingIndex } from './hammingIndex.ts'
import { openThreads } from './threads.ts'

/** Codes ready to be searched on all cores: queries are divided among threads, each of which has tables of its own, while whoever asks goes on. */
export interface ParallelIndex {
  /** As `HammingIndex.nearest`, with the ranks that it was opened with. Errors: `too_large` when a thread needed more memory than there is. */
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
  ranks: readonly Uint32Array[]
  queries: Uint8Array
  radius: number
}

/** Indexes codes of 32 bytes that lie one after the other, with their ranks in each class. Errors: those of `openHammingIndex`, when it is searched. */
export function openParallelIndex(codes: Uint8Array, ranks: readonly Uint32Array[]): ParallelIndex {
  const threads = openThreads(new URL('./parallelWorker.ts', import.meta.url))
  const shared = new Uint8Array(new SharedArrayBuffer(codes.length))
  shared.set(codes)
  const sharedRanks = ranks.map((each) => {
    const copy = new Uint32Array(new SharedArrayBuffer(each.byteLength))
    copy.set(each)
    return copy
  })
  let own: HammingIndex | undefined
  return {
    async search(queries, radius) {
      const count = queries.length / CODE_BYTES
      if (codes.length / CODE_BYTES < CODES_MIN || count < QUERIES_MIN || !Number.isInteger(count))
        return (own ??= openHammingIndex(shared)).nearest(queries, radius, sharedRanks)
      const from = (thread: number) => Math.floor((count * thread) / threads.count)
      const answers = await Promise.all(
        Array.from({ length: threads.count }, (_, thread) => {
          const some = queries.slice(from(thread) * CODE_BYTES, from(thread + 1) * CODE_BYTES)
          const job: ParallelJob = { codes: shared, ranks: sharedRanks, queries: some, radius }
          return threads.ask<Uint32Array>(thread, job)
        }),
      )
      const hits: HammingHit[][] = Array.from({ length: count }, () => [])
      for (const [thread, told] of answers.entries())
        for (let at = 0; at < told.length; at += 3)
          hits[from(thread) + told[at]!]!.push({ place: told[at + 1]!, distance: told[at + 2]! })
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
