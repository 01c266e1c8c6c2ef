import { decodedSideMax, isDecodedWhole } from '../../fingerprints/codes.ts'

/** Upright pixels on white, reduced to what most codes look at, and those before they were, if they are not too many. */
export async function decodePicture(bytes: Uint8Array<ArrayBuffer>, mediaType: string) {
  const reduced = mediaType === 'image/jpeg' ? await decodeReduced(bytes).catch(() => undefined) : undefined
  if (reduced) return { pixels: reduced, whole: reduced }
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mediaType }), { imageOrientation: 'from-image' })
  const { width, height } = bitmap
  const sideMax = decodedSideMax(width, height)
  const pixels = draw(bitmap, width, height, sideMax)
  const isReduced = Math.max(width, height) > sideMax
  const whole = isReduced && isDecodedWhole(width, height) ? draw(bitmap, width, height, Infinity) : pixels
  bitmap.close()
  return { pixels, whole }
}

function draw(image: CanvasImageSource, width: number, height: number, sideMax: number) {
  const scale = Math.min(1, sideMax / Math.max(width, height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  return { width: canvas.width, height: canvas.height, channels: 4 as const, data }
}

/** How far a picture is reduced while it is decoded: it is drawn from nearly twice what the codes look at. */
const REDUCED_SIDE_MIN = 960

/**
 * A large JPEG, decoded at a half, a quarter or an eighth of its size where the browser can (WebCodecs): half the time.
 * Undefined where it cannot, or where there is nothing to gain.
 */
async function decodeReduced(bytes: Uint8Array<ArrayBuffer>) {
  const { ImageDecoder } = globalThis as unknown as { ImageDecoder?: ImageDecoderClass }
  const size = ImageDecoder && jpegSize(bytes)
  if (!size || isDecodedWhole(size.width, size.height)) return undefined
  const longer = Math.max(size.width, size.height)
  const divisor = [8, 4, 2].find((each) => longer / each >= REDUCED_SIDE_MIN) ?? 1
  const desired = (side: number) => Math.ceil(side / divisor)
  const decoder = new ImageDecoder({
    data: bytes,
    type: 'image/jpeg',
    desiredWidth: desired(size.width),
    desiredHeight: desired(size.height),
  })
  try {
    const { image } = await decoder.decode()
    const pixels = draw(image, image.displayWidth, image.displayHeight, decodedSideMax(size.width, size.height))
    image.close()
    return pixels
  } finally {
    decoder.close()
  }
}

type ImageDecoderClass = new (init: {
  data: Uint8Array<ArrayBuffer>
  type: string
  desiredWidth: number
  desiredHeight: number
}) => { decode(): Promise<{ image: VideoFrame }>; close(): void }

/** Width and height as the frame header of a JPEG says (ITU-T T.81, B.2.2); undefined where none is found. */
function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!
    // A marker may be filled up with further bytes of 0xff.
    if (marker === 0xff) at++
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    else at += 2 + view.getUint16(at + 2)
  }
  return undefined
}
