import { loadCodes, searchLoaded, type LoadedCodes } from './codeSegment.ts'
import { answerJobs } from './threads.ts'

/** A thread that keeps segments loaded and answers from them. It lets go of those that it is not asked about any more. */
export interface SearchJob {
  path: string
  /** All segments that are in use. */
  inUse: string[]
  queries: Uint8Array
  radius: number
}

const loaded = new Map<string, LoadedCodes>()

answerJobs(({ path, inUse, queries, radius }: SearchJob) => {
  for (const other of loaded.keys()) if (!inUse.includes(other)) loaded.delete(other)
  let codes = loaded.get(path)
  if (!codes) loaded.set(path, (codes = loadCodes(path)))
  return searchLoaded(codes, queries, radius)
})
