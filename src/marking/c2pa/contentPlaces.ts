/** Bytes that are compared at each place. */
const SAMPLE_BYTES = 32
const PLACES_MAX = 100_000
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'meta'])

/**
 * True when the tables of an MP4, MOV, M4A or AVIF lead to the same bytes as before. A manifest moves what follows it,
 * and every place must move along; where a library forgets one, the file verifies and no longer plays.
 */
export function contentStays(before: Uint8Array, after: Uint8Array): boolean {
  const were = placesOf(before)
  const are = placesOf(after)
  return were.length === are.length && were.every((place, i) => isSame(before, place, after, are[i]!))
}

function isSame(before: Uint8Array, was: number, after: Uint8Array, is: number): boolean {
  const left = Buffer.from(before.buffer, before.byteOffset, before.length).subarray(was, was + SAMPLE_BYTES)
  const right = Buffer.from(after.buffer, after.byteOffset, after.length).subarray(is, is + SAMPLE_BYTES)
  // The last content of a file may be shorter, and be followed by other boxes afterwards.
  return right.length >= left.length && left.equals(right.subarray(0, left.length))
}

/** Where the tables say that chunks of samples (`stco`, `co64`) and items (`iloc`) begin, as they stand in the file. */
function placesOf(bytes: Uint8Array): number[] {
  const places: number[] = []
  const walk = (start: number, end: number) => {
    for (const { type, from, to } of boxesOf(bytes, start, end)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + from, to - from)
      if (CONTAINERS.has(type)) walk(type === 'meta' && isFullBox(view) ? from + 4 : from, to)
      else if (type === 'stco' || type === 'co64') readChunks(view, type === 'stco' ? 4 : 8, places)
      else if (type === 'iloc') readItems(view, places)
    }
  }
  walk(0, bytes.length)
  return places
}

function* boxesOf(
  bytes: Uint8Array,
  start: number,
  end: number,
): Generator<{ type: string; from: number; to: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = start; at + 8 <= end;) {
    const short = view.getUint32(at)
    const isLong = short === 1 && at + 16 <= end
    const size = isLong ? Number(view.getBigUint64(at + 8)) : short || end - at
    const header = isLong ? 16 : 8
    if (size < header || at + size > end) return
    yield { type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), from: at + header, to: at + size }
    at += size
  }
}

/** QuickTime's own `meta` has no version before its boxes. */
function isFullBox(view: DataView): boolean {
  return view.byteLength >= 4 && view.getUint32(0) === 0
}

function readChunks(view: DataView, width: 4 | 8, places: number[]): void {
  const count = view.byteLength >= 8 ? Math.min(view.getUint32(4), (view.byteLength - 8) / width) : 0
  for (let i = 0; i + 1 <= count && places.length < PLACES_MAX; i++) places.push(readNumber(view, 8 + i * width, width))
}

/** ISO 14496-12 section 8.11.3. */
function readItems(view: DataView, places: number[]): void {
  if (view.byteLength < 8) return
  const version = view.getUint8(0)
  const [offsetBytes, lengthBytes] = [view.getUint8(4) >> 4, view.getUint8(4) & 15]
  const [baseBytes, indexBytes] = [view.getUint8(5) >> 4, version > 0 ? view.getUint8(5) & 15 : 0]
  const idBytes = version < 2 ? 2 : 4
  let at = 6
  const next = (width: number) => {
    const number = at + width <= view.byteLength ? readNumber(view, at, width) : 0
    at += width
    return number
  }
  for (let items = next(idBytes); items > 0 && at < view.byteLength; items--) {
    next(idBytes)
    const method = version > 0 ? next(2) & 15 : 0
    next(2)
    const base = next(baseBytes)
    for (let extents = next(2); extents > 0 && at < view.byteLength; extents--) {
      next(indexBytes)
      const offset = next(offsetBytes)
      next(lengthBytes)
      // Other items lie in a box of their own and not at a place in the file.
      if (method === 0 && places.length < PLACES_MAX) places.push(base + offset)
    }
  }
}

function readNumber(view: DataView, at: number, width: number): number {
  let number = 0
  for (let i = 0; i < width; i++) number = number * 256 + view.getUint8(at + i)
  return number
}
