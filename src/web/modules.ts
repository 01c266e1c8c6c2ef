import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** Fingerprints that the browser runs as they are, types taken out: the same code that the server runs. */
// prettier-ignore
export const SHARED_FINGERPRINTS = [
  'codes', 'dct', 'iscc', 'isccConstants', 'isccData', 'isccText', 'kernels', 'minhash', 'passages', 'pdq', 'sniff', 'text',
  'documents/archive', 'documents/crc32', 'documents/docx', 'documents/epub', 'documents/html', 'documents/libraries',
  'documents/markup', 'documents/paths', 'documents/pdf', 'documents/readDocument', 'documents/refusal',
  'documents/sniffDocument', 'documents/textCollector', 'documents/wordStory',
]
const SHARED = new RegExp(`^(fingerprints/(${SHARED_FINGERPRINTS.join('|')})|web/client/[a-z]+)\\.ts$`)
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

/** The kernels of the fingerprints, compiled. */
export function readKernelFile(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL('../fingerprints/kernels.wasm', import.meta.url)))
}

/** BLAKE3 for the browser, from the same library that the server uses. */
export function readBlake3(): string {
  return readFileSync(new URL(import.meta.resolve('hash-wasm/dist/blake3.umd.min.js')), 'utf8')
}
