import type { Action } from './actions.ts'

/** What the law may say beside the decision. It never changes it. */
export interface LegalNote {
  jurisdiction: string
  provision: string
  reviewedBy: string
  date: string
}

const NOTES: { actions: readonly Action[]; provision: string }[] = [
  {
    actions: ['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput'],
    provision:
      'Directive (EU) 2019/790, Articles 3 and 4: research organisations may mine for scientific research whatever is decided here; others may where the rightsholder has not reserved it',
  },
  {
    actions: ['col:makeAccessible', 'odrl:reproduce', 'odrl:distribute'],
    provision:
      'Directive (EU) 2017/1564 (Marrakesh): accessible copies for people who cannot read print may be made and shared whatever is decided here',
  },
  {
    actions: ['odrl:reproduce', 'odrl:display', 'odrl:distribute', 'odrl:translate', 'odrl:present'],
    provision:
      'Directive 2001/29/EC, Article 5(3)(d), and Directive (EU) 2019/790, Article 17(7): quotation, criticism, review, caricature, parody and pastiche within their limits need no permission',
  },
  {
    actions: ['odrl:digitize', 'odrl:reproduce'],
    provision:
      'Directive (EU) 2019/790, Article 6: cultural heritage institutions may copy what is permanently in their collections in order to preserve it',
  },
  {
    actions: ['odrl:reproduce', 'odrl:display', 'odrl:distribute', 'odrl:digitize'],
    provision:
      'Directive (EU) 2019/790, Article 14: a faithful reproduction of a work of visual art in the public domain is not protected',
  },
  {
    actions: ['odrl:index'],
    provision: 'being found is no use of the work in the sense of these terms unless somebody said so by name',
  },
]

/** Notes on an action, the most relevant first. */
export function legalNotes(action: Action): LegalNote[] {
  const found = NOTES.filter(({ actions }) => actions.includes(action)).map(({ provision }) => provision)
  const provisions = found.length > 0 ? found : ['no provision is noted for this action']
  return provisions.map((provision) => ({
    jurisdiction: 'EU',
    provision,
    reviewedBy: 'not reviewed by a lawyer',
    date: '2026-11-24',
  }))
}
