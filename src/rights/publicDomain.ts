import { ColophonError, type Queries } from '../foundation/index.ts'
import {
  findDisputes,
  findMarkedWorks,
  findWithdrawn,
  isAnyDisputed,
  manifestFiles,
  type ManifestStore,
} from '../register/index.ts'
import type { StatedSubject } from '../statements/index.ts'
import { findTerms } from './store.ts'

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
 * Those of these works that belong to everybody at a moment (ISO): they are declared so, and nobody disputes it, of them or
 * of another work with the same file. A mark that was taken back frees nothing: leave out such works.
 */
export async function findFree(
  queries: Queries,
  works: readonly { id: string; collection: string | null; rightsStatement: string | null }[],
  at: string,
): Promise<Set<string>> {
  const marked = works.filter(({ rightsStatement }) => isPublicDomain(rightsStatement))
  if (marked.length === 0 || !(await isAnyDisputed(queries))) return new Set(marked.map(({ id }) => id))
  const disputes = await findDisputes(queries, marked, at)
  const files = await filesOf(
    queries,
    marked.map(({ id }) => id),
  )
  const disputed = new Set<string>()
  for (const { sha256, disputedBy } of await listPublicDomain(queries, [...new Set(files.values())], at))
    if (disputedBy.size > 0) disputed.add(sha256)
  return new Set(marked.flatMap(({ id }) => (disputes.has(id) || disputed.has(files.get(id) ?? '') ? [] : [id])))
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
  return async (stated: StatedSubject<never>, queries: Queries): Promise<void> => {
    const { subject, issuer, party, recordedAt, siblings, isSealed } = stated
    const files = await reservedFiles(subject, { manifests, queries, party, siblings, at: recordedAt })
    if (files.length === 0) return
    const disputed = isSealed ? new Set<string>() : disputedIn(siblings, issuer, party)
    const held = (await listPublicDomain(queries, files, recordedAt)).find(
      ({ marks, disputedBy }) =>
        !disputedBy.has(party) &&
        !marks.some(({ id, collection }) => disputed.has(id) || disputed.has(collection ?? '')),
    )
    if (held) throw publicDomainRefusal(held)
  }
}

type Declaration = Partial<Record<'type' | 'id' | 'role' | 'manifest', string>> & {
  fingerprints?: { sha256?: string }
  target?: { kind: string; id: string }
  rules?: { decision: string }[]
}

/**
 * The files that a subject claims or reserves (SHA-256). Authors and rightsholders claim by declaring; a custodian claims
 * nothing, and reserves where terms say so: those of the same statement, those that stand for all it declares, or later ones.
 */
async function reservedFiles(
  subject: Declaration,
  {
    manifests,
    queries,
    party,
    siblings,
    at,
  }: { manifests: ManifestStore; queries: Queries; party: string; siblings: readonly { type: string }[]; at: string },
): Promise<string[]> {
  const { type, id, role, fingerprints, manifest, target, rules } = subject
  if (type === 'Terms') {
    if (!isDenial(rules) || (target!.kind !== 'work' && target!.kind !== 'set')) return []
    return custodiansFiles(queries, target as { kind: 'work' | 'set'; id: string })
  }
  if (type !== 'Work' && type !== 'Collection') return []
  if (role === 'custodian') {
    const said = siblings as readonly Declaration[]
    const isReserved = said.some((each) => each.type === 'Terms' && each.target?.id === id && isDenial(each.rules))
    if (!isReserved && !(await isReservingAll(queries, party, at))) return []
  }
  const bytes = type === 'Collection' ? manifests.read(manifest!) : undefined
  return bytes ? manifestFiles(bytes) : fingerprints?.sha256 ? [fingerprints.sha256] : []
}

function isDenial(rules: Declaration['rules']): boolean {
  return rules?.some(({ decision }) => decision === 'deny') === true
}

/** Whether terms of a party for everything it declares say no to anything at a moment (ISO). */
async function isReservingAll(queries: Queries, party: string, at: string): Promise<boolean> {
  const terms = (await findTerms(queries, [{ kind: 'party', id: party }])).filter((each) => each.party === party)
  return terms.some(
    ({ rules, valid_until, replaced_from, revoked_from }) =>
      [valid_until, replaced_from, revoked_from].every((end) => end === null || at < end) &&
      isDenial(JSON.parse(rules) as { decision: string }[]),
  )
}

/** Files of what a custodian has declared without a mark of its own. */
async function custodiansFiles(
  queries: Queries,
  { kind, id }: { kind: 'work' | 'set'; id: string },
): Promise<string[]> {
  const works = queries
    .selectFrom('work')
    .select(['id'])
    .where(kind === 'work' ? 'work.id' : 'work.collection', '=', id)
    .where('work.role', '=', 'custodian')
  const rows = await works.execute()
  return [
    ...new Set(
      (
        await filesOf(
          queries,
          rows.map((row) => row.id),
        )
      ).values(),
    ),
  ]
}

const WORKS_AT_ONCE = 500

/** The SHA-256 of works that have one. */
async function filesOf(queries: Queries, works: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (let start = 0; start < works.length; start += WORKS_AT_ONCE) {
    const codes = await queries
      .selectFrom('fingerprint')
      .select(['work', 'code'])
      .where('algorithm', '=', 'sha256')
      .where('work', 'in', works.slice(start, start + WORKS_AT_ONCE))
      .execute()
    for (const { work, code } of codes) files.set(work, code)
  }
  return files
}

/** What the claims among the subjects of a statement dispute, with evidence, in the name of the same party. */
function disputedIn(siblings: readonly { type: string }[], issuer: string, party: string): Set<string> {
  const claims = siblings as readonly {
    type: string
    claims?: string
    target?: string
    evidence?: unknown[]
    onBehalfOf?: string
  }[]
  return new Set(
    claims.flatMap(({ type, claims: said, target, evidence, onBehalfOf = issuer }) =>
      type === 'Claim' && said === 'disputes' && onBehalfOf === party && target && evidence?.length ? [target] : [],
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
