import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../foundation/index.ts'
import { ffmpegInput, runFfmpeg, unreadable, withMediaFile, type MediaSource } from './ffmpeg.ts'
import { openFrames, type FilmFrames } from './frames.ts'
import { isccVideoCode } from './isccMedia.ts'

export interface FilmCodes {
  frames: FilmFrames | undefined
  /** ISCC Video-Code, 256 bits, of five MPEG-7 frame signatures a second. */
  videoCode: Uint8Array | undefined
  /** Whether the film was seen to its end, or to `filmSecondsMax`, before the time was up. */
  isComplete: boolean
}

const SIDE = 512
/** Frames a second: whoever cuts a film elsewhere sees other frames, but none further than an eighth of a second away. */
const RATE = 4
const FRAME_BYTES = SIDE * SIDE * 3

/**
 * Codes of what a film shows, four frames a second, through ffmpeg. Frames are looked at as they come, so that a long film
 * needs no more memory than a short one. Errors: `unreadable_file` (damaged, without pictures, or no ffmpeg here).
 */
export async function decodeFilm(source: MediaSource, mediaType: string, where: string): Promise<FilmCodes> {
  return withMediaFile(source, async (path, folder) => {
    const signatures = join(folder, 'signatures.xml')
    const filter = `[0:v:0]split[a][b];[a]fps=5,signature=format=xml:filename=${signatures}[s];[b]fps=${RATE}:round=up,scale=${SIDE}:${SIDE},format=rgb24[f]`
    const limit = ['-t', String(limits.filmSecondsMax)]
    const args = [...ffmpegInput(path, mediaType, where), '-filter_complex', filter]
    args.push('-map', '[s]', ...limit, '-f', 'null', '-', '-map', '[f]', ...limit, '-f', 'rawvideo', 'pipe:1')
    const frames = openFrames()
    const pixels = new Uint8Array(FRAME_BYTES)
    let [held, count] = [0, 0]
    const isComplete = await runFfmpeg(args, where, limits.filmTimeoutMs, (piece) => {
      for (let at = 0; at < piece.length;) {
        const some = piece.subarray(at, at + FRAME_BYTES - held)
        pixels.set(some, held)
        held += some.length
        at += some.length
        if (held < FRAME_BYTES) continue
        frames.take({ width: SIDE, height: SIDE, channels: 3, data: pixels }, count++ / RATE)
        held = 0
      }
    })
    if (count === 0) throw unreadable('no picture can be decoded', where, 'The file may be damaged or hold no film.')
    const videoCode = isComplete && existsSync(signatures) ? videoCodeOf(readFileSync(signatures, 'utf8')) : undefined
    return { frames: frames.frames(), videoCode, isComplete }
  })
}

/** The frame signatures that ffmpeg's filter writes: 380 numbers each, 0 to 2. */
function videoCodeOf(xml: string): Uint8Array | undefined {
  const frames = [...xml.matchAll(/<FrameSignature>([\s\d]*)<\/FrameSignature>/g)].map(([, numbers]) =>
    numbers!.trim().split(/\s+/).map(Number),
  )
  return frames.length > 0 ? isccVideoCode(frames) : undefined
}
