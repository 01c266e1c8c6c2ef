/** An application with its points: the sum over all scores that count, and how many assessors gave them. */
export interface Candidate {
  id: string
  points: bigint
  scores: bigint
  sentAt: string
  askedCents: bigint
  acceptsLess: boolean
}

export type Outcome = 'awarded' | 'partial' | 'points' | 'money'

export interface Allocation {
  id: string
  outcome: Outcome
  cents: bigint
}

/**
 * By mean points, compared as fractions of whole numbers; ties go to what was sent earlier, then to the smaller id. The
 * order in which applications are given says nothing.
 */
export function rankCandidates<One extends Candidate>(candidates: readonly One[]): One[] {
  return candidates.toSorted((a, b) => {
    const [left, right] = [a.points * b.scores, b.points * a.scores]
    return left === right ? byText(a.sentAt, b.sentAt) || byText(a.id, b.id) : left > right ? -1 : 1
  })
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Goes down the ranking: each has what it asks for, at most the cap; where less than that is left, what is left if its
 * applicant takes less, and nothing otherwise. Then the next one is looked at, which may ask for less.
 */
export function allocate(
  ranked: readonly Candidate[],
  { leftCents, capCents, pointsMin }: { leftCents: bigint; capCents: bigint; pointsMin: bigint },
): Allocation[] {
  let left = leftCents
  return ranked.map((candidate): Allocation => {
    const { id, points, scores, askedCents, acceptsLess } = candidate
    if (points < pointsMin * scores) return { id, outcome: 'points', cents: 0n }
    const wanted = askedCents < capCents ? askedCents : capCents
    const isWhole = wanted <= left
    const cents = isWhole ? wanted : acceptsLess && left > 0n ? left : 0n
    left -= cents
    return { id, outcome: cents === 0n ? 'money' : cents < askedCents ? 'partial' : 'awarded', cents }
  })
}

/** What of a budget may be spent at a moment: before the call closes, its urgent part only on urgent applications. */
export function leftFor(
  isUrgent: boolean,
  budget: { budgetCents: bigint; owedCents: bigint; urgentCents: bigint; otherCents: bigint; urgentPpm: bigint },
  isClosed: boolean,
): bigint {
  const { budgetCents, owedCents, urgentCents, otherCents, urgentPpm } = budget
  const usable = budgetCents - owedCents
  const left = usable - urgentCents - otherCents
  const kept = (usable * urgentPpm) / 1_000_000n - urgentCents
  const free = isUrgent || isClosed || kept < 0n ? left : left - kept
  return free < 0n ? 0n : free
}
