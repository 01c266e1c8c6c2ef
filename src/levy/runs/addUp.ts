/** Ids whose sums fit the cache together: 2^16 of eight bytes. */
const BUCKET_BITS = 16
const ROWS_AT_ONCE = 1 << 21

/**
 * Adds up numbers by their ids. Where there are more ids than the cache holds sums of, each sum is far away from the one
 * before; so numbers are first put together by the high bits of their ids, and then added, a part of the ids at a time.
 */
export interface Adder<Values extends Uint32Array | Float64Array> {
  add(ids: Uint32Array, values: Values): void
  /** The sum of each id; what is added later is not in it. */
  sums(): Float64Array
}

/** Adds up for ids from 0 up to, not including, `room`, values of one kind: small ones take less of the way to memory. */
export function openAdder<Values extends Uint32Array | Float64Array>(
  room: number,
  kind: new (count: number) => Values,
): Adder<Values> {
  const sums = new Float64Array(room)
  const [ids, values] = [new Uint32Array(ROWS_AT_ONCE), new kind(ROWS_AT_ONCE)]
  const [sortedIds, sortedValues] = [new Uint32Array(ROWS_AT_ONCE), new kind(ROWS_AT_ONCE)]
  const ends = new Uint32Array((room >>> BUCKET_BITS) + 2)
  let waiting = 0
  const flush = () => {
    ends.fill(0)
    for (let i = 0; i < waiting; i++) ends[(ids[i]! >>> BUCKET_BITS) + 1]!++
    for (let bucket = 1; bucket < ends.length; bucket++) ends[bucket]! += ends[bucket - 1]!
    for (let i = 0; i < waiting; i++) {
      const at = ends[ids[i]! >>> BUCKET_BITS]!++
      sortedIds[at] = ids[i]!
      sortedValues[at] = values[i]!
    }
    for (let i = 0; i < waiting; i++) sums[sortedIds[i]!]! += sortedValues[i]!
    waiting = 0
  }
  return {
    add(moreIds, moreValues) {
      if (waiting + moreIds.length > ROWS_AT_ONCE) flush()
      ids.set(moreIds, waiting)
      values.set(moreValues, waiting)
      waiting += moreIds.length
    },
    sums() {
      flush()
      return sums
    },
  }
}
