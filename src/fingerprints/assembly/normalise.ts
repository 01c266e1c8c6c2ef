import { allocate } from './memory'

/** Unicode has 4,352 pages of 256 code points. A mode's directory names the table of each page, or 0. */
const PAGES = 4352
export const COLLAPSE: u32 = 0
export const PASSAGE: u32 = 1

export const REMOVE: u32 = 0
export const SPACE: u32 = 0x04000000
export const IDENTITY: u32 = 0x05000000
/** What depends on its neighbours: the caller takes the long way for the whole text. */
export const CONTEXTUAL: u32 = 0xffffffff

export const DONE: u32 = 0
export const NEEDS_PAGE: u32 = 1
export const MET_CONTEXT: u32 = 2
export const IS_FULL: u32 = 3

const directories: usize = allocate(PAGES * 4 * 2)
const SPILL_BYTES: usize = 1 << 18
export const spill: usize = allocate(SPILL_BYTES)

export let consumed: usize = 0
export let written: usize = 0
export let neededPage: u32 = 0
let endsInSpace: bool = true

/** Forgets the text before: nothing has been written yet, so a leading space is not. */
export function startText(): void {
  endsInSpace = true
}

/**
 * A place for the table of one page: 256 words. The top byte tells what becomes of the code point: 0 to 3 bytes, which
 * stand in the rest of the word; a space, unless one stands there already; itself; or, from 128, so many bytes of the spill.
 */
export function addPage(mode: u32, page: u32): usize {
  const table = allocate(1024)
  store<u32>(directories + ((mode * PAGES + page) << 2), <u32>table)
  return table
}

/** Normalises valid UTF-8 as far as it can. `consumed` and `written` tell how far; the result tells why it stopped. */
export function normalise(mode: u32, input: usize, length: usize, output: usize, capacity: usize): u32 {
  const directory = directories + mode * (PAGES << 2)
  const end = input + length
  const full = output + capacity - 512
  const first = <usize>load<u32>(directory)
  let at = input
  let out = output
  let status = DONE
  if (first == 0) {
    consumed = 0
    written = 0
    neededPage = 0
    return NEEDS_PAGE
  }
  while (at < end) {
    if (out > full) {
      status = IS_FULL
      break
    }
    let code = <u32>load<u8>(at)
    let entry: u32
    let size: usize = 1
    if (code < 0x80) {
      entry = load<u32>(first + (code << 2))
      if (entry >>> 24 == 1) {
        store<u8>(out, <u8>entry)
        out++
        at++
        endsInSpace = false
        continue
      }
    } else {
      if (code < 0xe0) {
        size = 2
        code = ((code & 0x1f) << 6) | ((<u32>load<u8>(at, 1)) & 0x3f)
      } else if (code < 0xf0) {
        size = 3
        code = ((code & 0x0f) << 12) | (((<u32>load<u8>(at, 1)) & 0x3f) << 6) | ((<u32>load<u8>(at, 2)) & 0x3f)
      } else {
        size = 4
        code =
          ((code & 0x07) << 18) |
          (((<u32>load<u8>(at, 1)) & 0x3f) << 12) |
          (((<u32>load<u8>(at, 2)) & 0x3f) << 6) |
          ((<u32>load<u8>(at, 3)) & 0x3f)
      }
      const table = <usize>load<u32>(directory + ((code >>> 8) << 2))
      if (table == 0) {
        neededPage = code >>> 8
        status = NEEDS_PAGE
        break
      }
      entry = load<u32>(table + ((code & 0xff) << 2))
    }
    const kind = entry >>> 24
    if (kind <= 3) {
      store<u32>(out, entry & 0xffffff)
      out += <usize>kind
      if (kind != 0) endsInSpace = load<u8>(out - 1) == 0x20
    } else if (entry == SPACE) {
      if (!endsInSpace) {
        store<u8>(out, 0x20)
        out++
        endsInSpace = true
      }
    } else if (entry == IDENTITY) {
      store<u32>(out, load<u32>(at))
      out += size
      endsInSpace = false
    } else if (entry == CONTEXTUAL) {
      status = MET_CONTEXT
      break
    } else {
      const bytes = <usize>(kind & 0x7f)
      memory.copy(out, spill + <usize>(entry & 0xffffff), bytes)
      out += bytes
      endsInSpace = load<u8>(out - 1) == 0x20
    }
    at += size
  }
  consumed = at - input
  written = out - output
  return status
}
