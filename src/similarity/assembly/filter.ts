import { WINDOW, windowHash } from '../../fingerprints/assembly/passages'
import { allocate } from './memory'

/** A stretch that a work and the corpus share: where it begins in both, and its length. */
declare function match(work: u32, corpus: u32, length: u32): void

/** Of the corpus every 27th window is looked up; of the works all are known. So every shared run of 50 bytes is met. */
const STEP: u32 = 27
const RUN_MIN: u32 = 50
/** What lies between two texts: no run goes on beyond it. */
const BETWEEN: u8 = 0x0a
/** Windows with one hash that are kept. */
const ALIKE_MAX: u32 = 16
const EMPTY: u32 = 0xffffffff

let works: usize = 0
let worksLength: u32 = 0
let slots: usize = 0
let slotBits: u32 = 0
let bits: usize = 0
let wordBits: u32 = 0

/** Room for works of so many bytes; 0 without memory. They are written there, with a line feed after each. */
export function reserveWorks(length: u32): usize {
  worksLength = length
  slotBits = 4
  while (<u32>1 << slotBits < 2 * length) slotBits++
  // Some sixteen bits a window.
  wordBits = min<u32>(slotBits - 3, 25)
  works = allocate(<usize>length + 64)
  slots = allocate(<usize>4 << slotBits)
  bits = allocate(<usize>8 << wordBits)
  return slots == 0 || bits == 0 ? 0 : works
}

/** Windows handled together: each step is done for all before the next, so that their reads do not wait for each other. */
const TOGETHER: u32 = 512
const hashes: usize = allocate(TOGETHER * 8)
const likely: usize = allocate(TOGETHER * 4)

/** Makes all windows of the works known, but for those that reach over the end of a work. */
export function indexWorks(): void {
  memory.fill(slots, 0xff, <usize>4 << slotBits)
  memory.fill(bits, 0, <usize>8 << wordBits)
  for (let start: u32 = 0; start < worksLength; ) {
    let end = start
    while (load<u8>(works + end) != BETWEEN) end++
    for (let at = start; at + WINDOW <= end; at += TOGETHER) addWindows(at, min(TOGETHER, end - WINDOW + 1 - at))
    start = end + 1
  }
}

function addWindows(first: u32, some: u32): void {
  const mask: u32 = (1 << slotBits) - 1
  for (let i: u32 = 0; i < some; i++) store<u64>(hashes + (<usize>i << 3), windowHash(works + first + i))
  for (let i: u32 = 0; i < some; i++) setBits(load<u64>(hashes + (<usize>i << 3)))
  for (let i: u32 = 0; i < some; i++) {
    const slot = <u32>load<u64>(hashes + (<usize>i << 3)) & mask
    store<u32>(likely + (<usize>i << 2), load<u32>(slots + (<usize>slot << 2)))
  }
  let sum: u64 = 0
  for (let i: u32 = 0; i < some; i++) {
    const place = load<u32>(likely + (<usize>i << 2))
    sum += load<u64>(works + (place == EMPTY ? 0 : place))
  }
  touched = sum
  for (let i: u32 = 0; i < some; i++) addWindow(load<u64>(hashes + (<usize>i << 3)), first + i)
}

let touched: u64 = 0

function addWindow(hash: u64, at: u32): void {
  const mask: u32 = (1 << slotBits) - 1
  let slot = <u32>hash & mask
  let alike: u32 = 0
  while (load<u32>(slots + (<usize>slot << 2)) != EMPTY) {
    if (isSame(works + load<u32>(slots + (<usize>slot << 2)), works + at)) alike++
    if (alike == ALIKE_MAX) return
    slot = (slot + 1) & mask
  }
  store<u32>(slots + (<usize>slot << 2), at)
}

/** Tells every run of 50 bytes or more that a piece of the corpus shares with a work. Texts in it end in a line feed. */
export function scanCorpus(corpus: usize, length: u32): void {
  if (length < WINDOW) return
  const samples = (length - WINDOW) / STEP + 1
  for (let first: u32 = 0; first < samples; first += TOGETHER) {
    const some = min(TOGETHER, samples - first)
    for (let i: u32 = 0; i < some; i++) store<u64>(hashes + (<usize>i << 3), windowHash(corpus + (first + i) * STEP))
    let count: u32 = 0
    for (let i: u32 = 0; i < some; i++) {
      // Written whether it is likely or not: a branch that depends on the read would make the next one wait.
      store<u32>(likely + (<usize>count << 2), i)
      count += <u32>hasBits(load<u64>(hashes + (<usize>i << 3)))
    }
    for (let i: u32 = 0; i < count; i++) {
      const sample = load<u32>(likely + (<usize>i << 2))
      lookUp(load<u64>(hashes + (<usize>sample << 3)), corpus, (first + sample) * STEP, length)
    }
  }
}

function lookUp(hash: u64, corpus: usize, at: u32, length: u32): void {
  const mask: u32 = (1 << slotBits) - 1
  let slot = <u32>hash & mask
  for (;;) {
    const place = load<u32>(slots + (<usize>slot << 2))
    if (place == EMPTY) return
    if (isSame(works + place, corpus + at)) extend(place, corpus, at, length)
    slot = (slot + 1) & mask
  }
}

function extend(place: u32, corpus: usize, at: u32, length: u32): void {
  let before: u32 = 0
  // A run that holds the window looked up before has been told already: no need to walk back further than to that.
  while (
    before < STEP &&
    before < place &&
    before < at &&
    load<u8>(works + place - before - 1) == load<u8>(corpus + at - before - 1) &&
    load<u8>(works + place - before - 1) != BETWEEN
  ) {
    before++
  }
  if (before == STEP) return
  let after: u32 = WINDOW
  while (
    place + after < worksLength &&
    at + after < length &&
    load<u8>(works + place + after) == load<u8>(corpus + at + after) &&
    load<u8>(works + place + after) != BETWEEN
  ) {
    after++
  }
  if (before + after >= RUN_MIN) match(place - before, at - before, before + after)
}

function isSame(a: usize, b: usize): bool {
  return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8) && load<u64>(a, 16) == load<u64>(b, 16)
}

/** A window known sets two bits of one word: few others have both, and one read tells. */
function setBits(hash: u64): void {
  const at = wordOf(hash)
  store<u64>(at, load<u64>(at) | bitsOf(hash))
}

function hasBits(hash: u64): bool {
  const wanted = bitsOf(hash)
  return (load<u64>(wordOf(hash)) & wanted) == wanted
}

function wordOf(hash: u64): usize {
  return bits + (<usize>(hash >>> (64 - wordBits)) << 3)
}

function bitsOf(hash: u64): u64 {
  return ((<u64>1) << ((hash >>> 28) & 63)) | ((<u64>1) << ((hash >>> 34) & 63))
}
