/** A 96-bit fingerprint of texts; three lanes that are mixed as MurmurHash3 mixes its one. */
export class Fingerprint {
  a = 0x9e_37_79_b9 | 0
  b = 0x85_eb_ca_6b | 0
  c = 0xc2_b2_ae_35 | 0

  reset(): this {
    this.a = 0x9e_37_79_b9 | 0
    this.b = 0x85_eb_ca_6b | 0
    this.c = 0xc2_b2_ae_35 | 0
    return this
  }

  /** Adds a text, and where it ends. */
  add(text: string): this {
    let { a, b, c } = this
    for (let place = 0; place <= text.length; place++) {
      const code = place < text.length ? text.charCodeAt(place) : 0x1_00_00
      a = Math.imul(a ^ code, 0x9e_37_79_b1)
      b = Math.imul(b ^ code, 0x5f_35_64_95)
      c = Math.imul(c ^ code, 0x85_eb_ca_77)
      a = (a ^ (a >>> 15)) | 0
      b = (b ^ (b >>> 13)) | 0
      c = (c ^ (c >>> 16)) | 0
    }
    this.a = a
    this.b = b
    this.c = c
    return this
  }

  equals(other: Fingerprint): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c
  }
}

/**
 * Which identifiers were seen before, in 24 bytes for each or less: keeps their 96-bit fingerprints, so two different
 * ones among a million are taken for the same once in 10¹⁷ files.
 */
export class SeenIds {
  #slots = new Int32Array(3 * 1024)
  #count = 0
  readonly #fingerprint = new Fingerprint()

  /** Notes an identifier; whether it is a new one. */
  add(id: string): boolean {
    if ((this.#count + 1) * 3 > (this.#slots.length / 3) * 2) this.#grow()
    const { a, b, c } = this.#fingerprint.reset().add(id)
    // A slot of three zeros is a free one.
    const isNew = place(this.#slots, a, b, c === 0 ? 1 : c)
    if (isNew) this.#count++
    return isNew
  }

  #grow(): void {
    const larger = new Int32Array(this.#slots.length * 2)
    for (let start = 0; start < this.#slots.length; start += 3) {
      const c = this.#slots[start + 2]!
      if (c !== 0) place(larger, this.#slots[start]!, this.#slots[start + 1]!, c)
    }
    this.#slots = larger
  }
}

function place(slots: Int32Array, a: number, b: number, c: number): boolean {
  const mask = slots.length / 3 - 1
  for (let slot = (a ^ (b >>> 7)) & mask; ; slot = (slot + 1) & mask) {
    const start = slot * 3
    if (slots[start + 2] === 0) {
      slots[start] = a
      slots[start + 1] = b
      slots[start + 2] = c
      return true
    }
    if (slots[start] === a && slots[start + 1] === b && slots[start + 2] === c) return false
  }
}
