import { readDocument, refusal } from './document.ts'
import { EU_LANGUAGES } from './dcat.ts'
import { namesOf, readLinkedData, valuesOf, wordOf, type LinkedNode } from './linkedData.ts'
import { idOf } from './names.ts'
import { activityStep, kindOf, readDerivations } from './provRead.ts'
import { agentOf, describe, finish, newDraft, type Draft, type LineageReading } from './reading.ts'

const DCAT = 'http://www.w3.org/ns/dcat#'
const DCT = 'http://purl.org/dc/terms/'
const FOAF = 'http://xmlns.com/foaf/0.1/'
const PROV = 'http://www.w3.org/ns/prov#'
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#'
const SPDX = 'http://spdx.org/rdf/terms#'
type Nodes = Map<string, LinkedNode>

/**
 * A lineage out of DCAT or DCAT-AP in JSON-LD: every dcat:Dataset with what its first distribution says, and what it was
 * derived from. Errors: `invalid_input`, `too_large`. Source: DCAT-AP 3.0.1.
 */
export function importDcat(text: string, at?: string): LineageReading {
  const nodes = readLinkedData(readDocument(text))
  const draft = newDraft(text, at)
  const resources = [`${DCAT}Dataset`, `${DCAT}Resource`]
  const datasets = [...nodes.values()].filter(({ types }) => resources.some((type) => types.includes(type)))
  if (!datasets.some(({ types }) => types.includes(`${DCAT}Dataset`)))
    throw refusal('no dcat:Dataset stands in this document', '@type')
  for (const node of datasets) describeDataset(draft, node, nodes)
  for (const node of nodes.values()) if (node.types.includes(`${PROV}Activity`)) activityStep(draft, node, nodes)
  for (const node of datasets) readDerivations(draft, withSources(node), nodes)
  return finish(draft, wordOf(datasets[0], `${DCT}issued`))
}

/** Catalogues that know no PROV name their sources with Dublin Core. */
function withSources(node: LinkedNode): LinkedNode {
  const sources = valuesOf(node, `${PROV}wasDerivedFrom`, `${DCT}source`)
  return { ...node, properties: new Map([...node.properties, [`${PROV}wasDerivedFrom`, sources]]) }
}

function describeDataset(draft: Draft, node: LinkedNode, nodes: Nodes): void {
  const [first, ...others] = namesOf(node, `${DCAT}distribution`)
  if (others.length > 0) draft.lost.add('distributions after the first')
  const distribution = nodes.get(first ?? '')
  const owner = namesOf(node, `${DCT}publisher`, `${DCT}creator`)[0]
  const period = nodes.get(namesOf(node, `${DCT}temporal`)[0] ?? '')
  const size = wordOf(distribution, `${DCAT}byteSize`)
  const page = wordOf(distribution, `${DCAT}accessURL`, `${DCAT}downloadURL`)
  describe(draft, idOf(node.id), {
    type: kindOf(node),
    name: wordOf(node, `${DCT}title`),
    description: wordOf(node, `${DCT}description`),
    version: wordOf(node, `${DCAT}version`, 'http://www.w3.org/2002/07/owl#versionInfo'),
    url: wordOf(node, `${DCAT}landingPage`) ?? page,
    sha256: digestOf(draft, distribution, nodes),
    licence: licenceOf(distribution, nodes) ?? licenceOf(node, nodes),
    owner: owner === undefined ? undefined : agentOf(owner, wordOf(nodes.get(owner), `${FOAF}name`)),
    weights: { bytes: size === undefined ? undefined : Number(size) },
    languages: namesOf(node, `${DCT}language`).map((name) => name.replace(EU_LANGUAGES, '')),
    collected: { from: wordOf(period, `${DCAT}startDate`), to: wordOf(period, `${DCAT}endDate`) },
  })
}

function digestOf(draft: Draft, distribution: LinkedNode | undefined, nodes: Nodes): string | number | undefined {
  const checksum = nodes.get(namesOf(distribution, `${SPDX}checksum`)[0] ?? '')
  if (!checksum) return undefined
  if (namesOf(checksum, `${SPDX}algorithm`)[0]?.endsWith('checksumAlgorithm_sha256'))
    return wordOf(checksum, `${SPDX}checksumValue`)
  draft.lost.add('digests that are none of SHA-256')
  return undefined
}

function licenceOf(node: LinkedNode | undefined, nodes: Nodes): string | number | undefined {
  const name = namesOf(node, `${DCT}license`)[0]
  if (name === undefined) return undefined
  return wordOf(nodes.get(name), `${RDFS}label`) ?? (name.startsWith('_:') ? undefined : name)
}
