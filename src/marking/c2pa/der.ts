/** DER (X.690), as much of it as certificates and time-stamps need: written whole, read with bounds. */

export interface DerValue {
  tag: number
  /** What the value holds, without its header. */
  content: Uint8Array
  /** The value with its header. */
  whole: Uint8Array
}

export const sequence = (...parts: Uint8Array[]) => derValue(0x30, ...parts)
export const integer = (value: Uint8Array) => derValue(0x02, unsigned(value))
export const smallInteger = (value: number) => derValue(0x02, Uint8Array.of(value))
export const octetString = (...parts: Uint8Array[]) => derValue(0x04, ...parts)
export const bitString = (unusedBits: number, bits: Uint8Array) => derValue(0x03, Uint8Array.of(unusedBits), bits)
export const utf8String = (text: string) => derValue(0x0c, new TextEncoder().encode(text))
export const derTrue = () => derValue(0x01, Uint8Array.of(0xff))
export const derNull = () => derValue(0x05)
/** A value under a context tag; constructed unless said otherwise. */
export const contextValue = (number: number, ...parts: Uint8Array[]) => derValue(0xa0 | number, ...parts)

/** The elements of a SET OF, in the order of their bytes as DER wants it (X.690 section 11.6). */
export const setOf = (...parts: Uint8Array[]) => derValue(0x31, ...parts.sort((a, b) => Buffer.compare(a, b)))

export function derValue(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = content.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff)
  const header = content.length < 0x80 ? [tag, content.length] : [tag, 0x80 | length.length, ...length]
  return new Uint8Array(Buffer.concat([Uint8Array.from(header), content]))
}

/** An object identifier written with dots. */
export function objectId(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const digits = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return derValue(0x06, Uint8Array.from(bytes))
}

/** A moment as X.509 wants it: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
export function certificateTime(epochMs: number): Uint8Array {
  const digits = timeDigits(epochMs)
  return Number(digits.slice(0, 4)) < 2050 ? derValue(0x17, ascii(`${digits.slice(2)}Z`)) : generalizedTime(epochMs)
}

export const generalizedTime = (epochMs: number) => derValue(0x18, ascii(`${timeDigits(epochMs)}Z`))

/** Reads one value at the start of `bytes`; undefined when it is cut off or its length is not DER. */
export function readDer(bytes: Uint8Array): DerValue | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || first === 0x80) return undefined
  let length = first < 0x80 ? first : 0
  for (const byte of bytes.subarray(2, 2 + lengthBytes)) length = length * 256 + byte
  const start = 2 + lengthBytes
  if (start + length > bytes.length) return undefined
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) }
}

const VALUES_MAX = 1000

/** The values inside a constructed one; what follows a broken one is left out. */
export function readInside(value: DerValue | undefined): DerValue[] {
  const values: DerValue[] = []
  for (let rest = value?.content ?? new Uint8Array(); rest.length > 0 && values.length < VALUES_MAX;) {
    const next = readDer(rest)
    if (!next) break
    values.push(next)
    rest = rest.subarray(next.whole.length)
  }
  return values
}

/** A GeneralizedTime in UTC as milliseconds since 1970; undefined when it is none. */
export function readGeneralizedTime(value: DerValue | undefined): number | undefined {
  if (value?.tag !== 0x18) return undefined
  const text = Buffer.from(value.content).toString('latin1')
  const [, year, month, day, hour, minute, second, fraction] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text) ?? []
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ?? ''}Z`)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

function timeDigits(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
}

function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** The shortest content of a number that is not negative. */
function unsigned(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const shortest = bytes.subarray(start)
  return (shortest[0] ?? 0) >= 0x80 || shortest.length === 0 ? Uint8Array.of(0, ...shortest) : shortest
}
