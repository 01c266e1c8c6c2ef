import { closeSync, openSync } from 'node:fs'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { LruMap } from '../foundation/index.ts'
import { openKernels } from './kernels.ts'
import { bytesOf, damaged, readAll, readSegment, wordsOf } from './segmentFile.ts'

/** Normalised bytes of text in one segment: places in it have 26 bits. */
export const SEGMENT_TEXT_BYTES_MAX = 1 << 26
/** Texts are compressed in blocks. A lookup that finds nothing has read one for it now and then, and waits for all of it. */
const BLOCK_BYTES = 1 << 15
/** What blocks had before segments said how large theirs are. */
const BLOCK_BYTES_UNSAID = 1 << 16
const BLOCKS_CACHED = 512
/**
 * Places are kept to so many bytes. The fewer bits a place has, the more of the hash stands beside it, and the fewer
 * blocks are read for nothing: that, not looking through the granule, is what a lookup costs.
 */
export const GRANULE_BYTES = 128
const PLACE_BITS = 19
const TAG_MASK = (1 << (32 - PLACE_BITS)) - 1

/** A text, or a part of one that is too long for a segment: `base` is where it begins in the row. */
export interface PassageText {
  row: number
  text: Uint8Array
  base?: number
}

/** Texts for one segment, one after the other with a byte between them, in memory that can be handed to a thread. */
export interface PassageBatch {
  rows: Uint32Array<ArrayBuffer>
  bases: Uint32Array<ArrayBuffer>
  ends: Uint32Array<ArrayBuffer>
  text: Uint8Array<ArrayBuffer>
}

/** Gathers texts for a segment. */
export function openPassageBatch() {
  let text = new Uint8Array(1 << 16)
  let length = 0
  const rows: number[] = []
  const bases: number[] = []
  const ends: number[] = []
  return {
    /** Whether another text of so many bytes has room. */
    hasRoom: (bytes: number) => length + bytes + 1 <= SEGMENT_TEXT_BYTES_MAX,
    isEmpty: () => rows.length === 0,
    add(row: PassageText) {
      const needed = length + row.text.length + 1
      if (needed > text.length) {
        const larger = new Uint8Array(Math.min(SEGMENT_TEXT_BYTES_MAX, Math.max(needed, text.length * 2)))
        larger.set(text.subarray(0, length))
        text = larger
      }
      text.set(row.text, length)
      length += row.text.length
      text[length] = BETWEEN
      rows.push(row.row)
      bases.push(row.base ?? 0)
      ends.push(length++)
    },
    take: (): PassageBatch => ({
      rows: Uint32Array.from(rows),
      bases: Uint32Array.from(bases),
      ends: Uint32Array.from(ends),
      text: text.subarray(0, length),
    }),
  }
}

/** Makes segments, one after the other, in memory that it keeps: fresh memory costs as much as what is done in it. */
export interface PassageSegmentMaker {
  /** The sections of a segment: codes in buckets, texts in compressed blocks, and which text belongs to which row. */
  make(batch: PassageBatch): Record<string, Uint8Array>
  /** The index itself: codes of all texts in buckets, and where each bucket starts. Both stand until the next is made. */
  postings(batch: PassageBatch): { starts: Uint8Array; entries: Uint8Array }
}

export function openPassageSegmentMaker(): PassageSegmentMaker {
  const kernels = openKernels()
  const start = kernels.allocate(0)
  const postings = (batch: PassageBatch, codesAByte: number): { starts: Uint8Array; entries: Uint8Array } => {
    kernels.keepOnly(start, 0)
    const texts = batch.rows.length
    const at = kernels.allocate(STRETCH_BYTES + OVERLAP_BYTES + 64)
    const endsAt = kernels.allocate((texts + 1) * 4)
    const most = Math.ceil(batch.text.length * codesAByte) + texts + 64
    const pairs = kernels.allocate(most * 8)
    const ends = new Uint32Array(kernels.memory.buffer, endsAt, texts + 1).fill(0xffff_ffff)
    ends.set(batch.ends)
    kernels.startPassages(endsAt, pairs, most)
    let count = 0
    for (let base = 0; base === 0 || base + OVERLAP_BYTES < batch.text.length; base += STRETCH_BYTES) {
      const stretch = batch.text.subarray(base, base + STRETCH_BYTES + OVERLAP_BYTES)
      new Uint8Array(kernels.memory.buffer).set(stretch, at)
      count = kernels.collectPassages(at, stretch.length, base) >>> 0
      // Only texts made for it have more codes than that; then there is room for one a byte.
      if (count === 0xffff_ffff) return postings(batch, 1)
    }
    const bits = Math.max(0, Math.min(17, Math.ceil(Math.log2(Math.max(1, count) / 32))))
    const starts = kernels.allocate((2 ** bits + 1) * 4)
    kernels.postPassages(bits, kernels.allocate(count * 8), starts)
    const { buffer } = kernels.memory
    return {
      starts: new Uint8Array(buffer, starts, (2 ** bits + 1) * 4),
      entries: new Uint8Array(buffer, pairs, count * 4),
    }
  }
  return {
    make: (batch) => ({
      ...postings(batch, 1 / 6),
      rows: bytesOf(batch.rows),
      bases: bytesOf(batch.bases),
      ends: bytesOf(batch.ends),
      ...compress(batch.text),
    }),
    postings: (batch) => postings(batch, 1 / 6),
  }
}

/** What the kernel takes at once: 256 of its pieces, and what the last of them shares with the next. */
const STRETCH_BYTES = 256 * 4047
const OVERLAP_BYTES = 49

/** What lies between two texts: a byte that normalised text never has. */
const BETWEEN = 0x0a

function compress(text: Uint8Array): Record<'blocks' | 'blockEnds' | 'blockBytes', Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }
  const blocks: Uint8Array[] = []
  for (let start = 0; start < text.length; start += BLOCK_BYTES)
    blocks.push(zstdCompressSync(text.subarray(start, start + BLOCK_BYTES), { params, chunkSize: 2 * BLOCK_BYTES }))
  let end = 0
  const ends = Uint32Array.from(blocks, (block) => (end += block.length))
  return { blocks: Buffer.concat(blocks), blockEnds: bytesOf(ends), blockBytes: bytesOf(Uint32Array.of(BLOCK_BYTES)) }
}

/** A segment that can be asked for codes and read. The texts stay on the disk. */
export interface PassageSegment {
  path: string
  starts: Uint32Array
  entries: Uint32Array
  rows: Uint32Array
  bases: Uint32Array
  ends: Uint32Array
  blockEnds: Uint32Array
  /** Bytes of text in a compressed block, and where the blocks begin in the file. */
  blockBytes: number
  blocksAt: number
  bits: number
  cache: LruMap<number, Uint8Array>
}

export function loadPassageSegment(path: string): PassageSegment {
  const segment = readSegment(path, ['blocks'])
  const word = (name: string) => wordsOf(segment, name, path)
  const starts = word('starts')
  const bits = Math.log2(starts.length - 1)
  const blocks = segment.unread.get('blocks')
  const [blockBytes] = segment.sections.has('blockBytes') ? word('blockBytes') : [BLOCK_BYTES_UNSAID]
  if (!Number.isInteger(bits) || !blocks || !blockBytes || starts.at(-1) !== word('entries').length)
    throw damaged(path, 'its sections do not fit each other')
  return {
    path,
    starts,
    bits,
    entries: word('entries'),
    rows: word('rows'),
    bases: word('bases'),
    ends: word('ends'),
    blockEnds: word('blockEnds'),
    blockBytes,
    blocksAt: blocks.offset,
    cache: new LruMap(BLOCKS_CACHED),
  }
}

/**
 * Where granules begin in which windows with this code may begin, each once, and how many windows that may be; `undefined`
 * where there are none, as in most segments.
 */
export function candidateGranules({ starts, entries, bits }: PassageSegment, high: number, low: number) {
  const bucket = bits === 0 ? 0 : high >>> (32 - bits)
  const tag = low & TAG_MASK
  const end = starts[bucket + 1]!
  let first = starts[bucket]!
  while (first < end && entries[first]! >>> PLACE_BITS !== tag) first++
  if (first === end) return undefined
  const granules: number[] = []
  let [last, windows] = [-1, 0]
  // Within a bucket entries lie in the order of the text.
  for (let i = first; i < end; i++) {
    if (entries[i]! >>> PLACE_BITS !== tag) continue
    const place = (entries[i]! & ((1 << PLACE_BITS) - 1)) * GRANULE_BYTES
    if (place !== last) granules.push((last = place))
    windows++
  }
  return { granules, windows }
}

/** The text from `start` to `end` (bytes of the segment's texts), read and decompressed where it is needed. Not to be changed. */
export function readText(segment: PassageSegment, start: number, end: number): Uint8Array {
  const { blockBytes } = segment
  const total = (segment.ends.at(-1) ?? -1) + 1
  const from = Math.max(0, start)
  const to = Math.min(total, end)
  const first = Math.floor(from / blockBytes)
  if (from < to && to <= (first + 1) * blockBytes)
    return readBlock(segment, first).subarray(from - first * blockBytes, to - first * blockBytes)
  const text = new Uint8Array(Math.max(0, to - from))
  for (let at = from; at < to;) {
    const block = Math.floor(at / blockBytes)
    const bytes = readBlock(segment, block).subarray(at - block * blockBytes, to - block * blockBytes)
    text.set(bytes, at - from)
    at += bytes.length
  }
  return text
}

/** The text to which a place belongs, by its number, with where it begins and ends. */
export function textAt({ ends }: PassageSegment, place: number): { text: number; start: number; end: number } {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! <= place) low = middle + 1
    else high = middle
  }
  return { text: low, start: low === 0 ? 0 : ends[low - 1]! + 1, end: ends[low]! }
}

function readBlock(segment: PassageSegment, block: number): Uint8Array {
  let bytes = segment.cache.get(block)
  if (bytes) return bytes
  const start = block === 0 ? 0 : segment.blockEnds[block - 1]!
  const file = openSync(segment.path, 'r')
  try {
    bytes = zstdDecompressSync(readAll(file, segment.blocksAt + start, segment.blockEnds[block]! - start), {
      maxOutputLength: segment.blockBytes,
      chunkSize: segment.blockBytes,
    })
  } catch {
    throw damaged(segment.path, `its texts cannot be read at block ${block}`)
  } finally {
    closeSync(file)
  }
  segment.cache.set(block, bytes)
  return bytes
}
