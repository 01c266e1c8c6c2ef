import { ColophonError } from '../foundation/index.ts'

/** What a case asks for; each has a text for what is asked (`letter.ask.`) and one for its legal basis (`letter.basis.`). */
export const REQUEST_KINDS = [
  'removal',
  'opt-out',
  'information',
  'unlearning',
  'access',
  'erasure',
  'objection',
  'complaint',
] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** Requests under the GDPR, which only the person whose data are concerned makes. */
export function isPersonalDataKind(kind: string): boolean {
  return kind === 'access' || kind === 'erasure' || kind === 'objection'
}

interface KindInput {
  kind: RequestKind
  isOwnPersonalData?: boolean | undefined
  grounds?: string | undefined
  model?: string | undefined
}

/** Throws `invalid_input`, with the field, where a kind needs something that was not said. */
export function requireKind({ kind, isOwnPersonalData, grounds, model }: KindInput): void {
  const missing = (message: string, where: string, remedy: string) => {
    throw new ColophonError('invalid_input', message, { where, remedy })
  }
  if (isPersonalDataKind(kind) && isOwnPersonalData !== true)
    missing(
      'a request under the GDPR is about personal data of the sender’s own',
      'isOwnPersonalData',
      'Say that what was found holds personal data of your own, or ask for removal instead.',
    )
  if (kind === 'objection' && !grounds)
    missing(
      'an objection states the grounds that lie in the sender’s own situation (GDPR, Article 21(1))',
      'grounds',
      'Say in a few sentences why the processing weighs on you in particular.',
    )
  if ((kind === 'unlearning' || kind === 'complaint') && !model)
    missing(
      'this request goes to the provider of a model',
      'model',
      'Name the model. Where only a data set is known, ask for information first.',
    )
}
