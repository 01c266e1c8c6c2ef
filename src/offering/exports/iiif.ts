import { partEnds } from '../../register/index.ts'
import type { Queries } from '../../foundation/index.ts'
import { WORKS_AT_ONCE, describePage, type DescribedWork } from '../describe.ts'
import { rightsOfWork, termsLinks, type OfferingNode } from '../rightsOf.ts'
import { worksOf, type Scope } from '../scope.ts'
import { DCMI_TYPES } from './dublinCore.ts'
import { writeIdentifier } from './identifiers.ts'

const CONTEXT = 'http://iiif.io/api/presentation/3/context.json'
const inNoLanguage = (...texts: string[]) => ({ none: texts })
const inEnglish = (...texts: string[]) => ({ en: texts })
const pair = (label: string, values: string[]) =>
  values.length === 0 ? [] : [{ label: inEnglish(label), value: inNoLanguage(...values) }]

/**
 * A work as a manifest of the IIIF Presentation API 3.0. No picture is held here, so its one canvas is empty: the manifest
 * describes the work, says its terms, and links to where it stands.
 */
export function iiifManifest(work: DescribedWork, node: OfferingNode): Record<string, unknown> {
  const { statement, sentences } = rightsOfWork(work, node)
  const { page, odrl } = termsLinks(work, node)
  const id = manifestAddress(work, node)
  const type = DCMI_TYPES[work.medium]
  const home = (url: string) => ({ id: url, label: inNoLanguage(work.title), ...kindOf(url) })
  return {
    '@context': CONTEXT,
    id,
    type: 'Manifest',
    label: inNoLanguage(work.title),
    metadata: [
      ...pair('Creator', work.creatorNames),
      ...pair('Type', type === undefined ? [] : [type]),
      ...pair('Language', work.language === null ? [] : [work.language]),
      ...pair('Identifier', work.identifiers.map(writeIdentifier)),
    ],
    ...(statement === undefined ? {} : { rights: statement }),
    ...(sentences.length === 0
      ? {}
      : { requiredStatement: { label: inEnglish('Terms'), value: { [node.words.language]: sentences } } }),
    provider: [{ id: page, type: 'Agent', label: inNoLanguage(work.partyName), homepage: [home(page)] }],
    ...(work.urls.length === 0 ? {} : { homepage: work.urls.map(({ url }) => home(url)) }),
    seeAlso: [{ id: odrl, type: 'Dataset', label: inEnglish('Terms (ODRL)'), format: 'application/json' }],
    items: [
      {
        id: `${node.base}/iiif/works/${work.id}/canvas/1`,
        type: 'Canvas',
        label: inNoLanguage(work.title),
        height: 1000,
        width: 1000,
      },
    ],
  }
}

const MEDIA: [RegExp, string, string][] = [
  [/\.jpe?g$/, 'Image', 'image/jpeg'],
  [/\.(png|gif|webp|avif|tiff)$/, 'Image', 'image/'],
  [/\.mp3$/, 'Sound', 'audio/mpeg'],
  [/\.(wav|ogg|flac)$/, 'Sound', 'audio/'],
  [/\.(mp4|webm)$/, 'Video', 'video/'],
  [/\.pdf$/, 'Text', 'application/pdf'],
]

/** What an address leads to, as far as its end tells; otherwise a page. */
function kindOf(url: string): { type: string; format: string } {
  const path = new URL(url).pathname.toLowerCase()
  const [, type, format] = MEDIA.find(([end]) => end.test(path)) ?? []
  if (type === undefined || format === undefined) return { type: 'Text', format: 'text/html' }
  return { type, format: format.endsWith('/') ? format + path.slice(path.lastIndexOf('.') + 1) : format }
}

function manifestAddress({ id }: { id: string }, { base }: Pick<OfferingNode, 'base'>): string {
  return `${base}/iiif/works/${id}/manifest.json`
}

export function collectionAddress({ id }: { id: string }, { base }: Pick<OfferingNode, 'base'>): string {
  return `${base}/iiif/collections/${encodeURIComponent(id)}.json`
}

/** What a collection document says before its items. */
export function iiifHead(
  { id, title, partyName }: Scope,
  node: OfferingNode,
  address = collectionAddress({ id }, node),
) {
  return {
    '@context': CONTEXT,
    id: address,
    type: 'Collection',
    label: inNoLanguage(title),
    metadata: pair('Holder', [partyName]),
  }
}

/**
 * A collection of manifests, or, where there are many works, of parts that are collections themselves; with `after` the
 * part behind that work. No document holds more than a part.
 */
export async function iiifCollection(
  queries: Queries,
  scope: Scope,
  node: OfferingNode,
  { after, at }: { after: string | undefined; at: string },
): Promise<object> {
  const head = iiifHead(scope, node)
  if (after === undefined) {
    const ends = await partEnds(queries, worksOf(scope), WORKS_AT_ONCE)
    if (ends.length > 0)
      return { ...head, items: ['', ...ends].map((end, i) => partReference(scope, node, end, i + 1)) }
  }
  const { works } = await describePage(queries, worksOf(scope), { after: after ?? '', limit: WORKS_AT_ONCE, at })
  const items = works
    .filter(({ goneFrom }) => goneFrom === undefined)
    .map((work) => ({ id: manifestAddress(work, node), type: 'Manifest', label: inNoLanguage(work.title) }))
  return { ...head, id: after === undefined ? head.id : partAddress(scope, node, after), items }
}

function partReference(scope: Scope, node: OfferingNode, after: string, number: number): object {
  return { id: partAddress(scope, node, after), type: 'Collection', label: inNoLanguage(`${scope.title}, ${number}`) }
}

function partAddress(scope: Scope, node: OfferingNode, after: string): string {
  return `${collectionAddress(scope, node)}?${new URLSearchParams({ after })}`
}
