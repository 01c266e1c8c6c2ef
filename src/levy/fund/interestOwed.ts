import { ColophonError, type Queries } from '../../foundation/index.ts'
import { lateInterest, type ReferenceRate } from '../assessment/lateInterest.ts'
import { listMovements } from '../ledger/store.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { listAssessments, type IssuedAssessment } from './assessments.ts'

/** What was paid, or is open, of an instalment, and what its being late costs. */
export interface LatePart {
  dueOn: string
  /** When it was paid; `undefined` while it is open. */
  paidOn: string | undefined
  cents: bigint
  interestCents: bigint
}

/** The interest of an assessment up to a day: what it comes to, what was booked of it before, and what is to be booked. */
export interface InterestOwed {
  parts: LatePart[]
  totalCents: bigint
  bookedCents: bigint
  openCents: bigint
}

/**
 * Interest on what was, or is, paid late. What a developer paid settles its instalments in the order in which they fell
 * due; only what came after its day, or has not come, bears interest. The fixed sum is owed once. Errors: `not_found`,
 * `state_not_allowed` for an assessment that was corrected, those of `lateInterest`.
 */
export async function interestOwed(
  queries: Queries,
  id: string,
  plan: LevyPlan,
  until: string,
  rates: readonly ReferenceRate[],
): Promise<InterestOwed> {
  const [issued] = await listAssessments(queries, { id })
  if (!issued) throw new ColophonError('not_found', 'there is no such assessment', { where: id })
  const all = await listAssessments(queries, { provider: issued.assessment.provider })
  const correction = all.find(({ corrects }) => corrects === id)
  if (correction)
    throw new ColophonError('state_not_allowed', 'this assessment was corrected', { where: correction.id })
  const movements = await listMovements(queries, 'Assets:Receivable', issued.assessment.provider)
  const paid = movements
    .filter(({ kind, booked_on: day }) => (kind === 'receipt' || kind === 'refund') && day <= until)
    .map(({ booked_on: day, cents }) => ({ day, cents: -cents }))
  const settled = settle(all, paid)
  const flat = plan.interest?.kind === 'reference-plus' ? BigInt(plan.interest.flatCents) : 0n
  const parts = (settled.get(id) ?? []).map((part) => {
    const interest = lateInterest(plan.interest, part.cents, part.dueOn, part.paidOn ?? until, rates)
    return { ...part, interestCents: interest > 0n ? interest - flat : 0n }
  })
  const isLate = parts.some(({ dueOn, paidOn, cents }) => cents > 0n && (paidOn ?? until) > dueOn)
  const totalCents = parts.reduce((sum, { interestCents }) => sum + interestCents, isLate ? flat : 0n)
  const bookedCents = movements
    .filter(({ booking }) => booking.startsWith(`interest:${id}:`))
    .reduce((sum, { cents }) => sum + cents, 0n)
  return { parts, totalCents, bookedCents, openCents: totalCents > bookedCents ? totalCents - bookedCents : 0n }
}

/** Which payment settles which part of which instalment: the earliest due first, the earliest paid first. */
function settle(
  assessments: readonly IssuedAssessment[],
  paid: readonly { day: string; cents: bigint }[],
): Map<string, Omit<LatePart, 'interestCents'>[]> {
  const due = assessments
    .flatMap(({ id, assessment }) =>
      assessment.instalments.map((each) => ({ id, of: assessment.period.from, ...each })),
    )
    .toSorted((a, b) => (`${a.dueOn} ${a.of} ${a.id}` < `${b.dueOn} ${b.of} ${b.id}` ? -1 : 1))
  const left = paid.map((each) => ({ ...each }))
  const settled = new Map<string, Omit<LatePart, 'interestCents'>[]>()
  for (const { id, dueOn, cents } of due) {
    const parts = settled.get(id) ?? []
    settled.set(id, parts)
    let open = cents
    for (const payment of left) {
      const taken = payment.cents < open ? payment.cents : open
      if (taken <= 0n) continue
      payment.cents -= taken
      open -= taken
      parts.push({ dueOn, paidOn: payment.day, cents: taken })
    }
    if (open > 0n) parts.push({ dueOn, paidOn: undefined, cents: open })
  }
  return settled
}
