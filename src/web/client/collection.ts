import { fileTitle } from '../../fingerprints/fileTitle.ts'
import { identify } from './identify.ts'
import { chosenKey, chosenOrNewPasskey, keepKey, offerKeys, post, signWithPasskey } from './signing.ts'

const form = document.querySelector<HTMLFormElement>('#collection')!
const button = form.querySelector<HTMLButtonElement>('#passkey')!
const status = form.querySelector('[role=status]')!
const bar = form.querySelector('progress')!
const failures = form.querySelector('ul')!

if ('PublicKeyCredential' in globalThis) {
  for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
}

offerKeys(form, () => {
  const kept = chosenKey(form)
  if (kept) form.querySelector<HTMLInputElement>('[name=name]')!.value = kept.name
})

button.addEventListener('click', () => {
  if (form.reportValidity()) void declare()
})

/** Computes the codes of every file here, then one signature of a passkey declares them all. */
async function declare(): Promise<void> {
  button.disabled = true
  failures.replaceChildren()
  try {
    const values = new FormData(form)
    const items = await identifyAll(values.getAll('files') as File[])
    if (items.length === 0) throw new Error(form.dataset.none!)
    const input = {
      name: String(values.get('name')),
      title: String(values.get('title')),
      role: values.get('role'),
      reserve: values.get('reserve'),
      isEntitled: values.get('isEntitled') === 'yes',
      items,
    }
    status.textContent = form.dataset.signing!
    const { id, publicKey } = await chosenOrNewPasskey(form, input.name)
    const { statement, manifest, didKey, challenge } = await post('/api/collections/prepare', { publicKey, input })
    keepKey({ id, didKey, publicKey, name: input.name })
    const answer = await signWithPasskey(id, challenge)
    const receipt = await post('/api/collections', { statement, manifest, passkey: { didKey, ...answer } })
    location.assign(`/receipts/${receipt.logIndex}`)
  } catch (error) {
    status.textContent = form.dataset.failed!.replace('%', (error as Error).message)
    button.disabled = false
  }
}

/** A file that cannot be read is named and left out; the others go on. */
async function identifyAll(files: File[]) {
  const items: { title: string; medium: string; codes: object }[] = []
  bar.hidden = false
  bar.max = files.length
  for (const [done, file] of files.entries()) {
    bar.value = done
    status.textContent = form.dataset.progress!.replace('%1', String(done + 1)).replace('%2', String(files.length))
    try {
      const { medium, codes } = await identify(file)
      items.push({ title: fileTitle(file.name), medium, codes })
    } catch (error) {
      const line = document.createElement('li')
      line.textContent = `${file.name}: ${(error as Error).message}`
      failures.append(line)
    }
  }
  bar.value = files.length
  return items
}
