import { getDomain } from 'tldts'
import { literalList } from '../../datasets/index.ts'
import { toIso3 } from '../../languages/index.ts'
import { origins } from '../../lineage/index.ts'
import { toTerritory } from './reference.ts'

/** What people and programs write where they know nothing. */
const UNKNOWN = new Set(
  '|-|--|—|–|?|.|n/a|n.a.|n.a|#n/a|nan|<na>|none|null|nil|\\n|unknown|not known|unspecified|not specified|undefined|undetermined|not available|not provided|not stated|missing|no data|noassertion|not given|tbd'.split(
    '|',
  ),
)

/** True for nothing, and for what is written where nothing is known, in whatever letters. */
export function isUnknown(value: string): boolean {
  return UNKNOWN.has(value.toLowerCase())
}

/** The same in SQL. */
export function unknownInSql(column: string): string {
  return `list_contains(${literalList([...UNKNOWN])}, lower(${column}))`
}

const YES = new Set(['true', '1', 'yes', 't'])
const NO = new Set(['false', '0', 'no', 'f'])
const yesOrNo = (value: string) => {
  const small = value.toLowerCase()
  return YES.has(small) ? 'yes' : NO.has(small) ? 'no' : ''
}

const ORIGINS = new Map(origins.map((origin) => [origin.toLowerCase(), origin as string]))

/** Spellings of one value become one; what is none of the kind is not known. */
const FOLDS: Record<string, (value: string) => string> = {
  language: (value) => toIso3(value) ?? '',
  country: (value) => toTerritory(value) ?? '',
  gender: (value) => value.toLowerCase(),
  origin: (value) => ORIGINS.get(value.toLowerCase()) ?? '',
  reservedAtCrawl: yesOrNo,
  reservedNow: yesOrNo,
  translation: yesOrNo,
}

/** The value of a dimension as it is counted; `''` where it is not known. */
export function foldValue(dimension: string, value: string): string {
  return isUnknown(value) ? '' : (FOLDS[dimension]?.(value) ?? value)
}

/**
 * The decade of a year, in SQL: of a whole text that is a number, or of four digits (1000 to 2100) that stand alone in it,
 * as in `12/05/1981`, `c. 1843` or `1990s`. Null for all else: `19th century` and `0` are no year.
 */
export function decadeInSql(column: string): string {
  const text = `trim(${column})`
  const alone = `regexp_extract(${text}, '(?:^|[^0-9])(1[0-9]{3}|20[0-9]{2}|2100)(?:[^0-9]|$)', 1)`
  const year = `CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,4}') THEN TRY_CAST(${text} AS INTEGER) ELSE TRY_CAST(${alone} AS INTEGER) END`
  return `(SELECT CASE WHEN y <> 0 AND y <= 2100 THEN CAST(CAST(floor(y / 10) * 10 AS INTEGER) AS VARCHAR) END FROM (SELECT ${year} AS y))`
}

/**
 * What stands where the host does, in SQL, of an address with a scheme, or of one without that has a dot in its host; the
 * rest is done for each that is different.
 */
export function authorityInSql(column: string): string {
  const text = `trim(${column})`
  const first = `split_part(${text}, '/', 1)`
  const hasScheme = `${first} LIKE '%:' AND NOT contains(${first}, '?') AND split_part(${text}, '/', 2) = ''`
  return `CASE WHEN ${hasScheme} THEN split_part(${text}, '/', 3) WHEN contains(${first}, '.') THEN ${first} ELSE '' END`
}

/** The registrable domain by the Public Suffix List, without its private part; a host that has none stays itself. */
export function siteOf(authority: string): string {
  const host = authority
    .replace(/[?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/:\d*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (host === '' || /[\s"<>\\^`{|}]/.test(host) || isUnknown(host)) return ''
  return getDomain(host, { allowPrivateDomains: false }) ?? host
}
