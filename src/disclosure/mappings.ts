import type { Degree, PhaseDegrees, Review } from './degrees.ts'
import type { DisclosureFields } from './schema.ts'

/** Something that one side says and the other has no place for, in one line. */
export interface MappingLoss {
  what: string
  why: string
}

/** What another vocabulary says, and what of the disclosure it could not. */
export interface Mapped<Value> {
  value: Value
  losses: MappingLoss[]
}

/** What can be known of a disclosure from another vocabulary. `phases` is empty where it names none. */
export type ReadBack = Mapped<{ degree: Degree; phases: PhaseDegrees; review: Review }>

/** One vocabulary, both ways. `from` gives undefined for a value that it does not have. */
export interface Mapping<Value> {
  id: string
  name: string
  to(disclosure: DisclosureFields): Mapped<Value>
  from(value: Value): ReadBack | undefined
}

/** Degrees of the phases that reach the work itself, and whether ideation alone had any. */
export function reachOf({ degree, phases }: DisclosureFields) {
  const making = (['development', 'production', 'performance', 'postProduction'] as const).filter(
    (phase) => typeof phases[phase] === 'number' && phases[phase] > 0,
  )
  const isIdeationOnly = making.length === 0 && typeof phases.ideation === 'number' && phases.ideation > 0
  return { making, isIdeationOnly, reachesContent: typeof degree === 'number' && degree > 0 && !isIdeationOnly }
}

/** What almost every vocabulary has no place for. */
export function commonLosses(
  disclosure: DisclosureFields,
  keeps: readonly ('phases' | 'systems' | 'uses' | 'review')[] = [],
) {
  const { phases, systems, human, replicas, uses, license, review } = disclosure
  const has = (list: readonly unknown[] | undefined) => (list?.length ?? 0) > 0
  const losses: (MappingLoss | false)[] = [
    !keeps.includes('phases') &&
      Object.keys(phases).length > 0 && { what: 'phases', why: 'it has one value for the whole work' },
    !keeps.includes('systems') && has(systems) && { what: 'systems', why: 'it names no systems' },
    !keeps.includes('review') &&
      review !== 'undisclosed' && { what: 'review', why: 'it does not say whether a person reviewed the work' },
    has(human) && { what: 'human', why: 'it has no place for the author’s own words' },
    has(replicas) && { what: 'replicas', why: 'it has no place for consent to replicas' },
    !keeps.includes('uses') &&
      (has(uses) || license !== undefined) && { what: 'uses', why: 'terms stand in another field or file' },
  ]
  return losses.filter((loss) => loss !== false)
}

/** What is known when only a degree is. */
export function readDegree(degree: Degree, review: Review, losses: MappingLoss[]): ReadBack {
  return { value: { degree, phases: {}, review }, losses }
}
