import type { FileCodes } from '../../fingerprints/codes.ts'
import { keep, type Keepsake } from './keepsake.ts'
import { identify } from './identify.ts'
import { extendSeeds } from './seeds.ts'
import { post } from './signing.ts'

/** Of longer texts (some 3.5 MB), the first part is looked for. */
const PASSAGES_MAX = 250_000

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
    say(form.dataset.coding!)
    let keepsake: Keepsake | undefined
    const found = await identify(file, (made) => (keepsake = made))
    say(form.dataset.asking!)
    const answer = await post('/api/checks', wireForm(found))
    if (keepsake) keep(answer.id, keepsake)
    const passages = found.passageText ? extendSeeds(found.passageText, answer.passageSeeds ?? []) : []
    if (passages.length > 0) await post(`/api/checks/${answer.id}/passages`, { passages })
    location.assign(`/results/${answer.id}`)
  } catch (error) {
    say(form.dataset.failed!.replace('%', (error as Error).message))
    button.disabled = false
  }
}

/** The codes as JSON may carry them; the text itself is left out. */
function wireForm(found: FileCodes): object {
  const { passages, passageText: _, features, items, frames, ...codes } = found
  const list = (values: Uint32Array) => [...values.subarray(0, PASSAGES_MAX)]
  return {
    ...codes,
    ...(items ? { items: [...items] } : {}),
    ...(frames
      ? { frames: { codes: base64(frames.codes), mirrored: base64(frames.mirrored!), times: [...frames.times] } }
      : {}),
    ...(passages
      ? { passages: { high: list(passages.high), low: list(passages.low), offset: list(passages.offset) } }
      : {}),
    ...(features
      ? {
          features: {
            width: features.width,
            height: features.height,
            codes: base64(features.codes),
            ...(features.codesMirrored ? { codesMirrored: base64(features.codesMirrored) } : {}),
            // A thousandth of a pixel is more than enough.
            points: Array.from(features.points, (value) => Math.round(value * 1000) / 1000),
          },
        }
      : {}),
  }
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function say(text: string): void {
  status.textContent = text
}
