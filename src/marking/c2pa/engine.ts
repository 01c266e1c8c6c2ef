import { Worker, type Transferable } from 'node:worker_threads'
import { ColophonError, limits, type ErrorCode } from '../../foundation/index.ts'
import type { BoundContent } from './contentBinding.ts'
import { libraryModule } from './libraryModule.ts'

/** What a thread is asked to do. */
export type EngineJob =
  | {
      kind: 'sign'
      bytes: Uint8Array
      mediaType: string
      manifest: string
      settings: string
      reserveBytes: number
      /** The file as it was before anything else was put into it. */
      parent?: Uint8Array
    }
  | {
      kind: 'read'
      bytes: Uint8Array
      mediaType: string
      settings: string
      nowMs: number
      /** When `bytes` are a manifest store alone: what it is to be bound to. */
      content?: BoundContent
    }

export type ToEngine =
  | { module: WebAssembly.Module }
  | { job: EngineJob }
  /** The signature that was asked for; none when it could not be made. */
  | { signature: Uint8Array | undefined }

export type FromEngine =
  { claim: Uint8Array } | { answer: unknown; isSpent: boolean } | { failure: EngineFailure; isSpent: boolean }

/** An error by its parts: errors do not cross threads whole. */
export interface EngineFailure {
  code: ErrorCode
  message: string
  remedy?: string
}

/** A thread that reads or signs one file after the other. */
export interface Engine {
  /**
   * Errors: `unreadable_file` when the job took too long or too much memory, `too_busy`, those of the job, and what
   * `sign` throws.
   */
  ask<Answer>(job: EngineJob, sign?: (claim: Uint8Array) => Promise<Uint8Array>): Promise<Answer>
}

interface Waiting {
  job: EngineJob
  sign: ((claim: Uint8Array) => Promise<Uint8Array>) | undefined
  signFailure?: unknown
  resolve(answer: never): void
  reject(error: unknown): void
}

const WAITING_MAX = 100
/** A file waits with all its bytes. */
const WAITING_BYTES_MAX = 2 * limits.manifestFileBytesMax
const IDLE_MS = 60_000

/**
 * Opens an engine; its thread starts with the first job, is ended when a job exceeds `timeoutMs` or leaves the module
 * large or broken, or when there was nothing to do for a minute, and never keeps the process alive.
 */
export function openEngine(timeoutMs: number): Engine {
  const waiting: Waiting[] = []
  let running: Waiting | undefined
  let worker: Worker | undefined
  let clock: NodeJS.Timeout | undefined

  const end = () => {
    const ending = worker
    worker = undefined
    void ending?.terminate()
  }
  const finish = (settle: (asked: Waiting) => void) => {
    const asked = running
    running = undefined
    clearTimeout(clock)
    if (asked) settle(asked)
    next()
  }
  const answered = (message: FromEngine, from: Worker) => {
    if (worker !== from || !running) return
    if ('claim' in message) return void answerClaim(message.claim, running, from)
    if (message.isSpent) end()
    finish((asked) => {
      if ('answer' in message) asked.resolve(message.answer as never)
      else
        asked.reject(
          asked.signFailure ?? new ColophonError(message.failure.code, message.failure.message, message.failure),
        )
    })
  }
  const start = () => {
    const started = new Worker(new URL('./engineWorker.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    })
    started.on('message', (message: FromEngine) => answered(message, started))
    started.on('error', () => {})
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      finish((asked) => asked.reject(broughtDown()))
    })
    send(started, (module) => [{ module }])
    return started
  }
  const send = (to: Worker, message: (module: WebAssembly.Module) => [ToEngine, Transferable[]?]) => {
    libraryModule().then(
      (module) => to.postMessage(...message(module)),
      (error: unknown) => finish((asked) => asked.reject(error)),
    )
  }
  const next = () => {
    if (running) return
    running = waiting.shift()
    if (!running) {
      worker?.unref()
      clock = setTimeout(end, IDLE_MS).unref()
      return
    }
    clearTimeout(clock)
    worker ??= start()
    worker.ref()
    clock = setTimeout(() => {
      end()
      finish((asked) => asked.reject(asked.signFailure ?? broughtDown()))
    }, timeoutMs)
    const { job } = running
    send(worker, () => {
      // A view would be sent with all that lies beside it in its memory.
      const bytes = new Uint8Array(job.bytes)
      return [{ job: { ...job, bytes } }, [bytes.buffer]]
    })
  }
  return {
    ask: (job, sign) =>
      new Promise((resolve, reject) => {
        const bytes = waiting.reduce((sum, each) => sum + each.job.bytes.length, job.bytes.length)
        if (waiting.length >= WAITING_MAX || bytes > WAITING_BYTES_MAX) return reject(busy())
        waiting.push({ job, sign, resolve, reject })
        next()
      }),
  }
}

/** The key stays in this thread, out of reach of what reads other people's files. */
async function answerClaim(claim: Uint8Array, asked: Waiting, worker: Worker): Promise<void> {
  let signature: Uint8Array | undefined
  try {
    signature = await asked.sign!(claim)
  } catch (error) {
    asked.signFailure = error
  }
  worker.postMessage({ signature } satisfies ToEngine)
}

function broughtDown(): ColophonError {
  return new ColophonError('unreadable_file', 'this file needed more time or memory than a file may', {
    remedy: 'The file is damaged, too large or made to do harm; try the original file.',
  })
}

function busy(): ColophonError {
  return new ColophonError('too_busy', 'too many files are being signed or read at this moment', {
    remedy: 'Try again in a minute.',
  })
}
