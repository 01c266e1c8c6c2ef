import { evaluatePolicy, type DutyReport, type EvaluateOptions, type RuleReport } from './evaluate.ts'
import type { Finding, OdrlRequest, Policy, World } from './types.ts'
import { shorten } from './vocabulary.ts'

export type OdrlDecision = 'allow' | 'deny' | 'unset'

export interface OdrlAnswer {
  decision: OdrlDecision
  /** Rules that speak about the request, and those of the same policies that do not, with why. */
  rules: RuleReport[]
  /** What is owed, was done, or was missed, of the permissions that apply and of the policies as a whole. */
  duties: DutyReport[]
  /** Where a permission and a prohibition met: in one policy, by its strategy, or between policies, where a no wins. */
  conflicts: { policies: string[]; strategy: Policy['conflict']; permissions: string[]; prohibitions: string[] }[]
  findings: Finding[]
  /** In plain language. */
  sentence: string
}

/**
 * May this be done? Each policy by its own conflict strategy; over all of them a no wins. What no rule speaks about is
 * `unset`. A policy with errors allows nothing. Source: ODRL Information Model 2.2, sections 2.5 to 2.7 and 2.10.
 */
export function decideOdrl(
  policies: readonly Policy[],
  request: OdrlRequest,
  world: World,
  options: EvaluateOptions = {},
): OdrlAnswer {
  const rules: RuleReport[] = []
  const conflicts: OdrlAnswer['conflicts'] = []
  const decisions: OdrlDecision[] = []
  for (const policy of policies) {
    const reports = evaluatePolicy(policy, request, world, options)
    rules.push(...reports)
    const active = (kind: RuleReport['kind']) => reports.filter((report) => report.isActive && report.kind === kind)
    const [permissions, prohibitions] = [active('permission'), active('prohibition')]
    if (permissions.length > 0 && prohibitions.length > 0)
      conflicts.push({
        policies: [policy.id],
        strategy: policy.conflict,
        permissions: permissions.map(({ rule }) => rule),
        prohibitions: prohibitions.map(({ rule }) => rule),
      })
    decisions.push(decisionOf(policy, permissions.length > 0, prohibitions.length > 0))
  }
  const between = policies.filter((_, index) => decisions[index] !== 'unset')
  if (decisions.includes('deny') && decisions.includes('allow'))
    conflicts.push({
      policies: between.map(({ id }) => id),
      strategy: 'prohibit',
      permissions: rulesOf(rules, between, 'permission'),
      prohibitions: rulesOf(rules, between, 'prohibition'),
    })
  const decision: OdrlDecision = decisions.includes('deny') ? 'deny' : decisions.includes('allow') ? 'allow' : 'unset'
  const duties = rules
    .filter(({ isActive, kind }) => isActive || kind === 'obligation')
    .flatMap((report) => report.duties)
  const answer = { decision, rules, duties, conflicts, findings: policies.flatMap(({ findings }) => findings) }
  return { ...answer, sentence: sentenceOf(answer, request) }
}

function rulesOf(rules: readonly RuleReport[], policies: readonly Policy[], kind: RuleReport['kind']): string[] {
  const ids = new Set(policies.map(({ id }) => id))
  return rules
    .filter((report) => report.isActive && report.kind === kind && ids.has(report.policy))
    .map(({ rule }) => rule)
}

function decisionOf(policy: Policy, isPermitted: boolean, isProhibited: boolean): OdrlDecision {
  const mayAllow = !policy.findings.some(({ severity }) => severity === 'error')
  if (isPermitted && isProhibited) return policy.conflict === 'perm' && mayAllow ? 'allow' : 'deny'
  if (isProhibited) return 'deny'
  return isPermitted && mayAllow ? 'allow' : 'unset'
}

function sentenceOf(
  { decision, rules, duties, conflicts, findings }: Omit<OdrlAnswer, 'sentence'>,
  request: OdrlRequest,
) {
  const what = `${shorten(request.action)}${request.target ? ` with ${request.target}` : ''}${request.assignee ? ` by ${request.assignee}` : ''}`
  const active = rules.filter(({ isActive, kind }) => isActive && (kind === 'permission' || kind === 'prohibition'))
  const names = (kind: string) => active.filter((report) => report.kind === kind).map(({ rule }) => rule)
  if (decision === 'unset') {
    const near = rules.find(
      ({ isActive, kind, action }) => !isActive && kind === 'permission' && action !== 'unsatisfied',
    )
    const why = near?.constraints.find(({ satisfaction }) => satisfaction !== 'satisfied')?.says
    const broken = findings.find(({ severity }) => severity === 'error')
    return `No rule that applies speaks about ${what}${broken ? `; the policy has an error: ${broken.message}` : why ? `; nearest: ${why}` : ''}.`
  }
  const [conflict] = conflicts
  if (conflict && conflict.policies.length > 1)
    return `No: policies contradict each other about ${what} (${conflict.policies.join(', ')}), and the no counts.`
  if (conflict)
    return `${decision === 'deny' ? 'No' : 'Yes'}: a permission and a prohibition of ${what} contradict each other, and the strategy is “${conflict.strategy}”.`
  if (decision === 'deny') return `No: ${what} is prohibited by ${names('prohibition').join(', ')}.`
  const open = duties.filter(({ state }) => state === 'open').flatMap(({ actions }) => actions.map(shorten))
  return `Yes: ${what} is permitted by ${names('permission').join(', ')}${open.length > 0 ? `; still to be done: ${open.join(', ')}` : ''}.`
}
