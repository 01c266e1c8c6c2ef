import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

/** Rooms with kernels in AssemblyScript: `assembly/index.ts` becomes `kernels.wasm` beside it. */
export const KERNEL_ROOMS = ['fingerprints', 'similarity'] as const

/** Compiles a room's kernels. Throws with the compiler's words. */
export async function compileKernels(room: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      `src/${room}/assembly/index.ts`,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
    ],
    {
      readFile(name) {
        try {
          return readFileSync(name, 'utf8')
        } catch {
          return null
        }
      },
      writeFile(_, contents) {
        wasm = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  if (error || !wasm) throw new Error(`${room}: ${stderr.toString() || error?.message}`)
  return wasm
}

if (import.meta.main) {
  for (const room of KERNEL_ROOMS) {
    const wasm = await compileKernels(room)
    writeFileSync(`src/${room}/kernels.wasm`, wasm)
    console.log(`src/${room}/kernels.wasm: ${wasm.length} bytes`)
  }
}
