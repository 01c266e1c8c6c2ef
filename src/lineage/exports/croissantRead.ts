import type { Json } from '../../foundation/index.ts'
import { readDocument, refusal } from './document.ts'
import { namesOf, readLinkedData, valuesOf, wordOf, wordsOf, type LinkedNode } from './linkedData.ts'
import { idOf } from './names.ts'
import { activityStep, describeEntity, PROV, readDerivations } from './provRead.ts'
import {
  agentOf,
  cleanHash,
  cleanUrl,
  describe,
  finish,
  link,
  newDraft,
  stepOf,
  type Draft,
  type LineageReading,
} from './reading.ts'

const CR = 'http://mlcommons.org/croissant/'
const RAI = `${CR}RAI/`
const SC = 'http://schema.org/'
type Nodes = Map<string, LinkedNode>

/** What is read of a data set; every other property that it has is named as lost. */
const READ = new Set([
  ...['name', 'description', 'url', 'license', 'version', 'creator', 'publisher', 'datePublished', 'inLanguage'].map(
    (word) => SC + word,
  ),
  ...['distribution', 'recordSet'].map((word) => SC + word),
  ...['wasDerivedFrom', 'wasGeneratedBy', 'wasInfluencedBy', 'qualifiedDerivation', 'wasAttributedTo'].map(
    (word) => PROV + word,
  ),
  `${CR}recordSet`,
  `${RAI}dataCollectionTimeframe`,
  'http://purl.org/dc/terms/conformsTo',
])

/**
 * A data set out of Croissant 1.0 or 1.1 (JSON-LD): what it says of itself, its files, and what it was derived from.
 * Errors: `invalid_input`, `too_large`. Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
 */
export function importCroissant(text: string, at?: string): LineageReading {
  const nodes = readLinkedData(readDocument(text), SC)
  const draft = newDraft(text, at)
  const root = named(findRoot(nodes), draft)
  const rootId = describeRoot(draft, root, nodes)
  const publishedAt = wordOf(root, `${SC}datePublished`)
  readFiles(draft, root, rootId, nodes, publishedAt)
  for (const node of nodes.values()) readSource(draft, node.types === root.types ? root : node, nodes)
  nameLosses(draft, root, nodes)
  return finish(draft, publishedAt)
}

function findRoot(nodes: Nodes): LinkedNode {
  const sets = [...nodes.values()].filter(({ types }) => types.includes(`${SC}Dataset`))
  const root =
    sets.find((node) => valuesOf(node, 'http://purl.org/dc/terms/conformsTo').length > 0) ??
    sets.find((node) => valuesOf(node, `${SC}distribution`).length > 0) ??
    sets[0]
  if (root) return root
  throw refusal('no schema.org/Dataset stands in this document', '@type', 'Croissant describes a Dataset.')
}

/** A data set without a name of its own is called by its address, or by the digest of the document. */
function named(root: LinkedNode, draft: Draft): LinkedNode {
  if (!root.id.startsWith('_:')) return root
  return { ...root, id: cleanUrl(wordOf(root, `${SC}url`)) ?? draft.documentStep }
}

function describeRoot(draft: Draft, root: LinkedNode, nodes: Nodes): string {
  const content = nodes.get(`${root.id}#content`)
  const [from, to] = String(wordOf(root, `${RAI}dataCollectionTimeframe`) ?? '').split('/')
  return describe(draft, idOf(root.id), {
    ...described(draft, root, nodes),
    type: 'Dataset',
    languages: wordsOf(root, `${SC}inLanguage`).map(String),
    sha256: wordOf(content, `${SC}sha256`),
    weights: { bytes: bytesOf(content) },
    collected: { from, to },
  })
}

function described(draft: Draft, node: LinkedNode, nodes: Nodes) {
  const owners = valuesOf(node, `${SC}creator`, `${SC}publisher`)
  const [owner] = owners
  const person = owner && 'node' in owner ? nodes.get(owner.node) : undefined
  if (owners.length > 1) draft.lost.add('creators and publishers after the first')
  return {
    name: wordOf(node, `${SC}name`),
    description: wordOf(node, `${SC}description`),
    version: wordOf(node, `${SC}version`),
    url: wordOf(node, `${SC}url`),
    licence: licenceOf(draft, node, nodes),
    owner: person
      ? agentOf(person.id, wordOf(person, `${SC}name`))
      : agentOf(undefined, owner && 'value' in owner ? (owner.value as Json) : undefined),
  }
}

/** Of several licences nobody can tell whether all hold or one may be chosen. */
function licenceOf(draft: Draft, node: LinkedNode, nodes: Nodes): string | undefined {
  const words = valuesOf(node, `${SC}license`).flatMap((value) => {
    const word = 'node' in value ? (wordOf(nodes.get(value.node), `${SC}url`, `${SC}name`) ?? value.node) : value.value
    return typeof word === 'string' && !word.startsWith('_:') ? [word] : []
  })
  if (words.length > 1) draft.lost.add(`several licences, without saying how they go together: ${words.join(', ')}`)
  return words.length === 1 ? words[0] : undefined
}

function bytesOf(node: LinkedNode | undefined): number | undefined {
  const size = /^(\d{1,15})\s*(?:B|bytes)?$/i.exec(String(wordOf(node, `${SC}contentSize`) ?? ''))
  return size ? Number(size[1]) : undefined
}

/**
 * The files that the data set is published as. They are the data set and not where it comes from, so that each is made
 * from it, or from the file that it stands in. Names that hold in this document only stand behind its own.
 */
function readFiles(draft: Draft, root: LinkedNode, rootId: string, nodes: Nodes, publishedAt: unknown): void {
  const files = namesOf(root, `${SC}distribution`).flatMap((name) => nodes.get(name) ?? [])
  const ids = new Map<string, string>()
  for (const node of files) {
    if (!node.types.includes(`${CR}FileObject`) || node.id === `${root.id}#content`) continue
    const iri = /^[a-z][a-z0-9+.-]*:/i.test(node.id)
      ? node.id
      : `${rootId}#${encodeURIComponent(node.id.toWellFormed())}`
    const url = wordOf(node, `${SC}contentUrl`)
    ids.set(
      node.id,
      describe(draft, idOf(iri), {
        ...described(draft, node, nodes),
        type: 'File',
        // A path inside of the document's own place is no address, and no loss.
        url: typeof url === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : undefined,
        sha256: cleanHash(wordOf(node, `${SC}sha256`)),
        weights: { bytes: bytesOf(node) },
      }),
    )
    if (wordOf(node, `${SC}sha256`) !== undefined && !cleanHash(wordOf(node, `${SC}sha256`)))
      draft.lost.add('digests that are none of SHA-256')
  }
  if (ids.size === 0) return
  const step = stepOf(draft, draft.documentStep, { activity: 'publish', endedAt: publishedAt })
  for (const node of files) {
    const id = ids.get(node.id)
    if (!id) continue
    const containers = namesOf(node, `${SC}containedIn`, `${CR}containedIn`).flatMap((name) => ids.get(name) ?? [])
    for (const from of containers.length > 0 ? new Set(containers) : [rootId]) link(draft, step, id, from)
  }
  if (files.some(({ types }) => types.includes(`${CR}FileSet`))) draft.lost.add('sets of files')
}

function readSource(draft: Draft, node: LinkedNode, nodes: Nodes): void {
  const isSource = node.types.includes(`${PROV}Entity`)
  if (isSource) {
    describeEntity(draft, node, nodes)
    describe(draft, idOf(node.id), { ...described(draft, node, nodes), weights: { bytes: bytesOf(node) } })
  }
  for (const name of namesOf(node, `${PROV}wasGeneratedBy`)) {
    const activity = nodes.get(name)
    if (activity) activityStep(draft, activity, nodes)
  }
  readDerivations(draft, node, nodes)
}

function nameLosses(draft: Draft, root: LinkedNode, nodes: Nodes): void {
  const others = [...root.properties.keys()].filter((name) => !READ.has(name))
  if (others.length > 0) draft.lost.add(`properties of the data set: ${others.map(shortName).join(', ')}`)
  if (valuesOf(root, `${CR}recordSet`, `${SC}recordSet`).length > 0) draft.lost.add('the structure of its records')
  const files = [...nodes.values()].filter((node) => valuesOf(node, `${CR}md5`, `${SC}md5`).length > 0)
  if (files.length > 0) draft.lost.add('digests that are none of SHA-256')
}

function shortName(name: string): string {
  return (name.startsWith(RAI) ? 'rai:' : '') + (name.split(/[/#]/).at(-1) ?? name).slice(0, 60)
}

/** True for JSON-LD that says it is Croissant. */
export function isCroissant(document: Json): boolean {
  const text = JSON.stringify(document).slice(0, 200_000)
  return text.includes('mlcommons.org/croissant') || text.includes('mlcommons.org/schema')
}
