import { openMinhash, type Minhash } from './minhash.ts'
import { eachCollapsedPiece } from './text.ts'

const PIECE_BYTES = 1 << 15
/** Twelve characters of four bytes may wait for the thirteenth. */
const CARRY_BYTES = 48

let shared: (Minhash & { text: number }) | undefined

/** Text-Code, 256 bits. Equal texts after normalisation have equal codes; similar ones differ in few bits. */
export function isccTextCode(text: string): Uint8Array {
  const hash = (shared ??= open())
  const { kernels } = hash
  hash.start()
  kernels.startRuns()
  let held = 0
  let features = 0
  eachCollapsedPiece(text, (collapsed) => {
    for (let at = 0; at < collapsed.length; at += PIECE_BYTES) {
      const piece = collapsed.subarray(at, at + PIECE_BYTES)
      new Uint8Array(kernels.memory.buffer).set(piece, hash.text + held)
      const count = kernels.characterRuns(hash.text, wholeCharacters(hash, held + piece.length), hash.features)
      hash.take(count)
      features += count
      const tail = kernels.runTail.value
      held += piece.length - tail
      new Uint8Array(kernels.memory.buffer).copyWithin(hash.text, hash.text + tail, hash.text + tail + held)
    }
  })
  // A text of fewer than 13 characters is one feature.
  if (features === 0) {
    new Uint32Array(kernels.memory.buffer, hash.features, 1)[0] = kernels.xxh32(hash.text, held)
    hash.take(1)
  }
  return hash.digest()
}

function open() {
  const hash = openMinhash()
  return { ...hash, text: hash.kernels.allocate(PIECE_BYTES + CARRY_BYTES + 8) }
}

/** The length without a last character that is not whole yet. */
function wholeCharacters({ kernels, text }: { kernels: Minhash['kernels']; text: number }, length: number): number {
  const bytes = new Uint8Array(kernels.memory.buffer, text, length)
  let lead = length - 1
  while (lead > 0 && lead > length - 4 && (bytes[lead]! & 0xc0) === 0x80) lead--
  const needed = bytes[lead]! < 0x80 ? 1 : bytes[lead]! < 0xe0 ? 2 : bytes[lead]! < 0xf0 ? 3 : 4
  return lead + needed <= length ? length : lead
}
