/** Writes numbers of any width, the highest bit first. */
export class BitWriter {
  #bytes: number[] = []
  #filled = 0
  #current = 0

  write(value: number, bits: number): this {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#current = (this.#current << 1) | (Math.floor(value / 2 ** bit) & 1)
      if (++this.#filled === 8) {
        this.#bytes.push(this.#current)
        this.#current = 0
        this.#filled = 0
      }
    }
    return this
  }

  get bitLength(): number {
    return this.#bytes.length * 8 + this.#filled
  }

  /** All that was written, filled up with zeros to a whole byte. */
  toBytes(): Uint8Array {
    while (this.#filled > 0) this.write(0, 1)
    return Uint8Array.from(this.#bytes)
  }
}

export function concatBytes(...parts: (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  )
}

export const uint32 = (value: number) => new BitWriter().write(value, 32).toBytes()
export const uint16 = (value: number) => new BitWriter().write(value, 16).toBytes()
