/** A value in a policy or a request: an IRI, or a literal with its datatype (an IRI). */
export interface Value {
  iri?: string
  text?: string
  datatype?: string
  language?: string
  /** The unit in which it is given, where that was said. */
  unit?: string
}

/** Something that does not fit, by a code. An `error` in a policy means that nothing is allowed by it. */
export interface Finding {
  code:
    | 'syntax'
    | 'too_large'
    | 'too_deep'
    | 'context_unknown'
    | 'no_policy'
    | 'no_request'
    | 'profile_unknown'
    | 'inheritance_cycle'
    | 'policy_unresolved'
    | 'reference_unresolved'
    | 'property_unknown'
    | 'action_missing'
    | 'action_unknown'
    | 'operand_unknown'
    | 'operator_unknown'
    | 'constraint_incomplete'
    | 'constraint_contradictory'
    | 'unit_mismatch'
    | 'value_invalid'
    | 'conflict_unknown'
  severity: 'error' | 'warning'
  where: string
  message: string
}

export interface Policy {
  id: string
  /** The last part of its type: Set, Offer, Agreement, … */
  type: string
  conflict: 'perm' | 'prohibit' | 'invalid'
  /** Whether it is written in our profile, in which deriving includes changing and translating. */
  isOfProfile?: boolean
  rules: Rule[]
  findings: Finding[]
}

export type RuleKind = 'permission' | 'prohibition' | 'obligation' | 'duty'

export interface Rule {
  id: string
  kind: RuleKind
  /** Any of them. */
  actions: RuleAction[]
  /** Any of them; none means anything. */
  targets: Party[]
  assigners: string[]
  /** Any of them; none means anybody. */
  assignees: Party[]
  /** To whom a duty is owed: who is compensated, informed, asked. */
  counterparts: string[]
  constraints: Condition[]
  /** Of a permission: its duties; of a prohibition: its remedies; of a duty or obligation: its consequences. */
  duties: Rule[]
}

export interface RuleAction {
  id: string
  refinements: Condition[]
}

/** An asset or a party, or a collection of them. */
export interface Party {
  id: string
  /** What the members of a collection are part of. */
  source?: string
  refinements: Condition[]
}

export type Condition = Constraint | LogicalConstraint

export interface Constraint {
  kind: 'constraint'
  id: string
  leftOperand: string
  operator: string
  right: Value[]
  unit?: string
}

export interface LogicalConstraint {
  kind: 'and' | 'or' | 'xone' | 'andSequence'
  id: string
  operands: Condition[]
}

/** Who asks to do what with which asset, and what is known of the use. */
export interface OdrlRequest {
  id: string
  action: string
  assignee?: string
  target?: string
  /** Known values by left operand. */
  parameters: ReadonlyMap<string, readonly Value[]>
  /** When, in milliseconds since 1970; the world's time when absent. */
  at?: number
}

/** What is the case: the time, what belongs to what, what was done. */
export interface World {
  at: number
  /** Whether the world itself says what time it is; then no request says otherwise. */
  isTimeSaid?: boolean
  /** Wider things by each thing: what it is part of, and what it is a kind of. */
  partOf: ReadonlyMap<string, readonly string[]>
  kinds: ReadonlyMap<string, readonly string[]>
  /** What a request says its values are kinds of; it counts for nothing else. */
  requestKinds?: ReadonlyMap<string, readonly string[]>
  /** Values that hold whoever asks, by left operand; and of assets or parties, by the thing and the property. */
  parameters: ReadonlyMap<string, readonly Value[]>
  properties: ReadonlyMap<string, ReadonlyMap<string, readonly Value[]>>
  /** States of duties that somebody has established, by the duty. */
  dutyStates: ReadonlyMap<string, DutyState>
  performed: readonly Performed[]
}

export type DutyState = 'open' | 'fulfilled' | 'violated'

/** Something that was done. */
export interface Performed {
  action: string
  by?: string
  target?: string
  to?: string
  at?: number
  amount?: string
  currency?: string
}

export const EMPTY_WORLD: Omit<World, 'at'> = {
  partOf: new Map(),
  kinds: new Map(),
  parameters: new Map(),
  properties: new Map(),
  dutyStates: new Map(),
  performed: [],
}
