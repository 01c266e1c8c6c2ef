import type { Action } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { AI_AGENTS, type AiAgent } from './agents.ts'
import type { RightsFinding, RightsReading } from './findings.ts'
import { flatten, type Said, type Word } from './flatten.ts'
import type { RightsLoss } from './losses.ts'
import { documentPaths } from './paths.ts'
import { linesFor, mayFetch, type Robots } from './robotsTxt.ts'

/** What can be kept from a crawler by its name. Search is not among it: no crawler of a search engine is ever blocked. */
const AGENT_WORDS: Word[] = [
  { name: 'training', action: 'col:trainAI' },
  { name: 'ai-input', action: 'col:aiInput' },
]

/**
 * robots.txt with a group for the crawlers that fetch for what is denied. It names crawlers, not uses: whoever crawls
 * under another name is not addressed, so every denial that is written is also a loss. A permission is never written:
 * to let a crawler fetch is not to allow what it does with what it fetched.
 *
 * @example exportRobotsAgents(document, Date.now()).snippets[0].text // 'User-agent: GPTBot\n…Disallow: /'
 */
export function exportRobotsAgents(document: RightsDocument, now: number): RightsExport {
  const { said, losses } = flatten(document.rules, AGENT_WORDS, now)
  const allowed = [...said].filter(([, decision]) => decision === 'allow').map(([name]) => name)
  const { paths, losses: pathLosses } = documentPaths(document)
  const groups = paths.length === 0 ? [] : groupsOf(said, paths)
  const named = document.rules.flatMap((rule, index): RightsLoss[] => {
    const isSaid = AGENT_WORDS.some(({ name, action }) => said.has(name) && decidesAbout(rule, action))
    if (!isSaid || losses.some((loss) => loss.rule === index && loss.what === 'whole')) return []
    if (rule.decision === 'allow' && allowed.length > 0) {
      return [{ rule: index, what: 'permission', why: 'robotsNotWhatFor' }]
    }
    return rule.decision === 'deny' ? [{ rule: index, what: 'everybodyElse', why: 'knownCrawlersOnly' }] : []
  })
  return {
    format: 'robots-agents',
    files: [],
    snippets: groups.length > 0 ? [{ place: 'robots.txt', text: groups.join('\n\n') }] : [],
    losses: [...losses, ...named, ...pathLosses],
  }
}

function decidesAbout({ action }: RightsRule, spoken: RightsRule['action']): boolean {
  const mining = ['tdm:mine', 'col:trainAI', 'col:trainGenAI']
  return spoken === 'col:aiInput' ? action === spoken : mining.includes(action)
}

function groupsOf(said: Said, paths: readonly string[]): string[] {
  const denied = AGENT_WORDS.filter(({ name }) => said.get(name) === 'deny').map(({ name }) => name)
  const agents = AI_AGENTS.filter(({ purpose }) => denied.includes(purpose))
  if (agents.length === 0) return []
  const names = agents.map(({ name }) => `User-agent: ${name}`)
  return [[...names, ...paths.map((path) => `Disallow: ${path}`)].join('\n')]
}

/**
 * What robots.txt keeps from AI crawlers at one path: a denial only when every listed crawler of a purpose is kept out.
 * When some are and some are not it is a finding and says nothing.
 */
export function readRobotsAgents(robots: Robots, path: string, where: string): RightsReading {
  const reading: RightsReading = { rules: [], findings: [] }
  for (const { name, action } of AGENT_WORDS) {
    const agents = AI_AGENTS.filter(({ purpose }) => purpose === name)
    const open = agents.filter((agent) => mayFetch(linesFor(robots, agent.name), path))
    if (open.length === 0) reading.rules.push({ action, decision: 'deny' })
    else if (open.length < agents.length) reading.findings.push(partlyBlocked(name, agents, open, where))
  }
  return reading
}

/** What a known crawler that fetches for it may not fetch for at one path; search as well, which is never said to all. */
export function withheldFromAgents(robots: Robots, path: string): Action[] {
  const kept = AI_AGENTS.filter(({ name }) => !mayFetch(linesFor(robots, name), path))
  const purposes: Record<AiAgent['purpose'], Action> = {
    training: 'col:trainAI',
    'ai-input': 'col:aiInput',
    search: 'odrl:index',
  }
  return [...new Set(kept.map(({ purpose }) => purposes[purpose]))]
}

function partlyBlocked(purpose: string, agents: AiAgent[], open: AiAgent[], where: string): RightsFinding {
  const names = open.slice(0, 5).map(({ name }) => name)
  return {
    code: 'agents_partly_blocked',
    severity: 'note',
    where,
    what: `${agents.length - open.length} of ${agents.length} known crawlers for ${purpose} are kept out; not ${names.join(', ')}${open.length > 5 ? ' …' : ''}`,
    remedy: 'A crawler that is not named is not addressed; say it for everybody as well (Content-Usage, tdmrep.json).',
  }
}
