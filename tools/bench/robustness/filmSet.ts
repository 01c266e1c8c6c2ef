import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { SCENES } from './filmScenes.ts'
import { halfOf, type Half } from './halves.ts'
import { randomFrom } from './random.ts'

/** A film that was drawn by a formula, as a file. */
export interface Film {
  name: string
  path: string
  half: Half
}

const [WIDTH, HEIGHT, RATE] = [128, 72, 6]
const SCENES_A_FILM = 6
export const SCENE_SECONDS = 2

/** Draws so many films that have nothing to do with each other, of six scenes of two seconds, as MP4 in a folder. */
export function drawFilms(folder: string, count: number): Film[] {
  return Array.from({ length: count }, (_, number) => {
    const name = `film-${String(number).padStart(4, '0')}.mp4`
    const path = join(folder, name)
    ffmpeg(
      [
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-s',
        `${WIDTH}x${HEIGHT}`,
        '-r',
        String(RATE),
        '-i',
        'pipe:0',
        ...X264,
        path,
      ],
      drawn(number),
    )
    return { name, path, half: halfOf(name) }
  })
}

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-y']

/** A film after it was cut, filtered and saved anew. */
export function recoded(film: Film, path: string, options: readonly string[], cut: readonly string[] = []): void {
  ffmpeg([...cut, '-i', film.path, ...options, ...X264, path])
}

/** The frames of a film one after the other, three bytes a pixel. */
function drawn(number: number): Uint8Array {
  const random = randomFrom(number * 7919 + 17)
  // The first numbers of near seeds are near each other.
  for (let i = 0; i < 20; i++) random()
  const frames = SCENE_SECONDS * RATE
  const bytes = new Uint8Array(SCENES_A_FILM * frames * WIDTH * HEIGHT * 3)
  const kinds = Object.values(SCENES)
  let at = 0
  for (let part = 0; part < SCENES_A_FILM; part++) {
    const scene = kinds[Math.floor(random() * kinds.length)]!(random)
    const [zoom, panX, panY] = [0.1 * (random() - 0.5), 0.1 * (random() - 0.5), 0.06 * (random() - 0.5)]
    const [red, green, blue] = [0.7 + 0.3 * random(), 0.7 + 0.3 * random(), 0.7 + 0.3 * random()]
    for (let frame = 0; frame < frames; frame++) {
      const t = frame / RATE
      const scale = 1 + zoom * t
      for (let y = 0; y < HEIGHT; y++)
        for (let x = 0; x < WIDTH; x++) {
          const [u, v] = [(x / WIDTH - 0.5) * scale + 0.5 + panX * t, (y / HEIGHT - 0.5) * scale + 0.5 + panY * t]
          const light = Math.max(0, Math.min(1, scene(u, v, t))) * 255
          bytes[at++] = light * red
          bytes[at++] = light * green
          bytes[at++] = light * blue
        }
    }
  }
  return bytes
}

export function hasFfmpeg(): boolean {
  return spawnSync('ffmpeg', ['-version']).status === 0
}

function ffmpeg(options: string[], input: Uint8Array = new Uint8Array()): void {
  const { status, stderr, error } = spawnSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...options], { input })
  if (error || status !== 0) throw new Error(`ffmpeg ${options.join(' ')}: ${error?.message ?? stderr.toString()}`)
}
