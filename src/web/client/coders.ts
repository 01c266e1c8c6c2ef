import { identifyToDeclare } from './identify.ts'
import { openSource, type Source } from './sources.ts'

/** What a collection says of one file. */
export interface Coded {
  medium: string
  codes: Record<string, string>
  /** Why it is known by its bytes only. */
  unread?: string
}

/** What a worker says: that it is there, or what came of the one file that it was given. */
export type WorkerAnswer = { isAble: boolean } | { coded: Coded } | { isForPage: true } | { error: string }

/** Computes codes, in as many files at once as it says. */
export interface Coders {
  count: number
  code(source: Source): Promise<Coded>
  close(): void
}

const WORKERS_MAX = 8

/** As many workers as there are cores; where there are none, the page itself, one file after the other. */
export async function openCoders(wanted = navigator.hardwareConcurrency || 2): Promise<Coders> {
  const starting = Array.from({ length: Math.min(WORKERS_MAX, wanted) }, () => startWorker().catch(() => undefined))
  const workers = (await Promise.all(starting)).filter((worker) => worker !== undefined)
  const free = [...workers]
  let page: Promise<unknown> = Promise.resolve()
  // Sounds and films need the page, which takes one after the other.
  const onPage = (source: Source) => {
    const coding = page.then(() => codeHere(source))
    page = coding.catch(() => {})
    return coding
  }
  return {
    count: Math.max(1, workers.length),
    async code(source) {
      const worker = free.pop()
      if (!worker) return onPage(source)
      const answer = await ask(worker, source).finally(() => free.push(worker))
      if ('coded' in answer) return answer.coded
      if ('isForPage' in answer) return onPage(source)
      throw new Error('error' in answer ? answer.error : '')
    },
    close() {
      for (const worker of workers) worker.terminate()
    },
  }
}

/** The codes of a file, computed on the thread that asks. */
export async function codeHere(source: Source): Promise<Coded> {
  const { medium, codes, unread } = await identifyToDeclare(await openSource(source))
  return { medium, codes, ...(unread === undefined ? {} : { unread }) }
}

/** A worker that has said that it can work: what was sent to it before might be lost. */
async function startWorker(): Promise<Worker> {
  const worker = new Worker('/modules/web/client/worker.ts', { type: 'module' })
  const answer = await nextAnswer(worker)
  if ('isAble' in answer && answer.isAble) return worker
  worker.terminate()
  throw new Error('not able')
}

function ask(worker: Worker, source: Source): Promise<WorkerAnswer> {
  const answer = nextAnswer(worker)
  worker.postMessage(source)
  return answer
}

function nextAnswer(worker: Worker): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController()
    const listen = (event: string, take: (event: Event) => void) =>
      worker.addEventListener(
        event,
        (given) => {
          listening.abort()
          take(given)
        },
        { signal: listening.signal },
      )
    listen('message', (event) => resolve((event as MessageEvent<WorkerAnswer>).data))
    for (const event of ['error', 'messageerror'])
      listen(event, (given) => reject(new Error((given as ErrorEvent).message ?? event)))
  })
}
