import { quoted, type RightsFinding } from './findings.ts'

export const robotsLimits = { charactersMax: 512 * 1024, lineCharactersMax: 8192 } as const

/** Names of lines that speak about rights. */
const RIGHTS_NAMES = ['content-signal', 'content-usage', 'license']
/** What a line mentions that was likely meant as one of them: whoever overlooks it may overlook a no. */
const ABOUT_RIGHTS =
  /content.{0,3}(signal|usage|use)|licen[cs]e|tdm|\bai.?(train|use|input)|train.?(gen)?ai|^user.?agents?\b/i

/** A rule of a group: `allow`, `disallow`, `content-signal`, `content-usage`, `license` or another, in lower case. */
export interface RobotsLine {
  key: string
  value: string
  line: number
}

export interface RobotsGroup {
  /** Product tokens in lower case, `*` for everybody else. */
  agents: string[]
  lines: RobotsLine[]
}

export interface Robots {
  groups: RobotsGroup[]
  /** What stands before any group or belongs to none: `sitemap`, a `license` for everybody. */
  global: RobotsLine[]
  findings: RightsFinding[]
}

/**
 * Reads robots.txt by RFC 9309: lines of `user-agent` that follow each other begin one group, comments end a line, and
 * records that the protocol does not know end no group. A file or a line that is too long is a finding, and what it
 * says is unknown. Never throws.
 *
 * @example readRobots('User-agent: *\nDisallow: /private/', 'robots.txt').groups[0].lines[0].key // 'disallow'
 */
export function readRobots(text: string, where: string): Robots {
  const robots: Robots = { groups: [], global: [], findings: [] }
  if (text.length > robotsLimits.charactersMax) {
    const what = `more than ${robotsLimits.charactersMax} characters: crawlers need not read more, so all of it is unknown`
    robots.findings.push({ code: 'too_large', severity: 'error', where, what, remedy: 'Shorten the file.' })
    return robots
  }
  let group: RobotsGroup | undefined
  let isNamingAgents = false
  for (const [index, raw] of text
    .replace(/^\u{feff}/u, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const record = readRecord(raw, index + 1, where, robots.findings)
    if (!record) continue
    if (!group && (record.key === 'content-signal' || record.key === 'content-usage')) {
      const what = `${record.key} stands before any User-agent, so it is said to nobody`
      const remedy = 'Write User-agent: * above it.'
      robots.findings.push({
        code: 'malformed_line',
        severity: 'error',
        where: `${where}:${record.line}`,
        what,
        remedy,
      })
    }
    if (record.key === 'user-agent') {
      if (!isNamingAgents || !group) robots.groups.push((group = { agents: [], lines: [] }))
      group.agents.push(record.value.toLowerCase())
      isNamingAgents = true
      continue
    }
    // A sitemap belongs to nobody and does not end the naming of agents (RFC 9309, section 2.2.4).
    if (record.key === 'sitemap' || !group) robots.global.push(record)
    else {
      group.lines.push(record)
      isNamingAgents = false
    }
  }
  return robots
}

function readRecord(raw: string, line: number, where: string, findings: RightsFinding[]): RobotsLine | undefined {
  if (raw.length > robotsLimits.lineCharactersMax) {
    const what = `a line of more than ${robotsLimits.lineCharactersMax} characters is not read`
    findings.push({ code: 'too_large', severity: 'error', where: `${where}:${line}`, what, remedy: 'Shorten it.' })
    return undefined
  }
  const hash = raw.indexOf('#')
  const text = (hash < 0 ? raw : raw.slice(0, hash)).trim()
  if (text === '') return undefined
  const colon = text.indexOf(':')
  if (colon < 1) {
    const what = `${quoted(text)} is not of the form “name: value”`
    const severity = ABOUT_RIGHTS.test(text) ? 'error' : 'warning'
    findings.push({ code: 'malformed_line', severity, where: `${where}:${line}`, what, remedy: 'Correct it.' })
    return undefined
  }
  const key = text.slice(0, colon).trim().toLowerCase()
  if (key !== 'user-agent' && !RIGHTS_NAMES.includes(key) && ABOUT_RIGHTS.test(key)) {
    const what = `${quoted(key)} is no line that anybody reads`
    const remedy = 'Content-Signal, Content-Usage, License and User-agent are written like this.'
    findings.push({ code: 'unknown_word', severity: 'error', where: `${where}:${line}`, what, remedy })
  }
  return { key, value: text.slice(colon + 1).trim(), line }
}

/** The lines that count for a crawler: those of every group that names it, or else of every group for `*`. */
export function linesFor(robots: Robots, agent: string): RobotsLine[] {
  const chosen = isNamed(robots, agent) ? agent.toLowerCase() : '*'
  return robots.groups.filter(({ agents }) => agents.includes(chosen)).flatMap(({ lines }) => lines)
}

/** True when a group names the agent; otherwise it follows the group for everybody, if there is one. */
export function isNamed(robots: Robots, agent: string): boolean {
  return robots.groups.some(({ agents }) => agents.includes(agent.toLowerCase()))
}

/** May a path be fetched? The longest pattern that matches decides, and of equally long ones the permission. */
export function mayFetch(lines: readonly RobotsLine[], path: string): boolean {
  let longest = -1
  let isAllowed = true
  for (const { key, value } of lines) {
    if ((key !== 'allow' && key !== 'disallow') || value === '' || !matchesPattern(value, path)) continue
    const length = Buffer.byteLength(value)
    if (length < longest || (length === longest && key === 'disallow')) continue
    longest = length
    isAllowed = key === 'allow'
  }
  return isAllowed
}

/**
 * True when a pattern of robots.txt matches a path from its beginning: `*` is any run of characters, a final `$` the end
 * of the path. Case counts; percent-encodings of unreserved characters are the characters themselves. In linear steps:
 * every part is looked for once, from where the part before it ended.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  const given = decodeUnreserved(path)
  const isAnchored = pattern.endsWith('$')
  const parts = decodeUnreserved(isAnchored ? pattern.slice(0, -1) : pattern).split('*')
  let at = 0
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    if (index === 0) {
      if (!given.startsWith(part)) return false
      at = part.length
      if (isLast) return !isAnchored || at === given.length
    } else if (isLast && isAnchored) {
      return given.length - part.length >= at && given.endsWith(part)
    } else {
      const found = given.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
  }
  return true
}

function decodeUnreserved(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (encoded, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase()
  })
}
