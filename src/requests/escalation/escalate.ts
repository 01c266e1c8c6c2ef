import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { packBundle } from '../bundle/format.ts'
import { isPersonalDataKind } from '../kinds.ts'
import {
  inLanguage,
  letterLanguages,
  letterPdf,
  textPdf,
  type LetterInput,
  type LetterWords,
  type Speak,
} from '../letter.ts'

/** Bodies that a case can be taken to. */
export const ESCALATIONS = ['dsc', 'dpa', 'ai-office', 'collecting-society'] as const
export type Escalation = (typeof ESCALATIONS)[number]

export const escalationSchema = z.strictObject({
  to: z.enum(ESCALATIONS),
  /** For a coordinator: its country; it is named from the list where a source names it. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'give a country by its two letters, such as FR')
    .optional(),
  /** The body's own name, where the list has none. */
  name: z.string().trim().min(1).max(300).optional(),
})
export type EscalationInput = z.infer<typeof escalationSchema>

const bodies = JSON.parse(readFileSync(new URL('bodies.json', import.meta.url), 'utf8')) as {
  seenAt: string
  sources: Record<string, string>
  dsc: Record<string, string>
}

/** What has happened in a case, in its order. */
export interface HistoryEntry {
  state: string
  note: string
  recordedAt: string
}

/** Throws unless a body can do anything about such a case: `invalid_input`, with the reason. */
export function requireBody({ to, country, name }: EscalationInput, letter: LetterInput): string {
  const refuse = (message: string, remedy: string) => {
    throw new ColophonError('invalid_input', message, { where: 'to', remedy })
  }
  if (to === 'dpa' && !isPersonalDataKind(letter.kind))
    refuse('a data protection authority looks at requests about personal data only', 'Choose another body.')
  if (to === 'ai-office') {
    if (!letter.details.model)
      refuse(
        'the AI Office looks at providers of general-purpose AI models only',
        'Write to the provider of a model first.',
      )
    return name ?? 'European Commission, AI Office'
  }
  const known = name ?? (to === 'dsc' && country ? bodies.dsc[country] : undefined)
  if (known === undefined)
    refuse(
      'no name of this body is known here',
      to === 'dsc' ? `Give the country or the name; a list stands at ${bodies.sources.dsc!}.` : 'Give its name.',
    )
  return known!
}

/** The letter to a body: what was asked of whom, what has happened when, and what the body may do and may not. */
export function escalationText(
  letter: LetterInput,
  history: readonly HistoryEntry[],
  to: Escalation,
  name: string,
  speak: Speak,
): string {
  const languages = letterLanguages(letter, speak)
  const paragraphs = ({ t }: LetterWords) => [
    `${letter.sender.name}\n${letter.sender.contact}`,
    t(`escalate.to.${to}`, { name }),
    t('escalate.subject', { id: letter.id, recipient: letter.recipient ?? letter.evidence.hit.datasetName }),
    t(`letter.ask.${letter.kind}`, { grounds: letter.details.grounds ?? '' }),
    t('escalate.history'),
    history.map(({ recordedAt, state, note }) => `${recordedAt.slice(0, 10)}: ${state} ${note}`.trim()).join('\n'),
    t('escalate.notProof'),
    t(`escalate.may.${to}`),
    t('escalate.enclosed'),
    letter.sender.name,
  ]
  return languages.map((words) => inLanguage(paragraphs(words), words, languages)).join('\n\n')
}

/** Everything for a body as one ZIP: the letter to it, the request itself, and the bundle of evidence. */
export async function escalationPack(
  letter: LetterInput,
  history: readonly HistoryEntry[],
  { to, name }: { to: Escalation; name: string },
  { speak, bundle, at }: { speak: Speak; bundle: Uint8Array; at: string },
): Promise<Uint8Array> {
  const text = escalationText(letter, history, to, name, speak)
  const [first] = letterLanguages(letter, speak)
  return packBundle([
    { path: 'letter-to-body.txt', bytes: new TextEncoder().encode(`${text}\n`) },
    { path: 'letter-to-body.pdf', bytes: await textPdf(`Request ${letter.id}`, text, first!.language, at) },
    { path: 'request.pdf', bytes: await letterPdf(letter, speak) },
    { path: `evidence-${letter.id}.zip`, bytes: bundle },
  ])
}
