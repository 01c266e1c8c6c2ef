import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { loadExampleWorks } from '../../../examples/works/index.ts'
import { SOUND_RATE, readWav, soundCodes } from '../../../src/fingerprints/index.ts'
import { debianFolders, isThere } from './debian.ts'
import { halfOf, type Half } from './halves.ts'

export interface Sound {
  name: string
  half: Half
  samples: Float32Array
  items: Uint32Array
}

/** Debian's packages of music, about 290 MB, and where it lies in them. */
const PACKAGES: Record<string, string> = {
  'wesnoth-1.16-music': 'usr/share/games/wesnoth/1.16/data/core/music/*.ogg',
  'warzone2100-music': 'usr/share/games/warzone2100/music/**/*.{ogg,opus}',
  'singularity-music': 'usr/share/games/singularity/music/**/*.ogg',
}

/** So much of each piece is taken, from so far into it. */
const SECONDS = 90
const SECONDS_SKIPPED = 5
const SECONDS_MIN = 30

/** Pieces of music, where ffmpeg and Debian are; otherwise the short sounds of the example. */
export async function loadSounds(): Promise<Sound[]> {
  const music = loadMusic()
  if (music.length > 0) return music
  return (await loadExampleWorks())
    .filter(({ medium }) => medium === 'sound')
    .map(({ fileName, bytes }) => soundOf(fileName, readWav(bytes, SOUND_RATE, SECONDS)!))
}

function loadMusic(): Sound[] {
  if (!isThere('ffmpeg', '-version')) {
    console.error('music is decoded by ffmpeg, and there is no ffmpeg here: only the sounds of the example')
    return []
  }
  return (debianFolders(Object.keys(PACKAGES), 'pieces of music') ?? []).flatMap(({ name, folder }) =>
    globSync(PACKAGES[name]!, { cwd: folder })
      .sort()
      .map((file) => {
        const from = ['-ss', String(SECONDS_SKIPPED), '-i', join(folder, file)]
        return soundOf(basename(file), ffmpeg(from, ['-t', String(SECONDS)]))
      })
      .filter(({ samples }) => samples.length >= SECONDS_MIN * SOUND_RATE),
  )
}

function soundOf(name: string, samples: Float32Array): Sound {
  return { name, half: halfOf(name), samples, items: soundCodes(samples).items }
}

/** What ffmpeg makes of an input, as one channel at the rate of the codes. */
export function ffmpeg(input: string[], options: string[], stdin?: Uint8Array): Float32Array {
  const output = [...options, '-f', 'f32le', '-ac', '1', '-ar', String(SOUND_RATE), 'pipe:1']
  const raw = run([...input, ...output], stdin)
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~3)))
}

/** Samples saved by ffmpeg in a lossy format and read again. */
export function recoded(samples: Float32Array, format: string, options: string[]): Float32Array {
  const encoded = run([...RAW, '-i', 'pipe:0', ...options, '-f', format, 'pipe:1'], bytesOf(samples))
  return ffmpeg(['-i', 'pipe:0'], [], encoded)
}

/** Samples after a filter of ffmpeg. */
export function filtered(samples: Float32Array, filter: string): Float32Array {
  return ffmpeg([...RAW, '-i', 'pipe:0'], ['-af', filter], bytesOf(samples))
}

const RAW = ['-f', 'f32le', '-ac', '1', '-ar', String(SOUND_RATE)]

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

function run(options: string[], input?: Uint8Array): Buffer {
  const { status, stdout, stderr, error } = spawnSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...options], {
    ...(input ? { input } : {}),
    maxBuffer: 256 * 1024 * 1024,
  })
  if (error || status !== 0) throw new Error(`ffmpeg ${options.join(' ')}: ${error?.message ?? stderr.toString()}`)
  return stdout
}
