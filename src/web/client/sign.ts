import { chosenKey, createPasskey, keepKey, keptKeys, offerKeys, post, signWithPasskey } from './signing.ts'

const isAble = 'PublicKeyCredential' in globalThis

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sign]')) {
  if (isAble) for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
  offerKeys(form, () => followKey(form))
  form.querySelector<HTMLButtonElement>('[data-passkey]')?.addEventListener('click', () => {
    requireName(form, true)
    if (form.reportValidity()) void sign(form)
    requireName(form, false)
  })
}

/** Who signs with a key of before need not give a name again. */
function followKey(form: HTMLFormElement): void {
  form.querySelector<HTMLInputElement>('[name=name]')!.disabled = chosenKey(form) !== undefined
}

/** Whoever signs with a new passkey gives a name; who signs with a key of before need not. */
function requireName(form: HTMLFormElement, isRequired: boolean): void {
  const name = form.querySelector<HTMLInputElement>('[name=name]')
  if (name && form.dataset.said === undefined) name.required = isRequired && !name.disabled
}

/**
 * Lets the server put the form into words, and signs them with a passkey: the key never leaves the device. What is said to
 * the node alone has other addresses; who signs it is who is signed in.
 */
async function sign(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('[data-passkey]')!
  const status = form.querySelector('[role=status]')!
  button.disabled = true
  status.textContent = form.dataset.signing!
  try {
    const { pem: _, ...draft } = Object.fromEntries(new FormData(form)) as Record<string, string>
    if (form.dataset.said !== undefined) {
      const { statement, didKey, challenge } = await post('/api/said/prepare', { draft })
      const answer = await signWithPasskey(keptKeys().find((key) => key.didKey === didKey)?.id, challenge)
      location.assign((await post('/api/said', { statement, didKey, ...answer })).next)
      return
    }
    const kept = chosenKey(form)
    if (kept) draft.name = kept.name
    const isNew = form.dataset.known === undefined && !kept
    const made = isNew ? await createPasskey(draft.name!) : undefined
    const who = made ? { publicKey: made.publicKey } : kept ? { party: kept.didKey } : {}
    const { statement, didKey, challenge, next } = await post('/api/drafts/prepare', { ...who, draft })
    if (made) keepKey({ ...made, didKey, name: draft.name! })
    const answer = await signWithPasskey(made?.id ?? keptKeys().find((key) => key.didKey === didKey)?.id, challenge)
    await post('/api/reservations/passkey', { statement, didKey, ...answer })
    location.assign(next)
  } catch (error) {
    status.textContent = form.dataset.failed!.replace('%', (error as Error).message)
    button.disabled = false
  }
}
