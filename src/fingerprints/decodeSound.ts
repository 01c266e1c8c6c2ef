import { limits } from '../foundation/index.ts'
import { SOUND_RATE } from './chromaprint.ts'
import { ffmpegInput, runFfmpeg, unreadable, withMediaFile, type MediaSource } from './ffmpeg.ts'
import { readWav } from './wav.ts'

/**
 * The sound of a file: one channel at 11,025 samples a second, at most so long as `soundSecondsMax` says. WAV is read here;
 * everything else is decoded by ffmpeg, which has to be on this machine.
 *
 * Errors: `unreadable_file` (damaged, without sound, or no ffmpeg here), always with what to do.
 */
export async function decodeSound(source: MediaSource, mediaType: string, where: string): Promise<Float32Array> {
  const isWav = 'bytes' in source && mediaType === 'audio/wav'
  const wav = isWav ? readWav(source.bytes, SOUND_RATE, limits.soundSecondsMax) : undefined
  if (wav) return wav
  return withMediaFile(source, async (path) => {
    const output = ['-map', '0:a:0', '-t', String(limits.soundSecondsMax), '-f', 's16le', '-ac', '1']
    const args = [...ffmpegInput(path, mediaType, where), ...output, '-ar', String(SOUND_RATE), 'pipe:1']
    const chunks: Uint8Array[] = []
    await runFfmpeg(args, where, limits.soundTimeoutMs, (chunk) => chunks.push(chunk))
    const raw = Buffer.concat(chunks)
    const samples = new Float32Array(raw.length >> 1)
    for (let i = 0; i < samples.length; i++) samples[i] = raw.readInt16LE(i * 2) / 32_767
    if (samples.length > 0) return samples
    throw unreadable('no sound can be decoded', where, 'The file may be damaged or hold no sound.')
  })
}
