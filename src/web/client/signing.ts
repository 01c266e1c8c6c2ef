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
  const assertion = (await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64Url(challenge),
      ...(id ? { allowCredentials: [{ type: 'public-key' as const, id }] } : {}),
      userVerification: 'preferred',
    },
  })) as PublicKeyCredential
  const answer = assertion.response as AuthenticatorAssertionResponse
  return {
    authenticatorData: base64Url(answer.authenticatorData),
    clientDataJSON: base64Url(answer.clientDataJSON),
    signature: base64Url(answer.signature),
  }
}

/** A passkey that has signed from this device. What is kept of it is public: the key itself never leaves the passkey. */
export interface KeptKey {
  id: BufferSource
  didKey: string
  name: string
}

const KEYS = 'colophon keys'

export function keepKey({ id, didKey, name }: KeptKey): void {
  try {
    const others = readKeys().filter((key) => key.didKey !== didKey)
    const kept = { id: base64Url(id as ArrayBuffer), didKey, name }
    localStorage.setItem(KEYS, JSON.stringify([...others, kept]))
  } catch {
    // Without storage the person chooses the passkey when it is needed.
  }
}

/** Oldest first. */
export function keptKeys(): KeptKey[] {
  return readKeys().map(({ id, ...key }) => ({ id: fromBase64Url(id), ...key }))
}

function readKeys(): { id: string; didKey: string; name: string }[] {
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
