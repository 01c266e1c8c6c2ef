import type { RightsFinding } from '../exports/findings.ts'
import { robotsLimits } from '../exports/robotsTxt.ts'
import { xmlLimits } from '../exports/xml.ts'
import { decideTogether, findContradictions, findMissingPlaces, type SiteDecision } from './compare.ts'
import type { PageLink } from './page.ts'
import { readPagePlaces, readRobotsPlaces, readRslPlace, readTdmrepPlace, type Place } from './places.ts'
import { PAGE, type SiteFile, type SiteSource } from './source.ts'

export { openFolderSource, openUrlSource } from './source.ts'

const PAGE_BYTES_MAX = 5 * 1024 * 1024
const TDMREP_BYTES_MAX = 1024 * 1024
const LICENCES_MAX = 3
/** A place with more than these is broken in one way, and the rest would not help. */
const FINDINGS_MAX = 200
const RULES_MAX = 1000

/** What a site says about rights today. */
export interface SiteReport {
  target: string
  /** What a program that reads every place would have to conclude. */
  decisions: Record<string, SiteDecision>
  places: Place[]
  findings: RightsFinding[]
  /** False when no place at all could be read. */
  wasRead: boolean
  /** True when nothing of weight was found. */
  isSound: boolean
}

/**
 * Reads everything that a site says about rights, in every vocabulary and place, and compares it. Each place is read
 * once and links are followed one step, so links in a circle end. Never throws for what a site holds.
 *
 * @example (await lintSite(openFolderSource('public'))).decisions['col:trainAI'] // 'deny'
 */
export async function lintSite(source: SiteSource): Promise<SiteReport> {
  const places: Place[] = []
  const licences: PageLink[] = []
  const robots = await visit(source, '/robots.txt', robotsLimits.charactersMax, 'robots.txt', places)
  if (robots) addTo(readRobotsPlaces(robots, source.path), places, licences)
  const tdmrep = await visit(source, '/.well-known/tdmrep.json', TDMREP_BYTES_MAX, 'tdmrep.json', places)
  if (tdmrep) places.push(readTdmrepPlace(tdmrep, source.path))
  const page = await visit(source, PAGE, PAGE_BYTES_MAX, 'page', places)
  if (page) addTo(readPagePlaces(page, source.hasHeaders, source.path, source.host), places, licences)
  if (page && source.host !== undefined) places.at(-1)!.findings.push(...otherHost(page.where, source.host))
  await visitLicences(source, licences, places)
  if (source.readFiles) places.push(...(await source.readFiles()))
  else if (page) places.at(-1)!.findings.push(filesNotRead(source.target))
  return reportOf(source, places.map(bounded))
}

function bounded(place: Place): Place {
  if (place.findings.length <= FINDINGS_MAX && place.rules.length <= RULES_MAX) return place
  const what = `more than ${FINDINGS_MAX} findings or ${RULES_MAX} rules; the rest is not shown`
  const more = {
    code: 'too_large',
    severity: 'error',
    where: place.place,
    what,
    remedy: 'Correct the first ones.',
  } as const
  // Denials first: what is left out may be a permission and must not be a denial.
  const rules = place.rules.toSorted((a, b) => b.decision.localeCompare(a.decision)).slice(0, RULES_MAX)
  return { ...place, rules, findings: [...place.findings.slice(0, FINDINGS_MAX), more] }
}

/** A page that is answered by another host has that host's robots.txt, which was not asked for. */
function otherHost(address: string, host: string): RightsFinding[] {
  const answering = new URL(address).host
  if (answering === host) return []
  const what = `the page is answered by ${answering}, whose robots.txt and tdmrep.json were not read`
  return [{ code: 'link_not_followed', severity: 'warning', where: address, what, remedy: `Ask about ${answering}.` }]
}

function filesNotRead(where: string): RightsFinding {
  const what = 'other pages, and marks in pictures, PDF and EPUB, were not read'
  return { code: 'not_read', severity: 'note', where, what, remedy: 'Ask about a folder, which has them all.' }
}

function addTo(read: { places: Place[]; licences: PageLink[] }, places: Place[], licences: PageLink[]): void {
  places.push(...read.places)
  licences.push(...read.licences)
}

async function visit(
  source: SiteSource,
  address: string,
  bytesMax: number,
  place: string,
  places: Place[],
): Promise<SiteFile | undefined> {
  const answer = await source.read(address, bytesMax)
  if (answer === undefined) places.push({ place, state: 'not there', rules: [], findings: [] })
  else if ('finding' in answer) places.push({ place, state: 'not readable', rules: [], findings: [answer.finding] })
  else return answer.file
  return undefined
}

/** The RSL documents that the site names, or the one in the usual place when it names none. */
async function visitLicences(source: SiteSource, licences: readonly PageLink[], places: Place[]): Promise<void> {
  const base = source.host === undefined ? 'https://folder.invalid/' : source.target
  const named = [...new Set(licences.map(({ href }) => href))].filter((href) => URL.canParse(href, base))
  const addresses = [...new Set(named.map((href) => new URL(href, base).href))]
  for (const address of addresses.length > 0 ? addresses.slice(0, LICENCES_MAX) : ['/rsl.xml']) {
    const file = await visit(source, address, xmlLimits.charactersMax, 'RSL', places)
    if (file) places.push(readRslPlace(file, source.path, source.host))
    else if (addresses.length > 0 && places.at(-1)!.state === 'not there') {
      const what = 'a licence is named and there is none'
      const finding = {
        code: 'wrong_address',
        severity: 'error',
        where: address,
        what,
        remedy: 'Put it there.',
      } as const
      places.at(-1)!.findings.push(finding)
    }
  }
  if (addresses.length > LICENCES_MAX) {
    const what = `${addresses.length} licences are named, ${LICENCES_MAX} were read`
    const where = addresses[LICENCES_MAX]!.slice(0, 200)
    places.at(-1)!.findings.push({ code: 'link_not_followed', severity: 'error', where, what, remedy: 'Name one.' })
  }
}

function reportOf(source: SiteSource, places: Place[]): SiteReport {
  const hasRules = places.some(({ rules }) => rules.length > 0)
  const wasRead = places.some(({ state }) => state === 'read')
  const own = places.flatMap(({ findings }) => findings)
  const isEmpty = places.every(({ state }) => state === 'not there')
  const isUnderstood = !own.some(({ severity }) => severity === 'error')
  const nothing: RightsFinding = {
    code: 'nothing_said',
    severity: 'warning',
    where: source.target,
    what: 'no place says anything about mining, training, AI input or search',
    remedy: 'colophon rights export writes every place.',
  }
  const found = [
    ...own,
    ...findContradictions(places),
    ...findMissingPlaces(places),
    ...((wasRead || isEmpty) && !hasRules && isUnderstood ? [nothing] : []),
  ]
  const findings = withoutRepeats(found)
  const isSound = !findings.some(({ severity }) => severity !== 'note')
  return { target: source.target, decisions: decideTogether(places), places, findings, wasRead, isSound }
}

function withoutRepeats(findings: readonly RightsFinding[]): RightsFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.where} ${finding.what}`, finding])).values()]
}
