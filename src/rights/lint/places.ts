import { readContentUsage, readRobotsContentUsage } from '../exports/aipref.ts'
import { readContentSignal } from '../exports/contentSignal.ts'
import { readLicenceUrl } from '../exports/creativeCommons.ts'
import { quoted, type RightsFinding, type RightsReading } from '../exports/findings.ts'
import { readRobotsAgents, withheldFromAgents } from '../exports/robotsAgents.ts'
import { linesFor, matchesPattern, mayFetch, readRobots, type RobotsLine } from '../exports/robotsTxt.ts'
import { RSL_MEDIA_TYPE } from '../exports/rsl.ts'
import { readRsl } from '../exports/rslRead.ts'
import { readRightsStatement } from '../exports/rightsStatements.ts'
import { readSchemaOrg } from '../exports/schemaOrg.ts'
import { readTdmrep, readTdmrepFile, readTdmrepValue } from '../exports/tdmrepRead.ts'
import type { Action } from '../actions.ts'
import type { RightsRule } from '../rules.ts'
import { readLinkHeader, readPage, type PageLink } from './page.ts'
import type { SiteFile } from './source.ts'

/** What one place of a site says about one page. */
export interface Place {
  place: string
  state: 'read' | 'not there' | 'not readable'
  rules: RightsRule[]
  findings: RightsFinding[]
  /** What it keeps from known crawlers by their names, or from some of them. */
  withheld?: Action[]
  /** A file beside the page, which speaks for itself only: what it denies counts, what it allows is no more than that. */
  isFile?: true
}

/** A place that was read, with the licences that it names. */
export interface ReadPlaces {
  places: Place[]
  licences: PageLink[]
}

const read = (place: string, { rules, findings }: RightsReading): Place => ({ place, state: 'read', rules, findings })

/** robots.txt: the signals and preferences for everybody, crawlers by name, and the licences. */
export function readRobotsPlaces(file: SiteFile, path: string): ReadPlaces {
  const { where, text } = file
  if (/^\s*</.test(text)) {
    const what = 'robots.txt is a page, not a text of rules'
    const finding = {
      code: 'wrong_media_type',
      severity: 'error',
      where,
      what,
      remedy: 'Serve text/plain, or 404.',
    } as const
    return { places: [read('robots.txt', { rules: [], findings: [finding] })], licences: [] }
  }
  const robots = readRobots(text, where)
  const lines = linesFor(robots, '*')
  const places = [
    {
      ...read('robots.txt by crawler', readRobotsAgents(robots, path, where)),
      withheld: withheldFromAgents(robots, path),
    },
    read(
      'robots.txt Content-Signal',
      joined(
        lines.filter(({ key }) => key === 'content-signal'),
        where,
        readContentSignal,
      ),
    ),
    read('robots.txt Content-Usage', readUsageLines(lines, path, where)),
  ]
  places[0]!.findings.push(...robots.findings, ...namedGroups(robots.groups, where))
  const own = lines.filter(({ key }) => key === 'license')
  const licences = (own.length > 0 ? own : robots.global.filter(({ key }) => key === 'license')).flatMap((line) => {
    if (URL.canParse(line.value)) return [{ href: line.value, rel: ['license'], type: RSL_MEDIA_TYPE }]
    places[0]!.findings.push(wrongAddress(`${where}:${line.line}`, line.value))
    return []
  })
  return { places, licences }
}

function joined(
  lines: readonly RobotsLine[],
  where: string,
  readValue: (value: string, where: string) => RightsReading,
): RightsReading {
  const readings = lines.map(({ value, line }) => readValue(value, `${where}:${line}`))
  return { rules: readings.flatMap(({ rules }) => rules), findings: readings.flatMap(({ findings }) => findings) }
}

/** The rule with the longest path counts; rules with the same path count together, and a no among them wins. */
function readUsageLines(lines: readonly RobotsLine[], path: string, where: string): RightsReading {
  const readings = lines
    .filter(({ key }) => key === 'content-usage')
    .map(({ value, line }) => readRobotsContentUsage(value, `${where}:${line}`))
  const matching = readings.filter((reading) => matchesPattern(reading.path, path))
  const longest = Math.max(0, ...matching.map((reading) => reading.path.length))
  const findings = readings.flatMap((reading) => reading.findings)
  const rules = matching.filter((reading) => reading.path.length === longest).flatMap((reading) => reading.rules)
  if (rules.length === 0 || mayFetch(lines, path)) return { rules, findings }
  const what = `${quoted(path)} may not be fetched at all, and a preference is only for what may be`
  findings.push({ code: 'condition_not_read', severity: 'note', where, what, remedy: 'None needed.' })
  return { rules: rules.filter(({ decision }) => decision === 'deny'), findings }
}

/** Lines for one crawler are checked for their words, though they say nothing to everybody. */
function namedGroups(groups: readonly { agents: string[]; lines: RobotsLine[] }[], where: string): RightsFinding[] {
  const lines = groups.filter(({ agents }) => !agents.includes('*')).flatMap((group) => group.lines)
  const signals = joined(lines.filter(({ key }) => key === 'content-signal').slice(0, 500), where, readContentSignal)
  const usages = joined(lines.filter(({ key }) => key === 'content-usage').slice(0, 500), where, readRobotsContentUsage)
  return [...signals.findings, ...usages.findings]
}

function wrongAddress(where: string, address: string): RightsFinding {
  const what = `${quoted(address)} is not an absolute address, so nothing finds it`
  return { code: 'wrong_address', severity: 'error', where, what, remedy: 'Write https://…' }
}

export function readTdmrepPlace(file: SiteFile, path: string): Place {
  const { rules, findings } = readTdmrep(file.text, path, file.where)
  const { entries } = readTdmrepFile(file.text, file.where)
  const wrong = entries.flatMap(({ policy }) => (policy !== undefined && !URL.canParse(policy) ? [policy] : []))
  return read('tdmrep.json', { rules, findings: [...findings, ...wrong.map((url) => wrongAddress(file.where, url))] })
}

/** The page: its headers, its tags, its JSON-LD, each a place of its own. */
export function readPagePlaces(
  file: SiteFile,
  hasHeaders: boolean,
  path: string,
  host: string | undefined,
): ReadPlaces {
  const page = readPage(file.text, file.where)
  const header = hasHeaders ? readHeaders(file) : []
  const tags = page.meta.filter(({ name }) => name === 'tdm-reservation')
  const tagReadings = tags.map(({ content }) => readTdmrepValue(content, `${file.where} meta tdm-reservation`))
  const jsonLd = page.scripts.map((script) => readSchemaOrg(script, `${file.where} JSON-LD`))
  const links = [...(hasHeaders ? readLinkHeader(file.headers.link ?? '') : []), ...page.links]
  const deeds = links
    .filter(({ type }) => type !== RSL_MEDIA_TYPE)
    .map(({ href }) => readDeed(href, `${file.where} rel=license`))
  const all = (readings: RightsReading[]): RightsReading => ({
    rules: readings.flatMap(({ rules }) => rules),
    findings: readings.flatMap(({ findings }) => findings),
  })
  const places = [
    ...header,
    read('HTML tdm-reservation', all(tagReadings)),
    read('JSON-LD', all(jsonLd)),
    read('rel=license', all(deeds)),
  ]
  const policies = page.meta.filter(({ name }) => name === 'tdm-policy').map(({ content }) => content)
  const policyHeader = hasHeaders && file.headers['tdm-policy'] !== undefined ? [file.headers['tdm-policy']] : []
  const wrong = [...policies, ...policyHeader].filter((url) => !/^https?:/i.test(url) || !URL.canParse(url))
  places
    .find(({ place }) => place === 'HTML tdm-reservation')!
    .findings.push(...page.findings, ...wrong.map((url) => wrongAddress(`${file.where} tdm-policy`, url)))
  places.push(...page.rsl.map((text) => readRslPlace({ where: `${file.where} script`, text, headers: {} }, path, host)))
  return { places, licences: links.filter(({ type }) => type === RSL_MEDIA_TYPE) }
}

function readHeaders({ headers, where }: SiteFile): Place[] {
  const reservation = headers['tdm-reservation']
  const usage = headers['content-usage']
  const nothing: RightsReading = { rules: [], findings: [] }
  return [
    read(
      'header tdm-reservation',
      reservation === undefined ? nothing : readTdmrepValue(reservation, `${where} header`),
    ),
    read('header Content-Usage', usage === undefined ? nothing : readContentUsage(usage, `${where} header`)),
  ]
}

function readDeed(href: string, where: string): RightsReading {
  return /rightsstatements\.org/i.test(href) ? readRightsStatement(href, where) : readLicenceUrl(href, where)
}

/** An RSL document: what it says about the page, whether it names it by its path or by its whole address. */
export function readRslPlace(file: SiteFile, path: string, host: string | undefined): Place {
  const { contents, findings } = readRsl(file.text, file.where)
  const about = contents.filter(({ url }) => isAbout(url, path, host))
  const mediaType = file.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== undefined && mediaType !== RSL_MEDIA_TYPE) {
    const what = `it is served as ${quoted(mediaType)}`
    findings.push({
      code: 'wrong_media_type',
      severity: 'note',
      where: file.where,
      what,
      remedy: `Serve ${RSL_MEDIA_TYPE}.`,
    })
  }
  const rules = about.flatMap((content) => content.rules)
  return read('RSL', { rules, findings: [...findings, ...contents.flatMap((content) => content.findings)] })
}

function isAbout(url: string, path: string, host: string | undefined): boolean {
  if (url.startsWith('/') && !url.startsWith('//')) return matchesPattern(url, path)
  const match = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url)
  if (!match || (host !== undefined && match[1]!.toLowerCase() !== host)) return false
  return matchesPattern(match[2] === '' ? '/' : match[2]!, path)
}
