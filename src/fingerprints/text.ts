import { openKernels, type Kernels } from './kernels.ts'

/**
 * Text reduced to what two copies of it share, as ISO 24138 does before hashing: decomposed, without white space,
 * lower case, without control characters, marks and punctuation, then composed for compatibility.
 */
export function collapseText(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\s+/gu, '')
    .toLowerCase()
    .replaceAll(/[\p{C}\p{M}\p{P}]+/gu, '')
    .normalize('NFKC')
}

/**
 * Text for comparing passages: like `collapseText`, but words stay apart by single spaces and both forms of the small
 * sigma are one, so that no letter depends on its neighbours and a passage can be shown as it reads.
 */
export function spacedText(text: string): string {
  return spaced(text).trim()
}

function spaced(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[\p{C}\p{P}\s]+/gu, ' ')
    .normalize('NFKC')
}

/** The two normalisations, by the number that the kernels know them by, with what they mean. */
const MODES = [collapseText, spaced] as const
type Mode = 0 | 1

/** Why the kernel stopped. */
const NEEDS_PAGE = 1
const MET_CONTEXT = 2

const SPACE = 0x0400_0000
const IDENTITY = 0x0500_0000
const CONTEXTUAL = 0xffff_ffff

const PIECE_BYTES = 1 << 15
const OUTPUT_BYTES = 1 << 16

interface Normaliser {
  kernels: Kernels
  input: number
  output: number
  spilled: number
}

let shared: Normaliser | undefined

/**
 * Normalises text piece by piece and hands each piece over; the piece is overwritten afterwards. One letter at a time,
 * from tables made of the plain definition above; the few texts with letters that depend on their neighbours (capital
 * sigma, conjoining jamo) take the definition itself.
 */
function normalise(text: string, mode: Mode, take: (piece: Uint8Array) => void): void {
  const bytes = new TextEncoder().encode(text)
  const pieces: Uint8Array[] = []
  const isPlain = normalisePieces(bytes, mode, (piece) => pieces.push(piece.slice()))
  if (isPlain) for (const piece of pieces) take(piece)
  else take(new TextEncoder().encode(MODES[mode](text)))
}

/** False when a letter was met that depends on its neighbours. */
function normalisePieces(bytes: Uint8Array, mode: Mode, take: (piece: Uint8Array) => void): boolean {
  const { kernels, input, output } = (shared ??= openNormaliser())
  kernels.startText()
  for (let start = 0; start < bytes.length;) {
    const piece = bytes.subarray(start, pieceEnd(bytes, start))
    new Uint8Array(kernels.memory.buffer).set(piece, input)
    let done = 0
    while (done < piece.length) {
      const stopped = kernels.normalise(mode, input + done, piece.length - done, output, OUTPUT_BYTES)
      done += kernels.consumed.value
      if (kernels.written.value > 0) take(new Uint8Array(kernels.memory.buffer, output, kernels.written.value))
      if (stopped === NEEDS_PAGE) loadPage(shared, mode, kernels.neededPage.value)
      if (stopped === MET_CONTEXT) return false
    }
    start += piece.length
  }
  return true
}

function openNormaliser(): Normaliser {
  const kernels = openKernels()
  return { kernels, input: kernels.allocate(PIECE_BYTES), output: kernels.allocate(OUTPUT_BYTES + 1024), spilled: 0 }
}

/** Ends a piece before a character, never within one. */
function pieceEnd(bytes: Uint8Array, start: number): number {
  let end = Math.min(bytes.length, start + PIECE_BYTES)
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--
  return end
}

/** The table of 256 code points, made by normalising each of them alone. */
function loadPage(normaliser: Normaliser, mode: Mode, page: number): void {
  const { kernels } = normaliser
  const table = Uint32Array.from({ length: 256 }, (_, i) => entryOf(normaliser, mode, page * 256 + i))
  const at = kernels.addPage(mode, page)
  new Uint32Array(kernels.memory.buffer, at, 256).set(table)
}

function entryOf(normaliser: Normaliser, mode: Mode, codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return CONTEXTUAL
  const character = String.fromCodePoint(codePoint)
  const becomes = MODES[mode](character)
  if (isContextual(character, becomes, mode)) return CONTEXTUAL
  if (becomes === ' ' && mode === 1) return SPACE
  const bytes = new TextEncoder().encode(becomes)
  if (bytes.length <= 3) return (bytes.length << 24) | bytes.reduce((word, byte, i) => word | (byte << (8 * i)), 0)
  if (becomes === character) return IDENTITY
  const { kernels } = normaliser
  new Uint8Array(kernels.memory.buffer).set(bytes, kernels.spill.value + normaliser.spilled)
  normaliser.spilled += bytes.length
  return (((0x80 | bytes.length) << 24) | (normaliser.spilled - bytes.length)) >>> 0
}

/** Whether what a character becomes can join what stands before it, or depends on what follows. */
function isContextual(character: string, becomes: string, mode: Mode): boolean {
  const isJoining = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7ff\u{16d40}-\u{16d7f}]/u
  if (isJoining.test(becomes) || isJoining.test(becomes.normalize('NFKD'))) return true
  return mode === 0 ? character === 'Σ' : becomes.length > 1 && becomes.startsWith(' ')
}

/** Feeds collapsed text, in pieces of whole characters, to `take`. */
export function eachCollapsedPiece(text: string, take: (piece: Uint8Array) => void): void {
  normalise(text, 0, take)
}

/** Normalised UTF-8 for comparing passages: see `spacedText`. */
export function normalisePassageText(text: string): Uint8Array {
  const pieces: Uint8Array[] = []
  let length = 0
  normalise(text, 1, (piece) => {
    pieces.push(piece)
    length += piece.length
  })
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  const isSpace = (byte: number | undefined) => byte === 0x20
  return all.subarray(isSpace(all[0]) ? 1 : 0, isSpace(all.at(-1)) && length > 1 ? length - 1 : length)
}
