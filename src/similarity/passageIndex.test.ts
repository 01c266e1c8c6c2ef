import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { test } from 'node:test'
import fc from 'fast-check'
import { normalisePassageText, passageCodes } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { bytesOf, readSegment, writeSegment } from './segmentFile.ts'
import { openPassageIndex } from './passageIndex.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function withIndex(
  texts: Uint8Array[],
  use: (index: ReturnType<typeof openPassageIndex>, directory: string) => unknown,
) {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-passages-'))
  try {
    const index = openPassageIndex(directory)
    await index.add(texts.map((text, row) => ({ row, text })))
    await use(index, directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** All maximal shared runs of at least 50 bytes, by comparing everything with everything. */
function sharedRuns(query: Uint8Array, text: Uint8Array) {
  const runs: { queryOffset: number; rowOffset: number; length: number }[] = []
  for (let diagonal = -query.length; diagonal <= text.length; diagonal++) {
    let length = 0
    for (let at = Math.max(0, -diagonal); ; at++) {
      const isEqual = at < query.length && at + diagonal < text.length && query[at] === text[at + diagonal]
      if (isEqual) length++
      else {
        if (length >= 50) runs.push({ queryOffset: at - length, rowOffset: at - length + diagonal, length })
        length = 0
      }
      if (at >= query.length || at + diagonal >= text.length) break
    }
  }
  return runs
}

const words = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéжγა '), maxLength: 200 })
const passage = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéжγა '),
  minLength: 20,
  maxLength: 120,
})

test('every shared run of fifty bytes is found, exactly as long as it is', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, words, words, words, passage, async (a, b, c, d, other, shared) => {
      const texts = [a + shared + b, other].map(bytes)
      const query = bytes(c + shared + d)
      await withIndex(texts, (index) => {
        const hits = index.search({ codes: passageCodes(query), text: query })
        const expected = texts.flatMap((text, row) => sharedRuns(query, text).map((run) => ({ row, ...run })))
        const found = hits.map(({ row, queryOffset, rowOffset, length }) => ({ row, queryOffset, rowOffset, length }))
        const written = (runs: object[]) => runs.map((run) => JSON.stringify(run)).sort()
        assert.deepEqual(written(found), written(expected))
      })
    }),
    { numRuns: 150 },
  )
})

test('codes alone prove a stretch, and never more than there is', async () => {
  const poem = normalisePassageText(
    'Tyger Tyger, burning bright, in the forests of the night; what immortal hand or eye, could frame thy fearful symmetry? In what distant deeps or skies burnt the fire of thine eyes?',
  )
  await withIndex([bytes('x '.repeat(40)), poem], (index) => {
    const [hit] = index.search({ codes: passageCodes(poem) })
    assert.equal(hit!.row, 1)
    assert.equal(hit!.isExact, false)
    assert.ok(hit!.length >= 100 && hit!.length <= poem.length)
    assert.ok(new TextDecoder().decode(poem).includes(hit!.excerpt.shared))
  })
})

test('periodic texts, dense texts and texts of one letter are found too', async () => {
  for (let period = 2; period <= 40; period += 3) {
    const letters = 'qwertzuiopasdfghjklyxcvbnméγж0123456789+<=>$'
    const unit = [...letters].slice(0, period).join('')
    const run = bytes(unit.repeat(Math.ceil(200 / period)))
    await withIndex([bytes(`before ${unit}`), run, bytes('something else')], (index) => {
      const query = Buffer.concat([bytes('a start '), run.subarray(0, 120), bytes(' an end')])
      const hits = index.search({ codes: passageCodes(query), text: query })
      assert.ok(
        hits.some(({ row, length }) => row === 1 && length >= 120),
        `period ${period}`,
      )
    })
  }
  // A text that chooses nearly every window needs more room than others.
  const dense = bytes(`${'n'.repeat(23)}ab`.repeat(400))
  await withIndex([dense, bytes('n'.repeat(3000))], (index) => {
    assert.equal(index.search({ codes: passageCodes(dense), text: dense })[0]!.row, 0)
    const query = bytes('n'.repeat(500))
    assert.ok(index.search({ codes: passageCodes(query), text: query }).some(({ row }) => row === 1))
  })
})

test('what stands in many rows is named in some of them, and said to be common', async () => {
  const notice = 'permission is hereby granted free of charge to any person obtaining a copy of this software'
  const own = 'nobody else has ever written down this particular sentence about a heron and a bicycle bell'
  const rows = Array.from({ length: 60 }, (_, i) => bytes(`${notice} ${i === 7 ? own : `row number ${i}`}`))
  await withIndex(rows, (index) => {
    const query = bytes(`${notice} ${own}`)
    const hits = index.search({ codes: passageCodes(query), text: query })
    assert.deepEqual([hits[0]!.row, hits[0]!.isCommon], [7, false])
    assert.equal(hits.length, 50)
    assert.ok(hits.slice(1).every(({ isCommon }) => isCommon))
  })
})

test('a damaged index of passages is named, and found damage in the texts too', async () => {
  const text = bytes('the quick brown fox jumps over the lazy dog and then over another dog again and again')
  await withIndex([text], (index, directory) => {
    assert.equal(index.search({ codes: passageCodes(text), text }).length, 1)
    const path = join(
      directory,
      readdirSync(directory).find((file) => file.endsWith('.segment'))!,
    )
    const whole = readFileSync(path)
    for (let at = 0; at < whole.length; at++) {
      if (whole[at] === 0) continue
      const broken = Uint8Array.from(whole)
      broken[at]! ^= 1
      writeFileSync(path, broken)
      assert.throws(
        () => openPassageIndex(directory).search({ codes: passageCodes(text), text }),
        (error: ColophonError) => error.code === 'dataset_invalid' && error.where === path,
        `byte ${at}`,
      )
    }
  })
})

test('a segment that does not say how large its blocks are is read as it was written', async () => {
  const text = bytes(Array.from({ length: 20_000 }, (_, i) => `w${(i * 7919) % 100_003}`).join(' '))
  assert.ok(text.length > 100_000)
  await withIndex([text], (_, directory) => {
    const path = join(
      directory,
      readdirSync(directory).find((file) => file.endsWith('.segment'))!,
    )
    const sections: Record<string, Uint8Array> = Object.fromEntries(readSegment(path).sections)
    delete sections.blockBytes
    const blocks = [0, 1].map((i) => zstdCompressSync(text.subarray(i << 16, (i + 1) << 16)))
    sections.blocks = Buffer.concat(blocks)
    sections.blockEnds = bytesOf(Uint32Array.of(blocks[0]!.length, blocks[0]!.length + blocks[1]!.length))
    writeSegment(path, 'passages-2', sections)
    const query = text.subarray(60_000, 70_000)
    const [hit] = openPassageIndex(directory).search({ codes: passageCodes(query), text: query })
    assert.deepEqual([hit?.rowOffset, hit?.length], [60_000, 10_000])
  })
})

test('a phrase that returns within a few bytes and goes on otherwise is found where it goes on alike', async () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 26, maxLength: 26 })
  const gap = fc.string({ unit: fc.constantFrom(...'ABCDEF'), minLength: 1, maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(letters, letters, gap, async (phrase, rest, between) => {
      const text = bytes(`${phrase}${between}${phrase}${rest}`)
      const query = bytes(`1234567${phrase}${rest}89`)
      await withIndex([text], (index) => {
        const [hit] = index.search({ codes: passageCodes(query), text: query })
        assert.ok(hit && hit.length >= 52, `${hit?.length} bytes of 52 were found`)
      })
    }),
    { numRuns: 200 },
  )
})
