import { openFrames, type FilmFrames } from '../../fingerprints/frames.ts'

const SIDE = 512
/** Of longer films the first hour is looked at. */
const FILM_SECONDS_MAX = 3600

/** One frame a second of a film, through the browser's own decoder. Errors: what this browser cannot play. */
export async function filmFrames(file: File): Promise<FilmFrames | undefined> {
  const video = document.createElement('video')
  const address = URL.createObjectURL(file)
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const frames = openFrames()
  try {
    video.muted = true
    video.preload = 'auto'
    video.src = address
    await once(video, 'loadeddata')
    const seconds = Math.min(FILM_SECONDS_MAX, await duration(video))
    for (let second = 0; second < seconds; second++) {
      video.currentTime = second
      await once(video, 'seeked')
      context.drawImage(video, 0, 0, SIDE, SIDE)
      frames.take({ width: SIDE, height: SIDE, channels: 4, data: context.getImageData(0, 0, SIDE, SIDE).data }, second)
    }
    return frames.frames()
  } finally {
    video.removeAttribute('src')
    URL.revokeObjectURL(address)
  }
}

/** Films from a recorder do not say how long they are until their end was looked for. */
async function duration(video: HTMLVideoElement): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration
  video.currentTime = Number.MAX_SAFE_INTEGER
  await once(video, 'seeked')
  return Number.isFinite(video.duration) ? video.duration : video.currentTime
}

function once(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true })
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? event)), { once: true })
  })
}
