import { readFileSync } from 'node:fs'
import { ColophonError } from '../../foundation/index.ts'

/** More cents than this cannot be divided in columns: shares in ten-thousandths of them stay exact in a double. */
export const CENTS_MAX = 900_000_000_000n
const TOTAL_MAX = 1n << 60n

interface Kernels {
  memory: WebAssembly.Memory
  allocate(bytes: number): number
  sum(weights: number, count: number): bigint
  split(cents: bigint, total: bigint, weights: number, count: number, amounts: number, remainders: number): void
}

let compiled: WebAssembly.Module | undefined

/** A column of weights that is divided again and again: all of its memory is taken once. */
export interface WeightColumn {
  /** One weight a place, in the stable order of ids. Fill it, then call `split`. */
  weights: BigUint64Array
  /** The sum of the weights of a range of places. Errors: `invalid_input` when it reaches 2^60. */
  total(range?: Range): bigint
  /**
   * Whole cents for each place of a range by largest remainder, earlier places first where remainders are equal: the same
   * as `splitCents` over ids in this order. The array, one number a place of the range, is good until the next call.
   * Errors: `invalid_input` as there, and when cents exceed `CENTS_MAX`.
   */
  split(cents: bigint, range?: Range): Float64Array
}

/** Places from one up to, not including, another. */
export interface Range {
  from: number
  to: number
}

/** A column of `count` weights; 24 bytes a place. Errors: `too_large` when memory does not suffice. */
export function openColumn(count: number): WeightColumn {
  const kernels = openKernels()
  const [weightsAt, amountsAt, remaindersAt] = [0, 0, 0].map(() => takeMemory(kernels, count)) as [
    number,
    number,
    number,
  ]
  const { buffer } = kernels.memory
  const whole = { from: 0, to: count }
  const total = ({ from, to }: Range = whole) => {
    const sum = BigInt.asUintN(64, kernels.sum(weightsAt + from * 8, to - from))
    if (sum < TOTAL_MAX) return sum
    throw new ColophonError('invalid_input', 'the weights together exceed 2^60', {
      remedy: 'Give uses in larger units, or the kinds of evidence smaller weights.',
    })
  }
  return {
    weights: new BigUint64Array(buffer, weightsAt, count),
    total,
    split(cents, range = whole) {
      const { from, to } = range
      const sum = total(range)
      checkCents(cents, sum)
      const amounts = new Float64Array(buffer, amountsAt + from * 8, to - from)
      if (cents === 0n) return amounts.fill(0)
      kernels.split(cents, sum, weightsAt + from * 8, to - from, amountsAt + from * 8, remaindersAt + from * 8)
      return amounts
    },
  }
}

function openKernels(): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('../kernels.wasm', import.meta.url)))
  return new WebAssembly.Instance(compiled, {}).exports as unknown as Kernels
}

function takeMemory(kernels: Kernels, count: number): number {
  // Addresses come back as signed numbers of 32 bits.
  const at = kernels.allocate(Math.max(8, count * 8)) >>> 0
  if (at === 0) throw new ColophonError('too_large', `${count} places do not fit into memory`)
  return at
}

function checkCents(cents: bigint, total: bigint): void {
  if (cents < 0n || cents > CENTS_MAX)
    throw new ColophonError('invalid_input', `${cents} cents are not between 0 and ${CENTS_MAX}`)
  if (cents > 0n && total === 0n)
    throw new ColophonError('invalid_input', `${cents} cents have nobody to go to: all weights are zero`)
}
