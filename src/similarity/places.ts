/** Of ascending starts, the number of the last one that is not after the offset. */
export function placeOf(starts: ArrayLike<number>, offset: number, count = starts.length): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}
