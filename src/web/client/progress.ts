import { isDone, type Computing } from './computing.ts'

/** How long it takes is not told before so many files and seconds are behind. */
const FILES_MIN = 5
const SECONDS_MIN = 2
/** So often it is said aloud how far it is: a voice that never stops is no help. */
const SPOKEN_SECONDS = 20

const language = document.documentElement.lang || 'en'
export const number = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 1 })

/** Shows how far it is, how fast it goes and how long it will still take, in words. */
export function openProgress(form: HTMLFormElement, status: Element) {
  const bar = form.querySelector('progress')!
  const line = form.querySelector<HTMLElement>('#progress')!
  let spokenAt = 0
  return (computing: Computing) => {
    const all = computing.lines.length
    const done = computing.lines.filter(isDone).length
    bar.hidden = line.hidden = false
    bar.max = all
    bar.value = done
    const words = inWords(form.dataset, computing, done)
    line.textContent = words
    const now = performance.now() / 1000
    if (now - spokenAt < SPOKEN_SECONDS) return
    spokenAt = now
    status.textContent = words
  }
}

function inWords(texts: DOMStringMap, computing: Computing, done: number): string {
  const all = computing.lines.length
  if (done === all) return texts.finished!.replace('%', number(all))
  const { files, seconds } = computing.work()
  const said = [texts.progress!.replace('%1', number(Math.min(all, done + 1))).replace('%2', number(all))]
  if (computing.isPaused()) said.push(texts.paused!)
  else if (files >= FILES_MIN && seconds >= SECONDS_MIN) {
    said.push(texts.rate!.replace('%', number(files / seconds)))
    said.push(texts.left!.replace('%', duration(((all - done) * seconds) / files)))
  }
  return said.join(' ')
}

/** In the largest unit that there is at least one of, as the language writes it. */
function duration(seconds: number): string {
  const [unit, size] = (
    [
      ['hour', 3600],
      ['minute', 60],
      ['second', 1],
    ] as const
  ).find(([, length]) => seconds >= length) ?? ['second', 1]
  const digits = unit === 'hour' ? 1 : 0
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: digits,
  }).format(Math.max(1, seconds / size))
}
