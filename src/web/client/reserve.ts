const form = document.querySelector<HTMLFormElement>('#reserve')!
const button = form.querySelector<HTMLButtonElement>('#passkey')!
const status = form.querySelector('[role=status]')!

if ('PublicKeyCredential' in globalThis) {
  for (const element of form.querySelectorAll<HTMLElement>('[data-script]')) element.hidden = false
}

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
      isEntitled: values.get('isEntitled') === 'yes',
      medium: form.dataset.medium,
      codes: JSON.parse(form.dataset.codes!),
    }
    const credential = await createPasskey(input.name)
    const publicKey = (credential.response as AuthenticatorAttestationResponse).getPublicKey()!
    const prepared = await post('/api/reservations/prepare', { publicKey: base64Url(publicKey), input })
    const assertion = (await navigator.credentials.get({
      publicKey: {
        challenge: fromBase64Url(prepared.challenge),
        allowCredentials: [{ type: 'public-key', id: credential.rawId }],
        userVerification: 'preferred',
      },
    })) as PublicKeyCredential
    const answer = assertion.response as AuthenticatorAssertionResponse
    const receipt = await post('/api/reservations/passkey', {
      statement: prepared.statement,
      didKey: prepared.didKey,
      authenticatorData: base64Url(answer.authenticatorData),
      clientDataJSON: base64Url(answer.clientDataJSON),
      signature: base64Url(answer.signature),
    })
    location.assign(`/receipts/${receipt.logIndex}`)
  } catch (error) {
    status.textContent = form.dataset.failed!.replace('%', (error as Error).message)
    button.disabled = false
  }
}

const ES256 = -7

async function createPasskey(name: string): Promise<PublicKeyCredential> {
  const credential = await navigator.credentials.create({
    publicKey: {
      rp: { name: 'Colophon' },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    },
  })
  return credential as PublicKeyCredential
}

async function post(path: string, body: object) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error.message)
  return answer
}

function base64Url(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}
