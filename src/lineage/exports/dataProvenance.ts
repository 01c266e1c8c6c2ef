import type { LineageStep } from '../graph.ts'
import { jsonText } from './document.ts'
import type { Written } from './formats.ts'
import { licenceUrl } from './licences.ts'
import { lossesOf } from './losses.ts'
import { lastPartOf } from './names.ts'
import { sourcesOf, stepsOf, type Upstream } from './upstream.ts'

const METHODS = 'https://dataandtrustalliance.org/DPS/CodeSystem/Method'

/**
 * A data set by the Data Provenance Standards 1.0.0 of the Data & Trust Alliance: 22 fields in the groups source,
 * provenance and use, under the names of its JSON schema (which divides three of them). Null is what nobody has said;
 * several sources stand in one text, with spaces between, because the schema has one text for them. Source:
 * data-provenance-standards-1.0.0.schema.json
 */
export function exportDataProvenance(upstream: Upstream): Written {
  const { root } = upstream
  const document = { source: sourceGroup(upstream), provenance: provenanceGroup(upstream), use: useGroup(upstream) }
  return {
    text: jsonText(document),
    lost: lossesOf(upstream, {
      root: ['name', 'description', 'url', 'licence', 'owner', 'collected'],
      sources: [],
      steps: [],
      onlyDirect: true,
    }),
    missing: REQUIRED.filter(([group, field]) => (document[group] as Record<string, unknown>)[field] === null).map(
      ([group, field]) => `${group}.${field} of ${root.id} (required by the Data Provenance Standards 1.0.0)`,
    ),
  }
}

const REQUIRED = [
  ['source', 'title'],
  ['source', 'issuer'],
  ['source', 'description'],
  ['provenance', 'origin-geography'],
  ['provenance', 'date'],
  ['provenance', 'generation-method'],
  ['use', 'intended-purpose'],
] as const

function sourceGroup({ root }: Upstream) {
  return {
    version: '1.0.0',
    title: root.name ?? null,
    id: root.id,
    location: root.url ?? null,
    issuer: root.owner ? [{ name: root.owner.name ?? root.owner.id }] : null,
    description: root.description ?? null,
  }
}

function provenanceGroup(upstream: Upstream) {
  const { root, entities } = upstream
  const sources = sourcesOf(upstream, root.id)
  const owners = sources.flatMap((id) => entities.get(id)!.owner ?? []).filter(({ id }) => id !== root.owner?.id)
  const names = [...new Set(owners.map(({ id, name }) => name ?? lastPartOf(id)))]
  const made = stepsOf(upstream, root.id)
  const { from, to } = root.collected ?? {}
  return {
    source: sources.length > 0 ? sources.join(' ') : null,
    origin: names.length > 0 ? names.map((name) => ({ name })) : null,
    'origin-geography': null,
    date:
      made
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1) ?? null,
    'previous-date': null,
    'generation-period': from || to ? { ...(from ? { start: from } : {}), ...(to ? { end: to } : {}) } : null,
    'generation-method': methodsOf(upstream),
    format: null,
  }
}

const codes: Partial<Record<LineageStep['activity'], readonly [string, string]>> = {
  crawl: ['web-scraping-crawling-other', 'Web scraping/Crawling Other'],
  generate: ['machine-generated-mlops-synthetic', 'Machine generated/MLOps Synthetic'],
}

function methodsOf({ steps }: Upstream): object[] | null {
  const kinds = [...new Set(steps.map(({ activity }) => activity))].filter((activity) => activity !== 'publish')
  const methods = kinds.map((activity) => {
    const [code, description] = codes[activity] ?? ['other-na', `Other: ${activity}`]
    return { code, system: METHODS, description }
  })
  return methods.length > 0 ? methods : null
}

/** Who said nothing of confidentiality, consent or purpose is not answered for. */
function useGroup({ root }: Upstream) {
  return {
    classification: null,
    consents: null,
    'privacy-enhancing': null,
    'processing-included': null,
    'processing-excluded': null,
    'storage-allowed': null,
    'storage-forbidden': null,
    license: root.licence ? [licenceUrl(root.licence) ?? root.licence] : null,
    'intended-purpose': null,
    copyright: null,
    patent: null,
    trademark: null,
  }
}
