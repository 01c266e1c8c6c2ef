import { z } from 'zod'
import { textSchema } from '../statements/index.ts'
import type { Action } from './actions.ts'
import { amountSchema, territorySchema, type RightsDuty, type RightsRule } from './rules.ts'
import type { TermsSubject } from './terms.ts'

const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is written as 2027-06-30')
  .refine((day) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day), 'no such day')

/** A day of a form as the moment at which it begins. */
export const firstMomentSchema = daySchema.transform((day) => `${day}T00:00:00.000Z`)
/** A day of a form, which is meant to be included, as the moment at which it is over. */
export const lastMomentSchema = daySchema.transform((day) => new Date(Date.parse(day) + DAY_MS).toISOString())
const DAY_MS = 86_400_000

const reply = z.enum(['unsaid', 'yes', 'named', 'no']).default('unsaid')

/** What somebody is asked who has never heard of robots.txt. Fields that are left empty are left out. */
export const wizardFields = {
  /** May AI be trained on it? */
  ai: z.enum(['no', 'no-generative', 'research', 'paid', 'yes'], 'say whether AI may be trained on it'),
  price: amountSchema.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  per: z.enum(['work', 'year', 'use', 'once']).default('work'),
  /** How the maker wants to be named. */
  credit: textSchema(300).optional(),
  promote: reply,
  change: reply,
  translate: reply,
  commercial: reply,
  territory: territorySchema.default('WORLD'),
  from: firstMomentSchema.optional(),
  until: lastMomentSchema.optional(),
}

const answersSchema = z.object(wizardFields)
export type WizardAnswers = z.infer<typeof answersSchema>

/** What the fields of a form cannot say one by one; undefined when they fit together. */
export function flawOfAnswers({
  ai,
  price,
  credit,
  from,
  until,
}: Partial<WizardAnswers>): { path: string; message: string } | undefined {
  if (ai === 'paid' && price === undefined && credit === undefined)
    return { path: 'price', message: 'say what is to be paid, or how you want to be named' }
  if (from !== undefined && until !== undefined && from >= until)
    return { path: 'until', message: 'the last day is before the first' }
  return undefined
}

/** The rules that answers come to. Search and accessible copies are in none of them. */
export function rulesOfAnswers({ ai, ...answers }: Omit<WizardAnswers, 'ai'> & Partial<WizardAnswers>): RightsRule[] {
  return [...(ai === undefined ? [] : aiRules({ ...answers, ai })), ...useRules(answers)]
}

function aiRules(answers: WizardAnswers): RightsRule[] {
  const mining = (decision: RightsRule['decision'], more: Partial<RightsRule> = {}): RightsRule[] =>
    (['tdm:mine', 'col:aiInput'] as const).map((action) => ({ action, decision, ...more }))
  switch (answers.ai) {
    case 'no':
      return mining('deny')
    case 'no-generative':
      return [{ action: 'col:trainGenAI', decision: 'deny' }]
    case 'research':
      return [...mining('deny'), ...mining('allow', { purposes: ['col:research', 'col:education'] })]
    case 'paid':
      // The no stands beside the price, so that whoever cannot read a price reads no.
      return [
        { action: 'tdm:mine', decision: 'deny' },
        {
          action: 'tdm:mine',
          decision: 'allow',
          duties: [...payment(answers), ...naming(answers, answers.credit !== undefined)],
        },
      ]
    case 'yes':
      return [{ action: 'tdm:mine', decision: 'allow' }]
  }
}

function payment({ price, currency, per }: WizardAnswers): RightsDuty[] {
  return price === undefined ? [] : [{ action: 'odrl:compensate', pay: { amount: price, currency }, per }]
}

function naming({ credit }: Pick<WizardAnswers, 'credit'>, isAsked: boolean): RightsDuty[] {
  if (!isAsked) return []
  return [{ action: 'odrl:attribute', ...(credit === undefined ? {} : { text: credit }) }]
}

const USES: Record<
  'promote' | 'change' | 'translate' | 'commercial',
  { actions: Action[]; purposes?: RightsRule['purposes'] }
> = {
  promote: { actions: ['odrl:display'], purposes: ['col:promotion'] },
  change: { actions: ['odrl:modify'] },
  translate: { actions: ['odrl:translate'] },
  commercial: { actions: ['odrl:reproduce', 'odrl:distribute', 'odrl:display'], purposes: ['col:commercial'] },
}

/** Where and when is about what is allowed: a no holds everywhere and always. */
function useRules(answers: Omit<WizardAnswers, 'ai'>): RightsRule[] {
  const { territory, from, until } = answers
  const window = {
    ...(territory === 'WORLD' ? {} : { territory: [territory] }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
  return (Object.keys(USES) as (keyof typeof USES)[]).flatMap((question): RightsRule[] => {
    const given = answers[question]
    if (given === 'unsaid') return []
    const { actions, purposes } = USES[question]
    const duties = naming(answers, given === 'named')
    return actions.map((action) => ({
      action,
      decision: given === 'no' ? 'deny' : 'allow',
      ...(purposes ? { purposes } : {}),
      ...(given === 'no' ? {} : window),
      ...(duties.length > 0 ? { duties } : {}),
    }))
  })
}

/**
 * Rules as subjects of a statement. Where the rules on AI hold an exception, it wins; a no to other uses never gives way
 * to a yes for another purpose, so these stand in terms of their own.
 */
export function termsOfRules(
  rules: readonly RightsRule[],
  target: TermsSubject['target'],
  replaces: readonly string[],
): TermsSubject[] {
  const isAi = ({ action }: RightsRule) => AI_ACTIONS.has(action)
  return [rules.filter(isAi), rules.filter((rule) => !isAi(rule))]
    .filter((part) => part.length > 0)
    .map((part, place) => ({
      type: 'Terms',
      target,
      rules: part,
      ...(hasException(part) ? { conflict: 'perm' as const } : {}),
      ...(place === 0 && replaces.length > 0 ? { replaces: [...replaces] } : {}),
    }))
}

function hasException(rules: readonly RightsRule[]): boolean {
  return rules.some(
    ({ action, decision }) =>
      AI_ACTIONS.has(action) &&
      decision === 'deny' &&
      rules.some((other) => other.action === action && other.decision === 'allow'),
  )
}

const AI_ACTIONS: ReadonlySet<string> = new Set<Action>(['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput'])

/** No to everything AI: what the page of that name declares, once for everything somebody makes. */
export const NO_TO_AI: RightsRule[] = [
  { action: 'tdm:mine', decision: 'deny' },
  { action: 'col:aiInput', decision: 'deny' },
]
