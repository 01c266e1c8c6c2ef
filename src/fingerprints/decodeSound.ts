import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ColophonError, limits } from '../foundation/index.ts'
import { SOUND_RATE } from './chromaprint.ts'
import { readWav } from './wav.ts'

/** The demuxer of ffmpeg for each media type that we know by its first bytes: it may not choose another. */
const DEMUXERS: Record<string, string> = {
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'mov',
  'video/mp4': 'mov',
}

/**
 * The sound of a file: one channel at 11,025 samples a second, at most so long as `soundSecondsMax` says. WAV is read here;
 * everything else is decoded by ffmpeg, which has to be on this machine.
 *
 * Errors: `unreadable_file` (damaged, without sound, or no ffmpeg here), always with what to do.
 */
export async function decodeSound(bytes: Uint8Array, mediaType: string, where: string): Promise<Float32Array> {
  const wav = mediaType === 'audio/wav' ? readWav(bytes, SOUND_RATE, limits.soundSecondsMax) : undefined
  if (wav) return wav
  const demuxer = DEMUXERS[mediaType]
  if (!demuxer) throw unreadable('no sound is read from files of this kind', where, 'Give WAV, MP3, FLAC, OGG or M4A.')
  const directory = mkdtempSync(join(tmpdir(), 'colophon-sound-'))
  try {
    const path = join(directory, 'sound')
    writeFileSync(path, bytes, { mode: 0o600 })
    return await runFfmpeg(path, demuxer, where)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function runFfmpeg(path: string, demuxer: string, where: string): Promise<Float32Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Float32Array>()
  const input = ['-protocol_whitelist', 'file', '-f', demuxer, '-i', path, '-map', '0:a:0']
  const output = ['-t', String(limits.soundSecondsMax), '-f', 's16le', '-ac', '1', '-ar', String(SOUND_RATE), 'pipe:1']
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...input, ...output], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limits.soundTimeoutMs,
    killSignal: 'SIGKILL',
  })
  const chunks: Uint8Array[] = []
  child.stdout.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  child.on('error', () =>
    reject(unreadable('sounds of this kind need ffmpeg', where, 'Install ffmpeg on this machine, or give it as WAV.')),
  )
  child.on('close', () => {
    const raw = Buffer.concat(chunks)
    const samples = new Float32Array(raw.length >> 1)
    for (let i = 0; i < samples.length; i++) samples[i] = raw.readInt16LE(i * 2) / 32_767
    if (samples.length > 0) resolve(samples)
    else reject(unreadable('no sound can be decoded', where, 'The file may be damaged or hold no sound.'))
  })
  return promise
}

function unreadable(message: string, where: string, remedy: string): ColophonError {
  return new ColophonError('unreadable_file', message, { where, remedy })
}
