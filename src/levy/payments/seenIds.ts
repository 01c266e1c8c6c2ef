/** A 96-bit fingerprint of a text, in three lanes with their own multipliers. */
class Fingerprint {
  a = 0
  b = 0
  c = 0

  /** Of one text. */
  of(text: string): this {
    let [a, b, c] = [1, 2, 3]
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place)
      a = Math.imul(a ^ code, 0x9e_37_79_b1)
      b = Math.imul(b ^ code, 0x5f_35_64_95)
      c = Math.imul(c ^ code, 0x85_eb_ca_77)
    }
    this.a = a
    this.b = b
    this.c = c
    this.a = mix(a ^ text.length, 0x85_eb_ca_6b, c)
    this.b = mix(b ^ text.length, 0xc2_b2_ae_35, this.a)
    this.c = mix(c ^ text.length, 0x27_d4_eb_2f, this.b)
    return this
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
    const { a, b, c } = this.#fingerprint.of(id)
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

/** Spreads each bit over all of them. */
function mix(value: number, multiplier: number, other: number): number {
  const spread = Math.imul(value ^ (value >>> 16), multiplier)
  return Math.imul(spread ^ (spread >>> 13), 0xc2_b2_ae_3d) ^ other
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

/** A 32-bit checksum of a text that goes on from another one: it finds changes, and stands against no attacker. */
export function checksumOf(text: string, before: number): number {
  let sum = Math.imul(before ^ text.length, 0x85_eb_ca_6b)
  for (let place = 0; place < text.length; place++) sum = Math.imul(sum ^ text.charCodeAt(place), 0x9e_37_79_b1)
  return sum ^ (sum >>> 15)
}
