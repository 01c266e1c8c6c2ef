import { ColophonError } from '../../src/foundation/index.ts'

/** What usearch does with the same codes and queries: an approximate graph, so some answers are missing. */
export interface UsearchPeer {
  addsPerSecond: number
  queriesPerSecond: number
  /** The share of queries whose nearest code was found. */
  recall: number
}

const BITS = 256

/**
 * Adds all codes and asks for the nearest of each query. `expected` is the place of each query's nearest code, or −1.
 * Its JavaScript binding takes packed bits for something else; bits as ±1, which it packs itself, are taken rightly.
 */
export async function askUsearch(
  codes: Uint8Array,
  queries: Uint8Array,
  expected: readonly number[],
): Promise<UsearchPeer> {
  const { Index, MetricKind, ScalarKind } = (await import('usearch')).default
  const index = new Index({
    dimensions: BITS,
    metric: MetricKind.Hamming,
    quantization: ScalarKind.B1,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 64,
    multi: false,
  })
  const count = codes.length / 32
  let start = performance.now()
  for (let place = 0; place < count; place++) index.add(BigInt(place), bitsOf(codes, place), 1)
  const addSeconds = (performance.now() - start) / 1000
  if (index.size() !== count) throw new ColophonError('internal', 'usearch holds another number of codes')
  const vectors = expected.map((_, query) => bitsOf(queries, query))
  start = performance.now()
  const found = vectors.map((vector) => Number(index.search(vector, 1, 1).keys[0]))
  const seconds = (performance.now() - start) / 1000
  const wanted = expected.filter((place) => place >= 0).length
  return {
    addsPerSecond: count / addSeconds,
    queriesPerSecond: expected.length / seconds,
    recall: expected.filter((place, query) => place >= 0 && found[query] === place).length / wanted,
  }
}

function bitsOf(codes: Uint8Array, place: number): Float32Array {
  return Float32Array.from({ length: BITS }, (_, bit) =>
    (codes[place * 32 + (bit >> 3)]! >> (7 - (bit & 7))) & 1 ? 1 : -1,
  )
}
