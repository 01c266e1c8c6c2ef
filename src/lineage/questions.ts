import { ColophonError } from '../foundation/index.ts'
import {
  measures,
  type Certainty,
  type Edge,
  type Entity,
  type Lineage,
  type LineageStep,
  type Measure,
} from './graph.ts'

/** A place that a data set leads back to. */
export interface Root {
  entity: Entity
  /** Share of the weight of what was asked for. */
  share: number
  /** The least certain link on the way there. */
  known: Certainty
}

export interface Roots {
  measure: Measure | undefined
  roots: Root[]
  /** Models that it was made from: what those were trained on is not counted. */
  models: Entity[]
  /** Share that leads to no known root: nothing says where it comes from. */
  unknownShare: number
  /** Share of the weight by how its links are known. */
  certainty: Record<Certainty, number>
}

const ORDER: readonly Certainty[] = ['attested', 'measured', 'inferred', 'unknown']

/**
 * What an entity is made of: the roots it leads back to and their share of its weight. A root is known when something says
 * where it is from: an address, an owner, a work in the register. Weight that no link accounts for is unknown, and so is a
 * split that nobody gave. Errors: `not_found`.
 */
export function rootsOf(lineage: Lineage, id: string, measure?: Measure): Roots {
  const entity = needEntity(lineage, id)
  const by = measure ?? measureOf(lineage, entity)
  const shares = new Map<string, Map<string, { share: number; known: Certainty }>>()
  for (const each of upstreamOrder(lineage, id)) {
    const mix = new Map<string, { share: number; known: Certainty }>()
    const edges = dataEdges(lineage, each)
    if (edges.length === 0)
      mix.set(isKnownRoot(lineage.entities.get(each)!) ? each : '', { share: 1, known: 'attested' })
    else
      for (const { edge, share, isGuessed } of splitOf(lineage, each, by)) {
        if (!edge || edge.known === 'unknown') addShare(mix, '', share, 'unknown')
        else
          for (const [root, found] of shares.get(edge.from)!)
            addShare(
              mix,
              root,
              share * found.share,
              lessCertain(found.known, isGuessed ? lessCertain(edge.known, 'inferred') : edge.known),
            )
      }
    shares.set(each, mix)
  }
  const mix = shares.get(id)!
  const certainty: Record<Certainty, number> = { attested: 0, measured: 0, inferred: 0, unknown: 0 }
  for (const [root, { share, known }] of mix) certainty[root === '' ? 'unknown' : known] += share
  return {
    measure: by,
    roots: [...mix]
      .filter(([root]) => root !== '')
      .map(([root, { share, known }]) => ({ entity: lineage.entities.get(root)!, share, known }))
      .sort((a, b) => b.share - a.share || (a.entity.id < b.entity.id ? -1 : 1)),
    models: (lineage.made.get(id) ?? [])
      .map(({ edge }) => lineage.entities.get(edge.from)!)
      .filter(({ type }) => type === 'Model'),
    unknownShare: mix.get('')?.share ?? 0,
    certainty,
  }
}

/** The links that data came by: of a model not those to the models it was made from. */
function dataEdges({ made, entities }: Lineage, id: string): Edge[] {
  // The same link, recorded once more, counts once.
  const edges = [
    ...new Map((made.get(id) ?? []).map(({ edge }) => [JSON.stringify({ ...edge, rows: undefined }), edge])).values(),
  ]
  return entities.get(id)!.type === 'Model' ? edges.filter(({ from }) => entities.get(from)!.type !== 'Model') : edges
}

function addShare(
  mix: Map<string, { share: number; known: Certainty }>,
  root: string,
  share: number,
  known: Certainty,
): void {
  if (share <= 0) return
  const found = mix.get(root)
  mix.set(root, found ? { share: found.share + share, known: lessCertain(found.known, known) } : { share, known })
}

const lessCertain = (a: Certainty, b: Certainty) => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b)

/** How the weight of an entity divides among its links; `edge` is missing for what no link accounts for. */
function splitOf(
  lineage: Lineage,
  id: string,
  measure: Measure | undefined,
): { edge?: Edge; share: number; isGuessed?: true }[] {
  const edges = dataEdges(lineage, id)
  if (edges.length === 1 && weightOf(edges[0]!, measure) === undefined) return [{ edge: edges[0]!, share: 1 }]
  const weights = edges.map((edge) => weightOf(edge, measure))
  const given = weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0)
  const own = measure && lineage.entities.get(id)!.weights?.[measure]
  const whole = Math.max(own ?? given, given)
  if (whole <= 0) return [{ share: 1 }]
  const without = weights.filter((weight) => weight === undefined).length
  const rest = (whole - given) / whole
  const parts: { edge?: Edge; share: number; isGuessed?: true }[] = edges.flatMap((edge, i) => {
    const weight = weights[i]
    if (weight !== undefined) return [{ edge, share: weight / whole }]
    // What is left over can only have come from the one link whose weight nobody gave.
    return without === 1 ? [{ edge, share: rest, isGuessed: true as const }] : []
  })
  return without === 1 ? parts : [...parts, { share: rest }]
}

const weightOf = ({ weights }: Edge, measure: Measure | undefined) => (measure ? weights?.[measure] : undefined)

/** The first measure that the entity has, its links, or what it was made from, nearest first. */
function measureOf(lineage: Lineage, { id, weights }: Entity): Measure | undefined {
  const has = (from: Entity['weights']) =>
    (['tokens', 'bytes', ...measures] as const).find((each) => from?.[each] !== undefined)
  const own = has(weights)
  if (own) return own
  for (const each of upstreamOrder(lineage, id).toReversed())
    for (const edge of dataEdges(lineage, each)) {
      const found = has(edge.weights) ?? has(lineage.entities.get(edge.from)!.weights)
      if (found) return found
    }
  return undefined
}

function isKnownRoot({ type, url, owner, work }: Entity): boolean {
  // What a model was trained on is what is asked for: the model alone is no answer.
  if (type === 'Model') return false
  return type === 'Work' || url !== undefined || owner !== undefined || work !== undefined
}

/** An entity and all that it was made from, sources first. */
function upstreamOrder({ made }: Lineage, id: string): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  const stack: { id: string; isLeft: boolean }[] = [{ id, isLeft: false }]
  while (stack.length > 0) {
    const top = stack.pop()!
    if (top.isLeft) order.push(top.id)
    else if (!seen.has(top.id)) {
      seen.add(top.id)
      stack.push({ id: top.id, isLeft: true })
      for (const { edge } of made.get(top.id) ?? [])
        if (!seen.has(edge.from)) stack.push({ id: edge.from, isLeft: false })
    }
  }
  return order
}

/** One link on the way back from a row or a data set. */
export interface TraceLink {
  step: LineageStep
  edge: Edge
  entity: Entity
  /** The row in the source, where the way back keeps count of rows. */
  row?: number
}

export const LINKS_MAX = 10_000

/**
 * Every way back, up to ten thousand links, from an entity, or from one of its rows (the first is 0): through which steps,
 * to what, under which licence and reservations, by whom. Links that cannot hold the row are left out; where a step does not say which row came
 * from which, the row is lost from there on. Errors: `not_found` for an entity or a row that is not there.
 */
export function traceBack(lineage: Lineage, id: string, row?: number): TraceLink[] {
  const start = needEntity(lineage, id)
  const rows = start.weights?.rows
  if (row !== undefined && rows !== undefined && row >= rows)
    throw new ColophonError('not_found', `${id} has ${rows} rows`, {
      where: `row ${row}`,
      remedy: 'The first row is 0.',
    })
  const links: TraceLink[] = []
  const seen = new Set<string>()
  const open: { id: string; row?: number }[] = [{ id, ...(row === undefined ? {} : { row }) }]
  for (let next = open.shift(); next; next = open.shift()) {
    for (const { edge, step } of lineage.made.get(next.id) ?? []) {
      const rows = lineage.entities.get(edge.from)!.weights?.rows ?? Infinity
      const found = next.row === undefined ? undefined : rowBefore(edge, next.row)
      // A row behind the end of its source cannot have come from there.
      const at = typeof found === 'number' && found >= rows ? 'not there' : found
      if (at === 'not there') continue
      const key = `${step.id}\n${edge.to}\n${edge.from}\n${at ?? ''}`
      if (seen.has(key)) continue
      seen.add(key)
      if (links.length >= LINKS_MAX) return links
      const place = at === undefined ? {} : { row: at }
      links.push({ step, edge, entity: lineage.entities.get(edge.from)!, ...place })
      open.push({ id: edge.from, ...place })
    }
  }
  return links
}

/** The row of the source; undefined where nothing says which, and `not there` where the row came from elsewhere. */
function rowBefore({ rows }: Edge, row: number): number | 'not there' | undefined {
  if (!rows) return undefined
  if (rows.kind === 'same') return row
  if (rows.kind === 'from') return rows.rows[row] ?? 'not there'
  if (rows.kind === 'at') return row >= rows.at && row < rows.at + rows.count ? row - rows.at : 'not there'
  return rowWithout(rows.rows, row)
}

/** Which row of the source stands at this place when some were left out. */
function rowWithout(left: readonly number[], row: number): number {
  const sorted = [...left].sort((a, b) => a - b)
  let at = row
  for (const gone of sorted) {
    if (gone > at) break
    at++
  }
  return at
}

function needEntity(lineage: Lineage, id: string): Entity {
  const entity = lineage.entities.get(id)
  if (entity) return entity
  const some = [...lineage.entities.keys()].slice(-5).join(', ')
  throw new ColophonError('not_found', 'no step describes this entity', {
    where: id,
    remedy: `It knows, among others: ${some}`,
  })
}
