import { availableParallelism } from 'node:os'
import { Worker, parentPort, type Transferable } from 'node:worker_threads'
import { ColophonError, asColophonError } from '../foundation/index.ts'

/** Threads that run one program. None is started before it is asked; none keeps a process alive that waits for nothing. */
export interface Threads {
  /** How many there may be: one a core. */
  count: number
  /** What one of them answers, by its number. Errors: those of the job; `too_large` when it brought the thread down. */
  ask<Answer>(thread: number, job: unknown, transfer?: Transferable[]): Promise<Answer>
  close(): Promise<void>
}

interface Waiting {
  worker: Worker
  resolve(answer: never): void
  reject(error: Error): void
}

interface Reply {
  id: number
  answer?: unknown
  failure?: Pick<ColophonError, 'code' | 'message'> & { where?: string; remedy?: string }
}

export function openThreads(program: URL): Threads {
  const workers: (Worker | undefined)[] = []
  const waiting = new Map<number, Waiting>()
  let nextJob = 0
  const start = (thread: number) => {
    const worker = new Worker(program, { execArgv: ['--disable-warning=ExperimentalWarning'] })
    worker.unref()
    worker.on('message', ({ id, answer, failure }: Reply) => {
      const job = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) for (const each of workers) each?.unref()
      if (failure) job?.reject(new ColophonError(failure.code, failure.message, failure))
      else job?.resolve(answer as never)
    })
    worker.on('error', () => {})
    // Whoever waits for a thread that has ended would wait for ever.
    worker.on('exit', () => {
      if (workers[thread] === worker) workers[thread] = undefined
      for (const [id, job] of waiting) {
        if (job.worker !== worker) continue
        waiting.delete(id)
        job.reject(
          new ColophonError('too_large', 'the work needed more than its thread has', { remedy: 'Ask less at once.' }),
        )
      }
    })
    return worker
  }
  return {
    count: availableParallelism(),
    ask: (thread, job, transfer = []) =>
      new Promise((resolve, reject) => {
        const worker = (workers[thread] ??= start(thread))
        const id = nextJob++
        waiting.set(id, { worker, resolve, reject })
        worker.ref()
        worker.postMessage({ id, job }, transfer)
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker?.terminate()))
    },
  }
}

/** Inside a thread: answers every job. */
export function answerJobs<Job>(answer: (job: Job) => unknown): void {
  parentPort?.on('message', async ({ id, job }: { id: number; job: Job }) => {
    try {
      parentPort!.postMessage({ id, answer: await answer(job) })
    } catch (error) {
      const { code, message, where, remedy } = asColophonError(error)
      parentPort!.postMessage({ id, failure: { code, message, where, remedy } })
    }
  })
}
