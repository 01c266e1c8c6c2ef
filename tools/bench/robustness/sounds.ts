import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SOUND_RATE, soundCodes } from '../../../src/fingerprints/index.ts'
import { openAudioIndex } from '../../../src/similarity/index.ts'
import { FalseMatches, HALVES, Tally, halfOfPair } from './halves.ts'
import { randomFrom } from './random.ts'
import { filtered, loadSounds, recoded, type Sound } from './soundSet.ts'

type Attack = (samples: Float32Array, other: Float32Array, random: () => number) => Float32Array

const ATTACKS: Record<string, Attack> = {
  unchanged: (samples) => samples,
  'a clip of eight seconds': (samples) => samples.subarray(samples.length >> 2, (samples.length >> 2) + 8 * SOUND_RATE),
  'a clip of twenty seconds': (samples) =>
    samples.subarray(samples.length >> 2, (samples.length >> 2) + 20 * SOUND_RATE),
  'half as loud': (samples) => samples.map((sample) => sample / 2),
  'eight bits': (samples) => samples.map((sample) => Math.round(sample * 127) / 127),
  'noise at −40 dB': (samples, _, random) => samples.map((sample) => sample + 0.02 * (random() - 0.5)),
  'mixed with another at a fifth': (samples, other) => samples.map((sample, i) => sample + 0.2 * (other[i] ?? 0)),
  'dull (low pass)': (samples) =>
    samples.map((sample, i) => (sample + (samples[i - 1] ?? 0) + (samples[i - 2] ?? 0)) / 3),
  'two per cent faster and higher': (samples) => resampled(samples, 1.02),
  'MP3, 64 kbit/s': (samples) => recoded(samples, 'mp3', ['-ar', '44100', '-c:a', 'libmp3lame', '-b:a', '64k']),
  'Opus, 32 kbit/s': (samples) => recoded(samples, 'ogg', ['-ar', '48000', '-c:a', 'libopus', '-b:a', '32k']),
  'AAC, 48 kbit/s': (samples) => recoded(samples, 'adts', ['-ar', '44100', '-c:a', 'aac', '-b:a', '48k']),
  'three per cent faster, as high': (samples) => filtered(samples, 'atempo=1.03'),
  'equaliser: bass +8 dB, 1 kHz −6 dB, treble +6 dB': (samples) =>
    filtered(samples, 'bass=g=8:f=120,equalizer=f=1000:t=q:w=1:g=-6,treble=g=6:f=3000,alimiter=limit=0.95'),
}
const NEED_FFMPEG = /MP3|Opus|AAC|as high|equaliser/

/** What is done to sounds, how many are found after it, and which others are called a match. */
export async function benchSounds(): Promise<void> {
  const sounds = await loadSounds()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openAudioIndex(directory)
  index.add(sounds.map(({ items }, row) => ({ row, items })))
  const sizes = HALVES.map((half) => `${sounds.filter((sound) => sound.half === half).length} ${half}`).join(', ')
  console.log(`\nSounds: ${sounds.length} (${sizes}).\n`)
  console.log('| what was done | found: calibration · held out | false matches |\n|---|---|---|')
  const wrong = new FalseMatches()
  for (const [name, attack] of Object.entries(ATTACKS)) {
    if (!new RegExp(process.env.ATTACKS ?? '').test(name)) continue
    try {
      const tally = attackAll(sounds, index, name, attack, wrong)
      console.log(`| ${name} | ${tally.shares('found')} | ${tally.numbers('false')} |`)
    } catch (error) {
      if (!NEED_FFMPEG.test(name)) throw error
      console.error(`${name} was left out: ${(error as Error).message}`)
    }
  }
  console.log(`\n${wrong.report('False')}`)
  rmSync(directory, { recursive: true, force: true })
}

function attackAll(
  sounds: Sound[],
  index: ReturnType<typeof openAudioIndex>,
  name: string,
  attack: Attack,
  wrong: FalseMatches,
): Tally {
  const tally = new Tally()
  for (const [row, sound] of sounds.entries()) {
    const companion = (row + 1) % sounds.length
    const changed = attack(sound.samples, sounds[companion]!.samples, randomFrom(row + 1))
    const hits = new Map(index.search(soundCodes(changed).items).map((hit) => [hit.row, hit]))
    tally.add('found', sound.half, hits.has(row))
    for (const [other, { half, name: otherName }] of sounds.entries()) {
      if (
        other === row ||
        (name.startsWith('mixed') && other === companion) ||
        motifOf(otherName) === motifOf(sound.name)
      )
        continue
      tally.add('false', halfOfPair(sound.half, half), hits.has(other))
      wrong.add(halfOfPair(sound.half, half), row, other, hits.has(other))
      const hit = hits.get(other)
      if (hit)
        console.error(
          `${name}: ${sound.name} is taken for ${otherName}: ${hit.length} items from ${hit.queryStart} and ${hit.rowStart}, ${hit.bitErrorRate.toFixed(3)} of the bits differ`,
        )
    }
  }
  return tally
}

/** The name without the mark by which two recordings of one piece are told apart. */
function motifOf(name: string): string {
  return name.replace('_enhanced', '')
}

/** Played faster, and so higher, with straight lines between samples. */
function resampled(samples: Float32Array, speed: number): Float32Array {
  return Float32Array.from({ length: Math.floor((samples.length - 2) / speed) }, (_, i) => {
    const at = Math.floor(i * speed)
    return samples[at]! + (i * speed - at) * (samples[at + 1]! - samples[at]!)
  })
}
