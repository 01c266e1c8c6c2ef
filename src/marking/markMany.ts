import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { asColophonError, canonicalJson, sha256Hex } from '../foundation/index.ts'
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
  /** SHA-256 of what was to be said in it. */
  asked?: string
  code?: string
  marks?: MarkResult['marks']
  findings?: MarkResult['findings']
  /** Of what was written. */
  byteLength?: number
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
      const to = relative(into.root, file)
      const { size, mtimeMs } = statSync(file)
      const line: MarkedLine = { file, to, size, modifiedMs: Math.round(mtimeMs) }
      let job: Awaited<ReturnType<typeof jobOf>> | undefined
      let refusal: unknown
      try {
        job = await jobOf(file)
        line.asked = digestOf(job)
      } catch (error) {
        refusal = error
      }
      const known = before.get(to)
      if (
        known?.size === size &&
        known.modifiedMs === line.modifiedMs &&
        known.asked === line.asked &&
        !known.error &&
        statSync(join(into.out, to), { throwIfNoEntry: false })?.size === known.byteLength
      ) {
        counts.left++
        continue
      }
      try {
        if (!job) throw refusal
        mkdirSync(dirname(join(into.out, to)), { recursive: true })
        Object.assign(line, await threads.ask(thread, { from: file, to: join(into.out, to), ...job } satisfies MarkJob))
        counts.marked++
      } catch (error) {
        line.error = asFailure(error)
        counts[line.error.code === 'unsupported_media' ? 'unmarkable' : 'failed']++
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

function asFailure(error: unknown): { code: string; message: string } {
  const { code, message } = asColophonError(error)
  return { code, message }
}

/** What was asked for, but for the moment: a file that is to say something else is marked anew. */
function digestOf({
  request: { now: _now, ...request },
  certificates,
}: Pick<MarkJob, 'request' | 'certificates'>): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson({ request, certificates: certificates ?? null })))
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
