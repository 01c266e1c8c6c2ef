import { lookup } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { ColophonError } from './errors.ts'
import { limits } from './limits.ts'

export interface SafeFetchOptions {
  /** The Accept header. */
  accept?: string
  bytesMax?: number
  /** For everything together: names, redirects, headers and body. */
  timeoutMs?: number
  redirectsMax?: number
  /**
   * Lets the host and port of the first URL be private: for tests, and for operators who follow a log on their own
   * machine. A redirect to any other host or port must still be public.
   */
  allowPrivate?: boolean
  method?: 'GET' | 'POST'
  body?: string | Uint8Array
  /** Of the body; text or bytes of no known type unless said. */
  contentType?: string
  /** Further headers; those that the connection needs are set here. */
  headers?: Record<string, string>
}

export interface FetchedResource {
  status: number
  /** The address that answered, after redirects. */
  url: string
  /** Names in lower case; repeated headers are joined by a comma. */
  headers: Record<string, string>
  body: Uint8Array
}

/** The same with a body that is read as it arrives, once. */
export type FetchedStream = Omit<FetchedResource, 'body'> & { body: AsyncIterable<Uint8Array> }

interface Address {
  address: string
  family: number
}

const URL_CHARACTERS_MAX = 4096

/**
 * Fetches an http(s) address that somebody else chose, and nothing inside this machine's own network. The host is
 * resolved once, every address it has must be public, and the connection goes to those addresses only, so that a name
 * which changes its mind cannot lead elsewhere; each redirect is checked in the same way. Any status that is not a
 * redirect is an answer, 404 too.
 *
 * Errors: `url_refused` (scheme, credentials, port, address), `too_large` (body above `bytesMax` bytes),
 * `fetch_failed` (name, connection, TLS, time, too many redirects, an encoded or incomplete body).
 *
 * @example const { status, body } = await safeFetch('https://example.org/robots.txt', { bytesMax: 500_000 })
 */
export async function safeFetch(url: string, options: SafeFetchOptions = {}): Promise<FetchedResource> {
  const { body, ...answer } = await safeFetchStream(url, options)
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return { ...answer, body: new Uint8Array(Buffer.concat(pieces)) }
}

/**
 * The same for what is too large to be held at once. The body is under the same bounds and raises the same errors while it
 * is read; whoever stops reading closes the connection.
 *
 * @example for await (const piece of (await safeFetchStream(url, { bytesMax: 1e9 })).body) digest.update(piece)
 */
export async function safeFetchStream(url: string, options: SafeFetchOptions = {}): Promise<FetchedStream> {
  const timeoutMs = options.timeoutMs ?? limits.fetchTimeoutMs
  const redirectsMax = options.redirectsMax ?? limits.fetchRedirectsMax
  const signal = AbortSignal.timeout(timeoutMs)
  const first = checkedUrl(url)
  let current = first
  let { method = 'GET', body } = options
  const failureOf = (cause: unknown): ColophonError => {
    if (cause instanceof ColophonError) return cause
    const reason = signal.aborted ? `no complete answer within ${timeoutMs} ms` : messageOf(cause)
    return new ColophonError('fetch_failed', reason, { where: current.href, cause })
  }
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    try {
      const privateAllowed = options.allowPrivate === true && current.host === first.host
      const addresses = await checkedAddresses(current, privateAllowed, signal)
      const response = await openResponse(current, addresses, { ...options, method, body, signal })
      const next = redirectTarget(response, current)
      if (!next) return answerOf(response, current, options.bytesMax ?? limits.fetchBytesMax, failureOf)
      response.destroy()
      // As browsers do: only 307 and 308 repeat a POST, the others turn it into a GET.
      if (response.statusCode !== 307 && response.statusCode !== 308) [method, body] = ['GET', undefined]
      current = checkedUrl(next)
    } catch (cause) {
      throw failureOf(cause)
    }
  }
  throw new ColophonError('fetch_failed', `more than ${redirectsMax} redirects`, { where: first.href })
}

/**
 * Whether an address could be fetched as things stand, without asking it: so that one that is only kept for later is refused
 * where it is given. Errors: `url_refused`, `fetch_failed` for a name that has no address.
 */
export async function requireSafeUrl(url: string, { allowPrivate = false } = {}): Promise<void> {
  const checked = checkedUrl(url)
  try {
    await checkedAddresses(checked, allowPrivate, AbortSignal.timeout(limits.fetchTimeoutMs))
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    throw new ColophonError('fetch_failed', messageOf(cause), { where: checked.href, cause })
  }
}

/** The parser of URL turns `0x7f000001` and `2130706433` into `127.0.0.1`, so what is checked here is what is meant. */
function checkedUrl(text: string): URL {
  const refuse = (message: string, where: string) => new ColophonError('url_refused', message, { where })
  if (text.length > URL_CHARACTERS_MAX || !URL.canParse(text)) {
    throw refuse(`not an address of at most ${URL_CHARACTERS_MAX} characters`, text.slice(0, 200))
  }
  const url = new URL(text)
  url.hash = ''
  const withCredentials = url.username !== '' || url.password !== ''
  // Errors are logged and shown, so the credentials leave the address before it is quoted.
  url.username = url.password = ''
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('not an http or https address', url.href)
  if (withCredentials) throw refuse('an address with a user name or password is not fetched', url.href)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (port !== 80 && port !== 443 && port < 1024) throw refuse(`port ${port} is not a port of web servers`, url.href)
  return url
}

async function checkedAddresses(url: URL, privateAllowed: boolean, signal: AbortSignal): Promise<Address[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  const addresses = family ? [{ address: host, family }] : await untilAborted(lookup(host, { all: true }), signal)
  if (addresses.length === 0) throw new Error('the name has no address')
  if (!privateAllowed && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new ColophonError('url_refused', 'the host has an address that is not public', { where: url.href })
  }
  return addresses
}

/** A name look-up cannot be cancelled, so it is left behind when the time is over. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

interface Exchange extends Pick<SafeFetchOptions, 'accept' | 'contentType' | 'headers'> {
  method: 'GET' | 'POST'
  body: string | Uint8Array | undefined
  signal: AbortSignal
}

function openResponse(url: URL, addresses: Address[], exchange: Exchange): Promise<IncomingMessage> {
  const headers: Record<string, string> = {
    ...exchange.headers,
    accept: exchange.accept ?? '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'colophon',
  }
  if (exchange.body !== undefined) {
    const anyType = typeof exchange.body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'
    headers['content-type'] = exchange.contentType ?? anyType
  }
  // No agent: a kept connection would belong to a name and not to the addresses that were checked just now.
  const options: RequestOptions = {
    method: exchange.method,
    headers,
    agent: false,
    lookup: lookupOf(addresses),
    signal: exchange.signal,
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve)
    request.on('error', reject)
    request.end(exchange.body)
  })
}

/** Answers every look-up of the connection with the addresses that were checked. */
function lookupOf(addresses: Address[]): LookupFunction {
  return (_name, options, callback) => {
    if (options.all) callback(null, addresses)
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
}

function redirectTarget(response: IncomingMessage, base: URL): string | undefined {
  const { statusCode, headers } = response
  if (!headers.location || ![301, 302, 303, 307, 308].includes(statusCode ?? 0)) return undefined
  return URL.canParse(headers.location, base) ? new URL(headers.location, base).href : headers.location
}

function answerOf(
  response: IncomingMessage,
  url: URL,
  bytesMax: number,
  failureOf: (cause: unknown) => ColophonError,
): FetchedStream {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const tooLarge = new ColophonError('too_large', `the answer is larger than ${bytesMax} bytes`, { where: url.href })
  const isEncoded = encoding.toLowerCase() !== 'identity'
  if (isEncoded || Number(response.headers['content-length'] ?? 0) > bytesMax) {
    response.destroy()
    throw isEncoded ? new Error('the body is compressed although that was declined') : tooLarge
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')])
  return {
    status: response.statusCode ?? 0,
    url: url.href,
    headers: Object.fromEntries(headers),
    body: piecesOf(response, bytesMax, tooLarge, failureOf),
  }
}

async function* piecesOf(
  response: IncomingMessage,
  bytesMax: number,
  tooLarge: ColophonError,
  failureOf: (cause: unknown) => ColophonError,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > bytesMax) throw tooLarge
      yield piece
    }
  } catch (cause) {
    throw failureOf(cause)
  } finally {
    response.destroy()
  }
}

function messageOf(cause: unknown): string {
  // When every address of a host fails, the reasons are inside an AggregateError whose own message is empty.
  if (cause instanceof AggregateError && cause.errors.length > 0) return messageOf(cause.errors[0])
  return cause instanceof Error && cause.message !== '' ? cause.message : String(cause)
}

/** Not globally reachable by the IANA special-purpose registry, multicast, reserved; and Azure's host agent. */
// prettier-ignore
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16/32', '169.254.0.0/16', '172.16.0.0/12',
  '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]
/** Global unicast; IPv4-mapped and NAT64 addresses count as the IPv4 address in them. All else is refused. */
const PUBLIC_IPV6 = ['2000::/3', '::ffff:0:0/96', '64:ff9b::/96']
/** Parts of 2000::/3 for protocols (Teredo and ORCHID among them) and documentation. */
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '3fff::/20']

const publicIpv6 = blockListOf(PUBLIC_IPV6)
const notPublic = blockListOf([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6, ...NOT_PUBLIC_IPV4.flatMap(embedded)])

function blockListOf(subnets: string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [address, bits] = subnet.split('/') as [string, string]
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** The same IPv4 subnet inside IPv6: mapped, NAT64 (RFC 6052) and 6to4 (RFC 3056). */
function embedded(subnet: string): string[] {
  const [address, bits] = subnet.split('/') as [string, string]
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
  const sixToFour = `2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::/${16 + Number(bits)}`
  return [`::ffff:${address}/${96 + Number(bits)}`, `64:ff9b::${address}/${96 + Number(bits)}`, sixToFour]
}

/**
 * True when an IPv4 or IPv6 address, written without brackets, can be reached on the public internet: not private,
 * loopback, link-local, shared (CGNAT), multicast, reserved, for documentation, or an IPv6 form of such an address.
 *
 * @example isPublicAddress('::ffff:10.0.0.1') // false
 */
export function isPublicAddress(ip: string): boolean {
  // An address with a zone is only valid on one link of this machine.
  if (ip.includes('%')) return false
  const family = isIP(ip)
  if (family === 4) return !notPublic.check(ip, 'ipv4')
  return family === 6 && publicIpv6.check(ip, 'ipv6') && !notPublic.check(ip, 'ipv6')
}
