import { ColophonError } from '../foundation/index.ts'
import { byCharacters } from './snapshotLines.ts'

/** What changed between two snapshots: lines that are gone, and lines that came, in the order of the lines. */
export async function* diffLines(
  older: AsyncIterable<string>,
  newer: AsyncIterable<string>,
): AsyncGenerator<{ sign: '-' | '+'; line: string }> {
  const [left, right] = [older[Symbol.asyncIterator](), newer[Symbol.asyncIterator]()]
  let [a, b] = [await left.next(), await right.next()]
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : byCharacters(a.value, b.value)
    if (order < 0) yield { sign: '-', line: a.value! }
    if (order > 0) yield { sign: '+', line: b.value! }
    if (order <= 0) a = await left.next()
    if (order >= 0) b = await right.next()
  }
}

/** The newer lines, from the older ones and what changed. Errors: `invalid_proof` when that does not fit together. */
export async function* applyDelta(older: AsyncIterable<string>, delta: AsyncIterable<string>): AsyncGenerator<string> {
  const unfit = () =>
    new ColophonError('invalid_proof', 'what changed does not fit the snapshot that is here', {
      remedy: 'Delete it and get it again.',
    })
  const [left, right] = [older[Symbol.asyncIterator](), delta[Symbol.asyncIterator]()]
  let [a, change] = [await left.next(), await right.next()]
  while (!a.done || !change.done) {
    if (change.done) {
      yield a.value!
      a = await left.next()
      continue
    }
    const sign = change.value[0]
    const line = change.value.slice(1)
    if (sign !== '-' && sign !== '+') throw unfit()
    const order = a.done ? 1 : byCharacters(a.value, line)
    if (order < 0) {
      yield a.value!
      a = await left.next()
    } else if (sign === '-') {
      if (order !== 0) throw unfit()
      a = await left.next()
      change = await right.next()
    } else {
      if (order === 0) throw unfit()
      yield line
      change = await right.next()
    }
  }
}
