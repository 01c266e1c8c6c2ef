import { commonLosses, mappingOf, reachOf, type MappingLoss } from './mappings.ts'
import { disclosureFrom } from './schema.ts'
import type { Degree, Phase, PhaseDegrees } from './degrees.ts'

/** Codes of ONIX List 19 (unnamed persons) that tell of AI, by contributor role (List 17). */
export interface OnixContributor {
  /** List 17: A01 author, A12 illustrator, B06 translator, E07 narrator. */
  role: 'A01' | 'A12' | 'B06' | 'E07'
  /** List 19: 05 to 07 synthesised voice (male, female, unspecified), 08 replica of a real actor’s voice, 09 AI. */
  unnamedPersons: '05' | '06' | '07' | '08' | '09'
}

/**
 * ONIX for Books: contributors that are no persons. It says that AI was a contributor, not how far; only generated parts
 * make one. Source: EDItEUR, ONIX code list 19, by secondary sources.
 */
export const onixMapping = mappingOf<OnixContributor[]>({
  id: 'onix',
  name: 'ONIX 3 code lists 17 and 19',
  write(disclosure) {
    const { systems = [], replicas = [], phases } = disclosure
    const losses = commonLosses(disclosure, ['systems'])
    const isGenerated = (degree: Degree | undefined) => typeof degree === 'number' && degree >= 3
    // What a system did for the promotion of a book is no part of the book.
    const of = (roles: string[]) =>
      systems.some(
        ({ role, phase, degree }) =>
          phase !== 'promotion' &&
          phase !== 'ideation' &&
          roles.includes(role ?? '') &&
          isGenerated(degree ?? phases[phase]),
      )
    const value: OnixContributor[] = []
    if (of(['writing']) || (systems.length === 0 && isGenerated(phases.production)))
      value.push({ role: 'A01', unnamedPersons: '09' })
    if (of(['illustration', 'coverDesign'])) value.push({ role: 'A12', unnamedPersons: '09' })
    if (of(['translation']) || isGenerated(phases.translation)) value.push({ role: 'B06', unnamedPersons: '09' })
    if (isGenerated(phases.performance))
      value.push({ role: 'E07', unnamedPersons: replicas.some((replica) => replica.of === 'voice') ? '08' : '07' })
    if (disclosure.degree !== 'undisclosed')
      losses.push({
        what: 'degree',
        why:
          value.length > 0
            ? 'whether what was generated was reviewed is not told'
            : reachOf(disclosure).reachesContent
              ? 'AI is a contributor only where it generated a part; assistance is not told'
              : 'no code says that there was no AI',
      })
    return { value, losses }
  },
  from(contributors) {
    const said: PhaseDegrees = {}
    for (const { role, unnamedPersons } of contributors) {
      if (!['05', '06', '07', '08', '09'].includes(unnamedPersons)) return undefined
      said[role === 'E07' ? 'performance' : role === 'B06' ? 'translation' : 'production'] = 3
    }
    const { degree, phases } = disclosureFrom({ phases: said, review: 'undisclosed' })
    return { value: { degree, phases, review: 'undisclosed' }, losses: contributors.length > 0 ? [sureOnly(3)] : [] }
  },
})

export type MusicUse = 'none' | 'partial' | 'full'

/** Where AI took part in a recording, in the fields that distributors ask for (DDEX working group; Spotify). */
export interface MusicFields {
  vocals?: MusicUse
  instrumentation?: MusicUse
  postProduction?: MusicUse
  composition?: MusicUse
  lyrics?: MusicUse
}

/** The phases that make a recording, and the field that each is nearest to. */
const FIELD_OF: Partial<Record<Phase, keyof MusicFields>> = {
  development: 'composition',
  production: 'instrumentation',
  performance: 'vocals',
  postProduction: 'postProduction',
}
const ROLES_OF: Partial<Record<keyof MusicFields, readonly string[]>> = {
  vocals: ['vocals'],
  instrumentation: ['instrumentation', 'instrumentalPerformance', 'programming'],
  composition: ['composition', 'arrangement', 'orchestration'],
  lyrics: ['lyrics'],
}

/**
 * The music industry's fields: vocals, instrumentation, post-production; some add composition and lyrics.
 * Source: DDEX and Spotify’s announcement of September 2025, by secondary sources.
 */
export const musicMapping = mappingOf<MusicFields>({
  id: 'music',
  name: 'Music: DDEX working group and Spotify credits',
  write(disclosure) {
    const { phases, systems = [] } = disclosure
    const losses: MappingLoss[] = commonLosses(disclosure)
    const value: MusicFields = {}
    /** Phases whose degree a field has told that is not the one it is nearest to. */
    const told = new Set<Phase>()
    for (const [field, roles] of Object.entries(ROLES_OF) as [keyof MusicFields, readonly string[]][]) {
      const found = systems.filter(({ role, phase }) => roles.includes(role ?? '') && FIELD_OF[phase] !== undefined)
      const part = partOf(highest(found.map(({ degree, phase }) => degree ?? phases[phase])))
      if (part === undefined) continue
      value[field] = part
      for (const { phase } of found) if (part !== 'none' && FIELD_OF[phase] !== field) told.add(phase)
    }
    for (const [phase, field] of Object.entries(FIELD_OF) as [Phase, keyof MusicFields][]) {
      const part = partOf(phases[phase])
      // Where nobody said which part it was, the phase speaks for the field that it is nearest to; AI never becomes none.
      const isUntold = value[field] === undefined || (value[field] === 'none' && part !== 'none')
      if (part !== undefined && isUntold && !told.has(phase)) value[field] = part
    }
    if (phases.ideation) losses.push({ what: 'phases.ideation', why: 'it has no field' })
    return { value, losses }
  },
  from(fields) {
    const degreeBy: Record<MusicUse, Degree> = { none: 0, partial: 1, full: 3 }
    const of = (...uses: (MusicUse | undefined)[]) =>
      highest(uses.map((use) => (use === undefined ? undefined : degreeBy[use])))
    const all = Object.values(fields) as MusicUse[]
    if (all.some((use) => !Object.hasOwn(degreeBy, use))) return undefined
    const said = {
      development: of(fields.composition, fields.lyrics),
      production: of(fields.instrumentation),
      performance: of(fields.vocals),
      postProduction: of(fields.postProduction),
    }
    const phases = Object.fromEntries(Object.entries(said).filter(([, degree]) => degree !== undefined)) as PhaseDegrees
    const { degree } = disclosureFrom({ phases, review: 'undisclosed' })
    // That some parts had no AI does not say that the others had none.
    const isWhole = Object.values(FIELD_OF).every((field) => fields[field] !== undefined)
    return {
      value: { degree: degree === 0 && !isWhole ? 'undisclosed' : degree, phases, review: 'undisclosed' },
      losses: all.some((use) => use !== 'none')
        ? [{ what: 'degree', why: 'partial is at least 1, full at least 3' }]
        : [],
    }
  },
})

function sureOnly(degree: Degree): MappingLoss {
  return { what: 'degree', why: `${degree} or more: it does not tell whether a person reviewed the work` }
}

function partOf(degree: Degree | undefined): MusicUse | undefined {
  if (typeof degree !== 'number') return undefined
  return degree === 0 ? 'none' : degree <= 2 ? 'partial' : 'full'
}

function highest(list: (Degree | undefined)[]): Degree | undefined {
  const known = list.filter((degree): degree is Exclude<Degree, 'undisclosed'> => typeof degree === 'number')
  return known.length > 0 ? (Math.max(...known) as Degree) : list.includes('undisclosed') ? 'undisclosed' : undefined
}
