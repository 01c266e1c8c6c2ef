import type { Certainty, Entity } from '../../lineage/index.ts'
import type { Answer, Modality } from '../template.ts'

/** Data that something was trained on, by where it comes from. */
export interface Part {
  entity: Entity
  /** Missing, with an amount of 0, where nothing tells how much of what kind it is. */
  modality?: Exclude<Modality, 'other'>
  amount: number
  known: Certainty
}

export const rank = (known: Certainty) => ['attested', 'measured', 'inferred', 'unknown'].indexOf(known)

/** What a trail says was measured, or is inferred from it: whoever wrote the trail, the provider has not attested it here. */
export const answer = (value: Answer['value'], known: Certainty, basis: string): Answer => ({
  value,
  known: known === 'measured' ? 'measured' : 'inferred',
  basis,
})
export const BASIS = 'from the lineage'

export function percent(share: number): string {
  return `${(100 * share).toLocaleString('en', { maximumSignificantDigits: 3 })}%`
}
