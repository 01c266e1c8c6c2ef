import { ColophonError, systemEffects } from '../foundation/index.ts'
import { disburse, formatCents, listUnlocated, parseAmount, recordSearch, releaseUnlocated } from '../levy/index.ts'
import { needOne, print } from './command.ts'
import { need, onePlan, readGivenPlan, readPlanInForce, today, withBooks, type LevyVerb } from './levyFlags.ts'

/** `levy unlocated`: whom money waits for, with what may be done when. */
export const unlocated: LevyVerb = async (_, flags) => {
  const plan = await readGivenPlan(onePlan(flags))
  const found = await withBooks((db) => listUnlocated(db, plan.distribution.unlocated, today()))
  const lines = found.map(
    (each) =>
      `${each.name} (${each.payee}): ${formatCents(each.cents, plan.currency)} since ${each.since}; listed from ${each.listedFrom}, public from ${each.publicFrom}, ${formatCents(each.releasableCents, plan.currency)} may be released (from ${each.releasableFrom}); ${each.searches.length} searches`,
  )
  print(
    flags.json,
    {
      unlocated: found.map((each) => ({
        ...each,
        cents: String(each.cents),
        releasableCents: String(each.releasableCents),
      })),
    },
    lines.length > 0 ? lines : ['Everybody whom money waits for is located.'],
  )
  return 0
}

/** `levy search PAYEE --what TEXT`. */
export const search: LevyVerb = async (given, flags) => {
  const [payee, what] = [needOne(given, 'payee'), need(flags, 'what')]
  await withBooks((db) => recordSearch(db, payee, what, systemEffects))
  print(flags.json, { payee, what }, ['Noted.'])
  return 0
}

/** `levy release PAYEE --vote REFERENCE --to GROUP`. */
export const release: LevyVerb = async (given, flags) => {
  const goals = { heritage: 'Heritage', creatorSupport: 'CreatorSupport', social: 'Social' } as const
  const goal = need(flags, 'to')
  if (!Object.hasOwn(goals, goal)) throw new ColophonError('usage', `--to is one of: ${Object.keys(goals).join(', ')}`)
  const plan = await readPlanInForce(onePlan(flags))
  const decision = { payee: needOne(given, 'payee'), vote: need(flags, 'vote'), to: goals[goal as keyof typeof goals] }
  const cents = await withBooks((db) =>
    releaseUnlocated(db, plan.distribution.unlocated, decision, systemEffects.now()),
  )
  print(flags.json, { cents: String(cents) }, [`${formatCents(cents, plan.currency)} released to ${goal}.`])
  return 0
}

/** `levy disburse --purpose … --payee ID --amount … --vote REFERENCE`. */
export const disburseHeld: LevyVerb = async (_, flags) => {
  const purposes = { heritage: 'Heritage', social: 'Social', reserve: 'Reserve', held: 'Held' } as const
  const from = need(flags, 'purpose')
  if (!Object.hasOwn(purposes, from))
    throw new ColophonError('usage', `--purpose is one of: ${Object.keys(purposes).join(', ')}`)
  const decision = {
    from: purposes[from as keyof typeof purposes],
    owner: flags.owner ?? '',
    payee: need(flags, 'payee'),
    cents: parseAmount(need(flags, 'amount'), '--amount'),
    vote: need(flags, 'vote'),
  }
  const booked = await withBooks((db) => disburse(db, decision, systemEffects.now()))
  print(flags.json, { booked }, [booked === 1 ? 'Booked.' : 'That vote was booked for this payee before.'])
  return 0
}
