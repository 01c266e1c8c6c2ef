import type { NewEntry, Posting } from '../ledger/entry.ts'

/** The day of a moment. */
export const dayOf = (moment: string) => moment.slice(0, 10)

/** What a developer owes is there, and belongs to the pool. A correction books the difference, which may be negative. */
export function assessmentEntry(
  {
    id,
    provider,
    scheme,
    cents,
    corrects,
  }: { id: string; provider: string; scheme: string; cents: bigint; corrects?: string | undefined },
  bookedOn: string,
): NewEntry {
  return {
    booking: `assessment:${id}`,
    kind: corrects ? 'correction' : 'assessment',
    bookedOn,
    description: corrects ? `Correction of ${corrects}` : `Contribution under ${scheme}`,
    details: { assessment: id, ...(corrects ? { corrects } : {}) },
    postings: twoSides('Assets:Receivable', provider, 'Liabilities:Pool', scheme, cents),
  }
}

/** Money came in from a developer, or went back to it when `cents` are negative. */
export function receiptEntry(provider: string, cents: bigint, reference: string, bookedOn: string): NewEntry {
  return {
    booking: `receipt:${reference}`,
    kind: cents < 0n ? 'refund' : 'receipt',
    bookedOn,
    description: cents < 0n ? 'Refund' : 'Payment received',
    details: { reference },
    postings: twoSides('Assets:Bank', '', 'Assets:Receivable', provider, cents),
  }
}

/** Interest for paying late; it is income of the pool, not of the administration. */
export function interestEntry(
  provider: string,
  scheme: string,
  cents: bigint,
  reference: string,
  bookedOn: string,
): NewEntry {
  return {
    booking: `interest:${reference}`,
    kind: 'interest',
    bookedOn,
    description: 'Interest for paying late',
    details: { reference },
    postings: twoSides('Assets:Receivable', provider, 'Liabilities:Pool', scheme, cents),
  }
}

/** What a run says, line by line: out of the pool, to those whom it is owed. */
export function runEntry(
  run: { root: string; scheme: string; grossCents: bigint; period: { from: string; to: string }; currency: string },
  lines: readonly Posting[],
  bookedOn: string,
): NewEntry {
  const owed = lines.map(({ account, owner, cents }) => ({ account, owner, cents: -cents }))
  return {
    booking: `run:${run.root}`,
    kind: 'run',
    bookedOn,
    description: `Distribution ${run.scheme}, ${run.period.from} to ${run.period.to}`,
    details: { root: run.root, from: run.period.from, to: run.period.to },
    postings: [{ account: 'Liabilities:Pool', owner: run.scheme, cents: run.grossCents }, ...owed],
  }
}

/** An award of the support scheme is owed to whom it was awarded. */
export function awardEntry(award: { id: string; applicant: string; cents: bigint }, bookedOn: string): NewEntry {
  return {
    booking: `award:${award.id}`,
    kind: 'award',
    bookedOn,
    description: 'Award of the creator support scheme',
    details: { award: award.id },
    postings: twoSides('Liabilities:CreatorSupport', '', 'Liabilities:Awards', award.applicant, award.cents),
  }
}

/** What nobody can be found for goes, by a vote, to heritage, the support scheme or social ends; never to administration. */
export function releaseEntry(
  release: { payee: string; cents: bigint; vote: string; to: 'Heritage' | 'CreatorSupport' | 'Social' },
  bookedOn: string,
): NewEntry {
  return {
    booking: `release:${release.vote}:${release.payee}`,
    kind: 'release',
    bookedOn,
    description: 'Released by vote: the rightsholder was not found',
    details: { vote: release.vote },
    postings: twoSides('Liabilities:Payees', release.payee, `Liabilities:${release.to}`, '', release.cents),
  }
}

/** What is owed to one goes to who follows; the balance may be a debt. */
export function transferEntry(
  transfer: { account: string; from: string; to: string; cents: bigint; number: number },
  bookedOn: string,
): NewEntry {
  return {
    booking: `transfer:${transfer.number}:${transfer.from}`,
    kind: 'transfer',
    bookedOn,
    description: `Passed on from ${transfer.from} to ${transfer.to}`,
    details: { from: transfer.from, to: transfer.to },
    postings: twoSides(transfer.account, transfer.from, transfer.account, transfer.to, transfer.cents),
  }
}

/** What the fund holds for a purpose is owed to somebody, by a decision of its governing body. */
export function disburseEntry(
  decision: {
    from: 'Heritage' | 'Social' | 'Reserve' | 'Held'
    owner: string
    payee: string
    cents: bigint
    vote: string
  },
  bookedOn: string,
): NewEntry {
  return {
    booking: `disbursement:${decision.vote}:${decision.payee}`,
    kind: decision.from === 'Reserve' ? 'reserve' : 'disbursement',
    bookedOn,
    description: `From ${decision.from}, by ${decision.vote}`,
    details: { vote: decision.vote },
    postings: twoSides(
      `Liabilities:${decision.from}`,
      decision.owner,
      'Liabilities:Payees',
      decision.payee,
      decision.cents,
    ),
  }
}

function twoSides(debit: string, debitOwner: string, credit: string, creditOwner: string, cents: bigint): Posting[] {
  return [
    { account: debit, owner: debitOwner, cents },
    { account: credit, owner: creditOwner, cents: -cents },
  ]
}
