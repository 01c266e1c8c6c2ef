/** What the server needs of a passkey's signature. */
export interface PasskeyAnswer {
  authenticatorData: string
  clientDataJSON: string
  signature: string
}

const ES256 = -7

/** Makes a passkey on this device: the key never leaves it. */
export async function createPasskey(name: string): Promise<{ id: ArrayBuffer; publicKey: string }> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      rp: { name: 'Colophon' },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    },
  })) as PublicKeyCredential
  const publicKey = (credential.response as AuthenticatorAttestationResponse).getPublicKey()!
  return { id: credential.rawId, publicKey: base64Url(publicKey) }
}

/** Without an id the person chooses among the passkeys that the device has for this address. */
export async function signWithPasskey(id: BufferSource | undefined, challenge: string): Promise<PasskeyAnswer> {
  return (await askPasskey(id, challenge)).answer
}

/** The same, with what the browser calls the passkey that was used. */
export async function askPasskey(
  id: BufferSource | undefined,
  challenge: string,
): Promise<{ credential: string; answer: PasskeyAnswer }> {
  const assertion = (await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64Url(challenge),
      ...(id ? { allowCredentials: [{ type: 'public-key' as const, id }] } : {}),
      userVerification: 'preferred',
    },
  })) as PublicKeyCredential
  const answer = assertion.response as AuthenticatorAssertionResponse
  return {
    credential: base64Url(assertion.rawId),
    answer: {
      authenticatorData: base64Url(answer.authenticatorData),
      clientDataJSON: base64Url(answer.clientDataJSON),
      signature: base64Url(answer.signature),
    },
  }
}

/** A passkey that has signed from this device. What is kept of it is public: the key itself never leaves the passkey. */
export interface KeptKey {
  id: BufferSource
  didKey: string
  publicKey: string
  name: string
}

const KEYS = 'colophon keys'

export function keepKey({ id, ...key }: KeptKey): void {
  try {
    const others = readKeys().filter(({ didKey }) => didKey !== key.didKey)
    const kept = { id: base64Url(id as ArrayBuffer), ...key }
    localStorage.setItem(KEYS, JSON.stringify([...others, kept]))
  } catch {
    // Without storage the person chooses the passkey when it is needed.
  }
}

/** Oldest first. */
export function keptKeys(): KeptKey[] {
  return readKeys().map(({ id, ...key }) => ({ id: fromBase64Url(id), ...key }))
}

/** Lets somebody sign with a key of before, so that everything is said by the same party; the newest is proposed. */
export function offerKeys(form: HTMLFormElement, onChange: () => void): void {
  const select = form.querySelector<HTMLSelectElement>('[data-party]')
  const keys = keptKeys()
  if (!('PublicKeyCredential' in globalThis) || !select || keys.length === 0) return
  for (const { name, didKey } of keys) select.add(new Option(`${name} (…${didKey.slice(-6)})`, didKey))
  select.value = keys.at(-1)!.didKey
  form.querySelector<HTMLElement>('[data-keys]')!.hidden = false
  select.addEventListener('change', onChange)
  onChange()
}

/** The key of before that was chosen, if any was. */
export function chosenKey(form: HTMLFormElement): KeptKey | undefined {
  const didKey = form.querySelector<HTMLSelectElement>('[data-party]')?.value
  return didKey ? keptKeys().find((key) => key.didKey === didKey) : undefined
}

/** The key of before that was chosen, or a new one. */
export async function chosenOrNewPasskey(form: HTMLFormElement, name: string) {
  return chosenKey(form) ?? (await createPasskey(name))
}

function readKeys(): (Omit<KeptKey, 'id'> & { id: string })[] {
  try {
    return JSON.parse(localStorage.getItem(KEYS) ?? '[]')
  } catch {
    return []
  }
}

/** Sends JSON and reads JSON; what the server refuses becomes an error with its words. */
export async function post(path: string, body: object) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok)
    throw new Error(answer.error.says ? `${answer.error.says} (${answer.error.message})` : answer.error.message)
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
