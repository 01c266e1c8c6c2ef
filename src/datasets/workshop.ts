import type { FileCodes } from '../fingerprints/index.ts'
import type { ExaminedFile, MarkRequest, MarkResult } from '../marking/index.ts'
import type { DatasetChecker, DatasetWatcher } from './check.ts'
import { limits } from '../foundation/index.ts'
import { cachedDatasets } from './datasetInfo.ts'
import { openLane } from './lane.ts'

/**
 * Processes of their own for what takes long or much memory: one decodes files, one asks data sets, so that a file that
 * takes long keeps nobody from asking. A file that brings its process down brings down nothing else.
 */
export interface Workshop extends DatasetChecker, DatasetWatcher {
  /** All codes of a file in memory. Errors: those of `identifyBytes`, `too_busy`. */
  identify(bytes: Uint8Array, where: string): Promise<FileCodes>
  /** All marks of a file in memory. Errors: `too_busy`. */
  examine(bytes: Uint8Array, name: string, options: { trustAnchors: string[]; now: number }): Promise<ExaminedFile>
  /** A file with marks, signed with the certificates that lie in a directory. Errors: those of `markFile`, `too_busy`. */
  mark(bytes: Uint8Array, request: MarkRequest, certificates: { directory: string; name: string }): Promise<MarkResult>
}

/** A file of 64 MB waits with its bytes. */
const FILES_WAITING_MAX = 6
const QUESTIONS_WAITING_MAX = 200
/** A film may take minutes to be decoded; marks are read and made in seconds, or not at all. */
const DEADLINES_MS: Record<string, number> = { identify: limits.filmTimeoutMs + 30_000, examine: 60_000, mark: 90_000 }

/** Opens the workshop for the data sets of a folder. No process is started yet. */
export function openWorkshop(directory: string): Workshop {
  const read = cachedDatasets(directory)
  const program = new URL('./workshopProcess.ts', import.meta.url)
  const files = openLane(program, directory, FILES_WAITING_MAX, undefined, (what) => DEADLINES_MS[what])
  const questions = openLane(program, directory, QUESTIONS_WAITING_MAX)
  return {
    list: () => read().sets,
    identify: (bytes, where) => files.ask('identify', bytes, where),
    examine: (bytes, name, options) => files.ask('examine', bytes, name, options),
    mark: (bytes, request, certificates) => files.ask('mark', bytes, request, certificates),
    check: (query) => questions.ask('check', query),
    checkMany: (dataset, part, works, watched) => questions.ask('checkMany', dataset, part, works, watched),
    passageSeeds: (codes) => questions.ask('passageSeeds', codes),
    readPreview: (dataset, row) => questions.ask('readPreview', dataset, row),
    readRow: (dataset, row) => questions.ask('readRow', dataset, row),
    async close() {
      await Promise.all([files.close(), questions.close()])
    },
  }
}
