import { readPlan, readPreset } from '../../src/levy/plans/readPlan.ts'
import { formOf, type ApplicationForm, type CallInput, type Scheme } from '../../src/levy/support/index.ts'
import type { TestRegister } from './testRegister.ts'

export const supportPlan = readPlan(readPreset('blank'), 'blank')
/** A party that nobody has a key of. */
export const partyNamed = (name: string) => `did:web:${name}.example`
export const FUND = partyNamed('fund')
export const ASSESSORS = ['ada', 'ben', 'cem', 'dia'].map(partyNamed)

export function schemeOn({ register }: TestRegister): Scheme {
  return { db: register.database.db, effects: register.effects, fund: FUND }
}

export function callInput(more: Partial<CallInput> = {}): CallInput {
  return {
    title: 'Autumn',
    text: 'Support for work that has been lost.\nIn two lines.',
    countries: 'The European Union',
    roles: 'Authors and performers',
    opens: '2026-11-24',
    closes: '2026-12-10',
    budgetCents: 1_000_000,
    awardCapCents: 500_000,
    urgentPpm: 300_000,
    criteria: [
      { name: 'Need', pointsMax: 10 },
      { name: 'Plan', pointsMax: 5 },
    ],
    assessors: ASSESSORS.map((party, i) => ({ party, name: `Assessor ${i}` })),
    ...more,
  }
}

/** A form that can be sent. */
export function applicationForm(more: Partial<ApplicationForm> = {}): ApplicationForm {
  return formOf({
    name: 'Maria Muster',
    contact: 'maria@example.org',
    country: 'AT',
    sector: 'text',
    purpose: 'A book.\r\nIt needs half a year.',
    amount: '3000',
    isUrgent: 'no',
    otherSupport: 'None.',
    publishes: 'yes',
    ...more,
  })
}

export const score = (need: number, plan: number) => [
  { points: need, words: `Need is ${need}.` },
  { points: plan, words: `The plan is ${plan}.` },
]
