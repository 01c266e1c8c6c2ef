#!/usr/bin/env node
// Starts the command line on Node 24, the pinned one where the machine's own is older.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const node = existsSync(pinned) ? pinned : process.execPath
const entry = fileURLToPath(new URL('../src/cli/colophon.ts', import.meta.url))
// What was compiled once is read the next time: a command starts in some three fifths of the time.
const cache = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
const run = spawnSync(node, ['--disable-warning=ExperimentalWarning', entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
})
process.exit(run.status ?? 1)
