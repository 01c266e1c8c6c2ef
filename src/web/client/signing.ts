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

export async function signWithPasskey(id: ArrayBuffer, challenge: string): Promise<PasskeyAnswer> {
  const assertion = (await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64Url(challenge),
      allowCredentials: [{ type: 'public-key', id }],
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
