import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ColophonError } from '../foundation/index.ts'

/** The demuxer of ffmpeg for each media type that we know by its first bytes: it may not choose another. */
const DEMUXERS: Record<string, string> = {
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'mov',
  'video/mp4': 'mov',
  'video/webm': 'matroska',
  'video/avi': 'avi',
}

/** Where the bytes of a file are: on disk, or in memory. */
export type MediaSource = { path: string } | { bytes: Uint8Array }

/** Runs with the file as one on disk, in a folder of its own for whatever else is written, which is removed after it. */
export async function withMediaFile<Result>(
  source: MediaSource,
  run: (path: string, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-media-'))
  try {
    const path = 'path' in source ? source.path : join(folder, 'file')
    if ('bytes' in source) writeFileSync(path, source.bytes, { mode: 0o600 })
    return await run(path, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What ffmpeg is told of an input: one file of one kind, and nothing that it names. */
export function ffmpegInput(path: string, mediaType: string, where: string): string[] {
  const demuxer = DEMUXERS[mediaType]
  if (!demuxer)
    throw unreadable(
      'nothing is heard or seen in files of this kind',
      where,
      'Give WAV, MP3, FLAC, OGG, M4A, MP4 or WebM.',
    )
  return ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${path}`]
}

/**
 * Runs ffmpeg and hands on what it writes, piece by piece. Returns whether it ended by itself, and not because the time
 * was up. Errors: `unreadable_file` when there is no ffmpeg here.
 */
export function runFfmpeg(
  args: readonly string[],
  where: string,
  timeoutMs: number,
  take: (piece: Uint8Array) => void,
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // The clock of `spawn` would go on where there is no ffmpeg to start, and keep the process from ending.
  const clock = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  child.stdout.on('data', take)
  child.on('error', () =>
    reject(unreadable('sounds and films of this kind need ffmpeg', where, 'Install ffmpeg on this machine.')),
  )
  child.on('close', (_, signal) => resolve(signal !== 'SIGKILL'))
  return promise.finally(() => clearTimeout(clock))
}

export function unreadable(message: string, where: string, remedy: string): ColophonError {
  return new ColophonError('unreadable_file', message, { where, remedy })
}
