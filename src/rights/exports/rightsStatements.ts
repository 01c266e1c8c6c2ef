import { isPublicDomain } from '../publicDomain.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { quoted, type RightsReading } from './findings.ts'
import type { RightsLoss } from './losses.ts'
import { xmlTag } from './xml.ts'

const BASE = 'http://rightsstatements.org/vocab/'
const SHARING = ['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:present'] as const

function sharingFor(purpose: 'col:education' | 'col:nonCommercial'): RightsRule[] {
  return SHARING.map((action) => ({ action, decision: 'allow', purposes: [purpose] }))
}

/** The twelve statements, and the permission that two of them give; the others say what is known about a work. */
export const RIGHTS_STATEMENTS: Record<string, RightsRule[]> = {
  InC: [],
  'InC-OW-EU': [],
  'InC-EDU': sharingFor('col:education'),
  'InC-NC': sharingFor('col:nonCommercial'),
  'InC-RUU': [],
  'NoC-CR': [],
  'NoC-NC': [],
  'NoC-OKLR': [],
  'NoC-US': [],
  CNE: [],
  UND: [],
  NKC: [],
}

/**
 * A statement of rightsstatements.org. It says what is known about a work's copyright, which rules do not, so it is
 * taken from whoever knows; without that only the two statements that are permissions can follow from rules.
 *
 * @example exportRightsStatement(document, 'http://rightsstatements.org/vocab/InC/1.0/').files.length
 */
export function exportRightsStatement(document: RightsDocument, rightsStatement?: string): RightsExport {
  const given = rightsStatement === undefined ? undefined : statementName(rightsStatement)
  const mayStand = given !== undefined && isBackedBy(given, document.rules)
  const found = Object.keys(RIGHTS_STATEMENTS).find((each) => isSaidBy(each, document.rules))
  const name = mayStand ? given : found
  const spoken = name ? RIGHTS_STATEMENTS[name]! : []
  const isFree = isPublicDomain(rightsStatement)
  const losses = document.rules.flatMap((rule, index): RightsLoss[] => {
    if (spoken.some((each) => JSON.stringify(each) === JSON.stringify(rule))) return []
    const contradicts = isFree && rule.decision === 'deny'
    return [{ rule: index, what: 'whole', why: contradicts ? 'noCopyright' : 'aboutCopyright' }]
  })
  if (!name) return { format: 'rightsstatements', files: [], snippets: [], losses }
  const url = `${BASE}${name}/1.0/`
  return {
    format: 'rightsstatements',
    files: [],
    snippets: [
      { place: 'html-head', text: xmlTag('link', { rel: 'license', href: url }) },
      { place: 'json', text: JSON.stringify({ 'edm:rights': { '@id': url } }) },
    ],
    losses,
  }
}

/** True when every permission of a statement is one of the rules and none of them is denied. */
function isBackedBy(name: string, rules: readonly RightsRule[]): boolean {
  const spoken = RIGHTS_STATEMENTS[name]!
  const isDenied = rules.some((rule) => rule.decision === 'deny' && spoken.some(({ action }) => action === rule.action))
  const given = new Set(rules.map((rule) => JSON.stringify(rule)))
  return !isDenied && spoken.every((rule) => given.has(JSON.stringify(rule)))
}

function isSaidBy(name: string, rules: readonly RightsRule[]): boolean {
  const spoken = RIGHTS_STATEMENTS[name]!.map((rule) => JSON.stringify(rule)).sort()
  const given = [...new Set(rules.map((rule) => JSON.stringify(rule)))].sort()
  return spoken.length > 0 && spoken.join('\n') === given.join('\n')
}

function statementName(url: string): string | undefined {
  const match = /^https?:\/\/rightsstatements\.org\/(?:vocab|page)\/([A-Za-z-]{3,9})\/1\.0\/?(?:\?[\w=&-]*)?$/.exec(url)
  return match && Object.hasOwn(RIGHTS_STATEMENTS, match[1]!) ? match[1] : undefined
}

/** Reads the address of a statement. Ten of the twelve say nothing that is a rule. */
export function readRightsStatement(url: string, where: string): RightsReading {
  const name = statementName(url)
  if (name) return { rules: RIGHTS_STATEMENTS[name]!, findings: [] }
  const what = `${quoted(url)} is none of the twelve statements`
  return {
    rules: [],
    findings: [{ code: 'unknown_value', severity: 'error', where, what, remedy: 'Correct the address.' }],
  }
}
