import { hostOf, type Adapter, type FurtherFinding, type FurtherQuestion } from './adapter.ts'
import { dumpBlocks } from './dumpBlocks.ts'

/**
 * A dump of hashes or addresses, as archives publish them (the contents of Software Heritage by `sha1_git` and `sha256`,
 * for one): plain text in any layout (CSV, TSV, JSON lines, one to a line), gzip or not. It is read through once, and
 * compared on this machine: of a work nothing leaves.
 */
export const hashDump: Adapter = {
  id: 'hash-dump',
  address: undefined,
  leaves: ['download'],
  bounds: {
    requestsMax: 1,
    bytesMax: 64 * 1024 ** 3,
    answerBytesMax: 64 * 1024 ** 3,
    secondsMax: 3600,
    answerSecondsMax: 3600,
    hitsMax: 200,
    pauseMs: 0,
  },
  lacks(question, address) {
    if ((question.dump ?? address) === undefined) return 'dump'
    return wantedOf(question).size === 0 ? 'hashes' : undefined
  },
  sends({ dump }, address) {
    const where = dump ?? address
    return where && isAddress(where) ? [{ to: hostOf(where), what: 'download', value: nameOf(where) }] : []
  },
  async *look(question, effects) {
    const where = question.dump ?? effects.address!
    const wanted = wantedOf(question)
    const name = nameOf(where)
    let isPartial = false
    try {
      for await (const { text, line } of dumpBlocks(effects.read(where), name)) {
        isPartial = true
        for (const { found, at } of findWanted(text, wanted)) yield hitOf(found, wanted, { text, at, line, name })
      }
    } catch (error) {
      // What was read before it broke off was looked through.
      if (isPartial) yield { kind: 'searched', where: name, isPartial }
      throw error
    }
    yield { kind: 'searched', where: name, isPartial: false }
  },
}

const isAddress = (where: string) => /^https?:/i.test(where)

/** What people are told of a dump: not the folders of this machine, and no key in an address. */
function nameOf(where: string): string {
  if (!isAddress(where) || !URL.canParse(where)) return hostOf(where)
  const { origin, pathname } = new URL(where)
  return origin + pathname
}

/** What is looked for, as it may be written, with the match it is. */
type Wanted = Map<string, { match: 'hash' | 'address'; asked: string }>

function wantedOf({ hashes, addresses }: FurtherQuestion): Wanted {
  const wanted: Wanted = new Map()
  for (const { algorithm, value } of hashes) wanted.set(value, { match: 'hash', asked: `${algorithm}:${value}` })
  for (const { value, scope } of addresses) {
    if (scope !== 'exact' || !URL.canParse(value)) continue
    const bare = [value, new URL(value).href].map((each) => each.replace(/^https?:\/\//i, '').replace(/\/$/, ''))
    for (const each of bare) wanted.set(each, { match: 'address', asked: value })
  }
  return wanted
}

const HASHES = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-z])/gi
/** JSON may write a slash as `\/`. */
const ADDRESSES = /https?:\\?\/\\?\/[^\s"'<>|]{1,2000}/gi

function* findWanted(text: string, wanted: Wanted): Generator<{ found: string; at: number }> {
  const matches = new Set([...wanted.values()].map(({ match }) => match))
  if (matches.has('hash'))
    for (const { 0: hash, index } of text.matchAll(HASHES))
      if (wanted.has(hash.toLowerCase())) yield { found: hash.toLowerCase(), at: index }
  if (!matches.has('address')) return
  for (const { 0: written, index } of text.matchAll(ADDRESSES)) {
    const found = candidatesOf(written).find((each) => wanted.has(each))
    if (found !== undefined) yield { found, at: index }
  }
}

/** An address may hold the comma or semicolon that ends it in a table: each end is tried, the longest first. */
function candidatesOf(written: string): string[] {
  const bare = written.replaceAll('\\/', '/').replace(/^https?:\/\//i, '')
  const ends = [bare.length, ...[...bare.matchAll(/[,;]/g)].map(({ index }) => index).toReversed()].slice(0, 20)
  return ends.map((end) => bare.slice(0, end).replace(/\/$/, ''))
}

const EXCERPT_BEFORE = 80
const EXCERPT_CHARACTERS = 240

function hitOf(
  found: string,
  wanted: Wanted,
  { text, at, line, name }: { text: string; at: number; line: number; name: string },
): FurtherFinding {
  const before = text.slice(0, at)
  const start = Math.max(before.lastIndexOf('\n') + 1, at - EXCERPT_BEFORE)
  const end = text.indexOf('\n', at)
  const lines = line + before.split('\n').length - 1
  const excerpt = text.slice(start, Math.min(end < 0 ? text.length : end, start + EXCERPT_CHARACTERS))
  return { kind: 'hit', ...wanted.get(found)!, where: name, place: `line ${lines}`, excerpt }
}
