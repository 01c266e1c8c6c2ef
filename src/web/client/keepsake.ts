/** What the result page draws of one's own file. It stays in this tab of this browser, and is gone with it. */
export interface Keepsake {
  /** A small JPEG in base64. */
  picture?: string
  /** Loudness (0 to 1) of two hundred parts of the sound, and how long it is. */
  loudness?: number[]
  seconds?: number
}

const PICTURE_SIDE = 320
const PARTS = 200

export async function pictureKeepsake(file: File): Promise<Keepsake> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, PICTURE_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale))
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.7 })).arrayBuffer())
  return { picture: btoa(String.fromCharCode(...bytes)) }
}

export function soundKeepsake(samples: Float32Array, rate: number): Keepsake {
  const loudness = Array.from({ length: PARTS }, (_, part) => {
    let most = 0
    const end = Math.floor(((part + 1) * samples.length) / PARTS)
    for (let i = Math.floor((part * samples.length) / PARTS); i < end; i++) most = Math.max(most, Math.abs(samples[i]!))
    return Math.round(most * 100) / 100
  })
  return { loudness, seconds: samples.length / rate }
}

export function keep(result: string, keepsake: Keepsake): void {
  try {
    sessionStorage.setItem(`result ${result}`, JSON.stringify(keepsake))
  } catch {
    // Without storage the result is shown without one's own file.
  }
}

export function recall(result: string): Keepsake | undefined {
  const text = sessionStorage.getItem(`result ${result}`)
  return text ? (JSON.parse(text) as Keepsake) : undefined
}
