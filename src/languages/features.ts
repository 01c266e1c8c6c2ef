/** Longest piece of a word that counts. */
export const GRAM_MAX = 5
/** So many letters decide; what follows is not read. */
export const TEXT_MAX = 4096

const SPACE = 32
const APOSTROPHE = 39

/**
 * What each code unit counts as: its lower case when it is a letter or a mark, one sign for all of Han, Kana and Hangul
 * (a script says enough there), the apostrophe of the typewriter for all apostrophes, a space for the rest.
 */
const UNITS: Uint16Array = makeUnits()

function makeUnits(): Uint16Array {
  const units = new Uint16Array(65_536).fill(SPACE)
  const isLetter = /[\p{L}\p{M}]/u
  for (let code = 65; code < 65_536; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    if (isHan(code)) units[code] = 0x4e00
    else if (code >= 0x3041 && code <= 0x30ff) units[code] = 0x3042
    else if (code >= 0xac00 && code <= 0xd7a3) units[code] = 0xac00
    else if (isLetter.test(String.fromCharCode(code))) {
      const lower = String.fromCharCode(code).toLowerCase()
      units[code] = lower.length === 1 ? lower.charCodeAt(0) : code
    }
  }
  for (const code of [0x27, 0x2019, 0x2bc, 0x2bb, 0x60, 0xb4]) units[code] = APOSTROPHE
  return units
}

function isHan(code: number): boolean {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff)
}

/**
 * The words of a text as code units with one space around each, composed. Gives how many units were written; `into` must
 * hold `TEXT_MAX` + 2.
 */
export function readUnits(text: string, into: Uint16Array): number {
  const composed = /[\u0300-\u036f]/.test(text) ? text.slice(0, 2 * TEXT_MAX).normalize('NFC') : text
  const end = Math.min(composed.length, 2 * TEXT_MAX)
  let length = 0
  into[length++] = SPACE
  for (let i = 0; i < end && length <= TEXT_MAX; i++) {
    const unit = UNITS[composed.charCodeAt(i)]!
    if (unit === SPACE && into[length - 1] === SPACE) continue
    into[length++] = unit
  }
  if (into[length - 1] !== SPACE) into[length++] = SPACE
  return length
}

export const HASH_START = 0x811c9dc5
const PRIME = 0x01000193

/** One more unit of a piece: FNV-1a over code units. */
export function extendHash(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME)
}

/** Spreads a hash over all its bits, for a table of a power of two. */
export function finishHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x7feb352d)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Every piece of one to five units that lies within a word and the spaces around it, by hash and length. */
export function eachGram(units: Uint16Array, length: number, visit: (hash: number, size: number) => void): void {
  for (let start = 0; start < length - 1; start++) {
    let hash = HASH_START
    for (let size = 1; size <= GRAM_MAX && start + size <= length; size++) {
      const unit = units[start + size - 1]!
      hash = extendHash(hash, unit)
      if (size > 1 || unit !== SPACE) visit(finishHash(hash), size)
      if (unit === SPACE && size > 1) break
    }
  }
}
