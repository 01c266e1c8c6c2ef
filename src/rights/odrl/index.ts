import { decideOdrl, type OdrlAnswer } from './decide.ts'
import { readGraph, readGraphs, type Graph } from './graph.ts'
import { readPolicies } from './readPolicy.ts'
import { readRequests, readWorld, withWorldJson, worldJsonSchema, type WorldJson } from './readRequest.ts'
import type { Finding } from './types.ts'

export { isDayOfYear } from './constraints.ts'
export { decideOdrl, type OdrlAnswer, type OdrlDecision } from './decide.ts'
export type { DutyReport, RuleReport } from './evaluate.ts'
export { EMPTY_WORLD, type Finding, type OdrlRequest, type Policy, type Rule, type Value, type World } from './types.ts'

/** Texts of policies, of a request and of the world, in JSON-LD or Turtle; the world in plain JSON, too. */
export interface OdrlTexts {
  policies: { text: string; where: string }[]
  request: { text: string; where: string }
  world?: { text: string; where: string }
  /** The time when the world says none, in milliseconds since 1970. */
  now: number
}

/** An answer to each request of a text, by all policies of the others together. */
export async function decideTexts({
  policies,
  request,
  world,
  now,
}: OdrlTexts): Promise<{ request: string; answer: OdrlAnswer }[]> {
  const findings: Finding[] = []
  const policyGraph = await readGraphs(policies, findings)
  const graphs: Graph[] = [policyGraph]
  // What could not be read at all says so by itself.
  const read =
    policyGraph.isEmpty && findings.length > 0 ? [] : readPolicies(policyGraph, policies[0]?.where ?? '', findings)
  for (const { text, where } of policies)
    if (policies.length > 1 && (await readGraph(text, where, [])).isEmpty)
      findings.push({ code: 'no_policy', severity: 'error', where, message: 'there is no policy in it' })
  const requestGraph = await readGraph(request.text, request.where, findings)
  const json = world && readWorldJson(world.text, world.where, findings)
  if (world && !json) graphs.push(await readGraph(world.text, world.where, findings))
  const known = readWorld(graphs, requestGraph, now)
  const requests = requestGraph.isEmpty ? [] : readRequests(requestGraph, request.where, findings)
  const inWorld = json ? withWorldJson(known, json) : known
  return (requests.length > 0 ? requests : [NO_REQUEST]).map((asked) => {
    const answer = decideOdrl(read, asked, inWorld)
    const all = [...findings, ...answer.findings]
    const isBroken = all.some(({ severity }) => severity === 'error')
    // What could not be read might have forbidden it.
    const decision = isBroken && answer.decision === 'allow' ? 'unset' : answer.decision
    return { request: asked.id, answer: { ...answer, decision, findings: all } }
  })
}

const NO_REQUEST = { id: '', action: '', parameters: new Map() }
/** The world in plain JSON: an object without anything of JSON-LD. What does not fit is a finding. */
function readWorldJson(text: string, where: string, findings: Finding[]): WorldJson | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let json: object
  try {
    json = JSON.parse(text) as object
  } catch {
    return undefined
  }
  if (Object.keys(json).some((key) => key.startsWith('@'))) return undefined
  const read = worldJsonSchema.safeParse(json)
  if (read.success) return read.data
  const [issue] = read.error.issues
  findings.push({
    code: 'syntax',
    severity: 'error',
    where: `${where}: ${issue!.path.join('.')}`,
    message: issue!.message,
  })
  return {}
}
