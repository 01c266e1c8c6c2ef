import type { RightsExport } from '../rights/index.ts'

export type Place = RightsExport['snippets'][number]['place'] | 'file'

/** Where a web site may live. */
export const siteBuilders = [
  'wordpress',
  'squarespace',
  'wix',
  'nginx',
  'apache',
  'github-pages',
  'platform',
  'unknown',
] as const

export type SiteBuilder = (typeof siteBuilders)[number]

/** The places of a web site that a visitor is told about even before there is anything to put there. */
export const SITE_PLACES: readonly Place[] = ['robots.txt', 'html-head', 'http-header', 'file']

/** What each builder does not let its users change. Elsewhere `builder.NAME.PLACE` in `locales/` says where it goes. */
const CLOSED: Record<SiteBuilder, readonly Place[]> = {
  wordpress: [],
  squarespace: ['robots.txt', 'http-header', 'file'],
  wix: ['http-header', 'file'],
  nginx: [],
  apache: [],
  'github-pages': ['http-header'],
  platform: ['robots.txt', 'html-head', 'http-header', 'file'],
  unknown: [],
}

/** Whether a place can be reached with a builder. What does not belong to the web site, such as metadata, always can. */
export function isOpen(builder: SiteBuilder, place: Place): boolean {
  return !CLOSED[builder].includes(place)
}

export function readBuilder(name: string | undefined): SiteBuilder {
  return siteBuilders.find((builder) => builder === name) ?? 'unknown'
}
