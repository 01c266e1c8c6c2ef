import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { composeSounds } from '../../../../examples/works/sounds.ts'
import { CD_RATE as RATE, readSamples as read, throughMp3, wavOf } from '../../../../tests/support/soundFiles.ts'
import { degrees } from '../../../disclosure/index.ts'
import { openWav } from '../../../fingerprints/index.ts'
import { ColophonError } from '../../../foundation/index.ts'
import { resampled } from './resample.ts'
import { readSoundWatermark, watermarkSound } from './index.ts'

const payload = { pointer: 'a1b2c3d4e5', degree: 2, isReviewed: true } as const
const SECONDS = 28

let sounds: Uint8Array[]
let original: Float32Array
let marked: Float32Array
let snr: number

before(async () => {
  sounds = composeSounds().map(({ bytes }) => bytes)
  const [first, second] = [sounds[0]!, sounds[2]!].map((bytes) => {
    const { samples, rate } = read(bytes)
    return resampled(samples, rate, RATE)
  })
  const at = (i: number) => (i < 15 * RATE ? first : second)![i % (15 * RATE)]!
  original = Float32Array.from({ length: SECONDS * RATE }, (_, i) => at(i))
  const made = await watermarkSound(wavOf([original]), payload)
  marked = read(made.bytes).samples
  snr = made.snr
})

const ATTACKS: Record<string, (samples: Float32Array) => Promise<Uint8Array> | Uint8Array> = {
  nothing: (samples) => wavOf([samples]),
  'MP3 at 128 kbit/s': throughMp3,
  '48,000 samples a second': (samples) => wavOf([resampled(samples, RATE, 48_000)], { rate: 48_000 }),
  '22,050 samples a second': (samples) => wavOf([resampled(samples, RATE, 22_050)], { rate: 22_050 }),
  'half as loud': (samples) => wavOf([samples.map((value) => value / 2)]),
  'louder, clipped': (samples) => wavOf([samples.map((value) => Math.max(-1, Math.min(1, value * 1.5)))]),
  'turned upside down': (samples) => wavOf([samples.map((value) => -value)]),
  'a cut of 20 seconds': (samples) => wavOf([samples.subarray(171_717, 171_717 + 20 * RATE)]),
  'a cut of 20 seconds as MP3': (samples) => throughMp3(samples.subarray(99_999, 99_999 + 20 * RATE)),
  'nothing below 50 hertz': (samples) => wavOf([highPass(samples, 50)]),
  'a little noise': (samples) => wavOf([samples.map((value, i) => value + 0.002 * Math.sin(i * i * 0.37))]),
  'eight bits': (samples) => wavOf([samples], { bits: 8 }),
}

for (const [name, attack] of Object.entries(ATTACKS))
  test(`the watermark of a sound is read after: ${name}`, async () => {
    assert.deepEqual((await readSoundWatermark(await attack(marked)))?.payload, payload)
  })

test('what is added is 30 dB below the sound, and a sound without a watermark has none', async () => {
  assert.ok(snr >= 29.9, `${snr} dB`)
  for (const bytes of sounds) assert.equal(await readSoundWatermark(bytes), undefined)
})

test('each kind of samples carries one, and all other bytes stay', async () => {
  const short = original.subarray(0, 13 * RATE)
  const other = short.map((value, i) => 0.6 * value + 0.2 * short[Math.max(0, i - 400)]!)
  for (const options of [{ bits: 16 }, { bits: 24 }, { bits: 32 }, { bits: 32, isFloat: true }]) {
    const bytes = wavOf(options.bits === 16 ? [short, other, short] : [short, other], options)
    const { bytes: out } = await watermarkSound(bytes, payload)
    assert.deepEqual((await readSoundWatermark(out))?.payload, payload, JSON.stringify(options))
    const { sampleAt, frames } = openWav(bytes)!
    assert.equal(out.length, bytes.length)
    assert.deepEqual(out.subarray(0, sampleAt(0, 0)), bytes.subarray(0, sampleAt(0, 0)))
    assert.deepEqual(out.subarray(sampleAt(frames, 0)), bytes.subarray(sampleAt(frames, 0)))
  }
})

test('eight bits carry one, or are refused, for what is so quiet may be lost in their steps', async () => {
  const bytes = wavOf([original], { bits: 8 })
  await watermarkSound(bytes, payload).then(
    async ({ bytes: out }) => assert.deepEqual((await readSoundWatermark(out))?.payload, payload),
    (error) => assert.equal(error.code, 'state_not_allowed'),
  )
})

test('what cannot carry one is refused by its code', async () => {
  const refused = (bytes: Uint8Array, code: string) =>
    assert.rejects(watermarkSound(bytes, payload), (error) => error instanceof ColophonError && error.code === code)
  await refused(wavOf([original.subarray(0, 11 * RATE)]), 'state_not_allowed')
  await refused(wavOf([new Float32Array(13 * RATE)]), 'state_not_allowed')
  await refused(new TextEncoder().encode('no sound'), 'unreadable_file')
  await refused(wavOf([original]).subarray(0, 30), 'unsupported_media')
})

test('every payload comes back', async () => {
  const short = wavOf([resampled(original.subarray(0, 13 * RATE), RATE, 22_050)], { rate: 22_050 })
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[0-9a-f]{10}$/),
      fc.constantFrom(...degrees),
      fc.boolean(),
      async (pointer, degree, isReviewed) => {
        const said = { pointer, degree, isReviewed }
        const { bytes } = await watermarkSound(short, said)
        assert.deepEqual((await readSoundWatermark(bytes))?.payload, said)
      },
    ),
    { numRuns: 5 },
  )
})

/** A filter of first order, as loudspeakers and broadcasters have. */
function highPass(samples: Float32Array, hertz: number): Float32Array {
  const keep = 1 / (1 + (2 * Math.PI * hertz) / RATE)
  let [before, out] = [0, 0]
  return samples.map((value) => {
    out = keep * (out + value - before)
    before = value
    return out
  })
}
