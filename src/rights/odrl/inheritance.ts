import type { Graph } from './graph.ts'
import type { RuleKind } from './types.ts'
import { ODRL } from './vocabulary.ts'

export const POLICY_TYPES = 'Policy Set Offer Agreement Request Ticket Assertion Privacy'.split(' ')
export const RULE_PROPERTIES: [string, RuleKind][] = [
  ['permission', 'permission'],
  ['prohibition', 'prohibition'],
  ['obligation', 'obligation'],
]
const POLICIES_MAX = 1000

/** A policy and all from which it inherits, over any number of steps; names that are no policies here; circles. */
export function lineOf(graph: Graph, id: string): { policies: string[]; missing: string[]; isCircular: boolean } {
  const parents = new Map<string, string[]>()
  const missing: string[] = []
  const waiting = [id]
  for (let policy = waiting.pop(); policy !== undefined && parents.size < POLICIES_MAX; policy = waiting.pop()) {
    if (parents.has(policy)) continue
    const own = graph.objects(policy, `${ODRL}inheritFrom`).flatMap(({ iri }) => iri ?? [])
    missing.push(...own.filter((parent) => !isPolicy(graph, parent)))
    parents.set(
      policy,
      own.filter((parent) => isPolicy(graph, parent)),
    )
    waiting.push(...parents.get(policy)!)
  }
  // Policies whose parents have all been taken away are taken away: what remains lies on a circle, or leads to one.
  const left = new Map([...parents].map(([policy, own]) => [policy, new Set(own)]))
  for (let isTaking = true; isTaking;) {
    isTaking = false
    for (const [policy, own] of left) {
      for (const parent of own) if (!left.has(parent)) own.delete(parent)
      if (own.size === 0) isTaking = left.delete(policy)
    }
  }
  return { policies: [...parents.keys()], missing, isCircular: left.has(id) || waiting.length > 0 }
}

function isPolicy(graph: Graph, id: string): boolean {
  return (
    POLICY_TYPES.some((type) => graph.types(id).includes(ODRL + type)) ||
    [...RULE_PROPERTIES.map(([property]) => property), 'inheritFrom'].some(
      (property) => graph.objects(id, ODRL + property).length > 0,
    )
  )
}
