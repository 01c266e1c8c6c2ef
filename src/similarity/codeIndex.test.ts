import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError } from '../foundation/index.ts'
import { openCodeIndex } from './codeIndex.ts'
import { UNRANKED, openHammingIndex, type HammingHit } from './hammingIndex.ts'
import { openParallelIndex } from './parallelIndex.ts'
import { findDamage } from './segmentSet.ts'

/** A generator of 32-bit numbers (xorshift), so that a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function randomCodes(count: number, seed: number, bytes = 32): Uint8Array {
  const next = numbers(seed)
  return new Uint8Array(Uint32Array.from({ length: (count * bytes) / 4 }, next).buffer)
}

function flip(code: Uint8Array, bits: number, next: () => number): Uint8Array {
  const flipped = Uint8Array.from(code)
  const places = new Set<number>()
  while (places.size < bits) places.add(next() % (code.length * 8))
  for (const place of places) flipped[place >> 3]! ^= 1 << (place & 7)
  return flipped
}

function scan(codes: Uint8Array, query: Uint8Array, radius: number) {
  const hits: { place: number; distance: number }[] = []
  for (let place = 0; place < codes.length / query.length; place++) {
    let distance = 0
    for (let i = 0; i < query.length; i++) {
      for (let bits = codes[place * query.length + i]! ^ query[i]!; bits > 0; bits &= bits - 1) distance++
    }
    if (distance <= radius) hits.push({ place, distance })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.place - b.place)
}

/** Sets on which an index could go wrong: independent codes, near ones, and codes that all fall into one bucket. */
const sets = {
  independent: (next: () => number) => randomCodes(6000, next()),
  clusters(next: () => number) {
    const centres = randomCodes(30, next())
    const codes = Array.from({ length: 6000 }, () => {
      const centre = next() % 30
      return flip(centres.subarray(centre * 32, centre * 32 + 32), next() % 45, next)
    })
    return Buffer.concat(codes)
  },
  'one bucket': (next: () => number) => {
    const codes = randomCodes(6000, next())
    for (let i = 0; i < 6000; i++) codes.fill(0, i * 32, i * 32 + 24)
    return codes
  },
  equal: () => new Uint8Array(6000 * 32).fill(0x5a),
}

test('the index finds exactly what a scan finds, on random and on adversarial codes', () => {
  for (const [name, make] of Object.entries(sets)) {
    const next = numbers(name.length * 7919)
    const codes = make(next)
    const indexes = ([undefined, 'sparse', 'dense'] as const).map((kind) => openHammingIndex(codes, 32, kind))
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5999 }),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(0, 7, 12, 23, 31, 40, 90),
        (place, flipped, radius) => {
          const query = flip(codes.subarray(place * 32, place * 32 + 32), flipped, next)
          const expected = scan(codes, query, radius)
          for (const index of indexes) assert.deepEqual(index.search(query, radius)[0], expected, name)
        },
      ),
      { numRuns: 60 },
    )
  }
})

test('many queries at once, and codes of 64 bits, are answered alike', () => {
  const next = numbers(11)
  const codes = randomCodes(50_000, 3, 8)
  const indexes = (['sparse', 'dense'] as const).map((kind) => openHammingIndex(codes, 8, kind))
  const queries = Buffer.concat(
    Array.from({ length: 40_000 }, () => {
      const place = next() % 50_000
      return flip(codes.subarray(place * 8, place * 8 + 8), next() % 8, next)
    }),
  )
  for (const index of indexes) {
    const answers = index.search(queries, 8)
    assert.equal(answers.length, 40_000)
    for (let i = 0; i < 40_000; i += 997)
      assert.deepEqual(answers[i], scan(codes, queries.subarray(i * 8, i * 8 + 8), 8))
  }
})

test('many codes in tables of either kind are found as by a scan, near ones and none', () => {
  const next = numbers(5)
  const codes = randomCodes(150_000, 17)
  const queries = Buffer.concat(
    Array.from({ length: 400 }, (_, i) =>
      i % 4 === 3 ? randomCodes(1, i + 1000) : flip(codes.subarray(i * 320, i * 320 + 32), next() % 40, next),
    ),
  )
  const expected = Array.from({ length: 400 }, (_, i) => scan(codes, queries.subarray(i * 32, i * 32 + 32), 31))
  for (const kind of ['sparse', 'dense'] as const)
    assert.deepEqual(openHammingIndex(codes, 32, kind).search(queries, 31), expected, kind)
})

function temporary(): { directory: string; [Symbol.dispose](): void } {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-index-'))
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}

test('codes added, removed and merged are what is found, and are found again after reopening', async () => {
  using place = temporary()
  const codes = randomCodes(900, 5)
  const code = (row: number) => codes.subarray(row * 32, row * 32 + 32)
  const first = openCodeIndex(place.directory)
  for (let start = 0; start < 900; start += 30)
    first.add(
      Uint32Array.from({ length: 30 }, (_, i) => start + i),
      codes.subarray(start * 32, (start + 30) * 32),
    )
  first.remove(Uint32Array.of(7, 8))
  const check = async (index: typeof first) => {
    const answers = await index.search(codes, 0)
    answers.forEach((hits, row) =>
      assert.deepEqual(
        hits.map((hit) => hit.row),
        row === 7 || row === 8 ? [] : [row],
      ),
    )
  }
  await check(first)
  await first.merge()
  await check(first)
  assert.equal(first.info().segments, 1)
  assert.equal(first.info().codes, 898)
  const again = openCodeIndex(place.directory)
  again.add(Uint32Array.of(1000), code(5))
  assert.deepEqual(
    (await again.search(code(5), 0))[0]!.map(({ row }) => row),
    [5, 1000],
  )
})

test('a row that was removed and added again is found, and another process may add and merge', async () => {
  using place = temporary()
  const codes = randomCodes(40, 21)
  const code = (row: number) => codes.subarray(row * 32, row * 32 + 32)
  const writer = openCodeIndex(place.directory)
  const reader = openCodeIndex(place.directory)
  writer.add(Uint32Array.of(1), code(1))
  assert.deepEqual(await reader.search(code(1), 0), [[{ row: 1, distance: 0 }]])
  writer.remove(Uint32Array.of(1))
  await writer.merge()
  writer.add(Uint32Array.of(1), code(2))
  for (let row = 3; row < 30; row++) writer.add(Uint32Array.of(row), code(row))
  for (const index of [writer, reader, openCodeIndex(place.directory)]) {
    assert.deepEqual(await index.search(code(2), 0), [[{ row: 1, distance: 0 }]])
    assert.deepEqual(await index.search(code(29), 0), [[{ row: 29, distance: 0 }]])
  }
  assert.deepEqual(await writer.search(code(1), 0), [[]])
  await writer.close()
  assert.ok(writer.info().segments < 20, 'a thread put small segments together on the way')
  using empty = temporary()
  assert.deepEqual(await openCodeIndex(empty.directory).search(codes.subarray(0, 64), 31), [[], []])
  for (const wrong of [-1, 0.5, Infinity])
    await assert.rejects(openCodeIndex(empty.directory).search(code(1), wrong), ColophonError)
  await assert.rejects(openCodeIndex(empty.directory).search(codes.subarray(0, 33), 1), ColophonError)
})

test('segments hold no more than they may: what is added together is divided evenly, and as many are merged as fit', async () => {
  using place = temporary()
  const codes = randomCodes(80, 33)
  const index = openCodeIndex(place.directory, 32, 20)
  const sizes = () => [...index.contents()].map(({ rows }) => rows.length)
  const add = (from: number, to: number) =>
    index.add(
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
      codes.subarray(from * 32, to * 32),
    )
  add(0, 34)
  assert.deepEqual(sizes(), [17, 17])
  for (let row = 34; row < 74; row += 5) add(row, row + 5)
  await index.merge()
  assert.ok(sizes().length < 10, `${sizes().length} segments`)
  assert.ok(Math.max(...sizes()) <= 20)
  const answers = await index.search(codes.subarray(0, 74 * 32), 0)
  assert.deepEqual(
    answers,
    Array.from({ length: 74 }, (_, row) => [{ row, distance: 0 }]),
  )
  await index.close()
})

test('threads answer as one index does', async () => {
  using place = temporary()
  const index = openCodeIndex(place.directory)
  const codes = randomCodes(240_000, 9)
  for (const start of [0, 120_000])
    index.add(
      Uint32Array.from({ length: 120_000 }, (_, i) => start + i),
      codes.subarray(start * 32, (start + 120_000) * 32),
    )
  const next = numbers(4)
  const wanted = [5, 119_999, 120_000, 239_999]
  const queries = Buffer.concat(wanted.map((row) => flip(codes.subarray(row * 32, row * 32 + 32), 31, next)))
  const answers = await index.search(queries, 31)
  assert.deepEqual(
    answers,
    wanted.map((row) => [{ row, distance: 31 }]),
  )
  // Whoever waits when it is closed has the answer or is told, and does not wait for ever.
  const asked = index.search(queries, 31).then(
    (late) => assert.deepEqual(late, answers),
    (error: unknown) => assert.ok(error instanceof ColophonError, String(error)),
  )
  await index.close()
  await asked
})

test('a damaged or cut segment is named, whatever byte is wrong', async () => {
  using place = temporary()
  openCodeIndex(place.directory).add(Uint32Array.of(1, 2), randomCodes(2, 1))
  const path = join(
    place.directory,
    readdirSync(place.directory).find((file) => file.endsWith('.segment'))!,
  )
  const whole = readFileSync(path)
  const refused = async () =>
    assert.rejects(openCodeIndex(place.directory).search(new Uint8Array(32), 31), (error: ColophonError) => {
      return error.code === 'dataset_invalid' && error.where === path && error.remedy !== undefined
    })
  for (let at = 0; at < whole.length; at++) {
    // What lies between the sections is zero and means nothing.
    if (whole[at] === 0) continue
    const broken = Uint8Array.from(whole)
    broken[at]! ^= 0x40
    writeFileSync(path, broken)
    await refused()
  }
  for (const length of [0, 10, 70, whole.length - 40]) {
    writeFileSync(path, whole)
    truncateSync(path, length)
    await refused()
  }
})

test('an index that has lost the list of its segments says so, and nothing is deleted', async () => {
  using place = temporary()
  openCodeIndex(place.directory).add(Uint32Array.of(1), randomCodes(1, 3))
  rmSync(join(place.directory, 'segments.json'))
  assert.throws(() => openCodeIndex(place.directory), { code: 'dataset_invalid' })
  assert.equal(findDamage(place.directory).length, 1)
  assert.equal(readdirSync(place.directory).length, 1)
})

test('an index whose writer was killed holds what was acknowledged', async () => {
  for (let round = 0; round < 6; round++) {
    using place = temporary()
    const child = fork(new URL('../../tests/support/indexWriter.ts', import.meta.url), [place.directory], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    let acknowledged = 0
    child.on('message', (row) => {
      acknowledged = row as number
      if (acknowledged >= 40 + round * 13) child.kill('SIGKILL')
    })
    await new Promise((resolve) => child.on('exit', resolve))
    const index = openCodeIndex(place.directory)
    const rows = Uint32Array.from({ length: acknowledged }, (_, i) => i + 1)
    const queries = new Uint8Array(rows.length * 32)
    rows.forEach((row, i) => new DataView(queries.buffer).setUint32(i * 32, row))
    const answers = await index.search(queries, 0)
    assert.ok(acknowledged >= 40)
    answers.forEach((hits, i) => assert.deepEqual(hits, [{ row: rows[i], distance: 0 }]))
  }
})

test('each of as many queries as are taken at once is answered by itself, in the largest tables, too', () => {
  const next = numbers(31)
  const codes = randomCodes(600_000, 37)
  const queries = randomCodes(40_000, 41)
  const planted = Array.from({ length: 40 }, (_, i) => i * 1000 + 7)
  for (const query of planted)
    queries.set(flip(codes.subarray(query * 32 * 14, query * 32 * 14 + 32), next() % 20, next), query * 32)
  for (const kind of ['sparse', 'dense'] as const) {
    const found = openHammingIndex(codes, 32, kind).search(queries, 19)
    const places = found.flatMap((hits, query) => hits.map(({ place }) => [query, place]))
    assert.deepEqual(
      places,
      planted.map((query) => [query, query * 14]),
      kind,
    )
  }
})

/** Of each class the nearest of all hits, by rank where several are. */
function nearestOf(hits: readonly HammingHit[], ranks: readonly Uint32Array[]): HammingHit[] {
  const best = ranks.flatMap((ranked) => {
    const own = hits.filter(({ place }) => ranked[place] !== UNRANKED)
    return own.sort((a, b) => a.distance - b.distance || ranked[a.place]! - ranked[b.place]!).slice(0, 1)
  })
  return [...new Set(best)].sort((a, b) => a.distance - b.distance || a.place - b.place)
}

function randomRanks(count: number, classes: number, next: () => number): Uint32Array[] {
  return Array.from({ length: classes }, () =>
    Uint32Array.from({ length: count }, (_, place) => (next() % 3 === 0 ? UNRANKED : (place * 7919) % count)),
  )
}

test('an index on all cores tells of each class the nearest, as one does, and for few queries asks no other', async () => {
  const next = numbers(23)
  const codes = randomCodes(120_000, 29)
  const near = Buffer.concat(
    Array.from({ length: 5001 }, (_, i) => flip(codes.subarray(i * 640, i * 640 + 32), next() % 36, next)),
  )
  const ranks = randomRanks(120_000, 2, next)
  const expected = openHammingIndex(codes)
    .search(near, 31)
    .map((hits) => nearestOf(hits, ranks))
  assert.ok(expected.filter((hits) => hits.length > 0).length > 2000)
  const index = openParallelIndex(codes, ranks)
  try {
    assert.deepEqual(await index.search(near, 31), expected)
    assert.deepEqual(await index.search(near.subarray(0, 320), 31), expected.slice(0, 10))
    await assert.rejects(index.search(near.subarray(0, 33), 31), { code: 'invalid_input' })
  } finally {
    await index.close()
  }
})

test('where thousands of codes are near, the nearest of each class is told, and equally near ones go by rank', () => {
  const next = numbers(31)
  const [one, other] = [randomCodes(1, 3), randomCodes(1, 5)]
  const codes = Buffer.concat(Array.from({ length: 9000 }, (_, i) => flip(i % 2 ? one : other, next() % 9, next)))
  const queries = Buffer.concat([one, other, ...Array.from({ length: 200 }, () => flip(one, next() % 12, next))])
  const ranks = randomRanks(9000, 3, next)
  const index = openHammingIndex(codes)
  const all = index.search(queries, 23)
  assert.ok(all.every((hits) => hits.length > 1000))
  assert.deepEqual(
    index.nearest(queries, 23, ranks),
    all.map((hits) => nearestOf(hits, ranks)),
  )
  assert.deepEqual(index.nearest(queries, 23, [])[0], [])
})
