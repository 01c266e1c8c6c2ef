import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Takes a file for this process alone, or throws when another has it. The lock is the operating system's own, on an
 * SQLite file, so it ends with the process, however that ends.
 */
export function takeLock(path: string): { release(): void } {
  mkdirSync(dirname(path), { recursive: true })
  const connection = new DatabaseSync(path, { timeout: 0 })
  try {
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    throw error
  }
  return { release: () => connection.close() }
}
