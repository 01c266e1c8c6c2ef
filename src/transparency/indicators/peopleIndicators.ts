import { ColophonError } from '../../foundation/index.ts'
import type { Totals } from './aggregate.ts'
import type { IndicatorOptions } from './indicators.ts'
import {
  columnsFor,
  figuresOf,
  intervalNote,
  knownGroups,
  notes,
  notProvided,
  shareTable,
  unknownShare,
  type FigureOf,
  type Indicator,
} from './indicator.ts'
import { giniOver, sharesOf } from './measures.ts'
import { EU_TERRITORIES, population } from './reference.ts'

/** Inequality among the people of the Union: what each inhabitant of a member state would have. */
export function geography(totals: Totals, { weightBasis }: IndicatorOptions): Indicator {
  const groups = totals.groups.country
  const head = {
    number: 10,
    id: 'geographicInequality',
    name: 'Geographic inequality in the Union',
    formula: 'Gini of w per inhabitant over the 27 member states, weighted by inhabitants',
    source: 'column of the data set: country; inhabitants from Unicode CLDR territoryInfo',
  }
  if (!groups) return notProvided(head, columnsFor.country)
  const states = EU_TERRITORIES.map((code) => ({ code, size: population(code)!, group: groups.get(code) }))
  const empty = { rows: 0, weight: 0, squares: 0 }
  const counted = states.map(({ group }) => group ?? empty)
  const outside = knownGroups(groups).filter(([code]) => !EU_TERRITORIES.includes(code))
  return {
    ...head,
    status: 'measured',
    weightBasis,
    unknownShare: unknownShare(groups, totals),
    ...notes(
      `Weight from outside of the Union is left aside: ${outside.reduce((sum, [, { weight }]) => sum + weight, 0)}.`,
      intervalNote(counted),
    ),
    figures: figuresOf(counted, [
      {
        id: 'gini',
        label: 'Gini coefficient',
        unit: 'coefficient',
        of: (weights) => giniOver(states.map(({ size }, i) => ({ size, weight: weights[i]! }))),
      },
    ]),
    table: {
      columns: ['state', 'weight', 'inhabitants', 'weight per million'],
      rows: states.map(({ code, size, group }) => [
        code,
        group?.weight ?? 0,
        size,
        ((group?.weight ?? 0) / size) * 1e6,
      ]),
      suppressed: 0,
      more: 0,
    },
  }
}

/** Only what is declared or in an authority file: nothing is read from names or faces. */
export function gender(totals: Totals, { weightBasis, genderReference }: IndicatorOptions): Indicator {
  const groups = totals.groups.gender
  const head = {
    number: 12,
    id: 'creatorParity',
    name: 'Parity of creators',
    formula: genderReference ? 'p / q by declared gender' : 'p by declared gender; p / q with --gender-reference',
    source: 'column of the data set: gender, as declared or in an authority file; never inferred',
  }
  if (!groups) return notProvided(head, columnsFor.gender)
  const known = knownGroups(groups)
  for (const name of genderReference?.keys() ?? [])
    if (!groups.has(name))
      throw new ColophonError('usage', `--gender-reference names ${name}, which the column does not have`, {
        remedy: `It has: ${known
          .map(([value]) => value)
          .slice(0, 20)
          .join(', ')
          .slice(0, 300)}.`,
      })
  const table = shareTable('gender', known, true)
  const shown = new Set(table.rows.map(([value]) => value))
  const sumQ = [...(genderReference?.values() ?? [])].reduce((sum, q) => sum + q, 0)
  return {
    ...head,
    status: 'measured',
    weightBasis,
    unknownShare: unknownShare(groups, totals),
    ...notes('Cells of fewer than 10 rows are left out.', intervalNote(known.map(([, group]) => group))),
    figures: figuresOf(
      known.map(([, group]) => group),
      known.flatMap(([value], i) => {
        if (!shown.has(value)) return []
        const q = (genderReference?.get(value) ?? 0) / sumQ
        return [
          { id: `share:${value}`, label: `share: ${value}`, unit: 'share', of: (weights) => sharesOf(weights)[i]! },
          ...(q > 0
            ? [
                {
                  id: `parity:${value}`,
                  label: `parity: ${value}`,
                  unit: 'ratio' as const,
                  most: 1 / q,
                  of: (weights: ArrayLike<number>) => sharesOf(weights)[i]! / q,
                },
              ]
            : []),
        ] satisfies FigureOf[]
      }),
    ),
    table,
  }
}
