import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { exampleWorks } from '../../tests/support/exampleWorks.ts'
import { ITEM_SAMPLES, SOUND_RATE, identifyBytes, readWav, soundCodes } from '../fingerprints/index.ts'
import { openAudioIndex, type AudioIndex } from './audioIndex.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-audio-'))
const seconds = (items: number) => (items * ITEM_SAMPLES) / SOUND_RATE
let sounds: { name: string; samples: Float32Array }[]
let index: AudioIndex

before(async () => {
  sounds = (await exampleWorks())
    .filter(({ medium }) => medium === 'sound')
    .map(({ fileName, bytes }) => ({ name: fileName, samples: readWav(bytes, SOUND_RATE, 3600)! }))
  index = openAudioIndex(directory)
  index.add(sounds.map(({ samples }, row) => ({ row, items: soundCodes(samples).items })))
})
after(() => rmSync(directory, { recursive: true, force: true }))

test('a clip is found where it was cut from, and nothing else is', () => {
  for (const [row, { name, samples }] of sounds.entries()) {
    const from = Math.round(samples.length * 0.25)
    const { items } = soundCodes(samples.subarray(from, from + 9 * SOUND_RATE))
    const hits = index.search(items)
    assert.deepEqual(
      hits.map((hit) => hit.row),
      [row],
      name,
    )
    const [hit] = hits
    assert.ok(Math.abs(seconds(hit!.rowStart - hit!.queryStart) - from / SOUND_RATE) < 0.2, name)
    assert.ok(hit!.bitErrorRate < 0.1 && seconds(hit!.length) > 5, `${name} ${hit!.bitErrorRate}`)
  }
})

test('softer, with noise, or mixed with another, a sound is still found', () => {
  const [, one, other] = sounds as [unknown, (typeof sounds)[0], (typeof sounds)[0]]
  let seed = 9
  const noise = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff - 0.5
  const changed = {
    softer: one.samples.map((sample) => sample * 0.3),
    noisy: one.samples.map((sample) => sample + 0.01 * noise()),
    mixed: one.samples.map((sample, i) => sample + 0.3 * (other.samples[i] ?? 0)),
  }
  for (const [name, samples] of Object.entries(changed)) {
    const [hit] = index.search(soundCodes(samples).items)
    assert.equal(hit?.row, 1, name)
  }
})

test('silence and one tone match nothing', () => {
  assert.deepEqual(index.search(soundCodes(new Float32Array(20 * SOUND_RATE)).items), [])
  const tone = Float32Array.from({ length: 20 * SOUND_RATE }, (_, i) => Math.sin(i * 0.31))
  assert.deepEqual(index.search(soundCodes(tone).items), [])
  assert.deepEqual(index.search(new Uint32Array()), [])
})

test('what stands still is no match for what stands still: silence, a hum, and silence behind two tunes', () => {
  const place = mkdtempSync(join(tmpdir(), 'colophon-still-'))
  const still = openAudioIndex(place)
  const [one, other] = [sounds[0]!.samples.subarray(0, 9 * SOUND_RATE), sounds[1]!.samples.subarray(0, 9 * SOUND_RATE)]
  const silent = (seconds: number) => new Float32Array(seconds * SOUND_RATE)
  const hum = (level: number) => Float32Array.from({ length: 20 * SOUND_RATE }, (_, i) => level * Math.sin(i * 0.028))
  const behind = (tune: Float32Array) => Float32Array.from([...tune, ...silent(15)])
  still.add([silent(20), hum(0.2), behind(one)].map((samples, row) => ({ row, items: soundCodes(samples).items })))
  for (const samples of [silent(15), hum(0.5), behind(other)])
    assert.deepEqual(still.search(soundCodes(samples).items), [])
  const [hit] = still.search(soundCodes(behind(one)).items)
  assert.equal(hit?.row, 2)
  assert.ok(seconds(hit!.length) < 12, `${seconds(hit!.length)} seconds, nine of them a tune`)
  rmSync(place, { recursive: true, force: true })
})

test('WAV files of every common kind are heard alike, and broken ones say so', async () => {
  const { samples } = sounds[0]!
  const write = (bits: 8 | 16 | 24 | 32, isFloat: boolean, channels: number) => {
    const bytes = Buffer.alloc(44 + samples.length * channels * (bits / 8))
    bytes.write('RIFF', 0)
    bytes.writeUInt32LE(bytes.length - 8, 4)
    bytes.write('WAVEfmt ', 8)
    bytes.writeUInt32LE(16, 16)
    bytes.writeUInt16LE(isFloat ? 3 : 1, 20)
    bytes.writeUInt16LE(channels, 22)
    bytes.writeUInt32LE(SOUND_RATE, 24)
    bytes.writeUInt16LE(bits, 34)
    bytes.write('data', 36)
    bytes.writeUInt32LE(bytes.length - 44, 40)
    samples.forEach((sample, i) => {
      for (let channel = 0; channel < channels; channel++) {
        const at = 44 + (i * channels + channel) * (bits / 8)
        const value = Math.round(sample * (2 ** (bits - 1) - 1))
        if (isFloat) bytes.writeFloatLE(sample, at)
        else if (bits === 8) bytes.writeUInt8(value + 128, at)
        else bytes.writeIntLE(value, at, bits / 8)
      }
    })
    return new Uint8Array(bytes)
  }
  const wanted = soundCodes(samples).items
  for (const [bits, isFloat, channels] of [
    [8, false, 1],
    [16, false, 2],
    [24, false, 1],
    [32, false, 1],
    [32, true, 2],
  ] as const) {
    const { items } = await identifyBytes(write(bits, isFloat, channels), 'x.wav')
    const same = items!.filter((item, i) => item === wanted[i]).length
    assert.ok(same > wanted.length * (bits === 8 ? 0.5 : 0.95), `${bits} ${isFloat}: ${same} of ${wanted.length}`)
  }
  const whole = write(16, false, 1)
  for (const length of [12, 30, 44, 60]) {
    const { codes, unread, items } = await identifyBytes(whole.slice(0, length), 'cut.wav')
    assert.ok(codes.sha256 && (unread !== undefined || items!.length === 0), `${length}`)
  }
})
