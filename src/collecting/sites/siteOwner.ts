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

/** How a site names a party: in the domain name system, in a file, or in the DID document of its `did:web`. */
export type SiteNaming = 'dns' | 'file' | 'did'

/**
 * How a site says that a party is its own: a TXT record of its domain (`colophon=did:key:…`, at the domain or at
 * `_colophon` below it), a line of `/.well-known/colophon.txt`, or the DID document of its `did:web`, which names the
 * key; undefined when it does not say so now.
 */
export async function namingOfSite(
  site: URL,
  party: string,
  reach: Reach & { readTxt?: TxtReader },
): Promise<SiteNaming | undefined> {
  const read = reach.readTxt ?? readTxt
  for (const name of namesOf(site).flatMap((host) => [host, `_colophon.${host}`]))
    if ((await read(name)).some((text) => saysSo(text, party))) return 'dns'
  if ((await readFile(fileOf(site), reach)).split(/\r?\n/).some((line) => saysSo(line, party))) return 'file'
  const document = didWebUrl(`did:web:${encodeURIComponent(site.host)}`)
  return (await readFile(document, reach)).includes(`"${party.replace('did:key:', '')}"`) ? 'did' : undefined
}

/**
 * Lets a party collect a site only when the site says so. Otherwise anybody could declare what others have published, and
 * send a crawler to them. Errors: `not_authorised`, with what to put where.
 */
export async function requireSiteOwner(
  site: URL,
  party: string,
  reach: Reach & { readTxt?: TxtReader },
): Promise<SiteNaming> {
  const naming = await namingOfSite(site, party, reach)
  if (naming) return naming
  throw new ColophonError('not_authorised', 'the site does not name your key', {
    where: site.host,
    remedy: `Put the line ${party} into ${fileOf(site)}, or colophon=${party} into a TXT record of ${namesOf(site).at(-1)}, then run this again.`,
  })
}

function fileOf(site: URL): string {
  return `${site.origin}/.well-known/colophon.txt`
}

function namesOf({ hostname }: URL): string[] {
  return hostname.startsWith('www.') ? [hostname, hostname.slice(4)] : [hostname]
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
