import { BlockList, isIP } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { ColophonError, type Config } from '../foundation/index.ts'

/** Who a request comes from. */
export interface Client {
  /** What it is counted under: an IPv4 address, or the first 64 bits of an IPv6 one. */
  name: string
  /** From this machine itself, as far as anything shows: nobody has passed it on. */
  isLocal: boolean
  /** Passed on by a proxy of this machine that the configuration does not name. */
  isUnnamedProxy: boolean
}

/** What a proxy adds to a request; without a configuration it shows only that there is one. */
const FORWARDING_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host']

/**
 * Tells clients apart by the address of the connection. A header is believed only from the proxies that the
 * configuration names: then the last address in `X-Forwarded-For` that is none of theirs.
 *
 * Errors: `usage` for a proxy that is no address or network.
 */
export function clientReader(config: Pick<Config, 'trustedProxies'>): (context: Context) => Client {
  const proxies = readNetworks(config.trustedProxies)
  const isProxy = (address: string) => proxies.check(address, familyOf(address))
  return (context) => {
    const bindings = context.env as Partial<HttpBindings> | undefined
    const peer = plainAddress(bindings?.incoming?.socket.remoteAddress ?? '')
    if (isIP(peer) === 0) return { name: 'unknown', isLocal: false, isUnnamedProxy: false }
    const isForwarded = FORWARDING_HEADERS.some((name) => context.req.header(name) !== undefined)
    if (!isForwarded) return { name: groupOf(peer), isLocal: isLoopback(peer), isUnnamedProxy: false }
    if (!isProxy(peer)) return { name: groupOf(peer), isLocal: false, isUnnamedProxy: isLoopback(peer) }
    const named = (context.req.header('x-forwarded-for') ?? '').split(',').map((text) => plainAddress(text.trim()))
    const client = named.findLast((address) => isIP(address) === 0 || !isProxy(address))
    const isKnown = client !== undefined && isIP(client) !== 0
    return { name: groupOf(isKnown ? client : peer), isLocal: false, isUnnamedProxy: false }
  }
}

function readNetworks(texts: readonly string[]): BlockList {
  const networks = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32))
    if (isIP(address) === 0 || !isNetwork)
      throw new ColophonError('usage', 'a trusted proxy is an address or a network', {
        where: `TRUSTED_PROXIES=${text}`,
        remedy: 'Write, for example, 127.0.0.1 or 10.0.0.0/8.',
      })
    if (bits === undefined) networks.addAddress(address, familyOf(address))
    else networks.addSubnet(address, Number(bits), familyOf(address))
  }
  return networks
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** An IPv4 address in IPv6 notation is the IPv4 address; a port and a zone are left out. */
function plainAddress(text: string): string {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(address: string): boolean {
  return loopback.check(address, familyOf(address))
}

/** One household has 2^64 addresses of IPv6, and is one client. */
function groupOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const first = head.split(':').filter((group) => group !== '')
  const last = (tail ?? '').split(':').filter((group) => group !== '')
  const zeroes = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(zeroes).fill('0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}
