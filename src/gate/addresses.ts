import { parentDomains } from '../rights/index.ts'

/** An address as it is compared: host, port when it is not the usual one, path and query; without scheme and fragment. */
export interface Address {
  host: string
  key: string
}

const ADDRESS = /^(https?):\/\/(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}))?([/?][^#\s]*)?(?:#.*)?$/i

/** Undefined for what is no http(s) address. */
export function readAddress(text: string): Address | undefined {
  const [, scheme, name, port, rest = '/'] = ADDRESS.exec(text) ?? []
  if (scheme === undefined) return undefined
  const host = name!.toLowerCase().replace(/\.$/, '')
  const usual = scheme.toLowerCase() === 'https' ? '443' : '80'
  const place = port === undefined || port === usual ? host : `${host}:${port}`
  return { host, key: place + (rest.startsWith('?') ? `/${rest}` : rest) }
}

/** Every path above an address that ends in a slash, the address itself left out, the longest first. */
export function prefixesOf(key: string): string[] {
  const path = key.split('?', 1)[0]!
  const prefixes: string[] = []
  for (let end = path.lastIndexOf('/', path.length - 2); end > 0; end = path.lastIndexOf('/', end - 1))
    prefixes.push(path.slice(0, end + 1))
  return prefixes
}

const HOSTS_CACHED_MAX = 200_000

/** Finds what is said of a host or of a domain above it; most rows are of hosts that came before. */
export function openHostLookup<Found>(byDomain: ReadonlyMap<string, Found[]>): (host: string) => readonly Found[] {
  const known = new Map<string, readonly Found[]>()
  return (host) => {
    let found = known.get(host)
    if (!found) {
      found =
        byDomain.size === 0
          ? []
          : [host, ...parentDomains(host)].flatMap((domain, i, all) =>
              all.indexOf(domain) === i ? (byDomain.get(domain) ?? []) : [],
            )
      if (known.size >= HOSTS_CACHED_MAX) known.clear()
      known.set(host, found)
    }
    return found
  }
}
