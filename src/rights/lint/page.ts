import { Parser } from 'htmlparser2'
import type { RightsFinding } from '../exports/findings.ts'

const DEPTH_MAX = 500
const FOUND_MAX = 200
const LINK_CHARACTERS_MAX = 16_384
const CHUNK_CHARACTERS = 65_536
/** What stands in these is no part of the page to a browser, or not to every one. */
const INERT = ['template', 'noscript', 'svg', 'math']

export interface PageLink {
  href: string
  rel: string[]
  type: string
}

/** What of a page speaks about rights. */
export interface PageSignals {
  meta: { name: string; content: string }[]
  links: PageLink[]
  /** The texts of its JSON-LD. */
  scripts: string[]
  /** Licences of RSL that stand in the page itself. */
  rsl: string[]
  findings: RightsFinding[]
}

/**
 * Reads tags and JSON-LD of a page, in one pass and bounded in depth and number. What stands in a comment or as text in
 * another element counts for nothing; a tag in an inert element is a finding. Never throws.
 */
export function readPage(html: string, where: string): PageSignals {
  const page = emptyPage()
  let depth = 0
  let script: { texts: string[]; text: string } | undefined
  const inert: string[] = []
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth++
        if (INERT.includes(name)) inert.push(name)
        if (countOf(page) > FOUND_MAX) return
        const found = inert.length > 0 ? emptyPage() : page
        if (name === 'meta') readMeta(attributes, found)
        else if (name === 'link' || name === 'a' || name === 'area') readLink(attributes, found)
        else if (name === 'script') script = scriptOf(attributes.type, found)
        if (found !== page && countOf(found) > 0) page.findings.push(inertTag(name, inert.at(-1)!, where))
      },
      ontext(text) {
        if (script) script.text += text
      },
      onclosetag(name, isImplied) {
        depth--
        // Closed by the end of an element around it, a browser goes on inside: nothing below is sure to count.
        if (name === inert.at(-1) && !isImplied) inert.pop()
        if (name !== 'script' || !script) return
        script.texts.push(script.text)
        script = undefined
      },
    },
    { xmlMode: false },
  )
  for (let start = 0; start < html.length && depth <= DEPTH_MAX; start += CHUNK_CHARACTERS) {
    parser.write(html.slice(start, start + CHUNK_CHARACTERS))
  }
  const isTooDeep = depth > DEPTH_MAX
  if (isTooDeep || countOf(page) > FOUND_MAX) {
    const what = isTooDeep ? `nested deeper than ${DEPTH_MAX}` : `more than ${FOUND_MAX} tags about rights`
    page.findings.push({ code: 'too_large', severity: 'error', where, what, remedy: 'Simplify the page.' })
  }
  return page
}

function emptyPage(): PageSignals {
  return { meta: [], links: [], scripts: [], rsl: [], findings: [] }
}

/** A tag that says something and counts for nothing. What it reserves may have been meant, so a place with one is uncertain. */
function inertTag(name: string, element: string, where: string): RightsFinding {
  const severity = name === 'meta' ? 'error' : 'note'
  const what = `a tag <${name}> about rights stands in <${element}>, where it counts for nothing`
  return { code: 'condition_not_read', severity, where, what, remedy: 'Move it to the head of the page.' }
}

function countOf({ meta, links, scripts, rsl, findings }: PageSignals): number {
  return meta.length + links.length + scripts.length + rsl.length + findings.length
}

function scriptOf(type: string | undefined, page: PageSignals): { texts: string[]; text: string } | undefined {
  const kinds: Record<string, string[]> = { 'application/ld+json': page.scripts, 'application/rsl+xml': page.rsl }
  const name = type?.trim().toLowerCase() ?? ''
  return Object.hasOwn(kinds, name) ? { texts: kinds[name]!, text: '' } : undefined
}

function readMeta(attributes: Record<string, string>, page: PageSignals): void {
  const name = attributes.name?.trim().toLowerCase()
  if (name?.startsWith('tdm-')) page.meta.push({ name, content: attributes.content ?? '' })
}

function readLink({ rel = '', href = '', type = '' }: Record<string, string>, page: PageSignals): void {
  const names = rel.toLowerCase().split(/\s+/)
  if (names.includes('license')) page.links.push({ href: href.trim(), rel: names, type: type.trim().toLowerCase() })
}

/** Reads a `Link` header (RFC 8288) as far as its licences. */
export function readLinkHeader(value: string): PageLink[] {
  const links: PageLink[] = []
  const text = value.slice(0, LINK_CHARACTERS_MAX)
  for (const match of text.matchAll(/<([^<>]*)>((?:[^<>",]|"(?:[^"\\]|\\.)*")*)/g)) {
    const parameters = readParameters(match[2]!)
    const rel = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/)
    const type = (parameters.get('type') ?? '').toLowerCase()
    if (rel.includes('license')) links.push({ href: match[1]!.trim(), rel, type })
  }
  return links
}

/** Parameters by name in lower case; of one that is repeated the first counts. */
function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const match of text.matchAll(/\s*;\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?/gy)) {
    const name = match[1]!.toLowerCase()
    if (!parameters.has(name)) parameters.set(name, match[2] ?? match[3] ?? '')
  }
  return parameters
}
