import { ColophonError } from '../foundation/index.ts'
import { CHAIN_USES, maskOfUses, usesOfMask, type ChainUse } from './uses.ts'

/** Who may use something: nobody, everybody, whoever the holder grants it to, or whoever pays the price of the offer. */
export const useModes = ['no', 'everybody', 'byGrant', 'atAPrice'] as const
export type UseMode = (typeof useModes)[number]

/** Each contains the ones behind it. */
export const chainTerritories = ['world', 'councilOfEurope', 'EEA', 'EU'] as const
export type ChainTerritory = (typeof chainTerritories)[number]

/** Terms as `contracts/Terms.sol` packs them. Times are seconds since 1970; what is left out does not end. */
export interface ChainTerms {
  modes: Record<ChainUse, UseMode>
  grantsMayBeRevoked: boolean
  licenseesMaySublicense: boolean
  territory: ChainTerritory
  promotionFrom?: number
  promotionUntil?: number
  expiry?: number
  /** How long a bought grant lasts. */
  boughtDays: number
  /** Of a resale, in ten-thousandths. */
  share: number
}

/** A grant as it is packed, without whose licence it was taken from. */
export interface ChainGrant {
  uses: ChainUse[]
  mayBeRevoked: boolean
  maySublicense: boolean
  territory: ChainTerritory
  from: number
  until: number
}

const TIME_MAX = 2 ** 40 - 1

/** One word of 256 bits. Errors: `invalid_input` for what no contract takes. */
export function packTerms(terms: ChainTerms): bigint {
  const { promotionFrom = 0, promotionUntil = 0, expiry = 0, boughtDays, share } = terms
  for (const [name, value, most] of [
    ['promotionFrom', promotionFrom, TIME_MAX],
    ['promotionUntil', promotionUntil, TIME_MAX],
    ['expiry', expiry, TIME_MAX],
    ['boughtDays', boughtDays, 65_535],
    ['share', share, 10_000],
  ] as const)
    requireWhole(value, most, name)
  if (promotionUntil !== 0 && promotionFrom >= promotionUntil)
    throw new ColophonError('invalid_input', 'promotion ends before it begins', { where: 'promotionUntil' })
  const modes = CHAIN_USES.reduce(
    (word, use, place) => word | (BigInt(useModes.indexOf(terms.modes[use])) << BigInt(2 * place)),
    0n,
  )
  return (
    modes |
    (BigInt(terms.grantsMayBeRevoked) << 16n) |
    (BigInt(terms.licenseesMaySublicense) << 17n) |
    (BigInt(chainTerritories.indexOf(terms.territory)) << 24n) |
    (BigInt(promotionFrom) << 32n) |
    (BigInt(promotionUntil) << 72n) |
    (BigInt(expiry) << 112n) |
    (BigInt(boughtDays) << 152n) |
    (BigInt(share) << 168n)
  )
}

/** What a record says: its terms, and what the contract keeps beside them. */
export function unpackTerms(word: bigint): ChainTerms & { revision: number; changedAt: number; isClosed: boolean } {
  const [promotionFrom, promotionUntil, expiry] = [time(word, 32n), time(word, 72n), time(word, 112n)]
  return {
    modes: Object.fromEntries(
      CHAIN_USES.map((use, place) => [use, useModes[Number((word >> BigInt(2 * place)) & 3n)]!]),
    ) as ChainTerms['modes'],
    grantsMayBeRevoked: bit(word, 16n),
    licenseesMaySublicense: bit(word, 17n),
    territory: territoryOf((word >> 24n) & 0xffn),
    ...(promotionFrom ? { promotionFrom } : {}),
    ...(promotionUntil ? { promotionUntil } : {}),
    ...(expiry ? { expiry } : {}),
    boughtDays: Number((word >> 152n) & 0xffffn),
    share: Number((word >> 168n) & 0xffffn),
    revision: Number((word >> 184n) & 0xffffffn),
    changedAt: time(word, 208n),
    isClosed: bit(word, 248n),
  }
}

/** The 96 bits of a grant that its giver says. Errors: `invalid_input`. */
export function packGrant({ uses, mayBeRevoked, maySublicense, territory, from, until }: ChainGrant): bigint {
  requireWhole(from, TIME_MAX, 'from')
  requireWhole(until, TIME_MAX, 'until')
  if (uses.length === 0) throw new ColophonError('invalid_input', 'a grant is for something', { where: 'uses' })
  if (from >= until) throw new ColophonError('invalid_input', 'the grant ends before it begins', { where: 'until' })
  return (
    maskOfUses(uses) |
    (BigInt(mayBeRevoked) << 8n) |
    (BigInt(maySublicense) << 9n) |
    (BigInt(chainTerritories.indexOf(territory)) << 10n) |
    (BigInt(from) << 16n) |
    (BigInt(until) << 56n)
  )
}

/** A grant as the contract holds it; `parent` is whose licence it was taken from, for a sublicence. */
export function unpackGrant(word: bigint): ChainGrant & { parent?: string } {
  const parent = word >> 96n
  return {
    uses: usesOfMask(word & 0xffn),
    mayBeRevoked: bit(word, 8n),
    maySublicense: bit(word, 9n),
    territory: territoryOf((word >> 10n) & 0x3fn),
    from: time(word, 16n),
    until: time(word, 56n),
    ...(parent ? { parent: `0x${parent.toString(16).padStart(40, '0')}` } : {}),
  }
}

const bit = (word: bigint, place: bigint) => ((word >> place) & 1n) === 1n
const time = (word: bigint, place: bigint) => Number((word >> place) & 0xff_ffff_ffffn)

function territoryOf(number: bigint): ChainTerritory {
  const territory = chainTerritories[Number(number)]
  if (!territory) throw new ColophonError('invalid_input', `there is no territory ${number}`)
  return territory
}

function requireWhole(value: number, most: number, where: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new ColophonError('invalid_input', `it is no whole number from 0 to ${most}`, { where })
}
