import { fork, type ChildProcess } from 'node:child_process'
import type { FileCodes } from '../fingerprints/index.ts'
import { ColophonError, type ErrorCode } from '../foundation/index.ts'
import { cachedList, type DatasetChecker } from './check.ts'

/**
 * A process of its own for what takes long or much memory: decoding files, and asking data sets. It starts with the
 * first question and ends when there was none for a while. A file that brings it down brings down nothing else.
 */
export interface Workshop extends DatasetChecker {
  /** All codes of a file in memory. Errors: those of `identifyBytes`, and `unreadable_file` when it brought the process down. */
  identify(bytes: Uint8Array, where: string): Promise<FileCodes>
}

/** What the process is asked. One question is answered after the other. */
export type Question =
  | { id: number; what: 'identify'; parameters: Parameters<Workshop['identify']> }
  | { id: number; what: 'check'; parameters: Parameters<DatasetChecker['check']> }
  | { id: number; what: 'readRow'; parameters: Parameters<DatasetChecker['readRow']> }

/** An answer, or an error by its parts: errors do not cross processes whole. */
export interface Answer {
  id: number
  answer?: unknown
  failure?: { code: ErrorCode; message: string; where?: string; remedy?: string }
}

interface Waiting {
  resolve(answer: never): void
  reject(error: Error): void
}

const IDLE_MS = 60_000

/** Opens the workshop for the data sets of a folder. No process is started yet. */
export function openWorkshop(directory: string): Workshop {
  const waiting = new Map<number, Waiting>()
  let child: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let nextId = 0
  const start = () => {
    const started = fork(new URL('./workshopProcess.ts', import.meta.url), [directory], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    started.on('message', ({ id, answer, failure }: Answer) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) rest()
      if (failure) asked?.reject(new ColophonError(failure.code, failure.message, failure))
      else asked?.resolve(answer as never)
    })
    started.on('exit', () => {
      if (child === started) child = undefined
      for (const { reject } of waiting.values()) reject(broughtDown())
      waiting.clear()
    })
    return started
  }
  const rest = () => {
    child?.unref()
    child?.channel?.unref()
    idle = setTimeout(() => child?.disconnect(), IDLE_MS).unref()
  }
  const ask = <Result>(question: Omit<Question, 'id'>) =>
    new Promise<Result>((resolve, reject) => {
      clearTimeout(idle)
      const process = (child ??= start())
      process.ref()
      process.channel?.ref()
      const id = nextId++
      waiting.set(id, { resolve, reject })
      process.send({ id, ...question }, (error) => {
        if (error && waiting.delete(id)) reject(error)
      })
    })
  return {
    list: cachedList(directory),
    identify: (...parameters) => ask({ what: 'identify', parameters }),
    check: (...parameters) => ask({ what: 'check', parameters }),
    readRow: (...parameters) => ask({ what: 'readRow', parameters }),
    async close() {
      clearTimeout(idle)
      const ending = child
      if (!ending) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.ref()
      ending.disconnect()
      await ended
    },
  }
}

function broughtDown(): ColophonError {
  return new ColophonError('unreadable_file', 'this could not be examined: it brought down the process that tried', {
    remedy: 'Try again; if it happens again, the file is damaged or made to do harm.',
  })
}
