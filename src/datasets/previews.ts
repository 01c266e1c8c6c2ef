import { closeSync, existsSync, openSync } from 'node:fs'
import { ColophonError, sha256 } from '../foundation/index.ts'
import {
  bytesOf,
  damaged,
  openSegmentSet,
  readAll,
  readSegment,
  wordsOf,
  type SegmentEntry,
  type SegmentSet,
} from '../similarity/index.ts'

/** What a row looks or sounds like, small: a WebP with its size in pixels, or loudness over time with its length. */
export interface Preview {
  kind: 'picture' | 'sound'
  /** Width and height in pixels; or seconds, and 0. */
  measures: readonly [number, number]
  bytes: Uint8Array
}

/** Small previews of rows on disk. */
export interface PreviewStore {
  /** One segment for each call, so give many at once. */
  add(rows: readonly { row: number; preview: Preview }[]): void
  /** The preview of a row, read alone. Errors: `dataset_invalid` for damaged segments. */
  read(row: number): Preview | undefined
  /** Everything that is held, a segment at a time. */
  contents(): Iterable<{ row: number; preview: Preview }[]>
  info(): { rows: number }
}

const KIND = 'previews-0'
const KINDS = ['picture', 'sound'] as const
const DIGEST_BYTES = 32

/** Opens previews; the folder is made with the first of them, so a data set without any has none. */
export function openPreviewStore(directory: string): PreviewStore {
  let set: SegmentSet | undefined
  const present = () => (set ??= existsSync(directory) ? openSegmentSet(directory) : undefined)
  const ranges = new Map<SegmentEntry, Range>()
  return {
    add(rows) {
      if (rows.length === 0) return
      set ??= openSegmentSet(directory)
      set.add(KIND, rows.length, encode([...rows].sort((a, b) => a.row - b.row)))
    },
    read(row) {
      const segments = present()
      for (const entry of segments?.list() ?? []) {
        const path = segments!.path(entry)
        let range = ranges.get(entry)
        if (!range) ranges.set(entry, (range = readRange(path)))
        const preview = row >= range.first && row <= range.last ? readPreview(path, row) : undefined
        if (preview) return preview
      }
      return undefined
    },
    *contents() {
      for (const entry of present()?.list() ?? []) yield readAllPreviews(present()!.path(entry))
    },
    info: () => ({
      rows:
        present()
          ?.list()
          .reduce((sum, { count }) => sum + count, 0) ?? 0,
    }),
  }
}

interface Range {
  first: number
  last: number
}

function encode(rows: readonly { row: number; preview: Preview }[]): Record<string, Uint8Array> {
  const ends = new Uint32Array(rows.length)
  rows.forEach(({ preview }, i) => (ends[i] = (ends[i - 1] ?? 0) + preview.bytes.length))
  return {
    rows: bytesOf(Uint32Array.from(rows, ({ row }) => row)),
    ends: bytesOf(ends),
    kinds: Uint8Array.from(rows, ({ preview }) => KINDS.indexOf(preview.kind)),
    measures: bytesOf(Float32Array.from(rows.flatMap(({ preview }) => preview.measures))),
    // The blobs are read one by one, so each has its own digest beside that of all of them.
    digests: new Uint8Array(Buffer.concat(rows.map(({ preview }) => sha256(preview.bytes)))),
    blobs: new Uint8Array(Buffer.concat(rows.map(({ preview }) => preview.bytes))),
  }
}

const AFTER_ROWS = ['ends', 'kinds', 'measures', 'digests', 'blobs']

/** From which row to which a segment may hold previews: all that is kept of it in memory. */
function readRange(path: string): Range {
  const rows = wordsOf(readSegment(path, AFTER_ROWS), 'rows', path)
  return { first: rows[0] ?? Infinity, last: rows.at(-1) ?? -1 }
}

function readAllPreviews(path: string): { row: number; preview: Preview }[] {
  const rows = wordsOf(readSegment(path, AFTER_ROWS), 'rows', path)
  return Array.from(rows, (row) => ({ row, preview: readPreview(path, row)! }))
}

function readPreview(path: string, row: number): Preview | undefined {
  const segment = readSegment(path, ['blobs'])
  const at = wordsOf(segment, 'rows', path).indexOf(row)
  if (at < 0) return undefined
  const ends = wordsOf(segment, 'ends', path)
  const measures = new Float32Array(wordsOf(segment, 'measures', path).buffer)
  const kind = KINDS[segment.sections.get('kinds')?.[at] ?? -1]
  const blobs = segment.unread.get('blobs')
  const [start, end] = [ends[at - 1] ?? 0, ends[at] ?? 0]
  if (!kind || !blobs || end < start || end > blobs.byteLength || measures.length < at * 2 + 2)
    throw damaged(path, 'its sections do not fit each other')
  const bytes = readAt(path, blobs.offset + start, end - start)
  const digest = segment.sections.get('digests')?.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES)
  if (!digest || Buffer.compare(sha256(bytes), digest) !== 0) throw damaged(path, 'a preview is not what was written')
  return { kind, measures: [measures[at * 2]!, measures[at * 2 + 1]!], bytes }
}

function readAt(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    return readAll(file, offset, length)
  } finally {
    closeSync(file)
  }
}

/** What is said of a preview with a hit; a sound's loudness is small enough to come along. */
export type PreviewNote =
  { kind: 'picture'; width: number; height: number } | { kind: 'sound'; seconds: number; peaks: string }

/** The note for a row; null when there is none, or when it cannot be read: a hit stands without its preview. */
export function notePreview(previews: PreviewStore, row: number): PreviewNote | null {
  let preview: Preview | undefined
  try {
    preview = previews.read(row)
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
  }
  if (!preview) return null
  const [first, second] = preview.measures
  if (preview.kind === 'picture') return { kind: 'picture', width: first, height: second }
  return { kind: 'sound', seconds: first, peaks: Buffer.from(preview.bytes).toString('base64') }
}
