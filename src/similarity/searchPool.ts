import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ColophonError } from '../foundation/index.ts'
import type { RowHit } from './codeIndex.ts'
import type { SearchJob } from './searchWorker.ts'

/** Threads that search segments: each segment stays with one of them. None is started before it is needed. */
export interface SearchPool {
  /** The answers of all segments, in their order. Errors: those of loading a segment. */
  search(paths: readonly string[], queries: Uint8Array, radius: number): Promise<RowHit[][][]>
  close(): Promise<void>
}

interface Waiting {
  worker: Worker
  resolve(hits: RowHit[][]): void
  reject(error: Error): void
}

export function openSearchPool(): SearchPool {
  const workers: Worker[] = []
  const waiting = new Map<number, Waiting>()
  let nextJob = 0
  const start = () => {
    const worker = new Worker(new URL('./searchWorker.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    worker.unref()
    worker.on('message', ({ id, hits, failure }) => {
      const job = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) for (const each of workers) each.unref()
      if (failure) job?.reject(new ColophonError(failure.code, failure.message, failure))
      else job?.resolve(hits)
    })
    worker.on('error', () => {})
    // Whoever waits for a thread that has ended would wait for ever.
    worker.on('exit', () => {
      const place = workers.indexOf(worker)
      if (place >= 0) workers.splice(place, 1)
      for (const [id, job] of waiting) {
        if (job.worker !== worker) continue
        waiting.delete(id)
        job.reject(
          new ColophonError('too_large', 'the search needed more than its thread has', { remedy: 'Ask less at once.' }),
        )
      }
    })
    return worker
  }
  const ask = (worker: Worker, job: Omit<SearchJob, 'id'>) =>
    new Promise<RowHit[][]>((resolve, reject) => {
      const id = nextJob++
      waiting.set(id, { worker, resolve, reject })
      worker.ref()
      worker.postMessage({ id, ...job })
    })
  return {
    search(paths, queries, radius) {
      while (workers.length < Math.min(availableParallelism(), paths.length)) workers.push(start())
      const inUse = [...paths]
      return Promise.all(paths.map((path, i) => ask(workers[i % workers.length]!, { path, inUse, queries, radius })))
    },
    async close() {
      await Promise.all(workers.slice().map((worker) => worker.terminate()))
    },
  }
}
