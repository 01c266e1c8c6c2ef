import type { Degree, Phase, PhaseDegrees, Review } from './degrees.ts'
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

/** What almost every vocabulary has no place for, beside degree, phases and review. */
export function commonLosses(disclosure: DisclosureFields, keeps: readonly 'systems'[] = []): MappingLoss[] {
  const { systems, human, replicas, uses, license } = disclosure
  const has = (list: readonly unknown[] | undefined) => (list?.length ?? 0) > 0
  const losses: (MappingLoss | false)[] = [
    !keeps.includes('systems') && has(systems) && { what: 'systems', why: 'it names no systems' },
    has(human) && { what: 'human', why: 'it has no place for the author’s own words' },
    has(replicas) && { what: 'replicas', why: 'it has no place for consent to replicas' },
    (has(uses) || license !== undefined) && { what: 'uses', why: 'terms stand in another field or file' },
  ]
  return losses.filter((loss) => loss !== false)
}

/**
 * A vocabulary whose losses of degree, phases and review are what is seen when its own value is read back: what does not
 * come back, or not surely, is lost. `write` names the losses that nobody can see so, and may say why in better words.
 */
export function mappingOf<Value>(parts: {
  id: string
  name: string
  write(disclosure: DisclosureFields): Mapped<Value>
  from(value: Value): ReadBack | undefined
}): Mapping<Value> {
  const { id, name, write, from } = parts
  return {
    id,
    name,
    to(disclosure) {
      const { value, losses } = write(disclosure)
      const seen = lossesSeen(disclosure, from(value)).filter(({ what }) => losses.every((loss) => loss.what !== what))
      return { value, losses: [...losses, ...seen] }
    },
    from,
  }
}

function lossesSeen({ degree, phases, review }: DisclosureFields, back: ReadBack | undefined): MappingLoss[] {
  const read = back?.value
  const unsure = back?.losses.find(({ what }) => what === 'degree')
  const named = Object.keys({ ...phases, ...read?.phases }) as Phase[]
  const isPhaseLost = named.some((phase) => read?.phases[phase] !== phases[phase])
  const losses: (MappingLoss | false | undefined)[] = [
    read?.degree === degree ? unsure : { what: 'degree', why: `read back it is ${read?.degree ?? 'not understood'}` },
    isPhaseLost && { what: 'phases', why: 'not every phase comes back with its degree' },
    read?.review !== review && { what: 'review', why: `read back it is ${read?.review ?? 'not understood'}` },
  ]
  return losses.filter((loss) => loss !== false && loss !== undefined)
}

/** What is known when only a degree is. */
export function readDegree(degree: Degree, review: Review, losses: MappingLoss[]): ReadBack {
  return { value: { degree, phases: {}, review }, losses }
}
