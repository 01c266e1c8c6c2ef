import { readFileSync } from 'node:fs'

/** What the kernels in `assembly/` export. Addresses and lengths are bytes; see there for what each does. */
export interface Kernels {
  memory: WebAssembly.Memory
  allocate(bytes: number): number
  keepOnly(at: number, bytes: number): void
  reserveIndex(codeCount: number, codeWords: number, bits: number, isSparse: number): number
  planTables(tables: number, bits: number): void
  countKeys(from: number, to: number): void
  addTable(): number
  addSparseTable(): number
  prepare(): number
  queries: { value: number }
  search(queryCount: number, radius: number): void
  scanAll(queryCount: number, radius: number): void
  reserveWorks(length: number): number
  indexWorks(): void
  scanCorpus(corpus: number, length: number): void
  startPassages(ends: number, to: number, most: number): void
  collectPassages(text: number, length: number, base: number): number
  postPassages(bits: number, sorting: number, starts: number): void
}

/** What the kernels call while they search. */
export interface Listener {
  hit(query: number, code: number, distance: number): void
  restart(query: number): void
  match(work: number, corpus: number, length: number): void
}

const SILENT: Listener = { hit() {}, restart() {}, match() {} }

const compiled = new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)))

/** Kernels with a memory of their own. */
export function openKernels(listener: Partial<Listener> = {}): Kernels {
  const heard = { ...SILENT, ...listener }
  return new WebAssembly.Instance(compiled, { search: heard, filter: heard }).exports as unknown as Kernels
}
