import { ColophonError, assertInvariant } from '../../foundation/index.ts'

/** Something that takes part in a division: its stable id, and a whole weight that is not negative. */
export interface Part {
  id: string
  weight: bigint
}

/**
 * Divides `cents` by largest remainder (Hamilton): each part gets ⌊cents·w/W⌋, and what is left goes cent by cent to the
 * largest remainders, by ascending id (code points) where they are equal. The order of the parts says nothing. A part
 * without weight gets nothing; the sum is exact. Errors: `invalid_input` when cents or a weight is negative, an id
 * stands there twice, or there is something to give and nobody to give it to.
 *
 * @example splitCents(10n, [{ id: 'a', weight: 61n }, { id: 'b', weight: 25n }, { id: 'c', weight: 14n }]) // a 6, b 3, c 1
 */
export function splitCents(cents: bigint, parts: readonly Part[]): Map<string, bigint> {
  const total = checkParts(cents, parts)
  const amounts = new Map(parts.map(({ id, weight }) => [id, total === 0n ? 0n : (cents * weight) / total]))
  let rest = cents
  for (const amount of amounts.values()) rest -= amount
  for (const { id } of rest > 0n ? byRemainder(cents, total, parts) : []) {
    if (rest === 0n) break
    amounts.set(id, amounts.get(id)! + 1n)
    rest -= 1n
  }
  assertInvariant(rest === 0n, 'every cent is somewhere')
  return amounts
}

function checkParts(cents: bigint, parts: readonly Part[]): bigint {
  if (cents < 0n) throw new ColophonError('invalid_input', `${cents} cents cannot be divided`)
  const seen = new Set<string>()
  let total = 0n
  for (const { id, weight } of parts) {
    if (weight < 0n) throw new ColophonError('invalid_input', 'a weight is negative', { where: id })
    if (seen.has(id)) throw new ColophonError('invalid_input', 'an id stands in a division twice', { where: id })
    seen.add(id)
    total += weight
  }
  if (cents > 0n && total === 0n)
    throw new ColophonError('invalid_input', `${cents} cents have nobody to go to: all weights are zero`)
  return total
}

function byRemainder(cents: bigint, total: bigint, parts: readonly Part[]): Part[] {
  const remainders = parts.map((part) => ({ part, remainder: (cents * part.weight) % total }))
  remainders.sort((a, b) => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1
    return compareIds(a.part.id, b.part.id)
  })
  return remainders.map(({ part }) => part)
}

/** Stable order of ids: by code points, as the databases sort them. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
