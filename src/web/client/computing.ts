import { openCoders, type Coded, type Coders } from './coders.ts'
import { sourceKey, type Source } from './sources.ts'
import type { Store } from './store.ts'

/** What became of one file so far. */
export interface Line {
  source: Source
  coded?: Coded
  /** Why it could not be read. */
  failure?: string
  wasKept: boolean
}

/** Codes of many files being computed: what is kept from before is taken, the rest is computed and kept. */
export interface Computing {
  lines: readonly Line[]
  /** Resolves when every line has its outcome; never when it was stopped before. */
  done: Promise<void>
  /** Files that were computed in this run, and the seconds it took without pauses. */
  work(): { files: number; seconds: number }
  isPaused(): boolean
  pause(): void
  goOn(): void
  stop(): void
}

export function startComputing(sources: readonly Source[], store: Store): Computing {
  const lines: Line[] = sources.map((source) => ({ source, wasKept: false }))
  const clock = stopwatch()
  const state = { isStopped: false, files: 0 }
  let paused: { wait: Promise<void>; goOn(): void } | undefined
  let coders: Coders | undefined
  const codeNext = async (queue: Iterator<Line>) => {
    for (let next = queue.next(); !next.done && !state.isStopped; next = queue.next()) {
      await paused?.wait
      if (state.isStopped) return
      await codeLine(next.value, coders!, store)
      state.files++
    }
  }
  const run = async () => {
    await takeKept(lines, store)
    const open = lines.filter((line) => !isDone(line))
    if (open.length > 0 && !state.isStopped) {
      coders = await openCoders()
      if (!paused) clock.start()
      const queue = open.values()
      await Promise.all(Array.from({ length: Math.min(coders.count, open.length) }, () => codeNext(queue)))
      clock.stop()
      coders.close()
    }
    if (state.isStopped) await new Promise(() => {})
  }
  return {
    lines,
    done: run(),
    work: () => ({ files: state.files, seconds: clock.seconds() }),
    isPaused: () => paused !== undefined,
    pause() {
      const { promise, resolve } = Promise.withResolvers<void>()
      paused ??= { wait: promise, goOn: resolve }
      clock.stop()
    },
    goOn() {
      paused?.goOn()
      paused = undefined
      if (coders) clock.start()
    },
    stop() {
      state.isStopped = true
      paused?.goOn()
      coders?.close()
    },
  }
}

export function isDone({ coded, failure }: Line): boolean {
  return coded !== undefined || failure !== undefined
}

async function takeKept(lines: readonly Line[], store: Store): Promise<void> {
  const kept = await store.read(lines.map(({ source }) => sourceKey(source)))
  for (const line of lines) {
    line.coded = kept.get(sourceKey(line.source))
    line.wasKept = line.coded !== undefined
  }
}

/** A file that cannot be read is named and left out; the others go on. */
async function codeLine(line: Line, coders: Coders, store: Store): Promise<void> {
  try {
    const coded = await coders.code(line.source)
    line.coded = coded
    store.keep(sourceKey(line.source), coded)
  } catch (error) {
    line.failure = (error as Error).message || (error as Error).name
  }
}

function stopwatch() {
  let before = 0
  let since: number | undefined
  const running = () => (since === undefined ? 0 : performance.now() - since)
  return {
    start: () => void (since ??= performance.now()),
    stop() {
      before += running()
      since = undefined
    },
    seconds: () => (before + running()) / 1000,
  }
}
