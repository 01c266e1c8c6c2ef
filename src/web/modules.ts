import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** Sources that the browser runs as they are, types taken out: the same code that the server runs. */
const SHARED =
  /^(fingerprints\/(chunking|codes|dct|iscc|isccConstants|minhash|passages|pdq|sniff|text|xxh32)|web\/client\/[a-z]+)\.ts$/
const modules = new Map<string, string>()

/** A module of `src/` as JavaScript; undefined when the browser has no business with it. */
export function readModule(path: string): string | undefined {
  if (!SHARED.test(path)) return undefined
  let source = modules.get(path)
  if (source === undefined) {
    source = stripTypeScriptTypes(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
    modules.set(path, source)
  }
  return source
}

/** BLAKE3 for the browser, from the same library that the server uses. */
export function readBlake3(): string {
  return readFileSync(new URL(import.meta.resolve('hash-wasm/dist/blake3.umd.min.js')), 'utf8')
}
