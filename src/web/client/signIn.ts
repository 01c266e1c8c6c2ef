import { askPasskey, chosenKey, createPasskey, keepKey, offerKeys, post } from './signing.ts'

const form = document.querySelector<HTMLFormElement>('#sign-in')!
const status = form.querySelector('[role=status]')!
const buttons = form.querySelectorAll('button')

if ('PublicKeyCredential' in globalThis)
  for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
offerKeys(form, () => {})

form.addEventListener('submit', (event) => event.preventDefault())
form.querySelector('[data-known]')!.addEventListener('click', () => void attempt(withKnown))
form.querySelector('[data-new]')!.addEventListener('click', () => {
  const name = form.querySelector<HTMLInputElement>('[name=name]')!
  name.required = true
  if (name.reportValidity()) void attempt((challenge) => withNew(name.value, challenge))
  name.required = false
})

/** With a passkey of before, or with one that the person chooses among those of this address. */
async function withKnown(challenge: string): Promise<void> {
  const kept = chosenKey(form)
  const { credential, answer } = await askPasskey(kept?.id, challenge)
  const party = form.querySelector<HTMLInputElement>('[name=party]')!.value.trim()
  const who = { ...(kept ? { didKey: kept.didKey } : {}), ...(party ? { party } : {}) }
  await post('/api/session', { credential, ...answer, ...who })
}

async function withNew(name: string, challenge: string) {
  const made = await createPasskey(name)
  const { credential, answer } = await askPasskey(made.id, challenge)
  const signedIn = await post('/api/session', { credential, ...answer, publicKey: made.publicKey })
  keepKey({ ...made, didKey: signedIn.didKey, name })
}

async function attempt(how: (challenge: string) => Promise<void>): Promise<void> {
  for (const button of buttons) button.disabled = true
  status.textContent = form.dataset.signing!
  try {
    const { challenge } = await post('/api/session/challenge', {})
    await how(challenge)
    location.assign(form.dataset.next!)
  } catch (error) {
    status.textContent = form.dataset.failed!.replace('%', (error as Error).message)
    for (const button of buttons) button.disabled = false
  }
}
