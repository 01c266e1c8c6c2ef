import { existsSync, globSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ColophonError, takeLock, writeFileDurably } from '../foundation/index.ts'

export interface DatasetInfo {
  id: string
  name: string
  version: string
  source: string | null
  contact: string | null
  isExample: boolean
  rowCount: number
  counts: DatasetCounts
  indexedAt: string
  /** Where the rows lie. A part is never changed: rows are added as another part, and parts are merged into a new one. */
  parts: DatasetPart[]
  /** Rows that were deleted since parts were merged: a file in the folder of the data set, and how many it names. */
  deleted?: { file: string; rowCount: number }
  /** How many rows were ever deleted. */
  deletedCount?: number
  /** The number of the next part, or of the next list of deleted rows: names are not used twice. */
  nextPart: number
}

/** How many rows have what; `parts` are pictures with local features, `films` have frames. */
export interface DatasetCounts {
  url: number
  text: number
  sha256: number
  pdq: number
  unreadable: number
  parts?: number
  sounds?: number
  films?: number
  previews?: number
}

export interface DatasetPart {
  /** A folder in that of the data set. */
  directory: string
  /** The number of its first row in the data set. */
  base: number
  /** How many numbers its rows have; those of rows that were deleted are not used again. */
  rowCount: number
}

/** The info of a data set by its id. Errors: `not_found`. */
export function readDatasetInfo(directory: string, dataset: string): DatasetInfo {
  const notFound = (cause?: unknown) =>
    new ColophonError('not_found', 'no data set of this id is indexed here', {
      where: dataset,
      remedy: 'See the list with: colophon index info',
      cause,
    })
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(dataset)) throw notFound()
  const path = join(directory, dataset, FILE)
  if (!existsSync(path)) throw notFound()
  const info = parseInfo(path)
  if (info) return info
  throw new ColophonError('dataset_invalid', 'the description of this data set cannot be read', {
    where: path,
    remedy: 'Put it back from a backup, or build the data set again.',
  })
}

/** Undefined for what is damaged. */
function parseInfo(path: string): DatasetInfo | undefined {
  try {
    const info = JSON.parse(readFileSync(path, 'utf8')) as DatasetInfo
    const isPart = (part: DatasetPart | null) => typeof part?.directory === 'string' && typeof part.base === 'number'
    return typeof info.id === 'string' && Array.isArray(info.parts) && info.parts.every(isPart) ? info : undefined
  } catch {
    return undefined
  }
}

/** Puts the info in place in one step. `folder` is that of the data set. */
export function writeDatasetInfo(folder: string, info: DatasetInfo): void {
  writeFileDurably(join(folder, FILE), JSON.stringify(info, null, 2))
}

/** Tells whoever keeps a list of this folder to read it again. */
export function touchDatasets(directory: string): void {
  const now = new Date()
  utimesSync(directory, now, now)
}

/** The number that the next row of a data set gets. */
export function nextRow({ parts }: DatasetInfo): number {
  const last = parts.at(-1)
  return last ? last.base + last.rowCount : 0
}

/** The Parquet files of a data set, in the order of their rows. */
export function rowFiles(directory: string, { id, parts }: DatasetInfo): string[] {
  return parts.map((part) => join(directory, id, part.directory, 'rows.parquet'))
}

/** Lets one process at a time write to a data set. Errors: `dataset_locked`. */
export async function withDatasetLock<Result>(
  directory: string,
  id: string,
  run: () => Promise<Result>,
): Promise<Result> {
  let lock: { release(): void }
  try {
    lock = takeLock(join(directory, '.locks', id))
  } catch (cause) {
    throw new ColophonError('dataset_locked', 'another process is writing to this data set', {
      where: id,
      remedy: 'Wait until it has ended; whoever asks the data set is not held up.',
      cause,
    })
  }
  try {
    return await run()
  } finally {
    lock.release()
  }
}

/** The data sets of a folder, and the folders in it whose description cannot be read. */
interface Datasets {
  sets: DatasetInfo[]
  unreadable: string[]
}

/** The list, read again only when the folder has changed: an index appears in it by one rename. */
export function cachedDatasets(directory: string): () => Datasets {
  let changedAtMs = -1
  let read: Datasets = { sets: [], unreadable: [] }
  return () => {
    const nowChangedAtMs = statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (nowChangedAtMs !== changedAtMs) {
      read = readDatasets(directory)
      changedAtMs = nowChangedAtMs
    }
    return read
  }
}

/** Every folder that holds an index; whatever else lies about is passed over. */
function readDatasets(directory: string): Datasets {
  const read: Datasets = { sets: [], unreadable: [] }
  for (const path of globSync(`*/${FILE}`, { cwd: directory }).sort()) {
    if (path.startsWith('.')) continue
    const info = parseInfo(join(directory, path))
    if (info) read.sets.push(info)
    else read.unreadable.push(dirname(path))
  }
  return read
}

const FILE = 'dataset.json'
