/**
 * What may be done with a work, in the words of ODRL (http://www.w3.org/ns/odrl/2/), of TDMRep (`tdm:`) and of our own
 * profile (`col:`). The first three were there before the profile was complete; statements that use them stay as they are.
 */
export const actions = [
  'tdm:mine',
  'col:trainAI',
  'col:trainGenAI',
  'col:aiInput',
  'odrl:index',
  'odrl:reproduce',
  'odrl:derive',
  'odrl:modify',
  'odrl:translate',
  'odrl:distribute',
  'odrl:display',
  'odrl:present',
  'odrl:digitize',
  'col:makeAccessible',
] as const

export type Action = (typeof actions)[number]

/**
 * The action that includes each. What nothing includes has to be named: nobody switches search or accessible copies off
 * with a broad rule. Mining includes training, training includes generative training, deriving includes changing and
 * translating. `odrl:present` is performing in public.
 */
export const INCLUDED_IN: Partial<Record<Action, Action>> = {
  'col:trainAI': 'tdm:mine',
  'col:trainGenAI': 'col:trainAI',
  'odrl:modify': 'odrl:derive',
  'odrl:translate': 'odrl:derive',
}

/** An action and all that include it, the narrowest first. */
export function actionAndWider(action: Action): Action[] {
  const wider = INCLUDED_IN[action]
  return wider ? [action, ...actionAndWider(wider)] : [action]
}

/** True when a rule on `ruled` decides about `asked`: it is the same action or one that includes it. */
export function ruleCovers(ruled: Action, asked: Action): boolean {
  return actionAndWider(asked).includes(ruled)
}
