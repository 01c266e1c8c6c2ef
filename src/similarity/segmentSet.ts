import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { asColophonError, writeFileDurably, type ColophonError } from '../foundation/index.ts'
import { damaged, readSegment, writeSegment } from './segmentFile.ts'

/** Segments of one index, in a folder with a list that is replaced in one step: a crash leaves the last complete state. */
export interface SegmentSet {
  list(): readonly SegmentEntry[]
  path(entry: SegmentEntry): string
  /** Writes a segment and puts it on the list in place of those it takes over. */
  add(
    kind: string,
    count: number,
    sections: Record<string, Uint8Array>,
    instead?: readonly SegmentEntry[],
  ): SegmentEntry
  /** A path for a segment that is written elsewhere, by a thread; it is kept until it is released. */
  reserve(): string
  /** Puts a segment that was written to a reserved path on the list, in place of those it takes over. */
  publish(path: string, kind: string, count: number, instead?: readonly SegmentEntry[]): SegmentEntry
  release(path: string): void
}

export interface SegmentEntry {
  file: string
  kind: string
  /** Codes, rows or whatever the segment counts. */
  count: number
}

interface List {
  version: 1
  next: number
  segments: SegmentEntry[]
}

/** Opens a folder of segments, made when it is not there. One process at a time may write. */
export function openSegmentSet(directory: string): SegmentSet {
  const listPath = join(directory, 'segments.json')
  let list: List = { version: 1, next: 1, segments: [] }
  if (!existsSync(directory)) {
    mkdirSync(directory, { recursive: true })
    // There is a list from the beginning: segments without one have lost theirs.
    writeFileDurably(listPath, JSON.stringify(list, null, 1))
  }
  let readAtMs = -1
  // Another process may have added or merged: the list is read again when its file is another.
  const current = (): List => {
    const changedAtMs = statSync(listPath, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (changedAtMs !== readAtMs) {
      const read = readList(listPath)
      // Entries that are known stay the same objects, so that what was loaded for them stays theirs.
      const known = new Map(list.segments.map((entry) => [entry.file, entry]))
      list = { ...read, segments: read.segments.map((entry) => known.get(entry.file) ?? entry) }
      readAtMs = changedAtMs
    }
    return list
  }
  current()
  const reserved = new Set<string>()
  // Names that were reserved are not used again, even when they never come onto the list.
  let nextReserved = 0
  const set: SegmentSet = {
    list: () => current().segments,
    path: ({ file }) => join(directory, file),
    add(kind, count, sections, instead = []) {
      const path = set.reserve()
      try {
        writeSegment(path, kind, sections)
        return set.publish(path, kind, count, instead)
      } finally {
        set.release(path)
      }
    },
    reserve() {
      const number = Math.max(current().next, nextReserved)
      nextReserved = number + 1
      const file = `${String(number).padStart(6, '0')}.segment`
      reserved.add(file)
      return join(directory, file)
    },
    publish(path, kind, count, instead = []) {
      const entry = { file: basename(path), kind, count }
      const { next, segments } = current()
      const kept = segments.filter((segment) => !instead.includes(segment))
      list = { version: 1, next: Math.max(next, nextReserved), segments: [...kept, entry] }
      writeFileDurably(listPath, JSON.stringify(list, null, 1))
      readAtMs = statSync(listPath).mtimeMs
      removeUnlisted(directory, new Set([...list.segments.map(({ file }) => file), ...reserved]))
      return entry
    },
    release(path) {
      reserved.delete(basename(path))
    },
  }
  return set
}

/** The segments of a set, each loaded when it is asked for the first time, and let go when it is on the list no more. */
export function loadSegments<Loaded>(set: SegmentSet, load: (path: string) => Loaded): () => Loaded[] {
  const loaded = new Map<SegmentEntry, Loaded>()
  return () => {
    const entries = set.list()
    for (const entry of loaded.keys()) if (!entries.includes(entry)) loaded.delete(entry)
    return entries.map((entry) => {
      let segment = loaded.get(entry)
      if (segment === undefined) loaded.set(entry, (segment = load(set.path(entry))))
      return segment
    })
  }
}

/** What is wrong with a folder of segments: every file that cannot be read, is cut off, or is not what was written. */
export function findDamage(directory: string): ColophonError[] {
  const damage: ColophonError[] = []
  const attempt = (read: () => void) => {
    try {
      read()
    } catch (error) {
      damage.push(asColophonError(error))
    }
  }
  const listPath = join(directory, 'segments.json')
  let segments: readonly SegmentEntry[] = []
  attempt(() => ({ segments } = readList(listPath)))
  for (const { file } of segments) {
    const path = join(directory, file)
    attempt(() => readSegment(path))
  }
  return damage
}

function readList(path: string): List {
  if (!existsSync(path)) {
    const folder = dirname(path)
    if (existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.segment')))
      throw damaged(path, 'the list of segments is not there')
    return { version: 1, next: 1, segments: [] }
  }
  try {
    const list = JSON.parse(readFileSync(path, 'utf8')) as List
    if (list.version !== 1 || !Array.isArray(list.segments)) throw new Error('another version')
    return list
  } catch {
    throw damaged(path, 'the list of segments cannot be read')
  }
}

/** What a crash or a merge has left behind. */
function removeUnlisted(directory: string, kept: ReadonlySet<string>): void {
  for (const file of readdirSync(directory)) {
    const [, name] = /^(\d+\.segment)(?:\.\d+\.tmp)?$/.exec(file) ?? []
    if (name && !kept.has(name)) rmSync(join(directory, file))
  }
}
