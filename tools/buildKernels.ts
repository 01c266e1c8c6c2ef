import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

/** What is compiled: a source in AssemblyScript, and the committed file that it becomes. */
export const KERNELS = [
  ['src/fingerprints/assembly/index.ts', 'src/fingerprints/kernels.wasm'],
  ['src/fingerprints/assembly/pictures.ts', 'src/fingerprints/pictures.wasm'],
  ['src/similarity/assembly/index.ts', 'src/similarity/kernels.wasm'],
  ['src/levy/assembly/index.ts', 'src/levy/kernels.wasm'],
] as const

/** Compiles one source. Throws with the compiler's words. */
export async function compileKernels(source: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      source,
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
  if (error || !wasm) throw new Error(`${source}: ${stderr.toString() || error?.message}`)
  return wasm
}

if (import.meta.main) {
  for (const [source, output] of KERNELS) {
    const wasm = await compileKernels(source)
    writeFileSync(output, wasm)
    console.log(`${output}: ${wasm.length} bytes`)
  }
}
