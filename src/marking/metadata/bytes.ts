/** The parts one after the other, as bytes; text is Latin-1, as the marks of formats are. */
export function concat(...parts: (Uint8Array | string)[]): Uint8Array {
  const all = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Bytes as Latin-1 text: for comparing with marks. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)
}

export function hasAt(bytes: Uint8Array, at: number, mark: string): boolean {
  return latin1(bytes, at, at + mark.length) === mark
}

/** A number as so many bytes, the highest first. */
export function bigEndian(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256)
}

/** A number as so many bytes, the lowest first. */
export function littleEndian(value: number, length: number): Uint8Array {
  return bigEndian(value, length).reverse()
}
