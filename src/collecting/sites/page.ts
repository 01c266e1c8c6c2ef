import { Parser } from 'htmlparser2'
import { linkedRecord, isThing, typesOf } from '../records/linkedRecord.ts'
import type { SourceRecord } from '../record.ts'

const DEPTH_MAX = 500
const FOUND_MAX = 2000
const CHUNK_CHARACTERS = 65_536

/** What a page holds that may be a work, and where it leads. */
export interface PageContent {
  title: string
  language: string | undefined
  author: string | undefined
  /** The address that the page itself says is its own. */
  canonical: string | undefined
  images: { url: string; text: string }[]
  links: string[]
  feeds: string[]
  /** Texts of its JSON-LD. */
  scripts: string[]
  mayFollow: boolean
}

/** Reads a page in one pass, bounded in depth and in what is kept. Addresses are absolute. Never throws. */
export function readPage(html: string, address: string): PageContent {
  const page: PageContent = {
    title: '',
    language: undefined,
    author: undefined,
    canonical: undefined,
    images: [],
    links: [],
    feeds: [],
    scripts: [],
    mayFollow: true,
  }
  const reader = new PageReader(page, address)
  const parser = new Parser(reader, { xmlMode: false })
  for (let start = 0; start < html.length && !reader.isOver; start += CHUNK_CHARACTERS)
    parser.write(html.slice(start, start + CHUNK_CHARACTERS))
  parser.end()
  return page
}

class PageReader {
  readonly #page: PageContent
  #base: string
  #depth = 0
  #found = 0
  #target: { text: string; end: (text: string) => void } | undefined

  constructor(page: PageContent, address: string) {
    this.#page = page
    this.#base = address
  }

  get isOver(): boolean {
    return this.#depth > DEPTH_MAX || this.#found > FOUND_MAX
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    this.#depth++
    const page = this.#page
    if (name === 'html' && attributes.lang) page.language = attributes.lang
    else if (name === 'base' && attributes.href) this.#base = this.#absolute(attributes.href) ?? this.#base
    else if (name === 'title' && page.title === '') this.#collect((text) => (page.title = text))
    else if (name === 'script' && /^application\/ld\+json$/i.test(attributes.type ?? ''))
      this.#collect((text) => this.#keep(page.scripts, text))
    else if (name === 'meta') this.#readMeta(attributes)
    else if (name === 'link') this.#readLink(attributes)
    else if (name === 'a') this.#keep(page.links, this.#absolute(attributes.href))
    else if (name === 'img') this.#readImage(attributes)
  }

  ontext(text: string): void {
    if (this.#target) this.#target.text += text
  }

  onclosetag(name: string): void {
    this.#depth--
    if (name !== 'title' && name !== 'script') return
    this.#target?.end(this.#target.text.trim())
    this.#target = undefined
  }

  #collect(end: (text: string) => void): void {
    this.#target = { text: '', end }
  }

  #keep<Value>(list: Value[], value: Value | undefined): void {
    if (value === undefined) return
    this.#found++
    list.push(value)
  }

  #absolute(href: string | undefined): string | undefined {
    if (href === undefined || !URL.canParse(href.trim(), this.#base)) return undefined
    const url = new URL(href.trim(), this.#base)
    url.hash = ''
    return /^https?:$/.test(url.protocol) ? url.href : undefined
  }

  #readMeta({ name = '', property = '', content = '' }: Record<string, string>): void {
    const key = (name || property).toLowerCase()
    if (key === 'author' && content.trim() !== '') this.#page.author = content.trim()
    if (key === 'robots' && /\b(nofollow|none)\b/i.test(content)) this.#page.mayFollow = false
  }

  #readLink({ rel = '', href, type = '' }: Record<string, string>): void {
    const names = rel.toLowerCase().split(/\s+/)
    const url = this.#absolute(href)
    if (names.includes('canonical') && url) this.#page.canonical = url
    if (names.includes('alternate') && /^application\/(rss|atom)\+xml$/i.test(type.trim()))
      this.#keep(this.#page.feeds, url)
  }

  /** A picture without a text is an ornament, by the rules for pages that everybody can use. */
  #readImage({ src, alt = '', width, height }: Record<string, string>): void {
    const url = this.#absolute(src)
    const isTiny = Number(width ?? 1000) < 50 || Number(height ?? 1000) < 50
    if (url && alt.trim() !== '' && !isTiny) this.#keep(this.#page.images, { url, text: alt.trim() })
  }
}

/** Things of schema.org that are no works of anybody. */
const NO_WORKS =
  /^(WebSite|WebPage|CollectionPage|ItemPage|AboutPage|ContactPage|ProfilePage|SearchResultsPage|Organization|Museum|LocalBusiness|Corporation|NewsMediaOrganization|Person|BreadcrumbList|ListItem|ItemList|SearchAction|Place|PostalAddress|Event|Offer|Product|ContactPoint|FAQPage|Question|ImageGallery|SiteNavigationElement|WPHeader|WPFooter)$/

/** Works of a page: what it says in JSON-LD, its pictures, and itself when it is not said there already. */
export function pageRecords(page: PageContent, address: string, isOwn: (url: string) => boolean): SourceRecord[] {
  const described = page.scripts.flatMap((script) => scriptRecords(script, address))
  const records = described.filter(({ urls = [] }) => urls.every(isOwn))
  const own = page.canonical && isOwn(page.canonical) ? page.canonical : address
  const known = new Set(records.flatMap(({ urls = [] }) => urls))
  const creators = page.author === undefined ? {} : { creators: [{ name: page.author }] }
  if (!known.has(own) && page.title !== '')
    records.push({
      place: address,
      id: own,
      title: page.title,
      kinds: ['text'],
      urls: [own],
      ...creators,
      ...(page.language === undefined ? {} : { language: page.language }),
    })
  for (const { url, text } of page.images)
    if (isOwn(url) && !known.has(url))
      records.push({ place: `${address} ${url}`, id: url, title: text, kinds: ['image'], urls: [url] })
  return records
}

function scriptRecords(script: string, address: string): SourceRecord[] {
  let value: unknown
  try {
    value = JSON.parse(script)
  } catch {
    return []
  }
  const records: SourceRecord[] = []
  for (const thing of thingsIn(value, 0)) {
    const types = typesOf(thing)
    if (types.length === 0 || types.some((type) => NO_WORKS.test(type))) continue
    const record = linkedRecord(thing, address)
    if (record.title !== undefined) records.push({ ...record, urls: record.urls ?? [] })
  }
  return records
}

function* thingsIn(value: unknown, depth: number): Generator<Record<string, unknown>> {
  if (depth > 5) return
  if (Array.isArray(value)) for (const each of value) yield* thingsIn(each, depth + 1)
  else if (isThing(value)) {
    if (Array.isArray(value['@graph'])) yield* thingsIn(value['@graph'], depth + 1)
    else yield value
    for (const key of ['itemListElement', 'hasPart', 'item', 'mainEntity']) yield* thingsIn(value[key], depth + 1)
  }
}
