import { ColophonError } from '../../foundation/index.ts'
import { readCents, readPlan, type CallInput, type LevyPlan } from '../../levy/index.ts'

/** A call and its plan from the officer's form, each field as it was typed. Errors name the field. */
export function readCallForm(values: Record<string, string>): { input: CallInput; plan: LevyPlan } {
  const text = (name: string) => values[name]?.trim() ?? ''
  const cents = (name: string) => readCents(text(name)) ?? wrong(name, 'not an amount such as 1200 or 1200.50')
  const urgent = text('urgentPpm')
  const input = {
    title: text('title'),
    text: text('text'),
    countries: text('countries'),
    roles: text('roles'),
    opens: text('opens'),
    closes: text('closes'),
    budgetCents: cents('budgetCents'),
    awardCapCents: cents('awardCapCents'),
    ...(urgent === '' ? {} : { urgentPpm: readPercent(urgent) }),
    pointsMin: text('pointsMin') === '' ? 0 : readWhole('pointsMin', text('pointsMin')),
    criteria: linesOf(text('criteria')).map((line) => {
      const [, name, points] = /^(.*\S)\s*=\s*(\d{1,3})$/.exec(line) ?? []
      return name ? { name, pointsMax: Number(points) } : wrong('criteria', 'each line is: name = points')
    }),
    assessors: linesOf(text('assessors')).map(readAssessor),
  }
  return { input, plan: readPlan(text('plan'), 'plan') }
}

/** `did:… | name | organisation`. */
export function readAssessor(line: string) {
  const [party = '', name = '', organisation = ''] = line.split('|').map((part) => part.trim())
  return { party, name, ...(organisation === '' ? {} : { organisation }) }
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 100)
}

/** Percent with up to four decimals are whole millionths. */
function readPercent(text: string): number {
  const [, whole, part = ''] = /^(\d{1,3})(?:[.,](\d{1,4}))?\s*%?$/.exec(text) ?? []
  return whole === undefined
    ? wrong('urgentPpm', 'not a percentage such as 20')
    : Number(whole) * 10_000 + Number(part.padEnd(4, '0'))
}

function readWhole(name: string, text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : wrong(name, 'not a whole number')
}

function wrong(where: string, message: string): never {
  throw new ColophonError('invalid_input', message, { where })
}
