import { byteCodes, decodedSideMax, greyThumbnail, pictureCodes, textCodes } from '../../fingerprints/codes.ts'
import { sniff } from '../../fingerprints/sniff.ts'

const FILE_BYTES_MAX = 300 * 1024 * 1024
const PASSAGES_MAX = 100_000

const form = document.querySelector<HTMLFormElement>('#drop')!
const input = form.querySelector<HTMLInputElement>('input[type=file]')!
const button = form.querySelector('button')!
const status = form.querySelector('[role=status]')!

for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
for (const element of form.querySelectorAll<HTMLElement>('[data-plain]')) element.hidden = true

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const [file] = input.files ?? []
  if (file) void check(file)
})
for (const name of ['dragover', 'dragleave', 'drop'] as const) {
  form.addEventListener(name, (event) => {
    event.preventDefault()
    form.classList.toggle('over', name === 'dragover')
    const file = name === 'drop' ? event.dataTransfer?.files[0] : undefined
    if (file) void check(file)
  })
}

/** Computes the codes here and sends nothing but them. */
async function check(file: File): Promise<void> {
  button.disabled = true
  try {
    say(form.dataset.reading!)
    if (file.size > FILE_BYTES_MAX) throw new Error(`> ${FILE_BYTES_MAX / 1024 / 1024} MB`)
    const bytes = new Uint8Array(await file.arrayBuffer())
    say(form.dataset.coding!)
    const codes = await identify(bytes)
    say(form.dataset.asking!)
    const response = await fetch('/api/checks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(codes),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.error.message)
    location.assign(`/results/${answer.id}`)
  } catch (error) {
    say(form.dataset.failed!.replace('%', (error as Error).message))
    button.disabled = false
  }
}

async function identify(bytes: Uint8Array<ArrayBuffer>) {
  const { medium, mediaType } = sniff(bytes)
  const digests = { sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), blake3: await blake3(bytes) }
  const base = { medium, mediaType, byteLength: bytes.length, codes: byteCodes(bytes, digests) }
  // Other texts come wrapped in documents, which this page does not open yet.
  if (mediaType === 'text/plain') {
    const { codes, passages } = textCodes(new TextDecoder().decode(bytes))
    const list = (values: Uint32Array) => [...values.subarray(0, PASSAGES_MAX)]
    return {
      ...base,
      codes: { ...base.codes, ...codes },
      passages: { high: list(passages.high), low: list(passages.low), offset: list(passages.offset) },
    }
  }
  if (medium === 'picture') {
    const pixels = await decode(new Blob([bytes], { type: mediaType }))
    const picture = pictureCodes(pixels, greyThumbnail(pixels))
    return { ...base, ...picture, codes: { ...base.codes, ...picture.codes } }
  }
  return base
}

/** Upright pixels on white, reduced to what the codes look at. */
async function decode(blob: Blob) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' })
  const scale = Math.min(1, decodedSideMax(bitmap.width, bitmap.height) / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  return { width, height, channels: 4 as const, data: context.getImageData(0, 0, width, height).data }
}

async function blake3(bytes: Uint8Array): Promise<Uint8Array> {
  const library = '/modules/vendor/blake3.js'
  await import(library)
  const hex: string = await (
    globalThis as unknown as { hashwasm: { blake3(data: Uint8Array): Promise<string> } }
  ).hashwasm.blake3(bytes)
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16))
}

function say(text: string): void {
  status.textContent = text
}
