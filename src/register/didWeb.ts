import { ColophonError, parseJson, safeFetch } from '../foundation/index.ts'
import type { StatedSubject } from '../statements/index.ts'

/** How a domain's DID document is fetched; tests put their own in its place. */
export type DocumentReader = (url: string) => Promise<Uint8Array>

const readDocument: DocumentReader = async (url) => {
  const { status, body } = await safeFetch(url, { accept: 'application/did+json, application/json' })
  if (status !== 200) throw new ColophonError('fetch_failed', `the domain answered ${status}`, { where: url })
  return body
}

/** Where the DID document of a `did:web` lies (W3C did:web method, section 2.5.2). */
export function didWebUrl(did: string): string {
  const [domain, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent)
  return `https://${domain}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`
}

/**
 * Lets an organisation's party statement onto the log only when its domain names the signing key, so that nobody can
 * take another's domain as a name. Checked once, by this node, when the statement arrives.
 */
export function admitDidWeb(read: DocumentReader = readDocument) {
  return async ({ subject, issuer, didKey }: StatedSubject<never>): Promise<void> => {
    const isParty = (subject as { type?: string }).type === 'Party'
    if (!issuer.startsWith('did:web:') || !isParty) return
    const url = didWebUrl(issuer)
    const document = parseJson(await read(url), url) as { id?: unknown; verificationMethod?: unknown }
    const methods = Array.isArray(document?.verificationMethod)
      ? (document.verificationMethod as { publicKeyMultibase?: unknown }[])
      : []
    const isNamed = methods.some((method) => `did:key:${String(method?.publicKeyMultibase)}` === didKey)
    if (document?.id === issuer && isNamed) return
    throw new ColophonError('unknown_key', 'the domain does not name this key in its DID document', {
      where: url,
      remedy: 'Publish the key there as publicKeyMultibase, then send the statement again.',
    })
  }
}
