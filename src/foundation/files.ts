import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file so that after a crash it is either the old one or the new one, whole. */
export function writeFileDurably(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true })
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  const temporary = `${path}.${process.pid}.tmp`
  const descriptor = openSync(temporary, 'w', mode)
  try {
    for (let written = 0; written < data.length;) written += writeSync(descriptor, data, written)
    fdatasyncSync(descriptor)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

/** Makes names created or renamed in a directory survive a crash. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
