import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PASSAGE_WINDOW_BYTES, passageCodes } from './index.ts'

const NEIGHBOURS = 27

/** Which windows are chosen, by the definition: the one with the smallest key of some 27 neighbours. */
function chosenWindows(text: Uint8Array): number[] {
  const windows = text.length - PASSAGE_WINDOW_BYTES + 1
  const view = new DataView(text.buffer, text.byteOffset, text.length)
  const keys = Array.from({ length: Math.max(0, windows) }, (_, i) => {
    const mixed =
      (Math.imul(view.getUint32(i, true), 0x9e3779b1) + Math.imul(view.getUint32(i + 4, true), 0x85ebca77)) >>> 0
    return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d) >>> 0
  })
  const chosen = new Set<number>()
  for (let first = 0; first + NEIGHBOURS <= windows; first++) {
    const around = keys.slice(first, first + NEIGHBOURS)
    const least = Math.min(...around)
    around.forEach((key, i) => key === least && chosen.add(first + i))
  }
  // A text with fewer windows keeps the first of its smallest.
  if (windows > 0 && windows < NEIGHBOURS) chosen.add(keys.indexOf(Math.min(...keys)))
  return [...chosen].sort((a, b) => a - b)
}

/** Of windows that follow each other and are the same bytes, one in 27 is kept. */
function thinned(text: Uint8Array, chosen: readonly number[]): number[] {
  const windowAt = (at: number) => text.subarray(at, at + PASSAGE_WINDOW_BYTES).join()
  let kept = -1
  return chosen.filter((at, i) => {
    const isRepeated = i > 0 && chosen[i - 1] === at - 1 && windowAt(at) === windowAt(at - 1)
    if (isRepeated && at - kept < NEIGHBOURS) return false
    kept = at
    return true
  })
}

const letters = fc.uint8Array({ max: 255, maxLength: 600 })
const fewLetters = fc.uint8Array({ min: 97, max: 99, maxLength: 400 })
const stretches = fc
  .array(fc.tuple(fc.integer({ min: 97, max: 122 }), fc.integer({ min: 1, max: 120 })), { maxLength: 6 })
  .map((runs) => Uint8Array.from(runs.flatMap(([letter, length]) => Array<number>(length).fill(letter))))

test('the windows that are chosen are those that the definition chooses', () => {
  fc.assert(
    fc.property(fc.oneof(letters, fewLetters, stretches), (text) => {
      assert.deepEqual([...passageCodes(text).offset], thinned(text, chosenWindows(text)))
    }),
    { numRuns: 300 },
  )
})

test('it makes no difference that a long text is read in pieces', () => {
  const long = Uint8Array.from({ length: 40_000 }, (_, i) => 97 + ((Math.imul(i, 2654435761) >>> 13) % 5))
  assert.deepEqual([...passageCodes(long).offset], thinned(long, chosenWindows(long)))
})
