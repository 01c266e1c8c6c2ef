import { ColophonError } from '../foundation/index.ts'

/** Keys of 128 bits and the number that stands for each; several numbers may have one key. */
export interface KeyTable {
  count: number
  add(key: Uint32Array, value: number): void
  /** All numbers of a key, the first that was added first; empty when there is none. */
  find(key: Uint32Array): number[]
}

const NONE: number[] = []

/** A table that grows: open addressing with linear probing, some 30 bytes a key. */
export function openKeyTable(): KeyTable {
  let capacity = 1024
  let slots = new Uint32Array(capacity * 2)
  let keys = new Uint32Array(capacity * 4)
  let values = new Uint32Array(capacity)
  const place = (entry: number) => {
    const mask = slots.length - 1
    let slot = mix(keys[entry * 4]!, keys[entry * 4 + 1]!) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = entry + 1
  }
  const grow = () => {
    if (capacity >= 2 ** 29)
      throw new ColophonError('too_large', `more than ${capacity} keys do not fit into one table`)
    capacity *= 2
    keys = larger(keys, capacity * 4)
    values = larger(values, capacity)
    slots = new Uint32Array(capacity * 2)
    for (let entry = 0; entry < table.count; entry++) place(entry)
  }
  const table: KeyTable = {
    count: 0,
    add(key, value) {
      if (table.count === capacity) grow()
      const entry = table.count++
      keys.set(key.subarray(0, 4), entry * 4)
      values[entry] = value
      place(entry)
    },
    find([a, b, c, d]) {
      const mask = slots.length - 1
      let found = NONE
      for (
        let slot = mix(a!, b!) & mask, entry = slots[slot]!;
        entry !== 0;
        entry = slots[(slot = (slot + 1) & mask)]!
      ) {
        const at = (entry - 1) * 4
        if (keys[at] !== a || keys[at + 1] !== b || keys[at + 2] !== c || keys[at + 3] !== d) continue
        if (found === NONE) found = [values[entry - 1]!]
        else found.push(values[entry - 1]!)
      }
      return found
    },
  }
  return table
}

function larger(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(length)
  copy.set(array)
  return copy
}

function mix(a: number, b: number): number {
  return Math.imul(a ^ Math.imul(b, 0x9e37_79b1), 0x85eb_ca6b) >>> 0
}

/** The first 128 bits of a hexadecimal code of at least 32 digits, or the 64 of one of 16. False when it is none. */
export function readHexKey(text: string, key: Uint32Array): boolean {
  const words = text.length >= 32 ? 4 : 2
  if (text.length < words * 8) return false
  for (let word = 0; word < 4; word++) {
    let value = 0
    for (let digit = word * 8; word < words && digit < word * 8 + 8; digit++) {
      const code = text.charCodeAt(digit)
      const nibble = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1
      if (nibble < 0) return false
      value = (value << 4) | nibble
    }
    key[word] = value >>> 0
  }
  return true
}

/**
 * A key of 128 bits for a text, by a seed that nobody outside this process knows: who does not know it cannot make two
 * texts of one key on purpose.
 */
export function textKey(text: string, seed: Uint32Array, key: Uint32Array): void {
  let [one, two, three, four] = [seed[0]! | 0, seed[1]! | 0, seed[2]! | 0, seed[3]! | 0]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    one = Math.imul(one ^ code, 0x2c1b_3c6d)
    two = Math.imul((two + code) ^ (one >>> 15), 0x297a_2d39)
    three = Math.imul(three ^ code ^ (two >>> 13), 0x1b87_3593)
    four = Math.imul((four + code) ^ (three >>> 16), 0x27d4_eb2f)
    one ^= four >>> 14
  }
  key[0] = finish(one ^ text.length)
  key[1] = finish(two ^ key[0])
  key[2] = finish(three ^ key[1])
  key[3] = finish(four ^ key[2])
}

/** 64 bits of a longer text without what stands from `start` up to `end`, and of another one behind it, in half the time. */
export function lineKey(
  text: string,
  start: number,
  end: number,
  more: string,
  seed: Uint32Array,
  key: Uint32Array,
): void {
  let [one, two] = [seed[0]! | 0, seed[1]! | 0]
  for (let i = 0; i < text.length; i++) {
    if (i === start) i = end
    if (i === text.length) break
    const code = text.charCodeAt(i)
    one = Math.imul(one ^ code, 0x2c1b_3c6d)
    two = Math.imul((two + code) ^ (one >>> 15), 0x297a_2d39)
  }
  const length = text.length - (end - start)
  one = Math.imul(one ^ length, 0x2c1b_3c6d)
  for (let i = 0; i < more.length; i++) {
    const code = more.charCodeAt(i)
    one = Math.imul(one ^ code, 0x2c1b_3c6d)
    two = Math.imul((two + code) ^ (one >>> 15), 0x297a_2d39)
  }
  key[0] = finish(one ^ more.length ^ seed[2]!)
  key[1] = finish(two ^ key[0] ^ seed[3]!)
}

function finish(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x7feb_352d)
  const twice = Math.imul(once ^ (once >>> 15), 0x846c_a68b)
  return (twice ^ (twice >>> 16)) >>> 0
}
