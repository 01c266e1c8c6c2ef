import { contradictions } from './constraints.ts'
import type { Graph } from './graph.ts'
import type {
  Condition,
  Finding,
  LogicalConstraint,
  Party,
  Policy,
  Rule,
  RuleAction,
  RuleKind,
  Value,
} from './types.ts'
import { COL, LEFT_OPERANDS, ODRL, OPERATORS, PROFILES, RDF, isKnownAction, shorten } from './vocabulary.ts'

const POLICY_TYPES = 'Policy Set Offer Agreement Request Ticket Assertion Privacy'.split(' ')
const RULE_PROPERTIES: [string, RuleKind][] = [
  ['permission', 'permission'],
  ['prohibition', 'prohibition'],
  ['obligation', 'obligation'],
]
const DEPTH_MAX = 32
const OWN_PROFILE = COL.slice(0, -1)

/** All policies of a graph, requests left out, with what they inherit. Findings stand with the policy they concern. */
export function readPolicies(graph: Graph, where: string, findings: Finding[]): Policy[] {
  const ids = new Set([
    ...POLICY_TYPES.filter((type) => type !== 'Request').flatMap((type) => graph.ofType(ODRL + type)),
    ...RULE_PROPERTIES.flatMap(([property]) => graph.subjectsWith(ODRL + property).map(({ subject }) => subject)),
  ])
  const policies = [...ids]
    .filter((id) => !graph.types(id).includes(`${ODRL}Request`))
    .map((id) => readPolicy(graph, id, [], new Map()))
  if (policies.length === 0)
    findings.push({ code: 'no_policy', severity: 'error', where, message: 'there is no policy in it' })
  // What is inherited is part of the policy that inherits; by itself it is asked, too, only when nobody inherits it.
  const inherited = new Set(
    policies.flatMap(({ id }) => graph.objects(id, `${ODRL}inheritFrom`).map(({ iri }) => iri)),
  )
  // In a circle everybody is an heir: each stays, with its error, so that no prohibition is lost.
  const isCircular = ({ findings: own }: Policy) => own.some(({ code }) => code === 'inheritance_cycle')
  return policies.filter((policy) => !inherited.has(policy.id) || isCircular(policy))
}

function readPolicy(graph: Graph, id: string, heirs: readonly string[], known: Map<string, Policy>): Policy {
  const findings: Finding[] = []
  const report = (code: Finding['code'], message: string, severity: Finding['severity'] = 'error', where = id) =>
    findings.push({ code, severity, where, message })
  const type = POLICY_TYPES.slice(1).find((name) => graph.types(id).includes(ODRL + name)) ?? 'Set'
  const profiles = graph.objects(id, `${ODRL}profile`)
  for (const { iri, text } of profiles)
    if (!PROFILES.has(iri ?? text!))
      report('profile_unknown', `the profile ${iri ?? text} is not known: its terms are not understood`, 'warning')
  const counts: Partial<Record<RuleKind, number>> = {}
  const nameOf = (kind: RuleKind) => `${kind} ${(counts[kind] = (counts[kind] ?? 0) + 1)}`
  const reader: Reader = { graph, report, nameOf, shared: id }
  const rules = RULE_PROPERTIES.flatMap(([property, kind]) =>
    graph.objects(id, ODRL + property).map(({ iri, text }) => readRule(reader, iri ?? text!, kind, 0)),
  )
  const policy: Policy = {
    id,
    type,
    conflict: readConflict(reader, id),
    isOfProfile: profiles.some(({ iri }) => iri?.startsWith(OWN_PROFILE)),
    rules,
    findings,
  }
  for (const { iri: parent } of graph.objects(id, `${ODRL}inheritFrom`)) {
    if (parent === undefined) continue
    if (parent === id || heirs.includes(parent)) {
      report('inheritance_cycle', `${id} inherits from itself through ${parent}`)
      continue
    }
    if (!RULE_PROPERTIES.some(([property]) => graph.objects(parent, ODRL + property).length > 0)) {
      report('policy_unresolved', `the policy ${parent}, from which it inherits, is not here`)
      continue
    }
    const from = known.get(parent) ?? readPolicy(graph, parent, [...heirs, id], known)
    known.set(parent, from)
    // Several strategies in one policy void it when rules conflict (section 2.10).
    const strategies = [id, parent].map((each) => graph.objects(each, `${ODRL}conflict`).length)
    if (strategies.every((count) => count > 0) && from.conflict !== policy.conflict) policy.conflict = 'invalid'
    policy.rules.push(...from.rules)
    findings.push(...from.findings)
  }
  return policy
}

function readConflict({ graph, report }: Reader, id: string): Policy['conflict'] {
  const values = [...new Set(graph.objects(id, `${ODRL}conflict`).map(({ iri, text }) => iri ?? text!))]
  if (values.length === 0) return 'invalid'
  const names = values.map((value) => value.slice(value.lastIndexOf('/') + 1))
  if (values.length > 1 || !['perm', 'prohibit', 'invalid'].includes(names[0]!)) {
    report(
      'conflict_unknown',
      `the conflict strategy ${values.map(shorten).join(', ')} is none that ODRL knows`,
      'warning',
    )
    return 'invalid'
  }
  return names[0] as Policy['conflict']
}

interface Reader {
  graph: Graph
  report(code: Finding['code'], message: string, severity?: Finding['severity'], where?: string): void
  /** A name for a rule that has none: its kind and its number. */
  nameOf(kind: RuleKind): string
  /** The policy, whose target, action and parties are those of each rule that has none of its own. */
  shared: string
}

const COUNTERPARTS = 'compensatedParty informedParty consentingParty attributedParty trackingParty'.split(' ')

function readRule(reader: Reader, id: string, kind: RuleKind, depth: number): Rule {
  const { graph, report, shared } = reader
  const isTop = depth === 0
  const own = (property: string) => {
    const values = graph.objects(id, ODRL + property)
    return values.length > 0 || !isTop ? values : graph.objects(shared, ODRL + property)
  }
  const actions = own('action').flatMap((value) => readAction(reader, value, id, depth))
  if (actions.length === 0) report('action_missing', 'the rule has no action', 'error', id)
  // A rule may be said to concern an asset by the asset alone.
  const policyTargets = isTop ? graph.subjectsWith(`${ODRL}hasPolicy`).filter(({ value }) => value.iri === shared) : []
  const targets = [...own('target'), ...policyTargets.map(({ subject }) => ({ iri: subject }))]
  const nested: [string, RuleKind][] =
    kind === 'permission'
      ? [['duty', 'duty']]
      : kind === 'prohibition'
        ? [['remedy', 'duty']]
        : [['consequence', 'duty']]
  const constraints = readConditions(reader, id, 'constraint', depth)
  for (const where of contradictions(constraints))
    report('constraint_contradictory', 'the time ends before it begins, so the rule never applies', 'warning', where)
  return {
    id: id.startsWith('_:') ? reader.nameOf(kind) : id,
    kind,
    actions,
    targets: uniqueParties(targets.map((value) => readParty(reader, value, depth))),
    assigners: own('assigner').map(({ iri, text }) => iri ?? text!),
    assignees: uniqueParties([
      ...own('assignee').map((value) => readParty(reader, value, depth)),
      ...(isTop
        ? graph
            .subjectsWith(`${ODRL}assigneeOf`)
            .filter(({ value }) => value.iri === shared)
            .map(({ subject }) => ({ id: subject, refinements: [] }))
        : []),
    ]),
    counterparts: COUNTERPARTS.flatMap((name) => graph.objects(id, ODRL + name).map(({ iri, text }) => iri ?? text!)),
    constraints,
    duties:
      depth >= DEPTH_MAX
        ? []
        : nested.flatMap(([property, nestedKind]) =>
            graph
              .objects(id, ODRL + property)
              .map(({ iri, text }) => readRule(reader, iri ?? text!, nestedKind, depth + 1)),
          ),
  }
}

function uniqueParties(parties: Party[]): Party[] {
  return [...new Map(parties.map((party) => [party.id, party])).values()]
}

/** An action by its name, or a node that has one as `rdf:value` and refinements. */
function readAction(reader: Reader, { iri, text }: Value, rule: string, depth: number): RuleAction[] {
  const { graph, report } = reader
  const name = iri ?? text!
  const values = graph.objects(name, `${RDF}value`)
  const refinements = readConditions(reader, name, 'refinement', depth)
  const ids = values.length > 0 ? values.map((value) => value.iri ?? value.text!) : [name]
  for (const id of ids)
    if (!isKnownAction(id) && !id.startsWith('_:'))
      report(
        'action_unknown',
        `the action ${shorten(id)} is no term of ODRL: it includes nothing, and only itself`,
        'warning',
        rule,
      )
  return ids.filter((id) => !id.startsWith('_:')).map((id) => ({ id, refinements }))
}

function readParty(reader: Reader, { iri, text }: Value, depth: number): Party {
  const id = iri ?? text!
  const { graph } = reader
  // The uid of a thing that is described in a node of its own is its name.
  const [uid] = graph.objects(id, `${ODRL}uid`)
  const [source] = graph.objects(id, `${ODRL}source`)
  return {
    id: uid?.iri ?? uid?.text ?? id,
    ...(source ? { source: source.iri ?? source.text! } : {}),
    refinements: readConditions(reader, id, 'refinement', depth),
  }
}

const LOGICAL = ['and', 'or', 'xone', 'andSequence'] as const

function readConditions(
  reader: Reader,
  subject: string,
  property: 'constraint' | 'refinement',
  depth: number,
): Condition[] {
  return reader.graph
    .objects(subject, ODRL + property)
    .flatMap((value) => reader.graph.list(value))
    .flatMap(({ iri }) => (iri === undefined ? [] : [readCondition(reader, iri, depth)]))
}

function readCondition(reader: Reader, id: string, depth: number): Condition {
  const { graph, report } = reader
  for (const kind of LOGICAL) {
    const members = graph.objects(id, ODRL + kind).flatMap((value) => graph.list(value))
    if (members.length === 0) continue
    if (depth > DEPTH_MAX) {
      report('too_deep', 'constraints are nested too deeply', 'error', id)
      return unknownCondition(id)
    }
    const operands = members.flatMap(({ iri }) => (iri ? [readCondition(reader, iri, depth + 1)] : []))
    return { kind, id, operands } satisfies LogicalConstraint
  }
  const one = (property: string) => graph.objects(id, ODRL + property)[0]
  const [leftOperand, operator] = ['leftOperand', 'operator'].map((name) => one(name)?.iri ?? one(name)?.text)
  const right = graph.objects(id, `${ODRL}rightOperand`).flatMap((value) => graph.list(value))
  const references = graph.objects(id, `${ODRL}rightOperandReference`)
  if (!leftOperand || !operator || (right.length === 0 && references.length === 0)) {
    report('constraint_incomplete', 'a constraint needs a left operand, an operator and a right operand', 'error', id)
    return unknownCondition(id)
  }
  if (!OPERATORS.has(operator))
    report('operator_unknown', `the operator ${shorten(operator)} is not known`, 'error', id)
  if (!LEFT_OPERANDS.has(leftOperand))
    report('operand_unknown', `the left operand ${shorten(leftOperand)} is no term of ODRL`, 'warning', id)
  if (right.length === 0)
    report(
      'reference_unresolved',
      `what stands at ${references[0]!.iri ?? references[0]!.text} is not fetched`,
      'warning',
      id,
    )
  const datatype = one('dataType')?.iri
  const unit = one('unit')?.iri ?? one('unit')?.text
  return {
    kind: 'constraint',
    id,
    leftOperand,
    operator,
    right: right.map((value) => (datatype && value.text !== undefined ? { ...value, datatype } : value)),
    ...(unit ? { unit } : {}),
  }
}

/** A condition that nothing satisfies and nothing fails. */
function unknownCondition(id: string): Condition {
  return { kind: 'constraint', id, leftOperand: 'urn:colophon:unreadable', operator: `${ODRL}eq`, right: [] }
}
