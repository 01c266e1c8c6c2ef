import { z } from 'zod'
import type { Graph } from './graph.ts'
import type { DutyState, Finding, OdrlRequest, Performed, Value, World } from './types.ts'
import { momentOf } from './values.ts'
import { DCT, ODRL, RDF, RDFS, REPORT, SKOS, SOTW, expand } from './vocabulary.ts'

/**
 * Requests of a graph: a policy of the type Request, whose rules are what is asked for, or an evaluation request with
 * what is known of the use as parameters.
 */
export function readRequests(graph: Graph, where: string, findings: Finding[]): OdrlRequest[] {
  const requests = [
    ...graph.ofType(`${ODRL}Request`).flatMap((id) => policyRequests(graph, id)),
    ...graph.ofType(`${SOTW}EvaluationRequest`).map((id) => evaluationRequest(graph, id)),
  ]
  if (requests.length === 0)
    findings.push({ code: 'no_request', severity: 'error', where, message: 'there is no request in it' })
  return requests
}

function policyRequests(graph: Graph, id: string): OdrlRequest[] {
  return ['permission', 'prohibition'].flatMap((property) =>
    graph.objects(id, ODRL + property).flatMap(({ iri: rule }) => {
      if (rule === undefined) return []
      const own = (name: string) => [...graph.objects(rule, ODRL + name), ...graph.objects(id, ODRL + name)].map(nameOf)
      const parameters = new Map<string, Value[]>()
      // What is known of the use: the older form of the FORCE vocabulary has a word of its own for it.
      for (const name of [`${ODRL}constraint`, `${ODRL}refinement`, `${SOTW}context`])
        for (const { iri } of graph.objects(rule, name)) if (iri) takeParameter(graph, iri, parameters)
      const [assignee] = own('assignee')
      const [target] = own('target')
      return graph
        .objects(rule, `${ODRL}action`)
        .concat(graph.objects(id, `${ODRL}action`))
        .map((value) => {
          const node = nameOf(value)
          for (const { iri } of graph.objects(node, `${ODRL}refinement`)) if (iri) takeParameter(graph, iri, parameters)
          const [action] = graph.objects(node, `${RDF}value`)
          return requestOf(rule, action ? nameOf(action) : node, assignee, target, parameters)
        })
    }),
  )
}

/** What a request says of the use it asks for: an operand and its value. */
function takeParameter(graph: Graph, constraint: string, parameters: Map<string, Value[]>): void {
  const [operand] = graph.objects(constraint, `${ODRL}leftOperand`)
  if (!operand) return
  const [operator] = graph.objects(constraint, `${ODRL}operator`)
  // A request that says what its use is not has not said what it is.
  if (operator && !STATING.has(nameOf(operator))) return
  const [unit] = graph.objects(constraint, `${ODRL}unit`)
  const values = graph
    .objects(constraint, `${ODRL}rightOperand`)
    .flatMap((value) => graph.list(value))
    .map((value) => (unit ? { ...value, unit: nameOf(unit) } : value))
  parameters.set(nameOf(operand), [...(parameters.get(nameOf(operand)) ?? []), ...values])
}

const STATING = new Set(['eq', 'isA', 'isAnyOf', 'isAllOf', 'isPartOf'].map((name) => ODRL + name))

function evaluationRequest(graph: Graph, id: string): OdrlRequest {
  const one = (name: string) => graph.objects(id, SOTW + name).map(nameOf)[0]
  const parameters = new Map<string, Value[]>()
  for (const { iri } of graph.objects(id, `${SOTW}requestParameter`)) {
    if (iri === undefined) continue
    const [feature] = graph.objects(iri, `${SOTW}describesFeature`)
    const values = graph.objects(iri, `${SOTW}value`)
    if (!feature || values.length === 0) continue
    parameters.set(operandOf(nameOf(feature)), values)
  }
  return requestOf(id, one('requestedAction') ?? '', one('requestingParty'), one('requestedTarget'), parameters)
}

/** The left operand that a feature of a request stands for: `Purpose` for `odrl:purpose`. */
function operandOf(feature: string): string {
  if (!feature.startsWith(SOTW)) return feature
  const name = feature.slice(SOTW.length)
  if (name === 'TemporalData') return `${ODRL}dateTime`
  return ODRL + name[0]!.toLowerCase() + name.slice(1)
}

function requestOf(
  id: string,
  action: string,
  assignee: string | undefined,
  target: string | undefined,
  parameters: Map<string, Value[]>,
): OdrlRequest {
  const [time] = parameters.get(`${ODRL}dateTime`) ?? []
  const at = time?.text === undefined ? undefined : momentOf(time.text)
  return {
    id,
    action,
    ...(assignee ? { assignee } : {}),
    ...(target ? { target } : {}),
    parameters,
    ...(at === undefined ? {} : { at }),
  }
}

function nameOf({ iri, text }: Value): string {
  return iri ?? text!
}

/**
 * The world as graphs say it is; `now` is the time when none of them says one. Of the request only the kinds of what it
 * names count: whoever asks cannot make himself a member of anything, nor one action a part of another.
 */
export function readWorld(graphs: readonly Graph[], request: Graph | undefined, now: number): World {
  const times = graphs.flatMap((graph) => [
    ...graph.objects('http://example.com/request/currentTime', `${DCT}issued`),
    ...graph.objects(`${SOTW}currentTime`, `${DCT}issued`),
    ...graph.ofType(`${SOTW}SotW`).flatMap((id) => graph.objects(id, `${SOTW}currentTime`)),
  ])
  const at = times.map(({ text }) => momentOf(text ?? '')).find((moment) => moment !== undefined)
  const requestKinds = new Map<string, string[]>()
  for (const { subject, value } of request?.subjectsWith(`${RDF}type`) ?? [])
    addStep(requestKinds, subject, nameOf(value))
  return {
    at: at ?? now,
    isTimeSaid: at !== undefined,
    partOf: stepsOf(graphs, PART_OF, HAS_PART),
    kinds: stepsOf(graphs, KIND_OF),
    requestKinds,
    parameters: new Map(),
    properties: propertiesOf(graphs),
    dutyStates: dutyStates(graphs),
    performed: [],
  }
}

const PART_OF = [`${ODRL}partOf`, `${DCT}isPartOf`, 'https://schema.org/isPartOf', 'https://schema.org/memberOf']
const HAS_PART = [`${DCT}hasPart`, 'http://xmlns.com/foaf/0.1/member', 'http://www.w3.org/2006/vcard/ns#hasMember']
const KIND_OF = [
  `${RDF}type`,
  `${RDFS}subClassOf`,
  `${SKOS}broader`,
  `${SKOS}broaderTransitive`,
  `${ODRL}includedIn`,
  `${ODRL}implies`,
]

function stepsOf(graphs: readonly Graph[], predicates: string[], inverse: string[] = []) {
  const found = new Map<string, string[]>()
  for (const graph of graphs) {
    for (const predicate of predicates)
      for (const { subject, value } of graph.subjectsWith(predicate)) addStep(found, subject, nameOf(value))
    for (const predicate of inverse)
      for (const { subject, value } of graph.subjectsWith(predicate)) addStep(found, nameOf(value), subject)
  }
  return found
}

function addStep(steps: Map<string, string[]>, from: string, to: string): void {
  const known = steps.get(from)
  if (known) known.push(to)
  else steps.set(from, [to])
}

/** What is said of each thing: refinements of assets and parties ask for it. */
function propertiesOf(graphs: readonly Graph[]): World['properties'] {
  const found = new Map<string, Map<string, Value[]>>()
  for (const graph of graphs)
    for (const operand of graph.predicates())
      for (const { subject, value } of graph.subjectsWith(operand)) {
        const properties = found.get(subject) ?? new Map<string, Value[]>()
        found.set(subject, properties)
        const values = properties.get(operand)
        if (values) values.push(value)
        else properties.set(operand, [value])
      }
  return found
}

/** States that reports of earlier evaluations give to duties. */
function dutyStates(graphs: readonly Graph[]): World['dutyStates'] {
  const found = new Map<string, DutyState>()
  for (const graph of graphs) {
    for (const { subject: report, value } of graph.subjectsWith(`${REPORT}rule`)) {
      const said = [`${REPORT}deonticState`, `${REPORT}performanceState`].flatMap((name) =>
        graph.objects(report, name).map((state) => nameOf(state).slice(REPORT.length)),
      )
      if (said.includes('Violated')) found.set(nameOf(value), 'violated')
      else if (said.includes('Fulfilled') || said.includes('Performed')) found.set(nameOf(value), 'fulfilled')
    }
  }
  return found
}

const textOrNumber = z.union([z.string(), z.number()])
const momentText = z.string().refine((text) => momentOf(text) !== undefined, 'this is no time')

/** A world in plain JSON: time, values by left operand, duties that are fulfilled or violated, and what was done. */
export const worldJsonSchema = z.strictObject({
  now: momentText.optional(),
  parameters: z.record(z.string(), z.union([textOrNumber, z.array(textOrNumber)])).optional(),
  partOf: z.record(z.string(), z.array(z.string())).optional(),
  duties: z.record(z.string(), z.enum(['open', 'fulfilled', 'violated'])).optional(),
  performed: z
    .array(
      z.strictObject({
        action: z.string(),
        by: z.string().optional(),
        target: z.string().optional(),
        to: z.string().optional(),
        at: momentText.optional(),
        amount: z
          .string()
          .regex(/^\d+(\.\d+)?$/)
          .optional(),
        currency: z.string().optional(),
      }),
    )
    .optional(),
})

export type WorldJson = z.infer<typeof worldJsonSchema>

/** Adds what a world in plain JSON says to a world. Short names such as `odrl:spatial` may be used. */
export function withWorldJson(world: World, json: WorldJson): World {
  const values = (value: string | number | (string | number)[]) =>
    [value]
      .flat()
      .map((each): Value =>
        /^[a-z]+:\S+$/i.test(String(each)) ? { iri: expand(String(each)) } : { text: String(each) },
      )
  return {
    ...world,
    ...(json.now === undefined ? {} : { at: momentOf(json.now)!, isTimeSaid: true }),
    parameters: new Map([
      ...world.parameters,
      ...Object.entries(json.parameters ?? {}).map(([name, value]): [string, Value[]] => [
        expand(name.includes(':') ? name : `odrl:${name}`),
        values(value),
      ]),
    ]),
    partOf: new Map([...world.partOf, ...Object.entries(json.partOf ?? {})]),
    dutyStates: new Map([...world.dutyStates, ...Object.entries(json.duties ?? {})]),
    performed: [...world.performed, ...(json.performed ?? []).map(performedOf)],
  }
}

function performedOf({ action, at, ...done }: NonNullable<WorldJson['performed']>[number]): Performed {
  const said = Object.fromEntries(Object.entries(done).filter(([, value]) => value !== undefined))
  // A bare name is one of ODRL.
  return {
    action: expand(action.includes(':') ? action : `odrl:${action}`),
    ...said,
    ...(at === undefined ? {} : { at: momentOf(at)! }),
  }
}
