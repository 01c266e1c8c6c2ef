import { openKernels, type Kernels } from './kernels.ts'

const DIMENSIONS = 64
const FEATURES_MAX = 1 << 16

/** The 256-bit minhash of ISO 24138, fed with features as they come. */
export interface Minhash {
  kernels: Kernels
  /** Where features are put before they are taken in: room for 65,536 words of 32 bits. */
  features: number
  start(): void
  /** Takes in so many of the features that were put there. */
  take(count: number): void
  digest(): Uint8Array
}

export function openMinhash(): Minhash {
  const kernels = openKernels()
  const features = kernels.allocate(FEATURES_MAX * 4)
  return {
    kernels,
    features,
    start: kernels.startMinhash,
    take: (count) => kernels.lowerMinima(features, count),
    digest: () => compress(new Uint32Array(kernels.memory.buffer, kernels.minima.value, DIMENSIONS)),
  }
}

/** The lowest four bits of every minimum, bit plane by bit plane. */
function compress(minima: Uint32Array): Uint8Array {
  const digest = new Uint8Array(32)
  for (let bit = 0; bit < 4 * DIMENSIONS; bit++) {
    const value = (minima[bit % DIMENSIONS]! >>> Math.floor(bit / DIMENSIONS)) & 1
    digest[bit >> 3]! |= value << (7 - (bit & 7))
  }
  return digest
}
