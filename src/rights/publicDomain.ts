import { ColophonError, type Queries } from '../foundation/index.ts'
import { findMarkedWorks, findWithdrawn, manifestFiles, type ManifestStore } from '../register/index.ts'
import type { StatedSubject } from '../statements/index.ts'

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

/** The first of these files that is declared here, and at a moment (ISO) not taken back, as being in the public domain. */
export async function findPublicDomain(queries: Queries, sha256: readonly string[], at: string) {
  const works = await findMarkedWorks(queries, sha256)
  const marked = works.filter(({ rights_statement }) => isPublicDomain(rights_statement))
  const declared = marked.map(({ id, collection, log_index: logIndex }) => ({ id, collection, logIndex }))
  const withdrawn = await findWithdrawn(queries, declared, at)
  return marked.find(({ id }) => !withdrawn.has(id))
}

/**
 * Nobody claims as author or rightsholder what is declared here as being in the public domain, and so nobody reserves it
 * by declaring it anew. Whoever knows better states a counter-claim.
 */
export function admitNoPublicDomain(manifests: ManifestStore) {
  return async ({ subject, recordedAt }: StatedSubject<never>, queries: Queries): Promise<void> => {
    const { type, role, fingerprints, manifest } = subject as Partial<Record<'type' | 'role' | 'manifest', string>> & {
      fingerprints?: { sha256?: string }
    }
    if ((type !== 'Work' && type !== 'Collection') || role === 'custodian') return
    const bytes = type === 'Collection' ? manifests.read(manifest!) : undefined
    const files = bytes ? manifestFiles(bytes) : [fingerprints?.sha256 ?? '']
    const marked = await findPublicDomain(queries, files, recordedAt)
    if (marked) throw publicDomainRefusal(marked)
  }
}

/** What is said to whoever would reserve it all the same. */
export function publicDomainRefusal({ id, title }: { id: string; title: string }): ColophonError {
  return new ColophonError(
    'public_domain_cannot_be_reserved',
    `this file is declared here as being in the public domain: ${title}`,
    {
      where: id,
      remedy: 'If that is wrong, state a counter-claim; nobody may reserve what is in the public domain.',
    },
  )
}
