import { isWithin } from './places.ts'
import type { Condition, Constraint, OdrlRequest, RuleAction, Value, World } from './types.ts'
import { addDuration, compareValues, equalValues, momentOf, sayValue, timeValue } from './values.ts'
import { COL, LEFT_OPERANDS, ODRL, actionNow, actionsAround, shorten } from './vocabulary.ts'

/** `unknown`: what would decide it was not said. */
export type Satisfaction = 'satisfied' | 'unsatisfied' | 'unknown'

/** What a condition is looked at with. */
export interface Context {
  request: OdrlRequest
  world: World
  at: number
  /** Properties of what is refined, an asset, a party or a payment: what a request says of itself does not count there. */
  properties?: ReadonlyMap<string, readonly Value[]>
  /** Whether the rule forbids: then a place of which a part is forbidden is. */
  isProhibition?: boolean
  /** The actions of the rule: uses that they cover are counted. */
  ruleActions?: readonly Pick<RuleAction, 'id'>[]
}

export interface ConstraintReport {
  id: string
  satisfaction: Satisfaction
  /** In words: what was demanded, and what was the case. */
  says: string
}

/** Whether a condition holds, by the logic of three values; what is found of each constraint goes to `report`. */
export function evaluateCondition(condition: Condition, context: Context, report?: ConstraintReport[]): Satisfaction {
  if (condition.kind === 'constraint') return evaluateConstraint(condition, context, report)
  const states = condition.operands.map((operand) => evaluateCondition(operand, context, report))
  const satisfied = states.filter((state) => state === 'satisfied').length
  const isUnknown = states.includes('unknown')
  switch (condition.kind) {
    case 'or':
      return satisfied > 0 ? 'satisfied' : isUnknown ? 'unknown' : 'unsatisfied'
    case 'xone':
      if (satisfied > 1) return 'unsatisfied'
      return isUnknown ? 'unknown' : satisfied === 1 ? 'satisfied' : 'unsatisfied'
    // What has to be the case one after the other has to be the case.
    default:
      return states.includes('unsatisfied') ? 'unsatisfied' : isUnknown ? 'unknown' : 'satisfied'
  }
}

/** All conditions together. */
export function evaluateAll(
  conditions: readonly Condition[],
  context: Context,
  report?: ConstraintReport[],
): Satisfaction {
  let all: Satisfaction = 'satisfied'
  for (const condition of conditions) {
    const state = evaluateCondition(condition, context, report)
    if (state === 'unsatisfied' || (state === 'unknown' && all === 'satisfied')) all = state
  }
  return all
}

function evaluateConstraint(constraint: Constraint, context: Context, report?: ConstraintReport[]): Satisfaction {
  const special = Object.hasOwn(SPECIAL, constraint.leftOperand)
    ? SPECIAL[constraint.leftOperand]!(constraint, context)
    : undefined
  const left = special === undefined ? leftValues(constraint.leftOperand, context) : undefined
  const satisfaction = special ?? compare(constraint, left, context)
  report?.push({ id: constraint.id, satisfaction, says: say(constraint, left, satisfaction) })
  return satisfaction
}

function leftValues(operand: string, { request, world, at, properties }: Context): readonly Value[] | undefined {
  if (operand === `${ODRL}dateTime` && !properties?.has(operand)) return [timeValue(at)]
  if (properties) return properties.get(operand)
  return world.parameters.get(operand) ?? request.parameters.get(operand)
}

/** Operators that hold when nothing is said of what they exclude, as long as it is something that could be said. */
const EXCLUDING = new Set([`${ODRL}neq`, `${ODRL}isNoneOf`])

function compare(constraint: Constraint, left: readonly Value[] | undefined, context: Context): Satisfaction {
  const { leftOperand, operator, right, unit } = constraint
  if (right.length === 0) return 'unknown'
  if (left === undefined || left.length === 0)
    return EXCLUDING.has(operator) && LEFT_OPERANDS.has(leftOperand) ? 'satisfied' : 'unknown'
  if (unit !== undefined && left.some((value) => value.unit !== undefined && value.unit !== unit)) return 'unknown'
  const name = operator.slice(ODRL.length)
  if (leftOperand === `${ODRL}spatial`) return comparePlaces(name, left, right, context)
  switch (name) {
    case 'eq':
    case 'isAnyOf':
      // A use for two purposes is permitted only where both are.
      if (leftOperand === `${ODRL}purpose` && context.isProhibition === false && left.length > 1)
        return left.map((each) => anyPair([each], right, equalValues)).reduce(both)
      return anyPair(left, right, equalValues)
    case 'neq':
    case 'isNoneOf':
      return not(anyPair(left, right, equalValues))
    case 'isAllOf':
      return answer(right.every((b) => left.some((a) => equalValues(a, b) === true)))
    case 'isA':
      return anyPair(left, right, (a, b) => isKindOf(a, b, context.world))
    case 'isPartOf':
      return anyPair(left, right, (a, b) => equalValues(a, b) === true || reaches(a, b, context.world.partOf))
    case 'hasPart':
      return answer(
        right.every((b) => left.some((a) => equalValues(a, b) === true || reaches(b, a, context.world.partOf))),
      )
    default:
      return ordered(operator, left, right)
  }
}

function isKindOf(a: Value, b: Value, { kinds, requestKinds }: World): boolean {
  if (equalValues(a, b) === true || reaches(a, b, kinds)) return true
  const said = requestKinds?.get(a.iri ?? a.text!) ?? []
  return said.some((iri) => equalValues({ iri }, b) === true || reaches({ iri }, b, kinds))
}

function both(one: Satisfaction, other: Satisfaction): Satisfaction {
  if (one === 'unsatisfied' || other === 'unsatisfied') return 'unsatisfied'
  return one === 'unknown' ? one : other
}

function answer(holds: boolean): Satisfaction {
  return holds ? 'satisfied' : 'unsatisfied'
}

function not(state: Satisfaction): Satisfaction {
  return state === 'unknown' ? state : answer(state === 'unsatisfied')
}

/** Whether any of these stands to any of those; unknown when that is the case of none and unclear of some. */
function anyPair(
  left: readonly Value[],
  right: readonly Value[],
  is: (a: Value, b: Value) => boolean | undefined,
): Satisfaction {
  let isUnclear = false
  for (const a of left)
    for (const b of right) {
      const state = is(a, b)
      if (state) return 'satisfied'
      if (state === undefined) isUnclear = true
    }
  return isUnclear ? 'unknown' : 'unsatisfied'
}

/**
 * Places by where they lie. A place that is larger than an area lies partly in it: what is permitted there is not
 * permitted everywhere in it, and what is forbidden there is not allowed everywhere in it.
 */
function comparePlaces(name: string, left: readonly Value[], right: readonly Value[], context: Context): Satisfaction {
  const isIn = (a: Value, b: Value) => within(a, b, context)
  if (name === 'hasPart') return answer(right.every((b) => left.some((a) => isIn(b, a))))
  const isInside = left.every((a) => right.some((b) => isIn(a, b)))
  const touches = left.some((a) => right.some((b) => isIn(a, b) || isIn(b, a)))
  if (name === 'isAllOf') return answer(right.every((b) => left.some((a) => isIn(a, b))))
  if (!['eq', 'isAnyOf', 'isA', 'isPartOf', 'neq', 'isNoneOf'].includes(name)) return 'unknown'
  const isExcluding = name === 'neq' || name === 'isNoneOf'
  if (touches && !isInside) return answer(context.isProhibition === true)
  return answer(isInside !== isExcluding)
}

const ORDERED = new Map<string, (difference: number) => boolean>([
  [`${ODRL}gt`, (difference) => difference > 0],
  [`${ODRL}gteq`, (difference) => difference >= 0],
  [`${ODRL}lt`, (difference) => difference < 0],
  [`${ODRL}lteq`, (difference) => difference <= 0],
])

function ordered(operator: string, left: readonly Value[], right: readonly Value[]): Satisfaction {
  const test = ORDERED.get(operator)
  const differences = left.flatMap((a) => right.map((b) => compareValues(a, b)))
  if (!test || differences.some((difference) => difference === undefined)) return 'unknown'
  return differences.every((difference) => test(difference!)) ? 'satisfied' : 'unsatisfied'
}

/** A place lies in an area by their codes, or because the world says that it is a part of it. */
function within(a: Value, b: Value, { world }: Context): boolean {
  return isWithin(a.iri ?? a.text!, b.iri ?? b.text!) || reaches(a, b, world.partOf)
}

/** Whether one thing leads to another over any number of steps. */
export function reaches(a: Value, b: Value, steps: ReadonlyMap<string, readonly string[]>): boolean {
  const target = b.iri ?? b.text!
  const seen = new Set<string>()
  const waiting = [a.iri ?? a.text!]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const next of steps.get(name) ?? []) {
      if (next === target) return true
      if (!seen.has(next)) {
        seen.add(next)
        waiting.push(next)
      }
    }
  }
  return false
}

/** Constraints on what was done before. Undefined when the request or the world gives a value to compare with. */
const SPECIAL: Record<string, (constraint: Constraint, context: Context) => Satisfaction | undefined> = {
  [`${ODRL}count`]: (constraint, context) => {
    if (isGiven(constraint, context)) return undefined
    const next = { text: String(exercises(context).length + 1) }
    return compare(constraint, [next], context)
  },
  [`${ODRL}elapsedTime`]: (constraint, context) => {
    if (isGiven(constraint, context)) return undefined
    const first = Math.min(...exercises(context))
    // Where nothing has begun it begins now; what is no duration decides nothing.
    const isWithin = endsAfter(constraint, Math.min(first, context.at), context.at)
    return /gt(eq)?$/.test(constraint.operator) ? not(isWithin) : isWithin
  },
  [`${ODRL}timeInterval`]: (constraint, context) => {
    if (isGiven(constraint, context)) return undefined
    const last = Math.max(...exercises(context))
    if (last === -Infinity) return endsAfter(constraint, context.at, context.at) === 'unknown' ? 'unknown' : 'satisfied'
    const inInterval = endsAfter(constraint, last, context.at)
    return inInterval === 'unknown' ? 'unknown' : inInterval === 'satisfied' ? 'unsatisfied' : 'satisfied'
  },
  [`${COL}season`]: ({ right }, { at }) => {
    const day = new Date(at).toISOString().slice(5, 10)
    const seasons = right.map(({ text = '' }) => /^(?:--)?(\d\d-\d\d)\/(?:--)?(\d\d-\d\d)$/.exec(text))
    const isIn = (season: RegExpExecArray) => {
      const [, from, until] = season as unknown as [string, string, string]
      return from <= until ? from <= day && day <= until : day >= from || day <= until
    }
    if (seasons.some((season) => season === null || !isDayOfYear(season[1]!) || !isDayOfYear(season[2]!)))
      return 'unknown'
    const holds = seasons.some((season) => isIn(season!))
    return holds ? 'satisfied' : 'unsatisfied'
  },
}

/** Whether the world gives a value itself, or the request does where the world knows of nothing that was done. */
function isGiven({ leftOperand }: Constraint, { world, request }: Context): boolean {
  return world.parameters.has(leftOperand) || (world.performed.length === 0 && request.parameters.has(leftOperand))
}

/** Whether a moment is still within a duration that began at another. */
function endsAfter({ right }: Constraint, began: number, at: number): Satisfaction {
  const end = right[0]?.text === undefined ? undefined : addDuration(began, right[0].text)
  return end === undefined ? 'unknown' : at <= end ? 'satisfied' : 'unsatisfied'
}

/** When something that the rule covers was done before by whoever asks. */
function exercises({ request, world, at, ruleActions = [{ id: request.action }] }: Context): number[] {
  const covering = new Set(ruleActions.flatMap(({ id }) => [id, actionNow(id)]))
  return world.performed
    .filter(
      ({ action, by, target }) =>
        [...actionsAround(action)].some((wider) => covering.has(wider)) &&
        (by === undefined || by === request.assignee) &&
        (target === undefined || target === request.target),
    )
    .map((done) => done.at ?? at)
}

/** Whether there is such a day, as `02-29`, in any year. */
export function isDayOfYear(day: string): boolean {
  const [month, date] = day.split('-').map(Number)
  return new Date(Date.UTC(2024, month! - 1, date)).getUTCMonth() === month! - 1
}

function say(
  { leftOperand, operator, right, unit }: Constraint,
  left: readonly Value[] | undefined,
  state: Satisfaction,
) {
  const values = (list: readonly Value[]) => list.map(sayValue).join(', ')
  const demand = `${shorten(leftOperand)} ${shorten(operator).replace(/^odrl:/, '')} ${values(right)}${unit ? ` ${shorten(unit)}` : ''}`
  return `${demand}: ${state}${left ? ` (${values(left)})` : state === 'unknown' ? ' (not said)' : ''}`
}

/** Contradictions that can be seen without a request: a window that ends before it begins. */
export function contradictions(conditions: readonly Condition[]): string[] {
  const found: string[] = []
  const bound = { from: -Infinity, until: Infinity }
  for (const condition of conditions) {
    if (condition.kind === 'and') found.push(...contradictions(condition.operands))
    if (condition.kind !== 'constraint' || condition.leftOperand !== `${ODRL}dateTime`) continue
    const moment = momentOf(condition.right[0]?.text ?? '')
    if (moment === undefined) continue
    if (condition.operator === `${ODRL}gt` || condition.operator === `${ODRL}gteq`)
      bound.from = Math.max(bound.from, moment)
    if (condition.operator === `${ODRL}lt` || condition.operator === `${ODRL}lteq`)
      bound.until = Math.min(bound.until, moment)
    if (bound.from > bound.until) found.push(condition.id)
  }
  return found
}
