import { assess } from '../assessment/assess.ts'
import type { LevyFacts } from '../assessment/facts.ts'
import { divideGross } from '../distribution/waterfall.ts'
import { groups, type LevyPlan } from '../plans/schema.ts'
import type { SimulatedPlan } from './simulate.ts'

/** What plans would come to down to the groups: for registers without works, or with more than a page can wait for. */
export function simulateGroups(plans: readonly LevyPlan[], facts: readonly LevyFacts[]): SimulatedPlan[] {
  return plans.map((plan) => {
    const dues = facts.map((each) => assess(plan, each, each.period.to).dueCents)
    const contributors = dues.filter((cents) => cents > 0n).length
    const parts = divideGross(
      dues.reduce((sum, cents) => sum + cents, 0n),
      plan.distribution,
    )
    return {
      scheme: plan.scheme,
      version: plan.version,
      contributors,
      exempt: dues.length - contributors,
      grossCents: parts.grossCents,
      amounts: new Map([
        ['reserve', parts.reserveCents],
        ['fee', parts.feeCents],
        ...groups.map((name): [string, bigint] => [`group ${name}`, parts.groups[name]]),
      ]),
    }
  })
}
