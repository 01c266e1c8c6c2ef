import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { limitWasmMemory } from './wasmMemory.ts'

/** One gigabyte, in pages of 64 KiB. */
const PAGES_MAX = 16_384

let compiled: Promise<WebAssembly.Module> | undefined

/** The library, compiled once for all threads: what one of them has warmed up, the others find warm. */
export function libraryModule(): Promise<WebAssembly.Module> {
  return (compiled ??= compile())
}

async function compile(): Promise<WebAssembly.Module> {
  const bytes = await readFile(fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm')))
  return WebAssembly.compile(limitWasmMemory(bytes, PAGES_MAX))
}
