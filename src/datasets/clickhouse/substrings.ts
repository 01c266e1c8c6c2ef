import { assertInvariant } from '../../foundation/index.ts'

/** One substring of a 256-bit code: its bits `offset … offset + length − 1`, looked up with up to `flips` bits flipped. */
export interface Substring {
  table: number
  offset: number
  length: number
  flips: number
}

const CODE_BITS = 256
/** Keys have at most so many bits, so that the number of the table stands above them in 32. */
const KEY_BITS_MAX = 24

/**
 * How a code is cut: ten substrings that are looked up with up to two bits flipped, and one with up to one. If a code
 * differed from the wanted one by more than that in every substring, it would differ in at least 10 × 3 + 1 × 2 = 32
 * bits: so whatever lies within 31 bits is found, always (the pigeonhole principle of multi-index hashing: Norouzi,
 * Punjani and Fleet, 2012; with a threshold of its own for each substring: Qin et al., 2018).
 *
 * Why eleven: docs/scale.md. The one with a single flip is the shortest, because it needs the fewest look-ups.
 */
export const SUBSTRINGS: readonly Substring[] = layout([24, 24, 24, 24, 24, 24, 23, 23, 23, 23, 20])

/** The largest distance at which nothing is ever missed. */
export const GUARANTEED_RADIUS = SUBSTRINGS.reduce((sum, { flips }) => sum + flips + 1, 0) - 1

function layout(lengths: number[]): Substring[] {
  let offset = 0
  const substrings = lengths.map((length, table) => {
    assertInvariant(length <= KEY_BITS_MAX, 'a key leaves room for its table')
    const substring = { table, offset, length, flips: table < lengths.length - 1 ? 2 : 1 }
    offset += length
    return substring
  })
  assertInvariant(offset === CODE_BITS, 'the substrings cover the code')
  return substrings
}

/** How many keys are looked up for one substring: all within `flips` bits. */
export function probesOf({ length, flips }: Pick<Substring, 'length' | 'flips'>): number {
  let probes = 0
  let choices = 1
  for (let flipped = 0; flipped <= flips; flipped++) {
    probes += choices
    choices = (choices * (length - flipped)) / (flipped + 1)
  }
  return probes
}

/** What one query costs on paper, on codes that are spread evenly: look-ups, and codes whose distance is computed. */
export function costOf(substrings: readonly Pick<Substring, 'length' | 'flips'>[], codeCount: number) {
  const probes = substrings.reduce((sum, substring) => sum + probesOf(substring), 0)
  const candidates = substrings.reduce((sum, each) => sum + (probesOf(each) * codeCount) / 2 ** each.length, 0)
  return { probes, candidates }
}

/** The layout as an SQL array of (table, offset, length, flips). */
const LAYOUT_SQL = `[${SUBSTRINGS.map((each) => `(${each.table}, ${each.offset}, ${each.length}, ${each.flips})`).join(', ')}]`

/**
 * SQL for the array of the slots of `code` (FixedString(32)): what is stored. A slot is the number of the table in the
 * upper eight bits and its key below. Bits are counted from the first byte's lowest, which is how ClickHouse reads 32
 * bytes as a number.
 */
export function slotsSql(code: string): string {
  const key = `bitAnd(bitShiftRight(reinterpretAsUInt256(${code}), part.2), bitShiftLeft(toUInt32(1), part.3) - 1)`
  return `arrayMap(part -> toUInt32(part.1 * ${2 ** KEY_BITS_MAX} + toUInt32(${key})), ${LAYOUT_SQL})`
}

/**
 * SQL for a relation `(query, wanted, slot)`: every slot in which a code near one of the codes in `queries`
 * (`query`, `code`) must lie. `bits` holds zero and every single bit of a key, so that `x` xor `y` over all pairs
 * gives every key within two flips, and `bits` itself every key within one.
 */
export function probesSql(queries: string): string {
  return `SELECT query, code AS wanted, bitXor(exact, mask) AS slot
FROM (
  SELECT query, code, exact, flips, arrayMap(x -> bitShiftRight(bitShiftLeft(toUInt32(1), x), 1), range(length + 1)) AS bits
  FROM (
    SELECT query, code, exact, part.3 AS length, part.4 AS flips
    FROM (${queries}) ARRAY JOIN ${slotsSql('code')} AS exact, ${LAYOUT_SQL} AS part
  )
)
ARRAY JOIN if(flips = 2, arrayDistinct(arrayFlatten(arrayMap(x -> arrayMap(y -> bitXor(x, y), bits), bits))), bits) AS mask`
}
