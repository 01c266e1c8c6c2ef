import { GEAR, MINHASH_MULTIPLIERS, MINHASH_OFFSETS } from './isccConstants.ts'

/** What the kernels in `assembly/` export. Addresses and lengths are bytes; see there for what each does. */
export interface Kernels {
  memory: WebAssembly.Memory
  allocate(bytes: number): number
  addPage(mode: number, page: number): number
  normalise(mode: number, input: number, length: number, output: number, capacity: number): number
  startText(): void
  consumed: { value: number }
  written: { value: number }
  neededPage: { value: number }
  spill: { value: number }
  startRuns(): void
  characterRuns(text: number, length: number, features: number): number
  runTail: { value: number }
  chunk(bytes: number, length: number, isLast: number, ends: number): number
  chunked: { value: number }
  chunkFeatures(bytes: number, ends: number, count: number, features: number): void
  xxh32(start: number, length: number): number
  startMinhash(): void
  lowerMinima(features: number, count: number): void
  minima: { value: number }
  multipliers: { value: number }
  offsets: { value: number }
  gear: { value: number }
  findWindow(text: number, windows: number, hash: bigint): number
  winnow(text: number, length: number, keys: number, marks: number, hashes: number, starts: number): number
}

const compiled = new WebAssembly.Module(await readCompiled('kernels.wasm'))

/** Kernels with a memory of their own, and the constants of ISO 24138 in their place. */
export function openKernels(): Kernels {
  const kernels = new WebAssembly.Instance(compiled).exports as unknown as Kernels
  const { buffer } = kernels.memory
  new BigUint64Array(buffer, kernels.multipliers.value, 64).set(MINHASH_MULTIPLIERS)
  new BigUint64Array(buffer, kernels.offsets.value, 64).set(MINHASH_OFFSETS)
  new Uint32Array(buffer, kernels.gear.value, 256).set(GEAR)
  return kernels
}

/** A compiled file that lies beside this one, read from the disk or, in the page, from where the page came from. */
export async function readCompiled(name: string): Promise<BufferSource> {
  const url = new URL(name, import.meta.url)
  if (url.protocol !== 'file:') return (await fetch(url)).arrayBuffer()
  const { readFileSync } = await import('node:fs')
  return readFileSync(url)
}
