import { startComputing, type Computing } from './computing.ts'
import { declareWorks, notDeclared, partCount, worksOf } from './declaring.ts'
import { countOf, judge, outcomesCsv, showOutcomes, type Outcome } from './outcomes.ts'
import { number, openProgress } from './progress.ts'
import { chosenKey, offerKeys } from './signing.ts'
import { chosenFiles, droppedFiles, openSources } from './sources.ts'
import { openStore } from './store.ts'

const SHOW_MS = 500

const form = document.querySelector<HTMLFormElement>('#collection')!
const get = <Kind extends HTMLElement>(selector: string) => form.querySelector<Kind>(selector)!
const button = get<HTMLButtonElement>('#passkey')
const pause = get<HTMLButtonElement>('#pause')
const status = get('[role=status]')
const inputs = [get<HTMLInputElement>('#files'), get<HTMLInputElement>('#folder')] as const
const texts = form.dataset
const store = await openStore()
const show = openProgress(form, status)
let dropped: { path: string; file: File }[] = []
let computing: Computing | undefined

for (const element of document.querySelectorAll<HTMLElement>('[data-device]')) element.hidden = false
for (const element of document.querySelectorAll<HTMLElement>('[data-plain]')) element.hidden = true
if ('PublicKeyCredential' in globalThis) {
  for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
}

offerKeys(form, () => {
  const kept = chosenKey(form)
  if (kept) get<HTMLInputElement>('[name=name]').value = kept.name
})

button.addEventListener('click', () => {
  if (form.reportValidity()) void declare()
})
pause.addEventListener('click', () => {
  if (computing?.isPaused()) computing.goOn()
  else computing?.pause()
  showAll()
})
get('#forget').addEventListener('click', () => {
  void store.forget().then(() => (status.textContent = texts.forgotten!))
})
get('#csv').addEventListener('click', () => saveCsv(judge(computing?.lines ?? [])))
for (const input of inputs) input.addEventListener('change', () => void start())
for (const name of ['dragover', 'dragleave', 'drop'] as const) {
  form.addEventListener(name, (event) => {
    event.preventDefault()
    form.classList.toggle('over', name === 'dragover')
    if (name !== 'drop' || !event.dataTransfer) return
    void droppedFiles(event.dataTransfer).then((found) => {
      dropped = [...dropped, ...found]
      return start()
    }, fail)
  })
}
// A browser that keeps what was chosen when it goes back has files before anything changes.
if (inputs.some(({ files }) => files?.length)) void start()

/** Begins with all files that are chosen now; what was computed before is there already. */
async function start(): Promise<void> {
  computing?.stop()
  try {
    const sources = await openSources([...inputs.flatMap(chosenFiles), ...dropped])
    inputs[0].required = sources.length === 0
    const mine = (computing = startComputing(sources, store))
    const timer = setInterval(() => (computing === mine ? showAll() : clearInterval(timer)), SHOW_MS)
    showAll()
    await mine.done
    clearInterval(timer)
    showAll()
    status.textContent = get('#progress').textContent
  } catch (error) {
    fail(error as Error)
  }
}

function showAll(): void {
  if (!computing) return
  show(computing)
  const outcomes = judge(computing.lines)
  const isOver = outcomes.length === computing.lines.length
  pause.hidden = isOver
  pause.textContent = (computing.isPaused() ? texts.goOn : texts.pause)!
  get('#outcomes').hidden = outcomes.length === 0
  const counts = (['new', 'same', 'partly', 'unread'] as const).map((what) => countOf(outcomes, what))
  const kept = outcomes.filter(({ line }) => line.wasKept).length
  get('#counts').textContent = fill(texts.counts!, ...counts, kept)
  showOutcomes(get('#lines'), outcomes, texts)
  const works = counts[0]! + counts[2]!
  const parts = partCount(works, Number(texts.most))
  const notice = get('#parts')
  notice.hidden = parts === 1
  notice.textContent = fill(texts.parts!, works, parts)
}

/** When all codes are there, one signature of a passkey declares the works; more, where they are very many. */
async function declare(): Promise<void> {
  button.disabled = true
  try {
    if (!computing) await start()
    await computing!.done
    const values = new FormData(form)
    const works = worksOf(judge(computing!.lines))
    if (works.length === 0) throw new Error(texts.none!)
    const fresh = await notDeclared(works, values, store)
    if (fresh.length === 0) throw new Error(texts.nothingNew!)
    const receipts = await declareWorks(form, values, fresh, store, (part, parts) => {
      status.textContent = parts === 1 ? texts.signing! : fill(texts.part!, part, parts)
    })
    if (receipts.length === 1) location.assign(`/receipts/${receipts[0]}`)
    else listReceipts(receipts)
  } catch (error) {
    fail(error as Error)
  }
}

function listReceipts(receipts: readonly number[]): void {
  const links = receipts.flatMap((receipt) => {
    const link = document.createElement('a')
    link.href = `/receipts/${receipt}`
    link.textContent = `${receipt}`
    return [' ', link]
  })
  status.replaceChildren(texts.receipts!, ...links)
}

function fail(error: Error): void {
  status.textContent = texts.failed!.replace('%', () => error.message)
  button.disabled = false
}

function saveCsv(outcomes: readonly Outcome[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([outcomesCsv(outcomes)], { type: 'text/csv;charset=utf-8' }))
  link.download = 'collection.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Puts numbers, as the language writes them, in their places. */
function fill(text: string, ...values: number[]): string {
  return values.reduce((filled, value, i) => filled.replace(`%${i + 1}`, number(value)), text)
}
