import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTextManifest, wrapTextManifest } from './index.ts'

const MANIFEST = Uint8Array.from([0, 15, 16, 255, 1])
const codePoints = (text: string) => [...text].map((character) => character.codePointAt(0)!)
const findings = (text: string) => readTextManifest(text).findings.map(({ code }) => code)

test('each byte is the selector that C2PA 2.4, A.8.3.1, gives it, behind one U+FEFF at the end', () => {
  const { text } = wrapTextManifest('Hi', MANIFEST)
  const selector = (byte: number) => (byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)
  const header = [0x43, 0x32, 0x50, 0x41, 0x54, 0x58, 0x54, 0x00, 1, 0, 0, 0, 5]
  // It takes 66 bytes of the 81 that a store of five bytes always takes (A.8, deterministic padding).
  const padding = [0, 0, 0, 0, 0]
  assert.deepEqual(codePoints(text), [0x48, 0x69, 0xfeff, ...[...header, ...MANIFEST, ...padding].map(selector)])
})

test('padding makes the length one of the manifest’s length alone: c2pa-org/public-testfiles, pull request 33', () => {
  const { text, exclusion } = wrapTextManifest('', new TextEncoder().encode('c2pa-manifest-01'))
  assert.equal(exclusion.length, 125)
  assert.deepEqual(codePoints(text).slice(-3), [0xfe00, 0xe0100, 0xe0100])
  // One that was not padded is read, too.
  assert.equal(readTextManifest([...text].slice(0, -3).join('')).found!.exclusion.length, 114)
})

test('every manifest comes back, and what the hash leaves out are the bytes that were added', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 300 }), (visible, manifest) => {
      const { text, exclusion } = wrapTextManifest(visible, manifest)
      const { found } = readTextManifest(text)
      assert.deepEqual(found, { manifest, exclusion })
      const bytes = Buffer.from(text)
      assert.equal(exclusion.start + exclusion.length, bytes.length)
      assert.equal(bytes.subarray(0, exclusion.start).toString(), visible.normalize('NFC'))
      assert.equal(text.normalize('NFC'), text)
    }),
  )
})

test('a text is normalised to NFC before offsets are counted (A.8.7.2)', () => {
  assert.equal(wrapTextManifest('cafe\u0301', MANIFEST).exclusion.start, 5)
  // A composition exclusion: NFC makes it longer.
  assert.equal(wrapTextManifest('\u0958', MANIFEST).exclusion.start, 6)
})

test('a wrapper is found wherever it stands, among marks and selectors of others', () => {
  const { text } = wrapTextManifest('', MANIFEST)
  for (const around of [`\ufeff☂\ufe0f ${text} and more`, `\ufeff\ufe0f\ufe0f${text}`, `\ufeff${text}`])
    assert.deepEqual(readTextManifest(around).found?.manifest, MANIFEST, around)
})

test('text without a manifest has none, and that is no finding', () => {
  for (const text of ['', 'x', '\ufeffx', '☂\ufe0f', `\ufeff${'\ufe0f'.repeat(40)}`])
    assert.deepEqual(readTextManifest(text), { findings: [] })
})

test('a damaged wrapper is told and not taken for none (15.12.1.3.2)', () => {
  const points = codePoints(wrapTextManifest('Hi', MANIFEST).text)
  const changed = (at: number, point: number) => String.fromCodePoint(...points.with(at, point))
  assert.deepEqual(findings(String.fromCodePoint(...points.slice(0, -6))), ['text_wrapper_corrupted'], 'cut')
  assert.deepEqual(findings(String.fromCodePoint(...points.slice(0, 12))), ['text_wrapper_corrupted'], 'cut short')
  assert.deepEqual(findings(changed(11, 0xfe02)), ['text_wrapper_corrupted'], 'version 2')
  assert.deepEqual(findings(changed(12, 0xe01ef)), ['text_wrapper_corrupted'], 'a length of four billion')
  assert.deepEqual(findings(String.fromCodePoint(...points, 0xfe01)), ['text_wrapper_corrupted'], 'a surplus')
  // A letter in its midst: what is copied in part.
  assert.deepEqual(findings(changed(17, 0x41)), ['text_wrapper_corrupted'])
  // Another beginning is no wrapper.
  assert.deepEqual(findings(changed(3, 0xfe00)), [])
})

test('of two manifests neither is given (A.8.7.1), and a damaged one hides none', () => {
  const { text } = wrapTextManifest('', MANIFEST)
  assert.deepEqual([readTextManifest(text + text).found, findings(text + text)], [undefined, ['text_wrappers_several']])
  const damaged = text.slice(0, -6)
  assert.deepEqual(findings(`${damaged.toWellFormed()}x${text}`), ['text_wrapper_corrupted'])
  assert.deepEqual(readTextManifest(`${[...text].slice(0, -6).join('')}x${text}`).found?.manifest, MANIFEST)
})

test('what has a manifest gets no second one, and half a character none', () => {
  const { text } = wrapTextManifest('Hi', MANIFEST)
  assert.throws(() => wrapTextManifest(text, MANIFEST), { code: 'state_not_allowed' })
  assert.throws(() => wrapTextManifest([...text].slice(0, -2).join(''), MANIFEST), { code: 'state_not_allowed' })
  assert.throws(() => wrapTextManifest('\ud800', MANIFEST), { code: 'invalid_input' })
})

test('a run as long as a file is a finding', () => {
  const { text } = wrapTextManifest('Hi', new Uint8Array(20))
  assert.deepEqual(findings(text + '\u{e01ef}'.repeat(4 * 1024 * 1024)), ['text_wrapper_corrupted'])
  const long = new Uint8Array(2 * 1024 * 1024).fill(200)
  assert.equal(readTextManifest(wrapTextManifest('Hi', long).text).found!.manifest.length, long.length)
})

test('many beginnings cost no more than the text is long', () => {
  const beginning = [...wrapTextManifest('', MANIFEST).text].slice(0, 10).join('')
  assert.ok(findings(beginning.repeat(200_000)).length > 1)
})
