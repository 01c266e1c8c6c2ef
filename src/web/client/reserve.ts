import { chosenKey, chosenOrNewPasskey, keepKey, offerKeys, post, signWithPasskey } from './signing.ts'

const form = document.querySelector<HTMLFormElement>('#reserve')!
const button = form.querySelector<HTMLButtonElement>('#passkey')!
const status = form.querySelector('[role=status]')!

if ('PublicKeyCredential' in globalThis) {
  for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
}

offerKeys(form, () => {
  const kept = chosenKey(form)
  if (kept) form.querySelector<HTMLInputElement>('[name=name]')!.value = kept.name
})

button.addEventListener('click', () => {
  if (form.reportValidity()) void reserve()
})

/** Makes a passkey, lets the server put the statement into words, and signs it: the key never leaves the device. */
async function reserve(): Promise<void> {
  button.disabled = true
  status.textContent = form.dataset.signing!
  try {
    const values = new FormData(form)
    const input = {
      name: String(values.get('name')),
      title: String(values.get('title')),
      role: values.get('role'),
      reserve: values.get('reserve'),
      ...(values.get('dispute') ? { dispute: String(values.get('dispute')).trim() } : {}),
      isEntitled: values.get('isEntitled') === 'yes',
      medium: form.dataset.medium,
      codes: JSON.parse(form.dataset.codes!),
    }
    const { id, publicKey } = await chosenOrNewPasskey(form, input.name)
    const { statement, didKey, challenge } = await post('/api/reservations/prepare', { publicKey, input })
    keepKey({ id, didKey, publicKey, name: input.name })
    const answer = await signWithPasskey(id, challenge)
    const receipt = await post('/api/reservations/passkey', { statement, didKey, ...answer })
    location.assign(`/receipts/${receipt.logIndex}`)
  } catch (error) {
    status.textContent = form.dataset.failed!.replace('%', (error as Error).message)
    button.disabled = false
  }
}
