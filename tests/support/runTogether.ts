import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

/**
 * Runs files of tests in this process, one after the other: a file is loaded when the one before it has ended, its
 * tests and hooks are its own, and it fails when it leaves another environment or folder behind than it found.
 */
export function runTogether(files: readonly string[]): void {
  for (const file of files)
    test(file, async (context) => {
      const found = surroundings()
      await import(pathToFileURL(resolve(file)).href)
      // Comes behind the hooks of the file, which may put back what it changed.
      context.after(() => assert.deepEqual(surroundings(), found, `${file} leaves other surroundings behind`))
    })
}

/** `sharp` sets a variable of its own when it is loaded. */
function surroundings() {
  return { folder: process.cwd(), environment: { ...process.env, VIPSHOME: undefined } }
}
