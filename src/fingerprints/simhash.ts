/** The bits that are set in at least half of the digests, which are all of one length. */
export function simhash(digests: readonly Uint8Array[]): Uint8Array {
  const bytes = digests[0]?.length ?? 0
  const hash = new Uint8Array(bytes)
  for (let bit = 0; bit < bytes * 8; bit++) {
    let set = 0
    for (const digest of digests) set += (digest[bit >> 3]! >> (7 - (bit & 7))) & 1
    if (set * 2 >= digests.length) hash[bit >> 3]! |= 0x80 >> (bit & 7)
  }
  return hash
}
