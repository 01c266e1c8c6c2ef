import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FaissPeer {
  version: string
  perSecond: number
  recall: number
}

/** The same codes and queries in faiss, when Debian's package is there. */
export function askFaiss(codes: Uint8Array, queries: Uint8Array, radius: number): FaissPeer | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  try {
    writeFileSync(join(directory, 'codes'), codes)
    writeFileSync(join(directory, 'queries'), queries)
    const script = `
import sys, time, json, numpy, faiss
faiss.omp_set_num_threads(1)
codes = numpy.fromfile(sys.argv[1] + '/codes', dtype='uint8').reshape(-1, 32)
queries = numpy.fromfile(sys.argv[1] + '/queries', dtype='uint8').reshape(-1, 32)
flat = faiss.IndexBinaryFlat(256); flat.add(codes)
exact = flat.range_search(queries[:64], ${radius} + 1)
multi = faiss.IndexBinaryMultiHash(256, 11, 23); multi.nflip = 2; multi.add(codes)
start = time.perf_counter(); found = multi.range_search(queries, ${radius} + 1); seconds = time.perf_counter() - start
recall = min(1.0, int(found[0][64]) / max(1, int(exact[0][64])))
print(json.dumps({'version': faiss.__version__, 'perSecond': len(queries) / seconds, 'recall': recall}))
`
    const run = spawnSync('/usr/bin/python3', ['-c', script, directory], { encoding: 'utf8' })
    if (run.status !== 0) {
      console.error('faiss is not installed (Debian: python3-faiss); our index is compared with a scan instead.')
      return undefined
    }
    return JSON.parse(run.stdout) as FaissPeer
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
