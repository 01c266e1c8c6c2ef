import { readCompiled } from './kernels.ts'
import type { Pixels } from './pdq.ts'

/** What the kernels of pictures in `assembly/pictures.ts` export; see there. */
interface Kernels {
  memory: WebAssembly.Memory
  allocate(bytes: number): number
  greyReduce(from: number, width: number, height: number, channels: number, outWidth: number, outHeight: number): void
  findCorners(width: number, height: number, threshold: number): number
  corners: { value: number }
  describe(x: number, y: number, level: number, into: number): void
  pixelsAt(): number
  pdqSamples(width: number, height: number, channels: number, samples: number): void
}

export interface PictureKernels extends Kernels {
  /** The 64 × 64 samples that PDQ transforms. */
  samples(pixels: Pixels): Float32Array
  /** Makes the grey picture in which corners are looked for. */
  reduce(pixels: Pixels, width: number, height: number): void
  /** Room for one description: direction, code, and the code in a mirror. */
  description: number
}

const compiled = new WebAssembly.Module(await readCompiled('pictures.wasm'))
let shared: PictureKernels | undefined

const SIDE_MAX = 1024
const SAMPLES = 64 * 64
const DESCRIPTION_BYTES = 72

/** The kernels of pictures, made when the first picture comes. */
export function pictureKernels(): PictureKernels {
  return (shared ??= open())
}

function open(): PictureKernels {
  const kernels = new WebAssembly.Instance(compiled, {}).exports as unknown as Kernels
  const at = kernels.allocate(SAMPLES * 4)
  return {
    ...kernels,
    description: kernels.allocate(DESCRIPTION_BYTES),
    samples(picture) {
      put(kernels, picture)
      kernels.pdqSamples(picture.width, picture.height, picture.channels, at)
      return new Float32Array(kernels.memory.buffer, at, SAMPLES).slice()
    },
    reduce(picture, width, height) {
      const pixels = put(kernels, picture)
      kernels.greyReduce(pixels, picture.width, picture.height, picture.channels, width, height)
    },
  }
}

function put(kernels: Kernels, { width, height, data }: Pixels): number {
  if (width > SIDE_MAX || height > SIDE_MAX) throw new RangeError(`a picture has at most ${SIDE_MAX} pixels a side`)
  const pixels = kernels.pixelsAt()
  new Uint8Array(kernels.memory.buffer).set(data, pixels)
  return pixels
}
