import { randomFillSync } from 'node:crypto'
import { fromHex, isoTime } from '../foundation/index.ts'
import { decideTerms, type Action, type UseRequest } from '../rights/index.ts'
import { UNRANKED, openParallelIndex, type ParallelIndex } from '../similarity/index.ts'
import { openHostLookup, prefixesOf, readAddress, type Address } from './addresses.ts'
import { openKeyTable, readHexKey, textKey, type KeyTable } from './keyTable.ts'
import type { SnapshotPolicy, SnapshotWork } from './snapshotLines.ts'
import { openWorkList, type WorkList } from './workList.ts'

/** What is to be done with the rows. */
export interface GateUse extends Omit<UseRequest, 'work' | 'action'> {
  action: Action
}

/** What a register says of a use of a work. */
export interface Ruling {
  decision: 'allow' | 'deny' | 'unset'
  /** The statement that decides it. */
  statement: string | undefined
  /** Nobody may reserve what is in the public domain. */
  isFree: boolean
}

/** Why a row is about a work, a site or a party, from the surest to the least sure. */
export const matchKinds = ['file', 'iscc', 'picture', 'text', 'url', 'urlPrefix', 'domain', 'party'] as const
export type MatchKind = (typeof matchKinds)[number]

/** Something that the register says of a row. */
export interface GateMatch {
  kind: MatchKind
  /** A work by its id, a domain, or a party. */
  target: string
  /** Who declared the work, or says it of the domain. */
  party: string
  ruling: Ruling
  /** Bits that differ, of 256. */
  distance?: number
}

/** A register snapshot in memory, asked row by row. */
export interface GateIndex {
  counts: { works: number; sites: number; parties: number; policies: number; worksWithoutKeys: number }
  byFile(sha256: string): GateMatch[]
  byIscc(unit: string, digits: string): GateMatch[]
  /** Of all pictures of a batch (64 hexadecimal digits each) at once, within a distance. */
  byPicture(codes: readonly string[], distance: number): Promise<GateMatch[][]>
  byText(codes: readonly string[], distance: number): Promise<GateMatch[][]>
  byAddress(address: Address): GateMatch[]
  byParty(party: string): GateMatch[]
  /** Whether anything is said of a host: of it or a domain above it, or of a folder on it. */
  saysOfHost(host: string): boolean
  /** Whether there is any host of which something is said. */
  saysOfAnyHost: boolean
  /** Ends the threads that near codes are looked up in. */
  close(): Promise<void>
}

/** Who follows while an index is built. */
export interface IndexListener {
  /** Keys of files and addresses as they are met, as texts. */
  url?(text: string): void
  sha256?(text: string): void
  /**
   * What a line comes to: it, without what stands from one place up to another, and with what is ruled. What is answered
   * with false is left out.
   */
  takes?(line: string, start: number, end: number, ruled: string): boolean
}

/**
 * Builds it from the lines of a snapshot; each policy is decided once, for one use at one moment. Works of which the
 * register says nothing about this use are left out.
 */
export async function openGateIndex(
  lines: AsyncIterable<readonly string[]>,
  use: GateUse,
  listener?: IndexListener,
): Promise<GateIndex> {
  const seed = randomFillSync(new Uint32Array(4))
  const key = new Uint32Array(4)
  const rulings = new Map<string, Ruling>()
  const works = openWorkList()
  const keys: Record<string, KeyTable> = {}
  const near = { pdq: openCodes(works), 'iscc-text-v0': openCodes(works) }
  const sites = new Map<string, GateMatch[]>()
  const waiting: [string, string][] = []
  const folderHosts = new Set<string>()
  const counts = { works: 0, sites: 0, parties: 0, policies: 0, worksWithoutKeys: 0 }
  const addKey = (table: string, value: number) => (keys[table] ??= openKeyTable()).add(key, value)
  const words = new Map<Ruling, string>()
  /** Policies are named by their hash; what counts is what they come to. */
  const takes = (line: string, start: number, end: number, ruling: Ruling) => {
    if (!listener?.takes) return true
    let ruled = words.get(ruling)
    if (ruled === undefined) words.set(ruling, (ruled = JSON.stringify(ruling)))
    return listener.takes(line, start, end, ruled)
  }

  const read = (line: string): void => {
    const [kind, first, second, third] = line.split(' ', 4) as [string, string, string, string]
    if (kind === 'party') waiting.push([first, second])
    if (kind === 'policy') {
      counts.policies++
      rulings.set(first, rulingOf(JSON.parse(line.slice(kind.length + first.length + 2)) as SnapshotPolicy, use))
    }
    const policyAt = kind.length + first.length + (second ?? '').length + 3
    if (kind === 'site') {
      counts.sites++
      const ruling = rulings.get(third)!
      if (!takes(line, policyAt, line.length, ruling)) return
      const match = { kind: 'domain' as const, target: first, party: second, ruling }
      sites.set(first, [...(sites.get(first) ?? []), match])
    }
    if (kind !== 'work') return
    counts.works++
    const ruling = rulings.get(third)!
    const jsonAt = policyAt + third.length + 1
    if (!takes(line, policyAt, jsonAt, ruling)) return
    const { codes, urls } = JSON.parse(line.slice(jsonAt)) as SnapshotWork
    let hasCodes = false
    const isSilent = ruling.decision === 'unset' && !ruling.isFree
    let place: number | undefined
    const placeOf = () => (place ??= works.add(first, second, ruling))
    for (const name in codes) {
      hasCodes = true
      if (isSilent) break
      const code = codes[name]!
      if (name === 'pdq' || name === 'iscc-text-v0') near[name].add(code, placeOf())
      else if (readHexKey(code, key)) addKey(name, placeOf())
      if (name === 'sha256') listener?.sha256?.(code)
    }
    if (!hasCodes && urls.length === 0) counts.worksWithoutKeys++
    if (isSilent) return
    for (const url of urls) {
      const address = readAddress(url)
      if (!address) continue
      textKey(address.key, seed, key)
      addKey('url', placeOf())
      listener?.url?.(address.key)
      // Whoever declares a folder declares what lies in it.
      if (!address.key.endsWith('/')) continue
      addKey('urlPrefix', placeOf())
      folderHosts.add(address.host)
    }
  }
  for await (const group of lines) for (const line of group) read(line)

  const parties = new Map<string, Ruling>()
  for (const [party, policy] of waiting) {
    const ruling = rulings.get(policy)!
    if (takes(`party ${party}`, `party ${party}`.length, `party ${party}`.length, ruling)) parties.set(party, ruling)
  }
  counts.parties = waiting.length
  const siteOf = openHostLookup(sites)
  const matchOf =
    (kind: MatchKind) =>
    (place: number): GateMatch => {
      return { kind, target: works.id(place), party: works.party(place), ruling: works.ruling(place) }
    }
  const byText = (table: string, text: string, kind: MatchKind) => {
    if (!keys[table]) return []
    textKey(text, seed, key)
    return keys[table].find(key).map(matchOf(kind))
  }
  const indexes: ParallelIndex[] = []
  const nearest = (codes: Codes, kind: MatchKind) => {
    let index: ParallelIndex | undefined
    return async (asked: readonly string[], distance: number): Promise<GateMatch[][]> => {
      if (codes.places.length === 0) return asked.map(() => [])
      if (index === undefined) indexes.push((index = openParallelIndex(codes.take(), codes.ranks())))
      const found = await index.search(fromHex(asked.join('')), distance)
      return found.map((hits) =>
        hits.flatMap(({ place, distance }) =>
          codes.places[place]!.map((each) => ({ ...matchOf(kind)(each), distance })),
        ),
      )
    }
  }
  return {
    counts,
    byFile: (sha256) => (readHexKey(sha256, key) && keys.sha256 ? keys.sha256.find(key).map(matchOf('file')) : []),
    byIscc: (unit, digits) => (readHexKey(digits, key) && keys[unit] ? keys[unit].find(key).map(matchOf('iscc')) : []),
    byPicture: nearest(near.pdq, 'picture'),
    byText: nearest(near['iscc-text-v0'], 'text'),
    byAddress({ host, key: address }) {
      const found = byText('url', address, 'url')
      if (keys.urlPrefix)
        for (const prefix of prefixesOf(address)) found.push(...byText('urlPrefix', prefix, 'urlPrefix'))
      const domains = siteOf(host)
      return domains.length === 0 ? found : [...found, ...domains]
    },
    saysOfAnyHost: folderHosts.size > 0 || sites.size > 0,
    saysOfHost: (host) => folderHosts.has(host) || siteOf(host).length > 0,
    async close() {
      await Promise.all(indexes.map((index) => index.close()))
    },
    byParty(party) {
      const ruling = parties.get(party)
      return ruling ? [{ kind: 'party', target: party, party, ruling }] : []
    },
  }
}

/** What a policy says of a use. */
export function rulingOf(
  { terms, grants, parties, mustConsent, isPublicDomain }: SnapshotPolicy,
  use: GateUse,
): Ruling {
  const { licensee } = use
  const granted = licensee === undefined ? [] : grants.filter((grant) => grant.licensee === licensee)
  const authority = { parties: new Set(parties), mustConsent, isPublicDomain }
  const { decision, reasons } = decideTerms(terms, granted, authority, { ...use, work: '' })
  const deciding = reasons.find((reason) => reason.decision === decision)
  // What has to be done first is no yes yet; what is owed afterwards is told with it.
  return { decision, statement: deciding?.id, isFree: isPublicDomain && decision !== 'deny' }
}

type Codes = ReturnType<typeof openCodes>

/**
 * Codes of 256 bits, each once, with the works that have it. Of works of one code of which the same is ruled only the first
 * by name is kept: no other would be told of a row, however many there are.
 */
function openCodes(works: WorkList) {
  let bytes = Buffer.alloc(32 * 64)
  const table = openKeyTable()
  const key = new Uint32Array(4)
  const places: number[][] = []
  const put = (at: number, place: number) => {
    // They come in the order of their names.
    const ruling = works.ruling(place)
    if (!places[at]!.some((other) => isAlike(works.ruling(other), ruling))) places[at]!.push(place)
  }
  return {
    places,
    add(code: string, place: number): void {
      if (!/^[0-9a-f]{64}$/.test(code)) return
      const at = places.length
      if (at * 32 === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)])
      bytes.write(code, at * 32, 'hex')
      readHexKey(code, key)
      const known = table
        .find(key)
        .find((other) => bytes.compare(bytes, other * 32, other * 32 + 32, at * 32, at * 32 + 32) === 0)
      if (known !== undefined) return put(known, place)
      table.add(key, at)
      places.push([place])
    },
    take: () => bytes.subarray(0, places.length * 32),
    /** For each kind of ruling there is, the place of the work of each code that is ruled so: works come in the order of their names. */
    ranks(): Uint32Array[] {
      const kinds: { ruling: Ruling; ranks: Uint32Array }[] = []
      for (const [at, each] of places.entries())
        for (const place of each) {
          const ruling = works.ruling(place)
          let kind = kinds.find((known) => isAlike(known.ruling, ruling))
          if (!kind) kinds.push((kind = { ruling, ranks: new Uint32Array(places.length).fill(UNRANKED) }))
          kind.ranks[at] = place
        }
      return kinds.map(({ ranks }) => ranks)
    },
  }
}

function isAlike(one: Ruling, other: Ruling): boolean {
  return one.decision === other.decision && one.isFree === other.isFree
}

/** The use at the moment from which a run decides, as it is written down. */
export function describeUse({ at, ...use }: GateUse): Record<string, unknown> {
  return { ...use, at: isoTime(at) }
}
