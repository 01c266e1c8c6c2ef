import { assertInvariant } from '../../foundation/index.ts'

/** CBOR (RFC 8949), as much of it as COSE signatures need: written whole, read with bounds. */

/** The label of the certificates in the header of a signature (RFC 9360). */
export const X5CHAIN = 33

export type CborKey = string | number
export type Cbor = number | string | boolean | null | undefined | Uint8Array | Cbor[] | Map<CborKey, Cbor> | CborTag

export class CborTag {
  readonly tag: number
  readonly value: Cbor
  constructor(tag: number, value: Cbor) {
    this.tag = tag
    this.value = value
  }
}

/** Encodes in the deterministic form, but keeps the order of a map. */
export function encodeCbor(value: Cbor): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces(value)))
}

function pieces(value: Cbor): Uint8Array[] {
  if (value === null || value === undefined) return [Uint8Array.of(value === null ? 0xf6 : 0xf7)]
  if (typeof value === 'boolean') return [Uint8Array.of(value ? 0xf5 : 0xf4)]
  if (typeof value === 'number') return [value < 0 ? head(1, -1 - value) : head(0, value)]
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    return [head(3, text.length), text]
  }
  if (value instanceof Uint8Array) return [head(2, value.length), value]
  if (value instanceof CborTag) return [head(6, value.tag), ...pieces(value.value)]
  if (Array.isArray(value)) return [head(4, value.length), ...value.flatMap(pieces)]
  return [head(5, value.size), ...[...value].flatMap(([key, each]) => [...pieces(key), ...pieces(each)])]
}

/** A value as JSON knows it, with bytes where they stand. Members that are undefined are left out. */
export function cborOf(value: unknown): Cbor {
  if (typeof value === 'number') assertInvariant(Number.isInteger(value) && Math.abs(value) < 2 ** 32, 'a whole number')
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value as Cbor
  if (Array.isArray(value)) return value.map(cborOf)
  const members = Object.entries(value).filter(([, each]) => each !== undefined)
  return new Map(members.map(([key, each]) => [key, cborOf(each)]))
}

/** The first bytes of a value: its major type and a number that is whole and below 2^32. */
function head(major: number, number: number): Uint8Array {
  const type = major << 5
  if (number < 24) return Uint8Array.of(type | number)
  if (number < 0x100) return Uint8Array.of(type | 24, number)
  if (number < 0x1_0000) return Uint8Array.of(type | 25, number >> 8, number & 0xff)
  return Uint8Array.of(type | 26, number >>> 24, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff)
}

const DEPTH_MAX = 16
const VALUES_MAX = 10_000

/** Decodes the value at the start of `bytes`; undefined when it is broken, too deep or too large. */
export function decodeCbor(bytes: Uint8Array): Cbor {
  try {
    return new Reader(bytes).value(0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

class Reader {
  readonly bytes: Uint8Array
  at = 0
  values = 0
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  value(depth: number): Cbor {
    if (depth > DEPTH_MAX || ++this.values > VALUES_MAX) throw new RangeError('too deep or too large')
    const first = this.take(1)[0]!
    const major = first >> 5
    if (major === 7) return this.simple(first & 0x1f)
    const number = this.number(first & 0x1f)
    if (major === 0) return number
    if (major === 1) return -1 - number
    if (major === 2) return this.take(number)
    if (major === 3) return new TextDecoder().decode(this.take(number))
    if (major === 6) return new CborTag(number, this.value(depth + 1))
    if (major === 4) {
      const items: Cbor[] = []
      for (let i = 0; i < number; i++) items.push(this.value(depth + 1))
      return items
    }
    const map = new Map<CborKey, Cbor>()
    for (let i = 0; i < number; i++) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new RangeError('a key that COSE does not know')
      map.set(key, this.value(depth + 1))
    }
    return map
  }

  /** Lengths that are left open (31) and numbers of 2^53 and more are refused: nothing of ours has them. */
  number(information: number): number {
    if (information < 24) return information
    if (information > 27) throw new RangeError('a length that is left open')
    let number = 0
    for (const byte of this.take(1 << (information - 24))) number = number * 256 + byte
    if (!Number.isSafeInteger(number)) throw new RangeError('a number too large')
    return number
  }

  simple(information: number): Cbor {
    if (information === 20 || information === 21) return information === 21
    if (information === 22) return null
    if (information === 23) return undefined
    throw new RangeError('a simple value that COSE does not know')
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new RangeError('cut off')
    const taken = this.bytes.subarray(this.at, this.at + count)
    this.at += count
    return taken
  }
}
