/**
 * True when a mark says that nobody holds copyright: CC0, the Public Domain Mark, and the "No Copyright" statements of
 * rightsstatements.org.
 */
export function isPublicDomain(rightsStatement: string | null | undefined): boolean {
  if (!rightsStatement) return false
  return /^https?:\/\/(creativecommons\.org\/publicdomain\/(mark|zero)\/1\.0|rightsstatements\.org\/(vocab|page)\/NoC-[A-Z]+\/1\.0)/.test(
    rightsStatement,
  )
}
