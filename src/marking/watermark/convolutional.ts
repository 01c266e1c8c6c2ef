import { MESSAGE_BITS } from './payload.ts'

/** A convolutional code of rate 1/3 with nine bits of memory; the best known generators, in octal 557, 663, 711. */
const GENERATORS = [0o557, 0o663, 0o711]
const MEMORY = 8
const STATES = 1 << MEMORY
/** Bits that are embedded: three for each bit of the message and of the zeros that end it. */
export const CODED_BITS = (MESSAGE_BITS + MEMORY) * GENERATORS.length

/** −1 or +1 for each coded bit. */
export function encode(message: readonly number[]): Int8Array {
  const coded = new Int8Array(CODED_BITS)
  let window = 0
  for (let i = 0; i < MESSAGE_BITS + MEMORY; i++) {
    window = ((window << 1) | (message[i] ?? 0)) & (STATES * 2 - 1)
    GENERATORS.forEach((generator, j) => (coded[i * 3 + j] = parity(window & generator) ? 1 : -1))
  }
  return coded
}

const OUTPUTS = Int8Array.from({ length: STATES * 2 * 3 }, (_, i) =>
  parity(Math.floor(i / 3) & GENERATORS[i % 3]!) ? 1 : -1,
)

/** The message whose code is most like the soft values (Viterbi, 1967). */
export function decode(soft: Float64Array): number[] {
  const steps = MESSAGE_BITS + MEMORY
  let scores = new Float64Array(STATES).fill(-Infinity)
  scores[0] = 0
  const came = new Uint8Array(steps * STATES)
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(STATES).fill(-Infinity)
    const [x, y, z] = [soft[step * 3]!, soft[step * 3 + 1]!, soft[step * 3 + 2]!]
    for (let state = 0; state < STATES; state++) {
      const score = scores[state]!
      if (score === -Infinity) continue
      for (let bit = 0; bit < (step < MESSAGE_BITS ? 2 : 1); bit++) {
        const window = (state << 1) | bit
        const gained = score + OUTPUTS[window * 3]! * x + OUTPUTS[window * 3 + 1]! * y + OUTPUTS[window * 3 + 2]! * z
        const to = window & (STATES - 1)
        if (gained <= next[to]!) continue
        next[to] = gained
        // The bit that falls out of the window tells which of the two states it came from.
        came[step * STATES + to] = state >>> (MEMORY - 1)
      }
    }
    scores = next
  }
  const bits: number[] = []
  let state = 0
  for (let step = steps - 1; step >= 0; step--) {
    bits.push(state & 1)
    state = (state >>> 1) | (came[step * STATES + state]! << (MEMORY - 1))
  }
  return bits.reverse().slice(0, MESSAGE_BITS)
}

function parity(value: number): number {
  let bits = value ^ (value >>> 8)
  bits ^= bits >>> 4
  bits ^= bits >>> 2
  return (bits ^ (bits >>> 1)) & 1
}
