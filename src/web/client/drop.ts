import { identify } from './identify.ts'
import { post } from './signing.ts'

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
    say(form.dataset.coding!)
    const {
      passages,
      passageText: _,
      ...found
    } = { passages: undefined, passageText: undefined, ...(await identify(file)) }
    say(form.dataset.asking!)
    const list = (values: Uint32Array) => [...values.subarray(0, PASSAGES_MAX)]
    const answer = await post('/api/checks', {
      ...found,
      ...(passages
        ? { passages: { high: list(passages.high), low: list(passages.low), offset: list(passages.offset) } }
        : {}),
    })
    location.assign(`/results/${answer.id}`)
  } catch (error) {
    say(form.dataset.failed!.replace('%', (error as Error).message))
    button.disabled = false
  }
}

function say(text: string): void {
  status.textContent = text
}
