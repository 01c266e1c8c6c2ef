import { ColophonError } from '../foundation/index.ts'
import { readColumnMap, type ColumnMap } from './tables/columns.ts'
import { openSite, type CrawlOptions } from './sites/crawl.ts'
import { openCwr } from './records/cwr.ts'
import { openIiif } from './records/iiif.ts'
import { openJsonFile } from './records/jsonRecords.ts'
import { openOai, type OaiOptions } from './records/oai.ts'
import { openTableFile } from './tables/openTableFile.ts'
import { openOrcid } from './records/orcid.ts'
import { isAddress } from './sites/reach.ts'
import type { OpenSource } from './record.ts'
import { openSitemap } from './sites/sitemap.ts'
import { requireSiteOwner } from './sites/siteOwner.ts'
import { openXmlFile } from './records/xmlRecords.ts'

/** What a collection can be read from, by the option that names it on the command line. */
// prettier-ignore
export const sourceFormats = ['csv', 'json-records', 'xml', 'sitemap', 'site', 'iiif', 'oai', 'orcid', 'cwr'] as const
export type SourceFormat = (typeof sourceFormats)[number]

export interface SourceOptions extends OaiOptions, Omit<CrawlOptions, 'party'> {
  map?: string
  /** Who declares: a site names him. Nobody in a preview without a key. */
  party?: string
}

/**
 * Opens a source of works; its beginning is read to see that it is one. Errors: `unreadable_file`, `usage`,
 * `not_authorised` for somebody else's site, and whatever fetching brings.
 */
export async function openSource(format: SourceFormat, where: string, options: SourceOptions): Promise<OpenSource> {
  const map: ColumnMap = options.map === undefined ? new Map() : readColumnMap(options.map)
  if (format !== 'csv' && map.size > 0) throw new ColophonError('usage', '--map is for tables (--csv)')
  switch (format) {
    case 'csv':
      return openTableFile(where, map)
    case 'json-records':
      return openJsonFile(where, options.language)
    case 'xml':
      return openXmlFile(where, options.language)
    case 'sitemap':
      return openOwnSitemap(where, options)
    case 'site':
      return openSite(where, { ...options, party: needParty(options.party) })
    case 'iiif':
      return openIiif(where, options)
    case 'oai':
      return openOai(where, options)
    case 'orcid':
      return openOrcid(where, options)
    case 'cwr':
      return openCwr(where)
  }
}

/** A preview looks at one document; to declare what it names the site must name the party. */
async function openOwnSitemap(where: string, options: SourceOptions): Promise<OpenSource> {
  const source = openSitemap(where, options)
  if (options.party === undefined) return source
  const site = isAddress(where) ? where : await firstAddress(source)
  await requireSiteOwner(new URL(site), options.party, options)
  return openSitemap(where, options)
}

async function firstAddress(source: OpenSource): Promise<string> {
  for await (const { urls } of source.records) if (urls?.[0] !== undefined) return urls[0]
  throw new ColophonError('empty_file', 'the sitemap names no page', { remedy: 'Give one that does.' })
}

function needParty(party: string | undefined): string {
  if (party !== undefined) return party
  throw new ColophonError('usage', 'a site is only read for whom it names: give --key', {
    remedy: 'The key’s did stands in /.well-known/colophon.txt of the site, or in a TXT record.',
  })
}
