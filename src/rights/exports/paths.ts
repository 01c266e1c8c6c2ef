import type { RightsDocument } from '../rules.ts'
import type { RightsLoss } from './losses.ts'

/**
 * The paths of a site that a document is about, in the form of robots.txt. A work or a party has no path of its own, so
 * without paths nothing may be said about a whole site: `paths` is empty and every rule is a loss.
 */
export function documentPaths(document: RightsDocument): { paths: string[]; losses: RightsLoss[] } {
  const given = document.paths ?? (document.target.kind === 'domain' ? ['/'] : [])
  const paths = given.map(pathPattern)
  if (paths.length > 0) return { paths: [...new Set(paths)], losses: [] }
  return { paths, losses: document.rules.map((_, rule) => ({ rule, what: 'forSite', why: 'addressesOnly' })) }
}

/** True when the rules are about everything that the domain holds. */
export function isWholeSite(document: RightsDocument): boolean {
  return document.target.kind === 'domain' && documentPaths(document).paths.includes('/')
}

/** True when the rules are about named paths only, and not about the whole. */
export function isPart(document: RightsDocument): boolean {
  return document.paths !== undefined && !documentPaths(document).paths.includes('/')
}

/**
 * A header, a tag and a mark in a file have no path: what was written for a part of a site is to be put there only, and
 * nothing in it says so.
 */
export function unsaidPaths(document: RightsDocument, losses: readonly RightsLoss[]): RightsLoss[] {
  if (!isPart(document)) return []
  const { paths: words } = documentPaths(document)
  const isWritten = (rule: number) => !losses.some((loss) => loss.rule === rule && loss.what === 'whole')
  return document.rules.flatMap((_, rule): RightsLoss[] =>
    isWritten(rule) ? [{ rule, what: 'paths', why: 'putThereOnly', words }] : [],
  )
}

/** A path as robots.txt and its relatives need it: from `/`, without white space or the sign of a comment. */
function pathPattern(path: string): string {
  const rooted = path.startsWith('/') ? path : `/${path}`
  return rooted
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}#]|\P{ASCII}/gu, (character) => encodeURIComponent(character).replace('#', '%23'))
}
