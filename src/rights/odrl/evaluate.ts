import { evaluateAll, reaches, type ConstraintReport, type Context, type Satisfaction } from './constraints.ts'
import { compareValues, momentOf } from './values.ts'
import type { Condition, DutyState, OdrlRequest, Party, Performed, Policy, Rule, Value, World } from './types.ts'
import { ODRL, XSD, PROFILE_ACTIONS, actionNow, actionsAround } from './vocabulary.ts'

export interface RuleReport {
  policy: string
  rule: string
  kind: Rule['kind']
  /** Whether the rule speaks about this request, and everything that it demands is the case. */
  isActive: boolean
  action: Satisfaction
  target: Satisfaction
  assignee: Satisfaction
  constraints: ConstraintReport[]
  duties: DutyReport[]
}

export interface DutyReport {
  rule: string
  actions: string[]
  state: DutyState
  /** Whether it has to be fulfilled before the use. */
  isBefore: boolean
  says: string[]
  consequences: DutyReport[]
}

export interface EvaluateOptions {
  /**
   * What an unknown condition of a prohibition means. ODRL: that it does not hold. In a register, where a no must not be
   * lost because somebody kept silent about a purpose or a place: that it does.
   */
  unknownProhibits?: boolean
}

/** What each rule of a policy says of a request. */
export function evaluatePolicy(
  policy: Policy,
  request: OdrlRequest,
  world: World,
  options: EvaluateOptions = {},
): RuleReport[] {
  const inProfile = policy.isOfProfile ? { ...world, kinds: new Map([...world.kinds, ...PROFILE_ACTIONS]) } : world
  const context: Context = { request, world: inProfile, at: world.isTimeSaid ? world.at : (request.at ?? world.at) }
  return policy.rules.map((rule) => evaluateRule(policy.id, rule, context, options))
}

export function evaluateRule(policy: string, rule: Rule, context: Context, options: EvaluateOptions): RuleReport {
  const constraints: ConstraintReport[] = []
  const action = matchAction(rule, context, constraints)
  const target = matchParty(rule.targets, context.request.target, context, constraints)
  const assignee = matchParty(rule.assignees, context.request.assignee, context, constraints)
  const states = [action, target, assignee]
  const isAbout = !states.includes('unsatisfied')
  // What is owed whatever is asked for is told with every answer; of the others, what their rule demands.
  const { isActive, duties } =
    rule.kind === 'obligation'
      ? { isActive: isAbout, duties: [evaluateDuty(rule, context)] }
      : isAbout
        ? evaluateTerms(rule, context, options, constraints)
        : { isActive: false, duties: [] }
  const holds = states.every((state) => state === 'satisfied' || isUnknownEnough(rule, options))
  return {
    policy,
    rule: rule.id,
    kind: rule.kind,
    isActive: isActive && holds,
    action,
    target,
    assignee,
    constraints,
    duties,
  }
}

/** Whether a rule that is about the request applies: its conditions hold, and no duty stands in the way of a permission. */
export function evaluateTerms(
  rule: Rule,
  context: Context,
  options: EvaluateOptions,
  report?: ConstraintReport[],
): { isActive: boolean; duties: DutyReport[] } {
  const own = { ...context, isProhibition: rule.kind === 'prohibition', ruleActions: rule.actions }
  const condition = evaluateAll(rule.constraints, own, report)
  const duties = rule.duties.map((duty) => evaluateDuty(duty, context))
  const holds = condition === 'satisfied' || (condition === 'unknown' && isUnknownEnough(rule, options))
  return { isActive: holds && (rule.kind !== 'permission' || duties.every(isNoHindrance)), duties }
}

function isUnknownEnough({ kind }: Rule, { unknownProhibits }: EvaluateOptions): boolean {
  return kind === 'prohibition' && unknownProhibits === true
}

/** A duty that is violated, or has to be fulfilled first and is not, stands in the way of its permission. */
function isNoHindrance({ state, isBefore }: DutyReport): boolean {
  return state === 'fulfilled' || (state === 'open' && !isBefore)
}

/** Whether the rule's action is what is asked for, or includes it. A request to do more than is ruled is not met. */
function matchAction(rule: Rule, context: Context, report?: ConstraintReport[]): Satisfaction {
  // A rule that names no action is about all of them; that it does not is told as a finding.
  if (rule.actions.length === 0) return 'satisfied'
  const asked = actionsAround(context.request.action, context.world.kinds)
  const own = { ...context, isProhibition: rule.kind === 'prohibition' }
  let best: Satisfaction = 'unsatisfied'
  for (const { id, refinements } of rule.actions) {
    if (!asked.has(actionNow(id))) continue
    const state = evaluateAll(refinements, own, report)
    if (state === 'satisfied') return state
    if (state === 'unknown') best = state
  }
  return best
}

function matchParty(
  ruled: readonly Party[],
  asked: string | undefined,
  context: Context,
  report?: ConstraintReport[],
): Satisfaction {
  if (ruled.length === 0) return 'satisfied'
  if (asked === undefined) return 'unknown'
  let best: Satisfaction = 'unsatisfied'
  for (const { id, source, refinements } of ruled) {
    const isMeant =
      id === asked || [id, source].some((whole) => whole !== undefined && isPart(asked, whole, context.world))
    if (!isMeant) continue
    const properties = context.world.properties.get(asked)
    const state = evaluateAll(refinements, { ...context, properties: properties ?? new Map() }, report)
    if (state === 'satisfied') return state
    if (state === 'unknown') best = state
  }
  return best
}

function isPart(asked: string, whole: string, { partOf }: World): boolean {
  return asked === whole || reaches({ iri: asked }, { iri: whole }, partOf)
}

/** Whether a duty is fulfilled, still open, or violated, by what somebody established or by what was done. */
export function evaluateDuty(duty: Rule, context: Context): DutyReport {
  const isBefore = duty.constraints.some(
    (condition) =>
      condition.kind === 'constraint' &&
      condition.leftOperand === `${ODRL}event` &&
      condition.operator === `${ODRL}lt` &&
      condition.right.some(({ iri }) => iri === `${ODRL}policyUsage`),
  )
  const established = context.world.dutyStates.get(duty.id)
  const isDone = context.world.performed.some((done) => fulfils(done, duty, context))
  const isTooLate = !isDone && deadlinePassed(duty, context)
  let state: DutyState =
    established === 'fulfilled' || isDone ? 'fulfilled' : established === 'violated' || isTooLate ? 'violated' : 'open'
  const consequences = state === 'violated' ? duty.duties.map((rule) => evaluateDuty(rule, context)) : []
  // A duty that was missed is made good by doing it after all, and what follows from having missed it.
  const isMadeGood =
    consequences.length > 0 &&
    consequences.every((consequence) => consequence.state === 'fulfilled') &&
    context.world.performed.some((done) => fulfils(done, { ...duty, constraints: amountsOf(duty) }, context))
  if (isMadeGood) state = 'fulfilled'
  return {
    rule: duty.id,
    actions: duty.actions.map(({ id }) => id),
    state,
    isBefore,
    says: demandsOf(duty),
    consequences,
  }
}

const demands = new WeakMap<Rule, string[]>()

/** What a duty demands, in words; the same for every request. */
function demandsOf(duty: Rule): string[] {
  let says = demands.get(duty)
  if (!says) {
    const conditions = [...duty.actions.flatMap(({ refinements }) => refinements), ...duty.constraints]
    says = conditions.flatMap((condition) => (condition.kind === 'constraint' ? [sayDemand(condition)] : []))
    demands.set(duty, says)
  }
  return says
}

function sayDemand({
  leftOperand,
  operator,
  right,
  unit,
}: {
  leftOperand: string
  operator: string
  right: Value[]
  unit?: string
}) {
  const short = (iri: string) => iri.split(/[/#]/).at(-1)!
  return `${short(leftOperand)} ${short(operator)} ${right.map(({ iri, text }) => text ?? short(iri!)).join(', ')}${unit ? ` ${short(unit)}` : ''}`
}

/** An amount may stand at the action, as ODRL 2.2 has it, or at the duty itself, as it was before. */
function amountsOf({ constraints }: Rule): Condition[] {
  return constraints.filter(
    (condition) => condition.kind === 'constraint' && condition.leftOperand === `${ODRL}payAmount`,
  )
}

/** The currency that a unit or a code names: the last part of an address, and what the euro is called elsewhere. */
function currencyOf(name: string): string {
  const last = name.split(/[/#:]/).at(-1)!
  return last === 'Euro' ? 'EUR' : last
}

/** Whether something that was done is what a duty demands. */
function fulfils(done: Performed, duty: Rule, context: Context): boolean {
  const { action, by, target, to, at, amount, currency } = done
  const [who] = duty.assignees
  if (who ? by !== undefined && by !== who.id : by !== undefined && by !== context.request.assignee) return false
  const targets = duty.targets.length > 0 ? duty.targets.map(({ id }) => id) : [context.request.target]
  if (target !== undefined && !targets.includes(target)) return false
  // What is said to be done later is not done.
  if (at !== undefined && at > context.at) return false
  if (to !== undefined && duty.counterparts.length > 0 && !duty.counterparts.includes(to)) return false
  const around = actionsAround(action)
  const properties = new Map<string, Value[]>()
  if (amount !== undefined) properties.set(`${ODRL}payAmount`, [{ text: amount, datatype: `${XSD}decimal` }])
  if (at !== undefined)
    properties.set(`${ODRL}dateTime`, [{ text: new Date(at).toISOString(), datatype: `${XSD}dateTime` }])
  const amounts = amountsOf(duty)
  const isPaid = duty.actions.some(({ id, refinements }) => {
    if (!around.has(actionNow(id))) return false
    return [...refinements, ...amounts].every((condition) => {
      if (condition.kind !== 'constraint') return evaluateAll([condition], { ...context, properties }) === 'satisfied'
      const isMoney = condition.leftOperand === `${ODRL}payAmount`
      if (isMoney && condition.unit && currencyOf(condition.unit) !== currencyOf(currency ?? '')) return false
      // More than was asked for is enough.
      if (isMoney && amount !== undefined && condition.operator === `${ODRL}eq`)
        return condition.right.every((right) => (compareValues({ text: amount }, right) ?? -1) >= 0)
      return evaluateAll([condition], { ...context, properties }) === 'satisfied'
    })
  })
  if (!isPaid) return false
  const timely = duty.constraints.filter(
    (condition) => condition.kind === 'constraint' && condition.leftOperand === `${ODRL}dateTime`,
  )
  return evaluateAll(timely, { ...context, properties }) !== 'unsatisfied'
}

/** A date before which the duty had to be fulfilled, and which is over. */
function deadlinePassed(duty: Rule, { at }: Context): boolean {
  return duty.constraints.some((condition) => {
    if (condition.kind !== 'constraint' || condition.leftOperand !== `${ODRL}dateTime`) return false
    if (condition.operator !== `${ODRL}lt` && condition.operator !== `${ODRL}lteq`) return false
    const [{ text = '' } = {}] = condition.right
    // A day is over when it ends.
    const end = momentOf(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999Z` : text)
    return end !== undefined && at > end
  })
}
