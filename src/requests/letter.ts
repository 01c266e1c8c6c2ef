import type { Words } from '../rights/index.ts'
import { sayConfirmation } from './confirmation.ts'
import { worksOf, type CaseDetails, type CaseEvidence, type WorkEvidence } from './openCase.ts'
import { writePdf } from '../foundation/index.ts'
import { sayMatch } from './sayMatch.ts'

/** The texts of letters in one language. */
export interface LetterWords extends Words {
  /** The language by its code in `locales/`. */
  code: string
  /** What it calls itself. */
  name: string
  /** Whether somebody who speaks it has read its texts, or they are the original. */
  isReviewed: boolean
}

/** Texts of letters in a language; in English, and saying so, where that language has not all of them. */
export type Speak = (code: string) => LetterWords

export interface LetterInput {
  id: string
  kind: string
  createdAt: string
  workTitle: string
  sender: { name: string; contact: string }
  recipient: string | null
  details: CaseDetails
  evidence: CaseEvidence
  evidenceHash: string
  commitmentIndex: number | null
}

/** The letter of a case, from its frozen evidence; the recipient is whoever was named, or whom the data set names. */
export function letterOf(
  found: {
    id: string
    kind: string
    created_at: string
    subject: string
    sender: string
    details: string
    evidence: string
    evidence_hash: string
    commitment_index: bigint | null
    dataset: string
  },
  datasets: readonly { id: string; contact: string | null }[],
): LetterInput {
  const details = JSON.parse(found.details) as CaseDetails
  return {
    id: found.id,
    kind: found.kind,
    createdAt: found.created_at,
    workTitle: found.subject,
    sender: JSON.parse(found.sender) as LetterInput['sender'],
    recipient: details.recipientName ?? contactOf(found.dataset, details, datasets) ?? null,
    details,
    evidence: JSON.parse(found.evidence) as CaseEvidence,
    evidenceHash: found.evidence_hash,
    commitmentIndex: found.commitment_index === null ? null : Number(found.commitment_index),
  }
}

/** Whom the operator knows to write to: for the data set. A letter about a model goes to whoever provides that model. */
export function contactOf(
  dataset: string,
  { model }: Pick<CaseDetails, 'model'>,
  datasets: readonly { id: string; contact: string | null }[],
): string | null | undefined {
  return model === undefined ? datasets.find(({ id }) => id === dataset)?.contact : undefined
}

/**
 * The languages of a letter in their order: the recipient's, the sender's, and the English original behind what nobody
 * has reviewed. A language without texts of its own is English, and English stands there once.
 */
export function letterLanguages({ details }: Pick<LetterInput, 'details'>, speak: Speak): LetterWords[] {
  const wanted = [details.recipientLanguage ?? 'en', ...(details.senderLanguage ? [details.senderLanguage] : [])]
  const spoken = wanted.map((code) => speak(code))
  const all = spoken.every(({ isReviewed }) => isReviewed) ? spoken : [...spoken, speak('en')]
  const codes = all.map(({ code }) => code)
  const once = all.filter(({ code }, i) => codes.indexOf(code) === i)
  // The original counts, so it closes the letter behind any translation that says so.
  const isOriginalLast = once.some(({ isReviewed }) => !isReviewed)
  return isOriginalLast
    ? [...once.filter(({ code }) => code !== 'en'), ...once.filter(({ code }) => code === 'en')]
    : once
}

/** The letter as plain text, in each of its languages: what was found, what it does not show, and what is asked. */
export function letterText(letter: LetterInput, speak: Speak): string {
  const languages = letterLanguages(letter, speak)
  return languages.map((words) => inLanguage(letterParagraphs(letter, words), words, languages)).join('\n\n')
}

/** One language's part of a document in several: its name above it, and what kind of text it is. */
export function inLanguage(paragraphs: string[], words: LetterWords, languages: readonly LetterWords[]): string {
  return [
    ...(languages.length > 1 ? [`— ${words.name} —`] : []),
    ...(words.isReviewed ? [] : [words.t('letter.translated')]),
    ...paragraphs,
  ].join('\n\n')
}

function letterParagraphs(letter: LetterInput, words: LetterWords): string[] {
  const { evidence, sender, details, kind } = letter
  const { t } = words
  const works = worksOf(letter)
  const { datasetName: dataset, datasetVersion: version } = evidence.hit
  return [
    `${sender.name}\n${sender.contact}`,
    letter.createdAt.slice(0, 10),
    letter.recipient === null
      ? t('letter.toUnknown', { dataset: details.model ?? dataset })
      : t('letter.to', { recipient: letter.recipient }),
    works.length === 1
      ? t('letter.subject', { title: letter.workTitle, dataset, version })
      : t('letter.subjectMany', { count: works.length, dataset, version }),
    ...works.flatMap((work, i) => {
      const [first, ...others] = workParagraphs(work, words)
      return [works.length === 1 ? first! : `${i + 1}. ${first!}`, ...others]
    }),
    t('letter.listed'),
    ...(details.model ? [t('letter.model', { model: details.model })] : []),
    t(`letter.ask.${kind}`, { grounds: details.grounds ?? '' }),
    t(`letter.basis.${kind}`),
    t('letter.accurate'),
    letter.commitmentIndex === null
      ? t('letter.evidence', { hash: letter.evidenceHash, at: evidence.foundAt })
      : t('letter.evidenceCommitted', {
          hash: letter.evidenceHash,
          at: evidence.foundAt,
          index: String(letter.commitmentIndex),
        }),
    t('letter.reference', { id: letter.id }),
    sender.name,
  ]
}

function workParagraphs(work: WorkEvidence & { title: string }, words: LetterWords): string[] {
  const { hit, title, confirmation } = work
  const { t } = words
  const place = { title, dataset: hit.datasetName, version: hit.datasetVersion, row: String(hit.row) }
  return [
    [t('letter.appears', place), ...(hit.url ? [t('letter.address', { url: hit.url })] : [])].join(' '),
    `${sayMatch(hit, words)} ${sayConfirmation(confirmation, words)}`,
    ...sayDeclared(work, words),
  ]
}

/** Where the register knows a public-domain work here, the letter says so itself, instead of claiming a copy of that. */
function sayDeclared({ hit, confirmation }: WorkEvidence, { t }: Words): string[] {
  const declared = hit.declaredPublicDomain
  if (!declared) return []
  const { title, work } = declared
  if (!declared.isSameFile) return [t('letter.declaredAlike', { title, work })]
  const isDenied = confirmation?.publicDomain === 'no' ? 'yes' : 'no'
  return [t('letter.declaredSame', { title, work, isDenied })]
}

/** The letter as a tagged PDF. */
export function letterPdf(letter: LetterInput, speak: Speak): Promise<Uint8Array> {
  const [first] = letterLanguages(letter, speak)
  return textPdf(`Request ${letter.id}`, letterText(letter, speak), first!.language, letter.createdAt)
}

/** Paragraphs as a tagged PDF. */
export function textPdf(title: string, text: string, language: string, at: string): Promise<Uint8Array> {
  return writePdf(
    { title, language, at },
    text.split('\n\n').map((paragraph) => ({ text: paragraph })),
  )
}
