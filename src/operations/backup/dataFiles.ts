import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, takeLock } from '../../foundation/index.ts'

/** Files of the data directory that a backup brings in its own way, or that only this process needs. */
const OWN_WAY = /^(log|datasets)\/|^register\.sqlite|^colophon\.env$/
/** What waits to be signed comes and goes; what was declared of each source stays. */
const WAITING = /^imports\/[^/]+\/(?!states\/)/
const PASSING = /(^|\/)(\.[^/]*|[^/]*\.tmp|lock\.sqlite|[^/]*\.lock\.sqlite|owner\.json)(\/|$)/
const DEPTH_MAX = 12

/** Whether a file holds a private key. */
function isKeyFile(path: string): boolean {
  return /^keys\/|\.pem$/.test(path)
}

/** Everything in the data directory but the log, the database and the data sets, in the order of the names. */
export function plainFiles(dataDir: string, withKeys: boolean): string[] {
  return listFiles(dataDir, '').filter(
    (path) => !OWN_WAY.test(path) && !WAITING.test(path) && (withKeys || !isKeyFile(path)),
  )
}

/** Runs for each indexed data set while nobody can change its files. Errors: `dataset_locked`. */
export async function* datasetFiles(dataDir: string): AsyncGenerator<string> {
  const directory = join(dataDir, 'datasets')
  if (!existsSync(directory)) return
  for (const id of readdirSync(directory).sort()) {
    if (PASSING.test(id)) continue
    const lock = lockDataset(directory, id)
    try {
      yield* listFiles(dataDir, `datasets/${id}`)
    } finally {
      lock.release()
    }
  }
}

/** The lock that whoever writes to a data set takes, too. */
function lockDataset(directory: string, id: string): { release(): void } {
  try {
    return takeLock(join(directory, '.locks', id))
  } catch (cause) {
    throw new ColophonError('dataset_locked', 'another process is writing to this data set', {
      where: id,
      remedy: 'Wait until it has ended, or add --without-datasets.',
      cause,
    })
  }
}

function listFiles(dataDir: string, path: string, depth = 0): string[] {
  if (PASSING.test(path)) return []
  const status = statSync(join(dataDir, path), { throwIfNoEntry: false })
  if (status?.isFile()) return [path]
  if (!status?.isDirectory() || depth > DEPTH_MAX) return []
  return readdirSync(join(dataDir, path))
    .sort()
    .flatMap((name) => listFiles(dataDir, path === '' ? name : `${path}/${name}`, depth + 1))
}
