/** Uses of which a code can say something, by the letter that stands for each; the actions are those of the rights profile. */
export const USES = {
  M: 'tdm:mine',
  T: 'col:trainAI',
  G: 'col:trainGenAI',
  I: 'col:aiInput',
  D: 'odrl:derive',
  E: 'odrl:modify',
  C: 'commercial',
  P: 'promotion',
} as const
export type UseLetter = keyof typeof USES
export const useLetters = Object.keys(USES) as UseLetter[]

/** `conditional`: under conditions that the statement names; whoever reads only the code treats it as no. */
export const termAnswers = ['yes', 'no', 'conditional'] as const
export type TermAnswer = (typeof termAnswers)[number]

/** Terms in brief. What is not named is not said. */
export type BriefTerms = Partial<Record<UseLetter, TermAnswer>>
