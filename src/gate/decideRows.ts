import { SIMILAR_TEXT_LENGTH_MIN } from '../datasets/index.ts'
import { isccTextCode, parseIscc, turnedHashes, type IsccUnit } from '../fingerprints/index.ts'
import { toHex } from '../foundation/index.ts'
import { readAddress } from './addresses.ts'
import { matchKinds, type GateIndex, type GateMatch } from './gateIndex.ts'
import { openSignalReader, readLicence } from './signals.ts'
import type { Action } from '../rights/index.ts'

/** The columns of a manifest that a gate reads. */
export const gateColumns = ['url', 'sha256', 'iscc', 'pdq', 'text', 'licence', 'signals', 'party', 'language'] as const
export type GateColumn = (typeof gateColumns)[number]
export type GateRow = Record<GateColumn, string | null>

/** `opt-out`: what is reserved is dropped. `opt-in`: only what is granted or free is kept. */
export type GateMode = 'opt-out' | 'opt-in'

/** Why a row is not kept, and why it is in opt-in mode. */
export type GateReason =
  | 'reserved'
  | 'signal'
  | 'signal_unclear'
  | 'not_granted'
  | 'no_key'
  | 'bad_value'
  | 'granted'
  | 'public_domain'
  | 'free_licence'
  | 'not_reserved'

export interface RowOutcome {
  decision: 'kept' | 'dropped' | 'unreadable'
  reason: GateReason
  match?: GateMatch
  /** Columns whose value is none of its kind. */
  faults: GateColumn[]
}

export interface GateRules {
  mode: GateMode
  action: Action
  /** Bits of 256 in which pictures, and texts as a whole, may differ. */
  pictureDistance: number
  textDistance: number
  /** Whether pictures are compared turned and mirrored, too: eight times the work. */
  isTurned: boolean
  /** SPDX identifiers of licences that count as free in opt-in mode. */
  freeLicences: ReadonlySet<string>
  /** Whether a domain counts only where its own `did:web` says so. */
  onlyVerifiedSites: boolean
}

const HEX_256 = /^[0-9a-f]{64}$/

interface RowKeys {
  matches: GateMatch[]
  /** How many keys it has that can be asked for. */
  keys: number
  /** Columns whose value is none of its kind. */
  faults: GateColumn[]
}

/** What a register says of rows, many at a time because near codes are looked up together. */
export function openRowMatcher(index: GateIndex, rules: GateRules): (rows: readonly GateRow[]) => Promise<RowKeys[]> {
  return async (rows) => {
    const pictures = await nearOf(
      rows,
      ({ pdq }) => (pdq !== null && HEX_256.test(pdq) ? pdq : undefined),
      rules.isTurned
        ? (codes) => turnedHits(codes, index, rules)
        : (codes) => index.byPicture(codes, rules.pictureDistance),
    )
    const texts = await nearOf(
      rows,
      ({ text }) => textCode(text),
      (codes) => index.byText(codes, rules.textDistance),
    )
    return rows.map((row, i) => {
      const read = readKeys(row, index)
      const found = [...read.matches, ...(pictures.get(i) ?? []), ...(texts.get(i) ?? [])]
      const matches = found.filter((match) => match.kind !== 'domain' || !rules.onlyVerifiedSites || isVerified(match))
      return { ...read, matches }
    })
  }
}

/** Decides rows. The same rows give the same outcomes. */
export function openRowDecider(
  index: GateIndex,
  rules: GateRules,
): (rows: readonly GateRow[]) => Promise<RowOutcome[]> {
  const readSignals = openSignalReader(rules.action)
  const matchRows = openRowMatcher(index, rules)
  return async (rows) =>
    (await matchRows(rows)).map(({ matches, keys, faults }, i): RowOutcome => {
      const row = rows[i]!
      const signals = row.signals === null ? undefined : readSignals(row.signals)
      const denying = strongest(matches, ({ ruling }) => ruling.decision === 'deny')
      if (denying) return { decision: 'dropped', reason: 'reserved', match: denying, faults }
      if (signals?.isReserved) return { decision: 'dropped', reason: 'signal', faults }
      if (signals?.isUnclear) return { decision: 'dropped', reason: 'signal_unclear', faults }
      if (keys === 0) return { decision: 'unreadable', reason: faults.length > 0 ? 'bad_value' : 'no_key', faults }
      if (rules.mode === 'opt-out') return { decision: 'kept', reason: 'not_reserved', faults }
      const allowing = strongest(matches, ({ ruling }) => ruling.decision === 'allow')
      if (allowing) return { decision: 'kept', reason: 'granted', match: allowing, faults }
      const free = strongest(matches, ({ ruling }) => ruling.isFree)
      if (free) return { decision: 'kept', reason: 'public_domain', match: free, faults }
      const licence = row.licence === null ? undefined : readLicence(row.licence)
      if (licence !== undefined && rules.freeLicences.has(licence))
        return { decision: 'kept', reason: 'free_licence', faults }
      return { decision: 'dropped', reason: 'not_granted', faults }
    })
}

/** Near codes of a batch, by the number of the row. */
async function nearOf(
  rows: readonly GateRow[],
  codeOf: (row: GateRow) => string | undefined,
  search: (codes: string[]) => Promise<GateMatch[][]>,
): Promise<Map<number, GateMatch[]>> {
  const asked: [number, string][] = []
  for (const [i, row] of rows.entries()) {
    const code = codeOf(row)
    if (code !== undefined) asked.push([i, code])
  }
  if (asked.length === 0) return new Map()
  const found = await search(asked.map(([, code]) => code))
  return new Map(asked.flatMap(([i], place) => (found[place]!.length > 0 ? [[i, found[place]!]] : [])))
}

/** Each code in its eight positions; of a work that is met in several the nearest counts. */
async function turnedHits(
  codes: readonly string[],
  index: GateIndex,
  { pictureDistance }: GateRules,
): Promise<GateMatch[][]> {
  const found = await index.byPicture(codes.flatMap(turnedHashes), pictureDistance)
  return codes.map((_, i) => {
    const best = new Map<string, GateMatch>()
    for (const match of found.slice(8 * i, 8 * i + 8).flat())
      if ((best.get(match.target)?.distance ?? Infinity) > match.distance!) best.set(match.target, match)
    return [...best.values()]
  })
}

function textCode(text: string | null): string | undefined {
  return text !== null && text.length >= SIMILAR_TEXT_LENGTH_MIN ? toHex(isccTextCode(text)) : undefined
}

/** What is known of a row by its exact keys. */
function readKeys(row: GateRow, index: GateIndex): RowKeys {
  const matches: GateMatch[] = []
  const faults: GateColumn[] = []
  let keys = 0
  if (row.sha256 !== null) {
    if (HEX_256.test(row.sha256)) {
      keys++
      matches.push(...index.byFile(row.sha256))
    } else faults.push('sha256')
  }
  if (row.iscc !== null) {
    const units = parseIscc(row.iscc)
    if (units) keys++
    else faults.push('iscc')
    for (const unit of units ?? []) {
      const name = nameOf(unit)
      if (name && unit.digest.length >= 8)
        matches.push(...index.byIscc(`${name}:64`, toHex(unit.digest.subarray(0, 8))))
    }
  }
  if (row.pdq !== null) {
    if (HEX_256.test(row.pdq)) keys++
    else faults.push('pdq')
  }
  if (row.text !== null && row.text !== '') keys++
  if (row.url !== null) {
    const address = readAddress(row.url)
    if (address) {
      keys++
      matches.push(...index.byAddress(address))
    } else faults.push('url')
  }
  if (row.party !== null && row.party !== '') matches.push(...index.byParty(row.party))
  if (row.licence !== null && row.licence !== '' && readLicence(row.licence) === undefined) faults.push('licence')
  return { matches, keys, faults }
}

/** The same data, or the same content of one medium; what is alike in meaning only is another work. */
function nameOf({ mainType, subType }: IsccUnit): string | undefined {
  if (mainType === 'instance' || mainType === 'data') return `iscc-${mainType}-v0`
  return mainType === 'content' && subType !== 'none' && subType !== 'mixed' ? `iscc-${subType}-v0` : undefined
}

function isVerified({ target, party }: GateMatch): boolean {
  if (!party.startsWith('did:web:')) return false
  const host = party.slice('did:web:'.length).split(':', 1)[0]!
  return target === host || target.endsWith(`.${host}`)
}

/** The surest match of those that fit; of equal ones the nearest, then the first by name, so that order changes nothing. */
function strongest(matches: readonly GateMatch[], fits: (match: GateMatch) => boolean): GateMatch | undefined {
  let best: GateMatch | undefined
  for (const match of matches) if (fits(match) && (!best || isSurer(match, best))) best = match
  return best
}

function isSurer(one: GateMatch, other: GateMatch): boolean {
  const rank = ({ kind }: GateMatch) => matchKinds.indexOf(kind)
  if (rank(one) !== rank(other)) return rank(one) < rank(other)
  const [near, far] = [one.distance ?? 0, other.distance ?? 0]
  return near === far ? one.target < other.target : near < far
}
