import { codeTextOf, iptcMapping, type DisclosureFields } from '../../disclosure/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import { addressOf } from './address.ts'
import { CODE_PROPERTY, META_NAME, OWN_ATTRIBUTE, isNamed } from './names.ts'
import { readHead, type HeadElement } from './page.ts'
import { readHtml } from './readHtml.ts'
import { schemaOrgSourceOf } from './sourceTypes.ts'

/** What is to be said of a page, or of what a server sends. */
export interface WebMarkRequest {
  disclosure: DisclosureFields
  /** Where the signed statement is: its pointer and, when it can be read there, its address. */
  pointer?: string
  statementUrl?: string
}

const CHARACTERS_MAX = 64 * 1024 * 1024

/**
 * The page with its disclosure in the head: the code in a `meta`, a link to the statement, and JSON-LD. Nothing else of
 * it is changed, to the letter; what was put in before is put in anew, so that doing it twice changes nothing.
 * Errors: `invalid_input` for an address that is none, `too_large`, `unreadable_file` when a page has no head that
 * readers would find it in.
 *
 * @example markHtml('<title>Hills</title>', { disclosure }) // '<title>Hills</title><meta name="ai-disclosure" …'
 */
export function markHtml(html: string, request: WebMarkRequest): string {
  if (html.length > CHARACTERS_MAX)
    throw new ColophonError('too_large', `the page is longer than ${CHARACTERS_MAX} characters`)
  const code = codeTextOf(request.disclosure, request.pointer)
  const newline = html.includes('\r\n') ? '\r\n' : '\n'
  const { text, insertAt } = withoutOurs(html)
  const block = [...elementsOf(code, request), ''].join(newline)
  const marked = text.slice(0, insertAt) + block + text.slice(insertAt)
  if (readHtml(marked).code !== code)
    throw new ColophonError('unreadable_file', 'this page has no head that a mark would be found in', {
      remedy: 'Close what is left open in its head, or send the mark as headers.',
    })
  return marked
}

/** The page without what was put in before, and where it goes now: where it was, if it was there. */
function withoutOurs(html: string): { text: string; insertAt: number } {
  const { elements, insertAt } = readHead(html)
  const ours = elements.filter(isOurs)
  if (ours.length === 0) return { text: html, insertAt }
  let text = ''
  let at = 0
  for (const { start, end, attributes } of ours) {
    text += html.slice(at, start)
    // The end of line was put in with it, by us and not by who wrote a code by hand.
    const follows = attributes[OWN_ATTRIBUTE] === undefined ? '' : /^\r?\n/.exec(html.slice(end, end + 2))
    at = end + (follows?.[0]?.length ?? 0)
  }
  return { text: text + html.slice(at), insertAt: Math.min(ours[0]!.start, insertAt) }
}

/** What we put in, and a code that somebody wrote by hand; words of others in the same `meta` are theirs. */
function isOurs({ name, attributes }: HeadElement): boolean {
  if (attributes[OWN_ATTRIBUTE] !== undefined) return true
  return name === 'meta' && isNamed(attributes) && /^\s*AID\d/i.test(attributes.content ?? '')
}

function elementsOf(code: string, { disclosure, statementUrl }: WebMarkRequest): string[] {
  const address = statementUrl === undefined ? undefined : addressOf(statementUrl)
  const own = (kind: string) => ` ${OWN_ATTRIBUTE}="${kind}"`
  // In JSON these characters can be written so; then no script ends early, in HTML and in XHTML.
  const json = JSON.stringify(jsonLdOf(code, disclosure, address)).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return [
    `<meta name="${META_NAME}" content="${code}"${own('code')}/>`,
    ...(address
      ? [`<link rel="describedby" type="application/json" href="${escapeAttribute(address)}"${own('link')}/>`]
      : []),
    `<script type="application/ld+json"${own('statement')}>${json}</script>`,
  ]
}

function jsonLdOf(code: string, disclosure: DisclosureFields, address: string | undefined): object {
  const { digitalSourceType } = iptcMapping.to(disclosure).value
  return {
    '@context': ['https://schema.org', { col: 'https://colophon.example/ns/v1#' }],
    '@type': 'CreativeWork',
    ...(digitalSourceType ? { digitalSourceType: schemaOrgSourceOf(digitalSourceType) } : {}),
    identifier: { '@type': 'PropertyValue', propertyID: CODE_PROPERTY, value: code },
    ...(address ? { subjectOf: { '@type': 'DigitalDocument', url: address } } : {}),
    'col:disclosure': { '@context': 'https://colophon.example/ns/v1', type: 'Disclosure', ...disclosure },
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
