import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBLAKE3 } from 'hash-wasm'
import {
  compareUnits,
  decodeIscc,
  explainIscc,
  formatComposite,
  formatIscc,
  formatUnit,
  normaliseIscc,
  parseIscc,
  type IsccUnit,
} from './iscc.ts'
import { isccAudioCode, isccMixedCode, isccVideoCode } from './isccMedia.ts'
import { isccMetaCode } from './isccMeta.ts'

const hasher = await createBLAKE3()
const blake3 = (bytes: Uint8Array) => hasher.init().update(bytes).digest('binary')

/** Known answers of ISO 24138. */
test('Meta-Codes are those of the standard, with what entered them', () => {
  const plain = isccMetaCode({ name: 'Die Unendliche Geschichte' }, blake3)
  assert.equal(formatIscc('meta', plain.digest, 64), 'ISCC:AAAZXZ6OU74YAZIM')
  assert.equal(plain.metahash, '1e200d890ec03394de69d28750ccc89510afaa0b405eec4efbfd79df19d2d5764c83')
  const described = isccMetaCode({ name: 'Die Unendliche Geschichte', description: 'Von Michael Ende' }, blake3)
  assert.equal(
    formatIscc('meta', described.digest, 256),
    'ISCC:AADZXZ6OU4E45RB57GAGKDGHZXV752RFK424V76TRVZ2TKS2K6X5VVA',
  )
  const json = isccMetaCode({ name: 'Hello', meta: new TextEncoder().encode('{"some":"object"}') }, blake3)
  assert.equal(formatIscc('meta', json.digest, 64), 'ISCC:AAAWKLHFXN63LHL2')
  assert.throws(() => isccMetaCode({ name: ' \n\t' }, blake3), RangeError)
})

test('Audio-, Video- and Mixed-Codes are those of the standard', () => {
  assert.equal(
    formatIscc('audio', isccAudioCode([-1, 0, 1])),
    'ISCC:EIDQAAAAAH777777AAAAAAAAAAAACAAAAAAP777774AAAAAAAAAAAAI',
  )
  assert.equal(formatIscc('audio', isccAudioCode([]), 64), 'ISCC:EIAQAAAAAAAAAAAA')
  const range = Array.from({ length: 380 }, (_, i) => i)
  assert.equal(
    formatIscc('video', isccVideoCode([range, range])),
    'ISCC:EMDVFD4RIMPXYSWSNEZPYBZ2FDFMSPZBUMDRUFJPYKJFXWXNDUMQAYI',
  )
  assert.throws(() => isccVideoCode([[1, 2]]), RangeError)
  const parts = ['EUA6GIKXN42IQV3S', 'EIAUKMOUIOYZCKA5', 'EQA6JK5IEKO6E732', 'EIAU2XRWOT4AKMTZ']
  assert.equal(formatIscc('mixed', isccMixedCode(parts, 64), 64), 'ISCC:EQASNZJ36ZT33AL7')
  assert.throws(() => isccMixedCode(parts, 128), RangeError)
})

test('composite codes are those of the standard, and come apart again', () => {
  const units = [
    'IADWIK7A7JTUAQ2D6QARX7OBEIK3OOUAM42LOBLCZ4ZOGDLRHMDL6TQ',
    'AAAYPXW445FTYNJ3',
    'EAARMJLTQCUWAND2',
    'GABVVC5DMJJGYKZ4ZBYVNYABFFYXG',
  ].map((code) => parseIscc(code)![0]!)
  const code = formatComposite(units)
  assert.equal(code, 'ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY')
  assert.deepEqual(
    parseIscc(code)!.map(({ mainType, subType }) => [mainType, subType]),
    [
      ['meta', 'none'],
      ['content', 'text'],
      ['data', 'none'],
      ['instance', 'none'],
    ],
  )
  for (const unit of parseIscc(code)!) {
    const whole = units.find(({ mainType }) => mainType === unit.mainType)!
    assert.deepEqual(compareUnits(unit, whole), { distance: 0, bits: 64 })
  }
  assert.equal(formatComposite([units[3]!, units[0]!]), 'ISCC:KUAFVC5DMJJGYKZ4MQV6B6THIBBUG')
  assert.throws(() => formatComposite([units[1]!, units[3]!]), RangeError)
  assert.match(explainIscc(parseIscc(code)!), /^meta, 64 bits: [0-9a-f]{16}\ncontent \(text\), 64 bits/)
})

test('every way to write a code is read, and nothing else is', () => {
  const unit = fc.record({
    mainType: fc.constantFrom('meta', 'content', 'data', 'instance'),
    digest: fc
      .integer({ min: 1, max: 8 })
      .chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
    medium: fc.constantFrom('text', 'image', 'audio', 'video', 'mixed'),
  })
  fc.assert(
    fc.property(unit, ({ mainType, digest, medium }) => {
      const written = { mainType, digest, subType: mainType === 'content' ? medium : 'none' } as IsccUnit
      const code = formatUnit(written)
      const bare = code.slice('ISCC:'.length)
      const forms = [code, code.toLowerCase(), bare, bare.match(/.{1,4}/g)!.join('-'), ` ${code} `]
      const prefixed = Buffer.concat([Buffer.of(0xcc, 0x01), decodeIscc(code)!.bytes])
      forms.push(`f${prefixed.toString('hex')}`, `u${prefixed.toString('base64url')}`)
      for (const form of forms) {
        assert.deepEqual(parseIscc(form), [written])
        assert.equal(normaliseIscc(form), code)
      }
    }),
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ABCKZ27fbuz-'), maxLength: 80 })),
      (text) => {
        const units = parseIscc(text)
        if (units) assert.equal(normaliseIscc(normaliseIscc(text)!), normaliseIscc(text))
      },
    ),
  )
})
