import { ColophonError, asColophonError } from '../../foundation/index.ts'
import { collectingLimits, sleepReally, unreadable, type OpenSource, type Reach, type SourceRecord } from '../record.ts'
import { isAddress, oneText, readWhole } from './reach.ts'
import { cutElements, descendants, textsIn, type XmlNode } from '../records/xmlTree.ts'

const PAUSE_MS = 200

/**
 * Opens a sitemap, or an index of sitemaps, from an address or a file. Each is read once, so one that leads back to itself
 * ends; an address of another host is refused, because a site speaks for itself only.
 */
export function openSitemap(where: string, reach: Reach): OpenSource {
  return { format: 'sitemap', records: sitemapRecords(where, reach) }
}

async function* sitemapRecords(where: string, reach: Reach): AsyncGenerator<SourceRecord> {
  const waiting = [{ where, depth: 0 }]
  const seen = new Set([where])
  let host = isAddress(where) ? new URL(where).host : undefined
  while (waiting.length > 0) {
    const next = waiting.shift()!
    if (next.depth > 0) await (reach.sleep ?? sleepReally)(PAUSE_MS)
    const found: { pages: SourceRecord[]; sitemaps: string[] } = { pages: [], sitemaps: [] }
    try {
      for await (const each of readSitemap(next.where, { ...reach, ...(host ? { host } : {}) })) {
        host ??= hostOf(each.loc)
        if (each.isSitemap) found.sitemaps.push(each.loc)
        else yield* entryRecords(each.node, each.loc, host)
      }
    } catch (error) {
      // Of many sitemaps one may be broken; the one that was named may not.
      if (next.depth === 0) throw error
      yield { place: next.where, problem: problemOf(error) }
    }
    for (const loc of found.sitemaps) {
      const why = refusal(loc, host, next.depth, seen)
      if (why) yield { place: loc, problem: { field: 'sitemap', ...why } }
      else if (!seen.has(loc)) {
        seen.add(loc)
        waiting.push({ where: loc, depth: next.depth + 1 })
      }
    }
  }
}

function problemOf(error: unknown) {
  const { code, message } = asColophonError(error)
  if (code === 'internal') throw error
  return { field: 'sitemap', what: message, remedy: 'Look whether it can be read, then run this again.' }
}

function refusal(loc: string, host: string | undefined, depth: number, seen: ReadonlySet<string>) {
  if (seen.has(loc)) return { what: 'it is named again, in a circle or twice', remedy: 'It was read once.' }
  // A sitemap leads to sitemaps on the web, and never to a file of this machine.
  if (!isAddress(loc) || hostOf(loc) !== host)
    return { what: `it is not on ${host}`, remedy: 'Declare that site by its own sitemap.' }
  if (depth + 1 > collectingLimits.sitemapDepthMax || seen.size > collectingLimits.sitemapsMax)
    return { what: 'there are more sitemaps, or deeper ones, than are read', remedy: 'Name it by itself.' }
  return undefined
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}

interface Entry {
  isSitemap: boolean
  loc: string
  node: XmlNode
}

async function* readSitemap(where: string, reach: Reach & { host?: string }): AsyncGenerator<Entry> {
  const { body } = await readWhole(where, reach)
  const isXml = body.subarray(0, 200).includes(0x3c)
  if (!isXml) {
    yield* listedEntries(body, where)
    return
  }
  let count = 0
  for await (const node of cutElements(oneText(body), (name) => name === 'url' || name === 'sitemap', where)) {
    const loc = node && textOf(node, 'loc')
    if (!node || !loc) continue
    count++
    yield { isSitemap: node.name === 'sitemap', loc, node }
  }
  if (count === 0) throw unreadable('it names no page', where, 'Give a sitemap, or an index of sitemaps.')
}

/** A sitemap may be a plain list of addresses, one on each line. */
function* listedEntries(body: Uint8Array, where: string): Generator<Entry> {
  const lines = new TextDecoder()
    .decode(body)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  if (!lines.every(isAddress))
    throw new ColophonError('unreadable_file', 'it is no sitemap', { where, remedy: 'Give a sitemap.' })
  for (const loc of lines)
    yield { isSitemap: false, loc: loc.trim(), node: { name: 'url', attributes: {}, children: [], text: '' } }
}

function textOf(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text.trim()
}

/** A page and the pictures and films that its entry names. A page goes by its address: nobody has read it. */
function* entryRecords(node: XmlNode, loc: string, host: string | undefined): Generator<SourceRecord> {
  if (hostOf(loc) !== host) {
    const what = `it is not on ${host}`
    yield { place: loc, problem: { field: 'url', what, remedy: 'A site speaks for itself only.' } }
    return
  }
  const news = descendants(node, 'news')[0]
  const title = news && textsIn(news, ['title'])[0]
  const page: SourceRecord = { place: loc, id: loc, kinds: ['text'], urls: [loc], otherTitle: pathTitle(loc) }
  yield title ? { ...page, title } : page
  for (const media of descendants(node, 'image', 'video')) {
    const [url] = textsIn(media, media.name === 'image' ? ['loc'] : ['content_loc', 'player_loc'])
    if (!url) continue
    const [name] = textsIn(media, ['title', 'caption'])
    const licence = textsIn(media, ['license'])
    yield {
      place: url,
      id: url,
      kinds: [media.name],
      urls: [url, loc],
      rights: licence,
      otherTitle: pathTitle(url),
      ...(name ? { title: name } : {}),
    }
  }
}

/** `https://example.org/works/the-old-bridge.html` is “the old bridge”. */
function pathTitle(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  const last = url.pathname.split('/').filter(Boolean).at(-1)
  if (last === undefined) return url.host
  try {
    return (
      decodeURIComponent(last)
        .replace(/\.[a-z0-9]{2,5}$/i, '')
        .replaceAll(/[-_+]+/g, ' ')
        .trim() || url.host
    )
  } catch {
    return last
  }
}
