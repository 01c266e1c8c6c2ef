import { ColophonError, assertInvariant } from '../../foundation/index.ts'
import { CENTS_MAX } from '../allocation/columns.ts'
import { compareIds } from '../allocation/splitCents.ts'
import type { HeritageCriterion, LevyPlan } from '../plans/schema.ts'
import { divideRightsholders, type Contribution, type RightsholderResult, type WorkColumns } from './rightsholders.ts'
import { divideGross, divideHeritage, type Institution, type Waterfall } from './waterfall.ts'

/** The rules of rounding and of ties, by a name: another way of dividing gets another. */
export const DISTRIBUTION_VERSION = 'levyDistributionV2'

export interface DistributionInput {
  plan: LevyPlan
  /** What was paid, by developer. */
  contributions: readonly Contribution[]
  institutions: readonly Institution[]
  works: WorkColumns
  /** How sure the attribution of outputs is, in millionths. */
  attributionConfidencePpm: number
}

export interface DistributionResult {
  waterfall: Waterfall
  /** By institution and criterion; `undefined` when none meets any. */
  heritage: Map<string, Record<HeritageCriterion, bigint>> | undefined
  rightsholders: RightsholderResult | undefined
}

/**
 * Distributes what came in, to the cent: every cent of it is somewhere, at every level. The result depends on what is
 * given, and on nothing else: not on its order, nor on the machine. Errors: `invalid_input`.
 */
export async function distribute(input: DistributionInput): Promise<DistributionResult> {
  const { plan, institutions, works } = input
  const contributions = input.contributions.toSorted((a, b) => compareIds(a.developer, b.developer))
  const gross = sumContributions(contributions)
  const waterfall = divideGross(gross, plan.distribution)
  const pool = waterfall.groups.rightsholders
  const result = {
    waterfall,
    heritage: divideHeritage(waterfall.groups.heritage, plan.distribution, institutions),
    rightsholders:
      pool === 0n
        ? undefined
        : await divideRightsholders(
            pool,
            plan.distribution.rightsholders,
            works,
            contributions,
            input.attributionConfidencePpm,
          ),
  }
  assertInvariant(sumOf(result) === gross, 'every cent of the pool is somewhere')
  return result
}

function sumContributions(contributions: readonly Contribution[]): bigint {
  let gross = 0n
  for (const { developer, cents } of contributions) {
    if (cents < 0n) throw new ColophonError('invalid_input', 'a contribution is negative', { where: developer })
    gross += cents
  }
  if (gross > CENTS_MAX)
    throw new ColophonError('invalid_input', `${gross} cents are more than the ${CENTS_MAX} that one run divides`)
  return gross
}

/** Every cent, counted where it ended up. */
function sumOf({ waterfall, heritage, rightsholders }: DistributionResult): bigint {
  const { reserveCents, feeCents, groups } = waterfall
  let sum = reserveCents + feeCents + groups.creatorSupport + groups.social
  if (heritage) for (const each of heritage.values()) for (const cents of Object.values(each)) sum += cents
  else sum += groups.heritage
  if (!rightsholders) return sum
  let payees = 0
  for (const cents of rightsholders.payees) payees += cents
  for (const { cents } of rightsholders.heldOfWorks) payees += cents
  return sum + BigInt(payees) + rightsholders.held.reduce((total, { cents }) => total + cents, 0n)
}
