import type { Certainty, Entity } from '../../lineage/index.ts'
import type { Answer, Modality } from '../template.ts'

/** Data that something was trained on, by where it comes from. */
export interface Part {
  entity: Entity
  modality: Exclude<Modality, 'other'>
  amount: number
  known: Certainty
}

export const rank = (known: Certainty) => ['attested', 'measured', 'inferred', 'unknown'].indexOf(known)

export const answer = (value: Answer['value'], known: Certainty, basis: string): Answer => ({
  value,
  known: known === 'unknown' ? 'inferred' : known,
  basis,
})
export const BASIS = 'from the lineage'

export function percent(share: number): string {
  return `${(100 * share).toLocaleString('en', { maximumSignificantDigits: 3 })}%`
}
