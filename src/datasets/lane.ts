import { fork, type ChildProcess } from 'node:child_process'
import { ColophonError, type ErrorCode } from '../foundation/index.ts'

/** What a process is asked, one question at a time. */
export interface Question {
  what: string
  parameters: readonly unknown[]
}

/** Its answer, or an error by its parts: errors do not cross processes whole. */
export interface Answer {
  answer?: unknown
  failure?: { code: ErrorCode; message: string; where?: string; remedy?: string }
}

/** A process that answers questions in turn. It starts with the first and ends when there was none for a while. */
export interface Lane {
  /** Errors: those of the answer; `unreadable_file` when the question brought the process down; `too_busy`. */
  ask<Result>(what: string, ...parameters: unknown[]): Promise<Result>
  close(): Promise<void>
}

interface Waiting extends Question {
  resolve(answer: never): void
  reject(error: Error): void
}

const IDLE_MS = 60_000

/**
 * Opens a lane for a program; no more than `waitingMax` questions wait, so that a heap of them needs no memory. A question
 * that is not answered within `deadlineMs` ends the process, for whoever waits behind it.
 */
export function openLane(
  program: URL,
  argument: string,
  waitingMax: number,
  idleMs = IDLE_MS,
  deadlineMs: (what: string) => number | undefined = () => undefined,
): Lane {
  const waiting: Waiting[] = []
  let running: Waiting | undefined
  let child: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let deadline: NodeJS.Timeout | undefined
  let isClosed = false
  const start = () => {
    const started = fork(program, [argument], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    started.on('message', ({ answer, failure }: Answer) => {
      clearTimeout(deadline)
      const asked = running
      running = undefined
      if (failure) asked?.reject(new ColophonError(failure.code, failure.message, failure))
      else asked?.resolve(answer as never)
      next()
    })
    // A process that could not be started ends without having begun: nobody is told of its end.
    started.on('error', () => {
      if (child !== started || started.pid !== undefined) return
      child = undefined
      running?.reject(notStarted())
      running = undefined
      next()
    })
    started.on('exit', () => {
      if (child !== started) return
      child = undefined
      clearTimeout(deadline)
      // Only what it was busy with can have brought it down; the others are asked anew.
      running?.reject(isClosed ? closed() : broughtDown())
      running = undefined
      next()
    })
    return started
  }
  const next = () => {
    clearTimeout(idle)
    if (running || isClosed) return
    running = waiting.shift()
    if (!running) return rest()
    const process = (child ??= start())
    process.ref()
    process.channel?.ref()
    process.send({ what: running.what, parameters: running.parameters })
    const most = deadlineMs(running.what)
    if (most !== undefined) deadline = setTimeout(() => process.kill('SIGKILL'), most)
  }
  const rest = () => {
    child?.unref()
    child?.channel?.unref()
    idle = setTimeout(() => {
      const ending = child
      child = undefined
      ending?.kill()
    }, idleMs).unref()
  }
  return {
    ask: (what, ...parameters) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closed())
        if (waiting.length >= waitingMax) return reject(busy())
        waiting.push({ what, parameters, resolve, reject })
        next()
      }),
    async close() {
      isClosed = true
      clearTimeout(idle)
      for (const { reject } of waiting.splice(0)) reject(closed())
      const ending = child
      if (!ending) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.ref()
      ending.kill()
      await ended
    },
  }
}

function notStarted(): ColophonError {
  return new ColophonError('too_busy', 'the process that examines this could not be started', {
    remedy: 'Try again in a moment; the machine may be out of memory or of processes.',
  })
}

function broughtDown(): ColophonError {
  return new ColophonError('unreadable_file', 'this could not be examined: it brought down the process that tried', {
    remedy: 'The file is damaged or made to do harm; try the original file.',
  })
}

function busy(): ColophonError {
  return new ColophonError('too_busy', 'too many files are being examined at this moment', {
    remedy: 'Try again in a minute. With JavaScript switched on, your own device does the work.',
  })
}

function closed(): ColophonError {
  return new ColophonError('too_busy', 'this node is shutting down', { remedy: 'Try again in a minute.' })
}
