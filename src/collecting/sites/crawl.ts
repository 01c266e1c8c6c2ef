import { getDomain } from 'tldts'
import { ColophonError, asColophonError, safeFetch } from '../../foundation/index.ts'
import { linesFor, mayFetch, readRobots, type Robots } from '../../rights/index.ts'
import { readPage, pageRecords } from './page.ts'
import { collectingLimits, sleepReally, type OpenSource, type Reach, type SourceRecord } from '../record.ts'
import { fetchPatiently, isOfServer, oneText } from './reach.ts'
import { requireSiteOwner, type TxtReader } from './siteOwner.ts'
import { cutElements, textsIn } from '../records/xmlTree.ts'

const AGENT = 'colophon'
const PAUSE_SECONDS = 1
const PAUSE_SECONDS_MAX = 60
const PAGES = 500
const PAGE_BYTES_MAX = 5 * 1024 * 1024
const FAILURES_MAX = 5

export interface CrawlOptions extends Reach {
  party: string
  pagesMax?: number
  /** After so many minutes no further page is asked for; what was found until then is kept, and the rest not called gone. */
  minutesMax?: number
  readTxt?: TxtReader
}

/**
 * Opens a site of one's own: its pages, their pictures with a text, what they say in JSON-LD, and its feeds. It is asked
 * once a second or as rarely as its robots.txt wishes, only what that allows, one host, and only so many pages. Errors:
 * `not_authorised` when the site does not name the party.
 */
export async function openSite(where: string, options: CrawlOptions): Promise<OpenSource> {
  if (!URL.canParse(where)) throw new ColophonError('usage', 'not an address', { where: where.slice(0, 200) })
  const site = new URL(where)
  site.hash = ''
  await requireSiteOwner(site, options.party, options)
  const robots = await readRobotsOf(site, options)
  // A page that was not reached for the limit is not gone.
  const place = { isWhole: false }
  return {
    format: 'site',
    records: crawl(site, robots, options, place),
    get isPartial() {
      return !place.isWhole
    },
  }
}

/** What may be fetched. Without a robots.txt everything; when the server fails, nothing (RFC 9309, section 2.3.1). */
async function readRobotsOf(site: URL, options: Reach): Promise<Robots> {
  const url = `${site.origin}/robots.txt`
  const { status, body } = await safeFetch(url, {
    allowPrivate: options.allowPrivate === true,
    timeoutMs: options.timeoutMs ?? 10_000,
  })
  if (status === 200) return readRobots(new TextDecoder().decode(body), url)
  if (status >= 400 && status < 500) return readRobots('', url)
  throw new ColophonError('fetch_failed', `the server answered ${status} for robots.txt, so nothing may be fetched`, {
    where: url,
    remedy: 'Try again when it works.',
  })
}

function pauseOf(robots: Robots): number {
  const delay = Number(linesFor(robots, AGENT).find(({ key }) => key === 'crawl-delay')?.value ?? PAUSE_SECONDS)
  return Math.min(Math.max(Number.isFinite(delay) ? delay : PAUSE_SECONDS, PAUSE_SECONDS), PAUSE_SECONDS_MAX) * 1000
}

async function* crawl(
  site: URL,
  robots: Robots,
  options: CrawlOptions,
  place: { isWhole: boolean },
): AsyncGenerator<SourceRecord> {
  const pagesMax = Math.min(options.pagesMax ?? PAGES, collectingLimits.pagesMax)
  const rules = linesFor(robots, AGENT)
  const waiting = [site.href]
  const seen = new Set(waiting)
  const isOwn = ownerOf(site)
  const end = performance.now() + (options.minutesMax ?? Infinity) * 60_000
  let failures = 0
  let pages = 0
  for (; waiting.length > 0 && pages < pagesMax && (pages === 0 || performance.now() < end); pages++) {
    const url = waiting.shift()!
    if (pages > 0) await (options.sleep ?? sleepReally)(pauseOf(robots))
    let found: Found
    try {
      found = await visit(url, site, isOwn, options)
      failures = 0
    } catch (error) {
      const failure = asColophonError(error)
      if (isOfServer(failure)) failures++
      if (pages === 0 || failure.code === 'internal' || failures >= FAILURES_MAX) throw failure
      yield {
        place: url,
        id: url,
        problem: { field: 'page', what: failure.message, remedy: 'Look whether it can be read.' },
      }
      continue
    }
    yield* found.records
    for (const link of found.links) {
      const { host, pathname, search } = new URL(link)
      if (host !== site.host || seen.has(link) || seen.size > pagesMax * 20 || !mayFetch(rules, pathname + search))
        continue
      seen.add(link)
      waiting.push(link)
    }
  }
  place.isWhole = waiting.length === 0 && failures === 0
}

/** Pictures lie on other hosts of one's domain, and what lies on somebody else's is somebody else's. */
function ownerOf(site: URL): (url: string) => boolean {
  const domain = getDomain(site.hostname)
  return (url) => {
    const { host, hostname } = new URL(url)
    return host === site.host || (domain !== null && getDomain(hostname) === domain)
  }
}

interface Found {
  records: SourceRecord[]
  links: string[]
}

async function visit(url: string, site: URL, isOwn: (url: string) => boolean, options: CrawlOptions): Promise<Found> {
  const accept = 'text/html, application/xhtml+xml, application/rss+xml, application/atom+xml;q=0.9'
  const {
    body,
    headers,
    url: final,
  } = await fetchPatiently(url, {
    ...options,
    host: site.host,
    accept,
    bytesMax: PAGE_BYTES_MAX,
    triesMax: 2,
  })
  if (new URL(final).host !== site.host) return { records: [], links: [] }
  const type = headers['content-type'] ?? ''
  if (/\b(rss|atom|xml)\b/i.test(type) && !/xhtml/i.test(type)) return readFeed(body, final, isOwn)
  if (!/html/i.test(type)) return { records: [], links: [] }
  const page = readPage(decodePage(body, type), final)
  const links = page.mayFollow ? [...page.feeds, ...page.links] : []
  return { records: pageRecords(page, final, isOwn), links }
}

function decodePage(body: Uint8Array, type: string): string {
  const start = new TextDecoder('latin1').decode(body.subarray(0, 1024))
  const name = /charset=["']?([\w-]+)/i.exec(type)?.[1] ?? /<meta[^>]{0,200}charset=["']?([\w-]+)/i.exec(start)?.[1]
  try {
    return new TextDecoder(name ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** Entries of RSS and Atom: texts with a title and an address. */
async function readFeed(body: Uint8Array, address: string, isOwn: (url: string) => boolean): Promise<Found> {
  const found: Found = { records: [], links: [] }
  for await (const node of cutElements(oneText(body), (name) => name === 'item' || name === 'entry', address)) {
    if (!node) continue
    const links = node.children.filter(({ name }) => name === 'link')
    const link = links
      .map((each) => each.attributes.href ?? each.text.trim())
      .find((href) => URL.canParse(href, address))
    const [title] = textsIn(node, ['title'])
    if (link === undefined || title === undefined) continue
    const { href } = new URL(link, address)
    found.links.push(href)
    const names = [
      ...textsIn(node, ['creator']),
      ...node.children.filter(({ name }) => name === 'author').flatMap((each) => textsIn(each, ['name'])),
    ]
    if (isOwn(href))
      found.records.push({
        place: href,
        id: href,
        title,
        kinds: ['text'],
        urls: [href],
        ...(names.length > 0 ? { creators: names.map((name) => ({ name })) } : {}),
      })
  }
  return found
}
