import { resolveTxt } from 'node:dns/promises'
import { ColophonError, safeFetch } from '../../foundation/index.ts'
import { didWebUrl } from '../../register/index.ts'
import type { Reach } from '../record.ts'

/** Asks the domain name system for texts; tests answer themselves. */
export type TxtReader = (name: string) => Promise<string[]>

const readTxt: TxtReader = async (name) => {
  try {
    return (await resolveTxt(name)).map((parts) => parts.join(''))
  } catch {
    return []
  }
}

const FILE_BYTES_MAX = 64 * 1024

/**
 * Lets a party collect a site only when the site says so: a TXT record of its domain (`colophon=did:key:…`, at the
 * domain or at `_colophon` below it), a line of `/.well-known/colophon.txt`, or the DID document of its `did:web`, which
 * names the key. Otherwise anybody could declare what others have published, and send a crawler to them.
 * Errors: `not_authorised`, with what to put where.
 */
export async function requireSiteOwner(
  site: URL,
  party: string,
  reach: Reach & { readTxt?: TxtReader },
): Promise<void> {
  const read = reach.readTxt ?? readTxt
  const names = site.hostname.startsWith('www.') ? [site.hostname, site.hostname.slice(4)] : [site.hostname]
  for (const name of names.flatMap((host) => [host, `_colophon.${host}`]))
    if ((await read(name)).some((text) => saysSo(text, party))) return
  const file = `${site.origin}/.well-known/colophon.txt`
  if ((await readFile(file, reach)).split(/\r?\n/).some((line) => saysSo(line, party))) return
  const document = didWebUrl(`did:web:${encodeURIComponent(site.host)}`)
  if ((await readFile(document, reach)).includes(`"${party.replace('did:key:', '')}"`)) return
  throw new ColophonError('not_authorised', 'the site does not name your key', {
    where: site.host,
    remedy: `Put the line ${party} into ${file}, or colophon=${party} into a TXT record of ${names.at(-1)}, then run this again.`,
  })
}

function saysSo(line: string, party: string): boolean {
  return line.replace(/^\s*colophon\s*[=:]\s*/i, '').trim() === party
}

async function readFile(url: string, reach: Reach): Promise<string> {
  try {
    const {
      status,
      body,
      url: final,
    } = await safeFetch(url, {
      bytesMax: FILE_BYTES_MAX,
      timeoutMs: reach.timeoutMs ?? 10_000,
      allowPrivate: reach.allowPrivate === true,
    })
    // What another host answers with is not said by this one; only the www of it may answer.
    const plain = (address: string) => new URL(address).host.replace(/^www\./, '')
    if (plain(final) !== plain(url)) return ''
    return status === 200 ? new TextDecoder().decode(body) : ''
  } catch {
    return ''
  }
}
