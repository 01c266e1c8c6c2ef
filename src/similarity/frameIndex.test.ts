import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { FilmFrames } from '../fingerprints/index.ts'
import { openFrameIndex } from './frameIndex.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-frames-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** A film of scenes, each so many seconds long with four frames a second that differ in a few bits. */
function film(seed: number, scenes: number, sceneSeconds = 3): FilmFrames {
  let state = seed
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0)
  const frames = scenes * sceneSeconds * 4
  const codes = new Uint8Array(frames * 32)
  let scene = new Uint8Array(32)
  for (let i = 0; i < frames; i++) {
    if (i % (sceneSeconds * 4) === 0) scene = Uint8Array.from({ length: 32 }, () => next() >>> 16)
    codes.set(scene, i * 32)
    for (let flips = 0; flips < 5; flips++) codes[i * 32 + ((next() >>> 16) % 32)]! ^= 1 << (next() >>> 29)
  }
  return { codes, times: Float32Array.from({ length: frames }, (_, i) => i / 4) }
}

const cut = ({ codes, times }: FilmFrames, from: number, to: number): FilmFrames => ({
  codes: codes.slice(from * 4 * 32, to * 4 * 32),
  times: times.slice(from * 4, to * 4).map((time) => time - times[from * 4]!),
})

test('a clip is found in its film, at the right place, and in no other', () => {
  let place = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 8, max: 30 }),
      (seed, from, length) => {
        const films = [1, 2, 3].map((i) => film(seed * 7 + i, 30))
        const index = openFrameIndex(join(directory, String(place++)))
        index.add(films.slice(0, 2).map((frames, row) => ({ row, frames })))
        index.add([{ row: 2, frames: films[2]! }])
        const [hit, ...others] = index.search(cut(films[1]!, from, from + length), 31)
        assert.deepEqual([hit!.row, others.length], [1, 0])
        assert.ok(Math.abs(hit!.rowStart - hit!.queryStart - from) <= 1.5, `${hit!.rowStart} for ${from}`)
        assert.ok(hit!.seconds >= length - 3 && hit!.scenes >= Math.floor(length / 3))
      },
    ),
    { numRuns: 20 },
  )
})

test('a mirrored film is found by its mirrored codes, and one frame is one scene', () => {
  const own = film(5, 10)
  const index = openFrameIndex(join(directory, 'mirrored'))
  index.add([{ row: 8, frames: own }])
  const stranger = film(99, 10)
  assert.deepEqual(index.search(stranger, 31), [])
  const [hit] = index.search({ ...stranger, mirrored: own.codes }, 31)
  assert.deepEqual([hit!.row, hit!.scenes], [8, 10])
  const [still] = index.search(cut(own, 12, 13), 31)
  assert.deepEqual([still!.row, still!.scenes, still!.queryStart], [8, 1, 0])
  const [held] = [...index.contents()].flat()
  assert.deepEqual(held!.frames, own)
})
