import { NONE_HIDDEN, type HiddenRows } from './hiddenRows.ts'
import { placeOf } from './places.ts'
import { bytesOf, damaged, readSegment, wordsOf } from './segmentFile.ts'
import { loadSegments, openSegmentSet } from './segmentSet.ts'

/** A stretch that a sound and a row share, in items (about eight a second) of each. */
export interface AudioHit {
  row: number
  queryStart: number
  rowStart: number
  length: number
  /** Share of bits that differ in the stretch: under a tenth for a copy, about a third for strangers. */
  bitErrorRate: number
}

/** Chromaprint items of many rows on disk. */
export interface AudioIndex {
  add(rows: readonly { row: number; items: Uint32Array }[]): void
  /** Stretches of at least five seconds, the longest of each row, longest first. */
  search(items: Uint32Array, isHidden?: HiddenRows): AudioHit[]
  contents(): Iterable<{ row: number; items: Uint32Array }[]>
  info(): { rows: number; segments: number }
}

/** Items that agree in one offset before it is looked at; items of a stretch; and what may differ within it. */
export const VOTES_MIN = 4
const STRETCH_ITEMS_MIN = 40
const BIT_ERROR_RATE_MAX = 0.25
/** Errors are averaged over so many items (three seconds) to see where a stretch begins and ends. */
const AVERAGED_ITEMS = 24
/** Items of a stretch that differ from the one before. */
const TELLING_ITEMS_MIN = 30
/** An item that stands in more places is silence, or a held note: it tells nothing. */
export const PLACES_PER_ITEM_MAX = 2000
export const OFFSETS_TRIED = 50
const BUCKET_BITS = 16

const KIND = 'audio-0'

/** Opens or makes an index of sounds. Errors: `dataset_invalid` for damaged segments, when searched. */
export function openAudioIndex(directory: string): AudioIndex {
  const set = openSegmentSet(directory)
  const segments = loadSegments(set, load)
  return {
    add(rows) {
      if (rows.length > 0) set.add(KIND, rows.length, encode(rows))
    },
    search: (items, isHidden = NONE_HIDDEN) =>
      segments()
        .flatMap((segment) => searchSegment(segment, items, isHidden))
        .sort((a, b) => b.length - a.length || a.row - b.row),
    *contents() {
      for (const { rows, starts, items } of segments())
        yield Array.from(rows, (row, i) => ({ row, items: items.subarray(starts[i], starts[i + 1]) }))
    },
    info: () => ({ rows: set.list().reduce((sum, { count }) => sum + count, 0), segments: set.list().length }),
  }
}

interface LoadedSounds {
  rows: Uint32Array
  /** Where each row's items begin among all, and, last, where they end. */
  starts: Uint32Array
  items: Uint32Array
  /** Places of all items, sorted by item, and where each bucket of items with the same first bits begins. */
  places: Uint32Array
  buckets: Uint32Array
}

function encode(rows: readonly { row: number; items: Uint32Array }[]): Record<string, Uint8Array> {
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach(({ items }, i) => (starts[i + 1] = starts[i]! + items.length))
  const items = new Uint32Array(starts.at(-1)!)
  rows.forEach((row, i) => items.set(row.items, starts[i]))
  const places = Uint32Array.from(items, (_, i) => i).sort((a, b) => items[a]! - items[b]! || a - b)
  const buckets = new Uint32Array((1 << BUCKET_BITS) + 1)
  for (const item of items) buckets[(item >>> (32 - BUCKET_BITS)) + 1]!++
  for (let i = 1; i < buckets.length; i++) buckets[i]! += buckets[i - 1]!
  return {
    rows: bytesOf(Uint32Array.from(rows, ({ row }) => row)),
    starts: bytesOf(starts),
    items: bytesOf(items),
    places: bytesOf(places),
    buckets: bytesOf(buckets),
  }
}

function load(path: string): LoadedSounds {
  const segment = readSegment(path)
  const words = (name: string) => wordsOf(segment, name, path)
  const sounds = {
    rows: words('rows'),
    starts: words('starts'),
    items: words('items'),
    places: words('places'),
    buckets: words('buckets'),
  }
  if (sounds.items.length !== sounds.starts.at(-1) || sounds.places.length !== sounds.items.length)
    throw damaged(path, 'its sections do not fit each other')
  return sounds
}

function searchSegment(sounds: LoadedSounds, query: Uint32Array, isHidden: HiddenRows): AudioHit[] {
  const { rows, starts, items } = sounds
  const voted = votedOffsets(sounds, query, isHidden).map(({ track, offset }) => ({
    row: rows[track]!,
    offset,
    items: items.subarray(starts[track], starts[track + 1]),
  }))
  return longestStretches(query, voted)
}

/** Of each row the longest stretch, in no order: at offsets on which many items of the row (`items`) agree. */
export function longestStretches(
  query: Uint32Array,
  voted: Iterable<{ row: number; offset: number; items: Uint32Array }>,
): AudioHit[] {
  const longest = new Map<number, AudioHit>()
  for (const { row, offset, items } of voted) {
    const stretch = stretchAt(query, items, offset)
    if (stretch && stretch.length > (longest.get(row)?.length ?? 0)) longest.set(row, { row, ...stretch })
  }
  return [...longest.values()]
}

/** Rows and offsets on which many items agree, items that differ in one bit included. */
function votedOffsets(
  sounds: LoadedSounds,
  query: Uint32Array,
  isHidden: HiddenRows,
): { track: number; offset: number }[] {
  const votes = new Map<string, number>()
  for (let at = 0; at < query.length; at++) {
    for (let flip = -1; flip < 32; flip++) {
      const item = flip < 0 ? query[at]! : (query[at]! ^ (1 << flip)) >>> 0
      const [first, last] = rangeOf(sounds, item)
      if (last - first > PLACES_PER_ITEM_MAX) continue
      for (let i = first; i < last; i++) {
        const place = sounds.places[i]!
        const track = placeOf(sounds.starts, place, sounds.starts.length - 1)
        if (isHidden(sounds.rows[track]!)) continue
        const key = `${track} ${place - sounds.starts[track]! - at}`
        votes.set(key, (votes.get(key) ?? 0) + 1)
      }
    }
  }
  return [...votes]
    .filter(([, count]) => count >= VOTES_MIN)
    .sort((a, b) => b[1] - a[1])
    .slice(0, OFFSETS_TRIED)
    .map(([key]) => {
      const [track, offset] = key.split(' ').map(Number)
      return { track: track!, offset: offset! }
    })
}

function rangeOf({ buckets, places, items }: LoadedSounds, item: number): [number, number] {
  const bucket = item >>> (32 - BUCKET_BITS)
  const bound = (isAfter: boolean) => {
    let low = buckets[bucket]!
    let high = buckets[bucket + 1]!
    while (low < high) {
      const middle = (low + high) >>> 1
      const here = items[places[middle]!]!
      if (here < item || (isAfter && here === item)) low = middle + 1
      else high = middle
    }
    return low
  }
  return [bound(false), bound(true)]
}

/**
 * The longest stretch of five seconds or more in which, averaged over three, few enough bits differ, when item `i` of the
 * sound that is looked for is laid over item `i + offset` of another. Undefined where there is none.
 */
function stretchAt(query: Uint32Array, items: Uint32Array, offset: number): Omit<AudioHit, 'row'> | undefined {
  const from = Math.max(0, -offset)
  const to = Math.min(query.length, items.length - offset)
  if (to - from < STRETCH_ITEMS_MIN) return undefined
  const errors = new Float64Array(to - from + 1)
  for (let i = from; i < to; i++) errors[i - from + 1] = errors[i - from]! + popcount(query[i]! ^ items[i + offset]!)
  const rate = (first: number, last: number) => (errors[last]! - errors[first]!) / ((last - first) * 32)
  let best: { first: number; last: number } | undefined
  let first = -1
  for (let at = 0; at + AVERAGED_ITEMS <= to - from + 1; at++) {
    const isAlike = at + AVERAGED_ITEMS <= to - from && rate(at, at + AVERAGED_ITEMS) <= BIT_ERROR_RATE_MAX
    if (isAlike && first < 0) first = at
    if (isAlike || first < 0) continue
    const found = withoutStillness(query, from + first, from + at - 1 + AVERAGED_ITEMS)
    if (found && (!best || found.last - found.first > best.last - best.first))
      best = { first: found.first - from, last: found.last - from }
    first = -1
  }
  if (!best || best.last - best.first < STRETCH_ITEMS_MIN) return undefined
  return {
    queryStart: from + best.first,
    rowStart: from + best.first + offset,
    length: best.last - best.first,
    bitErrorRate: rate(best.first, best.last),
  }
}

/**
 * A stretch without what stands still at its ends; undefined where little else is left. Silence, hum and a held note give
 * one item over and over, and all of them are alike; of music nine items in ten differ from the one before.
 */
function withoutStillness(query: Uint32Array, begin: number, end: number): { first: number; last: number } | undefined {
  let [first, last, telling] = [begin, end, 0]
  while (first + 1 < last && query[first] === query[first + 1]) first++
  while (last - 2 > first && query[last - 1] === query[last - 2]) last--
  for (let i = first + 1; i < last; i++) if (query[i] !== query[i - 1]) telling++
  return telling < TELLING_ITEMS_MIN ? undefined : { first, last }
}

function popcount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
