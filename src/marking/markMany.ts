import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { asColophonError } from '../foundation/index.ts'
import { openThreads } from '../similarity/index.ts'
import type { MarkResult } from './mark.ts'
import type { MarkJob } from './markWorker.ts'

/** What became of one file. */
export interface MarkedLine {
  file: string
  /** Relative to the folder that is written to. */
  to: string
  size: number
  modifiedMs: number
  code?: string
  marks?: MarkResult['marks']
  findings?: MarkResult['findings']
  error?: { code: string; message: string }
}

/** The list of what was done, in the folder that is written to: an interrupted run goes on from it. */
export const MARKED_LIST = 'marked.jsonl'

/**
 * Marks many files, one a core at a time, into a folder with the same structure. Files that a former run has done, and
 * that have not changed since, are left; what goes wrong with one file is told in its line and keeps no other back.
 */
export async function markMany(
  files: readonly string[],
  into: { root: string; out: string },
  jobOf: (file: string) => Promise<Pick<MarkJob, 'request' | 'certificates'>>,
  tell: (line: MarkedLine, done: number) => void,
): Promise<{ marked: number; failed: number; left: number; unmarkable: number }> {
  mkdirSync(into.out, { recursive: true })
  const list = join(into.out, MARKED_LIST)
  const before = readList(list)
  const counts = { marked: 0, failed: 0, left: 0, unmarkable: 0 }
  const threads = openThreads(new URL('./markWorker.ts', import.meta.url))
  let next = 0
  const work = async (thread: number) => {
    while (next < files.length) {
      const file = files[next++]!
      const to = file.slice(into.root.length).replace(/^[/\\]+/, '') || basename(file)
      const { size, mtimeMs } = statSync(file)
      const line: MarkedLine = { file, to, size, modifiedMs: Math.round(mtimeMs) }
      const known = before.get(to)
      if (
        known?.size === size &&
        known.modifiedMs === line.modifiedMs &&
        !known.error &&
        existsSync(join(into.out, to))
      ) {
        counts.left++
        continue
      }
      try {
        mkdirSync(dirname(join(into.out, to)), { recursive: true })
        Object.assign(
          line,
          await threads.ask(thread, { from: file, to: join(into.out, to), ...(await jobOf(file)) } satisfies MarkJob),
        )
        counts.marked++
      } catch (error) {
        const { code, message } = asColophonError(error)
        line.error = { code, message }
        counts[code === 'unsupported_media' ? 'unmarkable' : 'failed']++
      }
      appendFileSync(list, `${JSON.stringify(line)}\n`)
      tell(line, counts.marked + counts.failed + counts.left + counts.unmarkable)
    }
  }
  try {
    await Promise.all(Array.from({ length: threads.count }, (_, thread) => work(thread)))
  } finally {
    await threads.close()
  }
  return counts
}

/** The last line of each file; one that was cut off by a crash counts for nothing. */
function readList(path: string): Map<string, MarkedLine> {
  const lines = new Map<string, MarkedLine>()
  if (!existsSync(path)) return lines
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    try {
      const line = JSON.parse(text) as MarkedLine
      lines.set(line.to, line)
    } catch {
      continue
    }
  }
  return lines
}
