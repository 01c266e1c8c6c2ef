import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, takeLock, writeFileDurably } from '../foundation/index.ts'

/** Who holds a log directory: shown to whoever is refused, and used by the command line to reach that process. */
export interface LogOwner {
  pid: number
  since: string
  url?: string
}

/**
 * Takes the directory for this process alone, until it ends. A second taker gets `log_locked`, naming the owner.
 */
export function lockDirectory(directory: string, owner: LogOwner): { release(): void; announce(url: string): void } {
  let lock: ReturnType<typeof takeLock>
  try {
    lock = takeLock(join(directory, 'lock.sqlite'))
  } catch (cause) {
    throw refused(directory, cause)
  }
  const write = (value: LogOwner) => writeFileDurably(ownerPath(directory), JSON.stringify(value))
  write(owner)
  return { release: lock.release, announce: (url) => write({ ...owner, url }) }
}

/** The last process that took the directory, whether or not it still runs. */
export function readOwner(directory: string): LogOwner | undefined {
  try {
    return JSON.parse(readFileSync(ownerPath(directory), 'utf8')) as LogOwner
  } catch {
    return undefined
  }
}

function refused(directory: string, cause: unknown): ColophonError {
  const owner = readOwner(directory)
  const who = owner
    ? `process ${owner.pid} since ${owner.since}${owner.url ? ` at ${owner.url}` : ''}`
    : 'another process'
  return new ColophonError('log_locked', `the log is held by ${who}`, {
    where: directory,
    remedy: 'Stop that process, or talk to it over its address.',
    cause,
  })
}

function ownerPath(directory: string): string {
  return join(directory, 'owner.json')
}
