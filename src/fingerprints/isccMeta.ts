import { simhash } from './simhash.ts'
import { collapseText } from './text.ts'

const NAME_BYTES_MAX = 128
const DESCRIPTION_BYTES_MAX = 4096
const NGRAM_CHARACTERS = 3
const NGRAM_BYTES = 4

/** What a Meta-Code is made of: a title, and a description or a document of metadata (canonical bytes) beside it. */
export interface IsccMetadata {
  name: string
  description?: string
  meta?: Uint8Array
}

/** A digest of 32 bytes; each platform brings its own BLAKE3. */
type Blake3 = (bytes: Uint8Array) => Uint8Array

/**
 * Meta-Code, 256 bits, and the texts as they entered it. Alike for titles that differ in little.
 * Errors: `RangeError` when nothing of the name is left after cleaning.
 */
export function isccMetaCode({ name, description, meta }: IsccMetadata, blake3: Blake3) {
  const title = trimBytes(cleanText(name).split(/\s+/u).filter(Boolean).join(' '), NAME_BYTES_MAX)
  if (title === '') throw new RangeError('a Meta-Code needs a name')
  const subtitle = trimBytes(cleanText(description ?? ''), DESCRIPTION_BYTES_MAX)
  const payload = meta ?? new TextEncoder().encode(`${title} ${subtitle}`.trim())
  return {
    digest: softHash(title, meta ?? subtitle, blake3),
    name: title,
    description: subtitle,
    /** BLAKE3 of what was described, as a multihash in hexadecimal. */
    metahash: `1e20${[...blake3(payload)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  }
}

function softHash(name: string, extra: string | Uint8Array, blake3: Blake3): Uint8Array {
  const names = simhash(textWindows(name).map(blake3))
  if (extra.length === 0) return names
  const windows = typeof extra === 'string' ? textWindows(extra) : byteWindows(extra)
  const extras = simhash(windows.map(blake3))
  const woven = new Uint8Array(32)
  for (let word = 0; word < 4; word++) {
    woven.set(names.subarray(word * 4, word * 4 + 4), word * 8)
    woven.set(extras.subarray(word * 4, word * 4 + 4), word * 8 + 4)
  }
  return woven
}

function textWindows(text: string): Uint8Array[] {
  const characters = [...collapseText(text)]
  const count = Math.max(1, characters.length - NGRAM_CHARACTERS + 1)
  return Array.from({ length: count }, (_, i) =>
    new TextEncoder().encode(characters.slice(i, i + NGRAM_CHARACTERS).join('')),
  )
}

function byteWindows(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, bytes.length - NGRAM_BYTES + 1)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i, i + NGRAM_BYTES))
}

/** Ready to be shown: composed for compatibility, without control characters, and no more than one empty line at once. */
function cleanText(text: string): string {
  const newlines = '\u000a\u000b\u000c\u000d\u0085\u2028\u2029'
  return text
    .normalize('NFKC')
    .replaceAll(new RegExp(`[\\p{C}--[${newlines}]]`, 'gv'), '')
    .replaceAll(new RegExp(`[${newlines}]+`, 'gu'), (run) => '\n'.repeat(Math.min(2, run.length)))
    .trim()
}

/** As many whole characters as fit into so many bytes. */
function trimBytes(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text)
  let end = Math.min(bytes.length, bytesMax)
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--
  return new TextDecoder().decode(bytes.subarray(0, end)).trim()
}
