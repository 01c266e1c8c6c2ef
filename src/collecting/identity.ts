import { canonicalJson, sha256Hex } from '../foundation/index.ts'
import type { WorkFields } from '../register/index.ts'
import type { SourceRecord } from './record.ts'

/** Numbers that only one work has. An ISBN belongs to a book, which may hold several; an ISSN to a series. */
const OF_ONE_WORK = new Set(['isrc', 'iswc', 'isan', 'doi', 'iscc'])

export interface Identity {
  /** What the state remembers the record by, from run to run. */
  key: string
  /** Two records that share one of these are the same work. */
  marks: string[]
}

/**
 * What a record is known by. A number of a standard and a file's hash tell works apart wherever they stand; without
 * those and without an id of the source's own, an address with its title does, and at last everything that is said.
 * Two sheets “Untitled” with inventory numbers of their own are two works, and without anything else they are one.
 */
export function identityOf(record: SourceRecord, work: WorkFields): Identity {
  const marks: string[] = []
  const title = work.title.toLowerCase()
  for (const { scheme, value } of work.identifiers ?? []) {
    if (OF_ONE_WORK.has(scheme)) marks.push(`${scheme}:${value}`)
    else if (scheme === 'isbn') marks.push(`isbn:${value} ${record.title === undefined ? '' : title}`)
  }
  if (work.fingerprints?.sha256) marks.push(`sha256:${work.fingerprints.sha256}`)
  if (record.id !== undefined) {
    const key = `id:${record.id.slice(0, 500)}`
    return { key, marks: [key, ...marks] }
  }
  const [url] = work.urls ?? []
  if (url) marks.push(`url:${url} ${title}`)
  if (marks.length === 0) marks.push(`same:${sha256Hex(Buffer.from(canonicalJson(work)))}`)
  return { key: shortKey(marks[0]!), marks: marks.map(shortKey) }
}

/** Keys are kept in memory by the million, so long ones are hashed. */
function shortKey(mark: string): string {
  return mark.length <= 80 ? mark : `${mark.slice(0, mark.indexOf(':'))}:${sha256Hex(Buffer.from(mark)).slice(0, 40)}`
}

/**
 * One work out of two records of it: what the first one says, and from the other what the first does not say. Answers
 * whether anything was added.
 */
export function mergeWork(into: WorkFields, from: WorkFields): boolean {
  const before = canonicalJson(into)
  const identifiers = new Map(
    [...(into.identifiers ?? []), ...(from.identifiers ?? [])].map((each) => [`${each.scheme} ${each.value}`, each]),
  )
  const urls = new Set([...(into.urls ?? []), ...(from.urls ?? [])])
  if (identifiers.size > 0) into.identifiers = [...identifiers.values()].slice(0, 50)
  if (urls.size > 0) into.urls = [...urls].slice(0, 50)
  if (into.medium === 'other') into.medium = from.medium
  into.language ??= from.language
  into.creators ??= from.creators
  into.fingerprints ??= from.fingerprints
  return canonicalJson(into) !== before
}
