import { ColophonError, isoTime, type Queries } from '../foundation/index.ts'
import { describedWorks, type DescribedWork } from './describe.ts'
import { datasetOfScope, writeCatalogue } from './exports/dcat.ts'
import { writeDublinCore } from './exports/dublinCore.ts'
import { writeEdm } from './exports/edm.ts'
import { iiifHead, iiifManifest } from './exports/iiif.ts'
import { schemaOrgDataset, schemaOrgWork } from './exports/schemaOrg.ts'
import type { OfferingNode } from './rightsOf.ts'
import { countShown, needScope, worksOf } from './scope.ts'

/** What a collection can be written as. */
export const workFormats = ['edm', 'iiif', 'oai-dc', 'dcat', 'schema-org'] as const
export type WorkFormat = (typeof workFormats)[number]

/** The name of a format as somebody wrote it. Errors: `usage`. */
export function parseWorkFormat(name: string): WorkFormat {
  if ((workFormats as readonly string[]).includes(name)) return name as WorkFormat
  throw new ColophonError('usage', `there is no format ${name.slice(0, 40)}`, {
    remedy: `Use ${workFormats.join(', ')}.`,
  })
}

/**
 * A collection, or all public works of a party, as one document, piece by piece: a page of works is in memory at a time.
 * `counted` is told each work. XML holds a record for each work; IIIF is a collection with its manifests in it;
 * schema.org a list of works; DCAT the description of the set alone. Errors: `not_found`.
 */
export async function* exportWorks(
  queries: Queries,
  id: string,
  format: WorkFormat,
  node: OfferingNode,
  counted: () => void = () => {},
): AsyncGenerator<string> {
  const at = isoTime(node.now)
  const scope = await needScope(queries, id, at)
  const each = async function* (write: (work: DescribedWork) => string, between: string) {
    let count = 0
    for await (const work of describedWorks(queries, worksOf(scope), at)) {
      counted()
      yield `${count++ === 0 ? '' : between}${write(work)}`
    }
  }
  switch (format) {
    case 'edm':
    case 'oai-dc': {
      const write = format === 'edm' ? writeEdm : writeDublinCore
      yield '<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
      yield* each((work) => write(work, node), '\n')
      yield '\n</records>\n'
      return
    }
    case 'iiif': {
      const head = JSON.stringify(iiifHead(scope, node), null, 2)
      yield `${head.slice(0, -'\n}'.length)},\n  "items": [\n`
      // Inside a collection a manifest has the context of the collection.
      yield* each((work) => JSON.stringify({ ...iiifManifest(work, node), '@context': undefined }), ',\n')
      yield '\n  ]\n}\n'
      return
    }
    case 'schema-org': {
      const { '@context': _, ...isPartOf } = schemaOrgDataset(scope, node)
      yield '[\n'
      yield* each((work) => JSON.stringify({ ...schemaOrgWork(work, node), isPartOf }), ',\n')
      yield '\n]\n'
      return
    }
    case 'dcat': {
      const dataset = datasetOfScope(scope, await countShown(queries, scope, at), node)
      const address = `${node.base}/catalog.jsonld`
      yield `${JSON.stringify(writeCatalogue({ datasets: [dataset], address }, node), null, 2)}\n`
    }
  }
}
