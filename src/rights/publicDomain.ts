import { ColophonError, type Queries } from '../foundation/index.ts'
import { findDisputes, findMarkedWorks, findWithdrawn, manifestFiles, type ManifestStore } from '../register/index.ts'
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

/**
 * Those of these works that belong to everybody at a moment (ISO): they are declared so, and nobody disputes it. A mark
 * that was taken back frees nothing: leave out such works.
 */
export async function findFree(
  queries: Queries,
  works: readonly { id: string; collection: string | null; rightsStatement: string | null }[],
  at: string,
): Promise<Set<string>> {
  const marked = works.filter(({ rightsStatement }) => isPublicDomain(rightsStatement))
  const disputes = await findDisputes(queries, marked, at)
  return new Set(marked.flatMap(({ id }) => (disputes.has(id) ? [] : [id])))
}

/** The same for one row of `work` that was not taken back. */
export async function isFreeWork(
  queries: Queries,
  { id, collection, rights_statement }: { id: string; collection: string | null; rights_statement: string | null },
  at: string,
): Promise<boolean> {
  return (await findFree(queries, [{ id, collection, rightsStatement: rights_statement }], at)).size > 0
}

/**
 * The rights statement as others may repeat it: one that frees a work, and is disputed, is told as “copyright
 * undetermined”.
 */
export function repeatableStatement(rightsStatement: string | null, isFree: boolean): string | null {
  return isPublicDomain(rightsStatement) && !isFree ? UNDETERMINED : rightsStatement
}

const UNDETERMINED = 'http://rightsstatements.org/vocab/UND/1.0/'

/** A file that is declared here as being in the public domain. */
export interface MarkedFile {
  sha256: string
  /** The works that carry the mark, the first one first. */
  marks: { id: string; collection: string | null; title: string }[]
  /** Who disputes one of them. The mark is about the file: whoever disputes one mark disputes all. */
  disputedBy: Set<string>
}

/** Those of these files that are declared here, and at a moment (ISO) not taken back, as being in the public domain. */
export async function listPublicDomain(queries: Queries, sha256: readonly string[], at: string): Promise<MarkedFile[]> {
  const works = await findMarkedWorks(queries, sha256)
  const marked = works.filter(({ rights_statement }) => isPublicDomain(rights_statement))
  const declared = marked.map(({ id, collection, log_index: logIndex }) => ({ id, collection, logIndex }))
  const withdrawn = await findWithdrawn(queries, declared, at)
  const standing = marked.filter(({ id }) => !withdrawn.has(id))
  const disputes = await findDisputes(queries, standing, at)
  return [...Map.groupBy(standing, ({ code }) => code)].map(([code, marks]) => ({
    sha256: code,
    marks,
    disputedBy: new Set(marks.flatMap(({ id }) => [...(disputes.get(id) ?? [])])),
  }))
}

/**
 * Nobody claims as author or rightsholder what is declared here as being in the public domain, and so nobody reserves it
 * by declaring it anew. Whoever knows better disputes it, before or in the same statement, and says why.
 */
export function admitNoPublicDomain(manifests: ManifestStore) {
  return async ({ subject, party, recordedAt, siblings }: StatedSubject<never>, queries: Queries): Promise<void> => {
    const { type, role, fingerprints, manifest } = subject as Partial<Record<'type' | 'role' | 'manifest', string>> & {
      fingerprints?: { sha256?: string }
    }
    if ((type !== 'Work' && type !== 'Collection') || role === 'custodian') return
    const bytes = type === 'Collection' ? manifests.read(manifest!) : undefined
    const files = bytes ? manifestFiles(bytes) : [fingerprints?.sha256 ?? '']
    const disputed = disputedIn(siblings)
    const held = (await listPublicDomain(queries, files, recordedAt)).find(
      ({ marks, disputedBy }) =>
        !disputedBy.has(party) &&
        !marks.some(({ id, collection }) => disputed.has(id) || disputed.has(collection ?? '')),
    )
    if (held) throw publicDomainRefusal(held)
  }
}

/** What the claims among the subjects of a statement dispute, with evidence. */
function disputedIn(siblings: readonly { type: string }[]): Set<string> {
  const claims = siblings as readonly { type: string; claims?: string; target?: string; evidence?: unknown[] }[]
  return new Set(
    claims.flatMap(({ type, claims: said, target, evidence }) =>
      type === 'Claim' && said === 'disputes' && target && evidence?.length ? [target] : [],
    ),
  )
}

/** What is said to whoever would reserve it all the same. */
export function publicDomainRefusal({ marks }: MarkedFile): ColophonError {
  const { id, title } = marks[0]!
  return new ColophonError(
    'public_domain_cannot_be_reserved',
    `this file is declared here as being in the public domain: ${title}`,
    {
      where: id,
      remedy:
        'Nobody may reserve what is in the public domain. If that is wrong, dispute it and say why; then declare it.',
    },
  )
}
