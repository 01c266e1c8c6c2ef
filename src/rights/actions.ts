/** The frozen first subset of actions; the profile of the rights issue extends it in a later context version. */
export const actions = ['tdm:mine', 'col:trainAI', 'col:trainGenAI'] as const

export type Action = (typeof actions)[number]

/** Each action and all that include it: a rule on an including action speaks about the included one. */
const INCLUDED_IN: Record<Action, readonly Action[]> = {
  'tdm:mine': ['tdm:mine'],
  'col:trainAI': ['col:trainAI', 'tdm:mine'],
  'col:trainGenAI': ['col:trainGenAI', 'col:trainAI', 'tdm:mine'],
}

/** True when a rule on `ruled` decides about `asked`: it is the same action or one that includes it. */
export function ruleCovers(ruled: Action, asked: Action): boolean {
  return INCLUDED_IN[asked].includes(ruled)
}
