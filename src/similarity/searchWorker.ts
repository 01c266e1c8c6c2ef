import { parentPort } from 'node:worker_threads'
import { asColophonError } from '../foundation/index.ts'
import { loadCodes, searchLoaded, type LoadedCodes } from './codeIndex.ts'

/** A thread that keeps segments loaded and answers from them. It lets go of those that it is not asked about any more. */
export interface SearchJob {
  id: number
  path: string
  /** All segments that are in use. */
  inUse: string[]
  queries: Uint8Array
  radius: number
}

const loaded = new Map<string, LoadedCodes>()

parentPort?.on('message', ({ id, path, inUse, queries, radius }: SearchJob) => {
  for (const other of loaded.keys()) if (!inUse.includes(other)) loaded.delete(other)
  try {
    let codes = loaded.get(path)
    if (!codes) loaded.set(path, (codes = loadCodes(path)))
    parentPort!.postMessage({ id, hits: searchLoaded(codes, queries, radius) })
  } catch (error) {
    const { code, message, where, remedy } = asColophonError(error)
    parentPort!.postMessage({ id, failure: { code, message, where, remedy } })
  }
})
