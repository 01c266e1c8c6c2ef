import type { Words } from '../../rights/index.ts'
import { letterText } from '../letter.ts'
import { worksOf, type WorkEvidence } from '../openCase.ts'
import { writePdf, type PdfBlock } from '../../foundation/index.ts'
import type { BundleFile } from './format.ts'
import type { BundleParts } from './makeBundle.ts'

/** A work of the register that is what the case is about, with what proves that it was declared. */
export interface DeclaredWork {
  id: string
  title: string
  /** Who declared it, and as what. */
  party: string
  role: string
  recordedAt: string
  logIndex: number
  /** `exact-file` or `near-picture`: how it is known to be the same. */
  match: string
  /** What was said of it, each with its entry. */
  terms: readonly { says: string; logIndex: number; recordedAt: string }[]
  files: readonly BundleFile[]
}

/** The whole bundle in words, for whoever reads no JSON: what was declared when, what was found where, how to verify it. */
export function reportPdf(parts: BundleParts, madeAt: string, words: Words): Promise<Uint8Array> {
  const { letter } = parts
  const { t } = words
  const title = t('bundle.title', { title: letter.workTitle })
  const blocks: PdfBlock[] = [
    { heading: title, level: 1 },
    { text: t('bundle.lead', { id: letter.id, date: madeAt }) },
    { text: t('bundle.notProof') },
    { heading: t('bundle.declared'), level: 2 },
    ...(parts.declared.length === 0
      ? [{ text: t('bundle.declared.none') }]
      : parts.declared.flatMap(declaredBlocks(words))),
    { heading: t('bundle.found'), level: 2 },
    ...worksOf(letter).flatMap((work, i) => foundBlocks(work, i === 0 ? parts.preview : undefined, words)),
    { heading: t('bundle.codes'), level: 2 },
    ...Object.entries(letter.evidence.codes as Record<string, string>).flatMap(([name, code]) => said(name, code)),
    { heading: t('bundle.times'), level: 2 },
    ...said(t('bundle.times.frozen'), letter.evidence.foundAt),
    ...(letter.commitmentIndex === null
      ? []
      : said(t('bundle.times.committed'), t('bundle.entry', { index: letter.commitmentIndex }))),
    ...said(t('bundle.times.stamp'), t(`bundle.stamp.${stampKind(parts)}`)),
    ...said('SHA-256 (evidence.json)', letter.evidenceHash),
    { heading: t('bundle.captured'), level: 2 },
    { text: t(parts.captured ? 'bundle.captured.yes' : 'bundle.captured.no') },
    { heading: t('bundle.history'), level: 2 },
    ...parts.events.map(({ recordedAt, state, note }) => ({ text: `${recordedAt} ${state} ${note}`.trim() })),
    { heading: t('bundle.verify'), level: 2 },
    { text: t('bundle.verify.text') },
    { heading: t('bundle.letter'), level: 2 },
    { text: letterText(letter, parts.speak) },
  ]
  return writePdf({ title, language: words.language, at: madeAt }, blocks)
}

/** A term and what is said of it. */
function said(term: string, text: string): PdfBlock[] {
  return [{ term }, { text }]
}

function stampKind({ timeAuthority, isQualified }: BundleParts): string {
  return timeAuthority ? (isQualified ? 'qualified' : 'other') : 'none'
}

function declaredBlocks({ t }: Words) {
  return ({ title, id, party, role, recordedAt, logIndex, match, terms }: DeclaredWork): PdfBlock[] => [
    ...said(title, t('bundle.declared.by', { party, role, date: recordedAt, index: logIndex, id })),
    { text: t(`result.${match}`) },
    ...terms.map((term) => ({
      text: t('bundle.declared.terms', { says: term.says, date: term.recordedAt, index: term.logIndex }),
    })),
  ]
}

function foundBlocks(
  { title, hit, row }: WorkEvidence & { title: string },
  preview: Uint8Array | undefined,
  { t }: Words,
): PdfBlock[] {
  const { alignment } = hit
  return [
    { heading: title, level: 3 },
    { text: t('result.where', { name: hit.datasetName, version: hit.datasetVersion, row: hit.row }) },
    { text: `${t(`result.${hit.match}`)}. ${t(`result.strength.${hit.match}`, { measure: hit.measure })}` },
    { text: `${t(`result.status.${hit.status}`)} ${t(`result.status.${hit.status}.text`)}` },
    ...(hit.url ? said(t('result.address'), hit.url) : []),
    ...(preview ? [{ picture: preview, alternative: t('result.preview.picture', { row: hit.row }) }] : []),
    ...(alignment
      ? [
          {
            text: t(alignment.isExact ? 'result.aligned' : 'result.alignedAtLeast', {
              measure: hit.measure,
              queryOffset: alignment.queryOffset,
              rowOffset: alignment.rowOffset,
            }),
          },
          { quote: `${alignment.before}[${alignment.shared}]${alignment.after}` },
        ]
      : []),
    ...(row === null ? [] : said(t('bundle.row'), cut(JSON.stringify(row, null, 1)))),
  ]
}

const ROW_LENGTH_MAX = 3000

function cut(text: string): string {
  return text.length > ROW_LENGTH_MAX ? `${text.slice(0, ROW_LENGTH_MAX)} …` : text
}
