import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** Fingerprints that the browser runs as they are, types taken out: the same code that the server runs. */
// prettier-ignore
export const SHARED_FINGERPRINTS = [
  'chromaprint', 'codes', 'dct', 'features', 'fileTitle', 'frames', 'iscc', 'isccConstants', 'isccData', 'isccImage', 'isccMedia', 'isccText', 'kernels', 'minhash', 'passages', 'pdq', 'pictureKernels', 'simhash', 'sniff', 'text',
  'documents/archive', 'documents/crc32', 'documents/docx', 'documents/epub', 'documents/odt', 'documents/html', 'documents/libraries',
  'documents/markup', 'documents/paths', 'documents/pdf', 'documents/readDocument', 'documents/refusal',
  'documents/sniffDocument', 'documents/textCollector', 'documents/wordStory',
]
const SHARED = new RegExp(
  `^(fingerprints/(${SHARED_FINGERPRINTS.join('|')})|languages/(features|identify|languages|model|words)|web/client/[a-zA-Z]+)\\.ts$`,
)
const modules = new Map<string, string>()

/** A module of `src/` as JavaScript; undefined when the browser has no business with it. */
export function readModule(path: string): string | undefined {
  if (!SHARED.test(path)) return undefined
  let source = modules.get(path)
  const file = new URL(`../${path}`, import.meta.url)
  if (source === undefined) {
    if (!existsSync(file)) return undefined
    source = stripTypeScriptTypes(readFileSync(file, 'utf8'))
    modules.set(path, source)
  }
  return source
}

/** The kernels of the fingerprints, compiled. */
export function readKernelFile(name: 'kernels' | 'pictures'): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../fingerprints/${name}.wasm`, import.meta.url)))
}

/** Files of libraries that the server uses too, as the browser may have them. */
const VENDOR =
  /^(hash-wasm\/dist\/blake3\.umd\.min|fflate\/esm\/browser|htmlparser2\/dist\/(Parser|Tokenizer)|unpdf\/dist\/pdfjs|entities\/dist\/(decode(-codepoint)?|generated\/decode-data-(html|xml)|internal\/[a-z-]+))\.m?js$/

/** A file of a library as a module for the browser; undefined when it is none of those it may have. */
export function readVendor(path: string): string | undefined {
  if (!VENDOR.test(path)) return undefined
  let source = modules.get(path)
  const file = new URL(`../../node_modules/${path}`, import.meta.url)
  if (source === undefined) {
    if (!existsSync(file)) return undefined
    source = readFileSync(file, 'utf8')
    // Without a bundler, a package that is imported by its name has to be given by its place.
    source = source.replace('"entities/decode"', '"/modules/vendor/entities/dist/decode.js"')
    modules.set(path, source)
  }
  return source
}
