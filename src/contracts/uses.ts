import type { Action, RightsRule } from '../rights/index.ts'

/** The uses that terms on a chain know, by their number there. */
export const CHAIN_USES = [
  'derivatives',
  'modification',
  'commercial',
  'promotion',
  'mining',
  'aiTraining',
  'generativeTraining',
  'aiInput',
] as const
export type ChainUse = (typeof CHAIN_USES)[number]

/** What commercial and promotional use are of: on a chain they are uses, in the register purposes. */
export const SHOWING = ['odrl:reproduce', 'odrl:distribute', 'odrl:display'] as const satisfies Action[]

/** The actions of each use; commercial and promotional use have a purpose beside them. */
export const ACTIONS_OF_USE: Record<
  ChainUse,
  { actions: readonly Action[]; purpose?: 'col:commercial' | 'col:promotion' }
> = {
  derivatives: { actions: ['odrl:derive'] },
  modification: { actions: ['odrl:modify'] },
  commercial: { actions: SHOWING, purpose: 'col:commercial' },
  promotion: { actions: SHOWING, purpose: 'col:promotion' },
  mining: { actions: ['tdm:mine'] },
  aiTraining: { actions: ['col:trainAI'] },
  generativeTraining: { actions: ['col:trainGenAI'] },
  aiInput: { actions: ['col:aiInput'] },
}

/** Uses that are broader in the register than on a chain: a rule on the first one covers the others. */
const INCLUDES: Partial<Record<ChainUse, readonly ChainUse[]>> = {
  derivatives: ['modification'],
  mining: ['aiTraining', 'generativeTraining'],
  aiTraining: ['generativeTraining'],
}

/**
 * The rules that say what a grant on a chain says, and the uses that cannot be said without saying more: mining alone
 * would be training, too.
 */
export function rulesOfUses(uses: readonly ChainUse[]): {
  rules: (RightsRule & { decision: 'allow' })[]
  left: ChainUse[]
} {
  const given = new Set(uses)
  const left = uses.filter((use) => INCLUDES[use]?.some((included) => !given.has(included)))
  const rules = uses
    .filter((use) => !left.includes(use))
    .flatMap((use) => {
      const { actions, purpose } = ACTIONS_OF_USE[use]
      return actions.map((action) => ({
        action,
        decision: 'allow' as const,
        ...(purpose ? { purposes: [purpose] } : {}),
      }))
    })
  return { rules, left }
}

/** The mask of some uses, as a grant has it. */
export function maskOfUses(uses: readonly ChainUse[]): bigint {
  return uses.reduce((mask, use) => mask | (1n << BigInt(CHAIN_USES.indexOf(use))), 0n)
}

/** The uses of a mask. */
export function usesOfMask(mask: bigint): ChainUse[] {
  return CHAIN_USES.filter((_, place) => (mask >> BigInt(place)) & 1n)
}
