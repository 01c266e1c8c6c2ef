#!/usr/bin/env node
// The compiler from the package, in the manner of its binary: what Forge calls.
import { readFileSync } from 'node:fs'
import solc from 'solc'

if (process.argv.includes('--version')) {
  console.log(
    `solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('Emscripten.clang', 'Linux.g++')}`,
  )
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
}
