import type { Json } from '../../foundation/index.ts'
import type { RightsDocument, RightsExport } from '../rules.ts'
import { deedOf, readLicenceUrl } from './creativeCommons.ts'
import type { RightsExportOptions } from './documentSchema.ts'
import type { RightsReading } from './findings.ts'
import { isObject, listOf, readJson } from './json.ts'
import { wholeLosses } from './losses.ts'
import { readRightsStatement } from './rightsStatements.ts'

const NODES_MAX = 10_000

/**
 * schema.org as JSON-LD: links for people and search engines. `license` only where the rules are a deed, `usageInfo` to
 * the whole policy, `acquireLicensePage` to where one asks. Rules themselves have no place in it.
 *
 * @example JSON.parse(exportSchemaOrg(document, Date.now()).files[0].content).usageInfo
 */
export function exportSchemaOrg(
  document: RightsDocument,
  now: number,
  { isCustodian }: RightsExportOptions = {},
): RightsExport {
  const deed = isCustodian ? undefined : deedOf(document.rules, now)
  const creditText = document.rules
    .flatMap(({ duties = [] }) => duties)
    .flatMap((duty) => (duty.action === 'odrl:attribute' && duty.text ? [duty.text] : []))[0]
  const isDomain = document.target.kind === 'domain'
  const subject = {
    '@context': 'https://schema.org',
    '@type': isDomain ? 'WebSite' : 'CreativeWork',
    ...(isDomain ? { url: `https://${document.target.id}/` } : { identifier: document.target.id }),
    ...(deed ? { license: deed } : {}),
    ...(document.policyUrl ? { usageInfo: document.policyUrl } : {}),
    ...(document.contact?.startsWith('https:') ? { acquireLicensePage: document.contact } : {}),
    ...(document.partyName ? { copyrightHolder: { '@type': 'Organization', name: document.partyName } } : {}),
    ...(document.partyName ? { copyrightNotice: `© ${document.partyName}` } : {}),
    ...(creditText ? { creditText } : {}),
  }
  const why = document.policyUrl ? 'onlyLinked' : 'nothingToLink'
  const content = `${JSON.stringify(subject, null, 2)}\n`
  const inHtml = JSON.stringify(subject).replaceAll('<', '\\u003c')
  return {
    format: 'schema-org',
    files: [{ path: 'schema-org.jsonld', mediaType: 'application/ld+json', content }],
    snippets: [{ place: 'html-head', text: `<script type="application/ld+json">${inHtml}</script>` }],
    losses: deed ? [] : wholeLosses(document.rules, why),
  }
}

/** Links of a page's JSON-LD that speak about rights. */
export interface SchemaOrgLinks {
  license: string[]
  usageInfo: string[]
  acquireLicensePage: string[]
}

/** Reads the rights that JSON-LD links to, anywhere in it: rules where a licence is known, and the links. Never throws. */
export function readSchemaOrg(input: string, where: string): RightsReading & { links: SchemaOrgLinks } {
  const links: SchemaOrgLinks = { license: [], usageInfo: [], acquireLicensePage: [] }
  const { value, findings } = readJson(input, where)
  const nodes: Json[] = value === undefined ? [] : [value]
  for (let seen = 0; nodes.length > 0 && seen < NODES_MAX; seen++) {
    const node = nodes.pop()!
    if (Array.isArray(node)) nodes.push(...node.slice(0, NODES_MAX))
    if (!isObject(node)) continue
    for (const key of Object.keys(links) as (keyof SchemaOrgLinks)[]) {
      const given = node[key] ?? node[`https://schema.org/${key}`]
      links[key].push(...listOf(given).flatMap((link) => addressOf(link)))
    }
    nodes.push(...Object.values(node).filter((child) => typeof child === 'object' && child !== null))
  }
  const readings = [...new Set(links.license)].map((url) =>
    /rightsstatements\.org/i.test(url) ? readRightsStatement(url, where) : readLicenceUrl(url, where),
  )
  return {
    rules: readings.flatMap(({ rules }) => rules),
    findings: [...findings, ...readings.flatMap((reading) => reading.findings)],
    links,
  }
}

function addressOf(link: Json): string[] {
  if (typeof link === 'string') return [link]
  const given = isObject(link) ? (link['@id'] ?? link.url) : undefined
  return typeof given === 'string' ? [given] : []
}
