import { ColophonError } from '../../foundation/index.ts'
import { documentText, sniff } from '../../fingerprints/index.ts'
import { withoutHowKnown } from '../howKnown.ts'
import { TEMPLATE } from '../template.ts'
import { readColumns } from './columns.ts'
import { findAnswers, type FoundAnswers } from './findAnswers.ts'
import { htmlText } from './htmlText.ts'
import { jsonText, ownAnswers, ownIssues } from './jsonText.ts'

/** A summary as it was read: answers by the ids of the template's fields, word for word. */
export interface ReadSummary extends FoundAnswers {
  /** The text that was searched. */
  text: string
  /** It is in our own form, so that it has no headings to miss. */
  isOwn: boolean
  /** What the page says of its language. */
  language?: string
  /** What is wrong with a file in our own form. */
  issues: string[]
}

/** Longer texts are no summaries; lists of a million domain names still are. */
const SUMMARY_TEXT_BYTES_MAX = 24 * 1024 * 1024

/**
 * Reads a public summary from PDF, DOCX, ODT, EPUB, HTML, JSON, Markdown or plain text: what the file is follows from its
 * bytes, its name only tells JSON and HTML from other texts.
 *
 * Errors: `empty_file`, `unreadable_file`, `too_large`, `invalid_json`, `unsupported_media`.
 *
 * @example (await readSummary(bytes, 'summary.pdf')).answers.get('lastUpdate') // { text: '01/09/2025', … }
 */
export async function readSummary(bytes: Uint8Array, name: string): Promise<ReadSummary> {
  if (bytes.length === 0)
    throw new ColophonError('empty_file', 'the file is empty', { where: name, remedy: 'Give the summary itself.' })
  const { mediaType } = sniff(bytes)
  if (mediaType === 'text/html') return readPage(bytes, name)
  if (mediaType !== 'text/plain') return fromText(await documentText(bytes, mediaType, name, SUMMARY_TEXT_BYTES_MAX))
  const text = await documentText(bytes, mediaType, name, SUMMARY_TEXT_BYTES_MAX)
  const head = text.slice(0, 10_000).trimStart()
  if (/\.json$/i.test(name) || /^(?:\{\s*"|\[\s*\{)/.test(head)) return readJson(text, name)
  if (/\.x?html?$/i.test(name) || /^<[a-z!][^>]*>/i.test(head)) return readPage(bytes, name)
  return fromText(readColumns(text))
}

function fromText(whole: string): ReadSummary {
  const text = withoutHowKnown(whole)
  return { ...findAnswers(text), text, isOwn: false, issues: [] }
}

function readPage(bytes: Uint8Array, where: string): ReadSummary {
  if (bytes.length > SUMMARY_TEXT_BYTES_MAX)
    throw new ColophonError('too_large', `pages of more than ${SUMMARY_TEXT_BYTES_MAX} bytes are not read`, {
      where,
      remedy: 'Give the summary without what is around it.',
    })
  const { text, language } = htmlText(decodePage(bytes), where)
  return { ...fromText(text), ...(language ? { language } : {}) }
}

/** UTF-8, or else what browsers read. */
function decodePage(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function readJson(text: string, where: string): ReadSummary {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new ColophonError('invalid_json', `this is not JSON: ${(cause as Error).message.slice(0, 200)}`, {
      where,
      remedy: 'Check that the file is whole.',
      cause,
    })
  }
  const own = ownAnswers(value)
  if (own) return { answers: own, headings: [], openings: new Map(), text, isOwn: true, issues: [] }
  const claims = (value as { template?: unknown } | null)?.template === TEMPLATE
  return { ...fromText(jsonText(value, where)), issues: claims ? ownIssues(value) : [] }
}
