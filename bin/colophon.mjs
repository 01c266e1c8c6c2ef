#!/usr/bin/env node
// Starts the command line on Node 24, the pinned one where the machine's own is older.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const node = existsSync(pinned) ? pinned : process.execPath
const entry = fileURLToPath(new URL('../src/cli/colophon.ts', import.meta.url))
const run = spawnSync(node, ['--disable-warning=ExperimentalWarning', entry, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(run.status ?? 1)
