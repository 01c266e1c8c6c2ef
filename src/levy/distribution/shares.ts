import { assertInvariant } from '../../foundation/index.ts'

/** Ten-thousandths: the whole of a work. */
export const SHARES_WHOLE = 10_000

/** Who has which share of which work, in columns. Places are those of the stable order of ids. */
export interface ShareColumns {
  /** Where the shares of each work begin; one place more than works. Those of a work are in the order of payees. */
  start: Uint32Array
  payee: Uint32Array
  /** What each claims, in ten-thousandths. */
  share: Uint16Array
}

export type ClaimConflict = 'over-claimed' | 'under-claimed'

/** What of a work's money waits until its shares are settled. */
export interface HeldOfWork {
  work: number
  reason: ClaimConflict
  cents: number
}

/**
 * Divides what each work has among its payees and adds it to `payees`. Where claims exceed the whole, each payee gets what
 * no other claim can take, max(0, whole − claims of others), and the contested rest is held; where they fall short, what
 * nobody claims is held. One largest-remainder division a work: ties go to earlier payees, and to what is held last.
 */
export function divideAmongShares(amounts: Float64Array, shares: ShareColumns, payees: Float64Array): HeldOfWork[] {
  const { start, payee } = shares
  const held: HeldOfWork[] = []
  for (let work = 0; work < amounts.length; work++) {
    const cents = amounts[work]!
    if (cents === 0) continue
    const kept = divideWork(cents, shares, work)
    const from = start[work]!
    const count = start[work + 1]! - from
    for (let i = 0; i < count; i++) payees[payee[from + i]!]! += parts[i]!
    if (kept > 0)
      held.push({ work, reason: claimed(shares, work) > SHARES_WHOLE ? 'over-claimed' : 'under-claimed', cents: kept })
  }
  return held
}

/** What each payee of one work gets of `cents`, in the order of its shares. */
export function divideOneWork(cents: number, shares: ShareColumns, work: number): { payee: number; cents: number }[] {
  divideWork(cents, shares, work)
  const payees = shares.payee.subarray(shares.start[work], shares.start[work + 1])
  return Array.from(payees, (payee, i) => ({ payee, cents: parts[i]! }))
}

/** All claims on a work, in ten-thousandths. */
export function claimed({ start, share }: ShareColumns, work: number): number {
  let sum = 0
  for (let i = start[work]!; i < start[work + 1]!; i++) sum += share[i]!
  return sum
}

/** What each share of the work that is being divided gets, and its remainder; what is held stands last. */
const parts: number[] = []
const remainders: number[] = []

/** Leaves what each share gets in `parts`. Returns what is held. */
function divideWork(cents: number, shares: ShareColumns, work: number): number {
  const { start, share } = shares
  const from = start[work]!
  const count = start[work + 1]! - from
  const over = Math.max(0, claimed(shares, work) - SHARES_WHOLE)
  let rest = cents
  let heldPart = SHARES_WHOLE
  for (let i = 0; i < count; i++) {
    const part = Math.max(0, share[from + i]! - over)
    heldPart -= part
    const product = cents * part
    const whole = Math.floor(product / SHARES_WHOLE)
    parts[i] = whole
    remainders[i] = product - whole * SHARES_WHOLE
    rest -= whole
  }
  const held = Math.floor((cents * heldPart) / SHARES_WHOLE)
  remainders[count] = cents * heldPart - held * SHARES_WHOLE
  parts[count] = held
  rest -= held
  for (; rest > 0; rest--) parts[takeLargest(count)]! += 1
  assertInvariant(rest === 0, 'the shares of a work take its whole amount')
  return parts[count]!
}

/** The place of the largest remainder, the first of equal ones; it is not taken again. */
function takeLargest(count: number): number {
  let best = 0
  for (let i = 1; i <= count; i++) if (remainders[i]! > remainders[best]!) best = i
  remainders[best] = -1
  return best
}
