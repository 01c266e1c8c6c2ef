import { contradictions } from './constraints.ts'
import type { Graph } from './graph.ts'
import { POLICY_TYPES, RULE_PROPERTIES, lineOf } from './inheritance.ts'
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
import { COL, LEFT_OPERANDS, ODRL, OPERATORS, PROFILES, PROPERTIES, RDF, isKnownAction, shorten } from './vocabulary.ts'

const DEPTH_MAX = 32
/** Rules and conditions of one text, those that are named several times counted as often. */
const NODES_MAX = 50_000
const FINDINGS_MAX = 200
const OWN_PROFILE = COL.slice(0, -1)

/** All policies of a graph, requests left out, with what they inherit. Findings stand with the policy they concern. */
export function readPolicies(graph: Graph, where: string, findings: Finding[]): Policy[] {
  const ids = new Set([
    ...POLICY_TYPES.filter((type) => type !== 'Request').flatMap((type) => graph.ofType(ODRL + type)),
    ...RULE_PROPERTIES.flatMap(([property]) => graph.subjectsWith(ODRL + property).map(({ subject }) => subject)),
  ])
  const own = [...ids].filter((id) => !graph.types(id).includes(`${ODRL}Request`))
  const inherited = new Set(own.flatMap((id) => graph.objects(id, `${ODRL}inheritFrom`).map(({ iri }) => iri)))
  const budget = { left: NODES_MAX }
  const policies: Policy[] = []
  const read = new Set<string>()
  // What is inherited is part of its heir. What only a circle inherits stays, so that no prohibition is lost.
  for (const id of own.toSorted((a, b) => Number(inherited.has(a)) - Number(inherited.has(b)))) {
    if (inherited.has(id) && read.has(id)) continue
    const line = lineOf(graph, id)
    for (const policy of line.policies) read.add(policy)
    policies.push(readPolicy(graph, id, line, budget))
  }
  if (policies.length === 0)
    findings.push({ code: 'no_policy', severity: 'error', where, message: 'there is no policy in it' })
  return policies
}

/** A policy with the rules of all that it inherits from, each once. */
function readPolicy(
  graph: Graph,
  id: string,
  { policies, missing, isCircular }: ReturnType<typeof lineOf>,
  budget: Reader['budget'],
): Policy {
  const findings: Finding[] = []
  const report: Reader['report'] = (code, message, severity = 'error', where = id) => {
    // The first of many say enough; an error among them counts however many there are.
    if (findings.length < FINDINGS_MAX) findings.push({ code, severity, where, message })
    else if (severity === 'error') findings[FINDINGS_MAX - 1] = { code, severity, where, message }
  }
  if (isCircular) report('inheritance_cycle', `${id} inherits in a circle`)
  for (const parent of missing) report('policy_unresolved', `the policy ${parent}, from which it inherits, is not here`)
  const counts: Partial<Record<RuleKind, number>> = {}
  const nameOf = (kind: RuleKind) => `${kind} ${(counts[kind] = (counts[kind] ?? 0) + 1)}`
  const rules = policies.flatMap((policy) => {
    const reader: Reader = { graph, report, nameOf, budget, shared: policy }
    checkProperties(reader, policy)
    return RULE_PROPERTIES.flatMap(([property, kind]) =>
      graph.objects(policy, ODRL + property).map(({ iri, text }) => readRule(reader, iri ?? text!, kind, 0)),
    )
  })
  const profiles = graph.objects(id, `${ODRL}profile`)
  for (const { iri, text } of profiles)
    if (!PROFILES.has(iri ?? text!))
      report('profile_unknown', `the profile ${iri ?? text} is not known: its terms are not understood`, 'warning')
  // Several strategies in one policy void it when rules conflict (section 2.10).
  const strategies = policies.flatMap((policy) =>
    graph.objects(policy, `${ODRL}conflict`).map(({ iri, text }) => iri ?? text!),
  )
  return {
    id,
    type: POLICY_TYPES.slice(1).find((name) => graph.types(id).includes(ODRL + name)) ?? 'Set',
    conflict: new Set(strategies).size > 1 ? 'invalid' : readConflict(graph, report, id),
    isOfProfile: profiles.some(({ iri }) => iri?.startsWith(OWN_PROFILE)),
    rules,
    findings,
  }
}

/** A word of ODRL's that ODRL does not have may be a misspelt condition: what it means is not known. */
function checkProperties({ graph, report }: Reader, node: string): void {
  for (const property of graph.propertiesOf(node))
    if (property.startsWith(ODRL) && !PROPERTIES.has(property.slice(ODRL.length)))
      report('property_unknown', `ODRL has no property ${shorten(property)}`, 'error', node)
}

function readConflict(graph: Graph, report: Reader['report'], id: string): Policy['conflict'] {
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
  /** How many rules and conditions may still be read. */
  budget: { left: number }
  /** The policy, whose target, action and parties are those of each rule that has none of its own. */
  shared: string
}

const COUNTERPARTS = 'compensatedParty informedParty consentingParty attributedParty trackingParty'.split(' ')

function readRule(reader: Reader, id: string, kind: RuleKind, depth: number): Rule {
  const { graph, report, shared } = reader
  const isTop = depth === 0
  checkProperties(reader, id)
  if (reader.budget.left-- <= 0) return unreadableRule(reader, id, kind)
  const own = (property: string) => {
    const values = graph.objects(id, ODRL + property)
    return values.length > 0 || !isTop ? values : graph.objects(shared, ODRL + property)
  }
  const actions = own('action').flatMap((value) => readAction(reader, value, id, depth))
  if (actions.length === 0)
    report('action_missing', 'the rule names no action, so it is about all of them', isTop ? 'warning' : 'error', id)
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

/** A rule that is not read: it allows nothing, and what it would forbid is not known. */
function unreadableRule({ report }: Reader, id: string, kind: RuleKind): Rule {
  report('too_large', 'there are too many rules and conditions to be read', 'error', id)
  const none = { actions: [], targets: [], assigners: [], assignees: [], counterparts: [], duties: [] }
  return { id, kind, ...none, constraints: [unknownCondition(id)] }
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
    .map((value) => readNode(reader, value, subject, depth))
}

/** A condition by its node; a text in the place of one is none, and nothing satisfies it. */
function readNode(reader: Reader, { iri, text }: Value, subject: string, depth: number): Condition {
  if (iri !== undefined) return readCondition(reader, iri, depth)
  reader.report('constraint_incomplete', `“${text}” is no constraint`, 'error', subject)
  return unknownCondition(subject)
}

function readCondition(reader: Reader, id: string, depth: number): Condition {
  const { graph, report } = reader
  checkProperties(reader, id)
  if (reader.budget.left-- <= 0 || depth > DEPTH_MAX) {
    report('too_deep', 'constraints are nested too deeply, or there are too many', 'error', id)
    return unknownCondition(id)
  }
  const logical = LOGICAL.flatMap((kind): LogicalConstraint[] => {
    const members = graph.objects(id, ODRL + kind).flatMap((value) => graph.list(value))
    if (members.length === 0) return []
    return [{ kind, id, operands: members.map((member) => readNode(reader, member, id, depth + 1)) }]
  })
  const isSimple = graph.objects(id, `${ODRL}leftOperand`).length > 0
  if (logical.length === 1 && !isSimple) return logical[0]!
  if (logical.length > 0) {
    report('constraint_incomplete', 'a constraint is either simple or made of others by one word', 'error', id)
    return { kind: 'and', id, operands: isSimple ? [...logical, readSimple(reader, id)] : logical }
  }
  return readSimple(reader, id)
}

function readSimple({ graph, report }: Reader, id: string): Condition {
  const single = ['leftOperand', 'operator'].every((name) => graph.objects(id, ODRL + name).length <= 1)
  if (!single) {
    report('constraint_incomplete', 'a constraint has one left operand and one operator', 'error', id)
    return unknownCondition(id)
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
      'error',
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
