import { canonicalJson, sha256Hex, type Queries } from '../foundation/index.ts'
import { listWorksWhole, type ListedWork } from '../register/index.ts'
import {
  findHiddenWorks,
  findTakenBack,
  findFree,
  openRightsIndex,
  type GrantEntry,
  type RightsIndex,
  type TakenBack,
  type TermsEntry,
} from '../rights/index.ts'

/** Everything that decisions on a work depend on; works of which the same was said share one. */
export interface SnapshotPolicy {
  terms: TermsEntry[]
  grants: GrantEntry[]
  /** The declarer and the creators it names. */
  parties: string[]
  mustConsent: string[]
  isPublicDomain: boolean
}

/** What finds a work in a data set. Codes in hexadecimal; of an ISCC unit its first 64 bits. */
export interface SnapshotWork {
  codes: Record<string, string>
  urls: string[]
}

const WORKS_AT_ONCE = 5000
const POLICY_DIGITS = 32

/**
 * All that a gate needs of a register at a moment (ISO), as lines in the order of their characters:
 * `party DID POLICY`, `policy HASH JSON`, `site HOST PARTY POLICY`, `work ID PARTY POLICY JSON`. Works of which nothing
 * was said are left out, and so are the codes of those that a community keeps. The same register gives the same lines.
 */
export async function snapshotLines(queries: Queries, at: string): Promise<string[]> {
  const index = await openRightsIndex(queries, at)
  const policies = new Map<string, string>()
  const lines: string[] = []
  const policyOf = (policy: SnapshotPolicy): string => {
    const json = canonicalJson(policy)
    const hash = sha256Hex(new TextEncoder().encode(json)).slice(0, POLICY_DIGITS)
    policies.set(hash, json)
    return hash
  }
  for (const kind of ['domain', 'party'] as const)
    for (const { target, party, terms } of index.targets(kind)) {
      const alive = terms.filter((entry) => isAlive(entry, at))
      if (alive.length === 0 || (kind === 'party' && party !== target)) continue
      const policy = policyOf({ ...EMPTY, terms: alive, parties: [party] })
      lines.push(kind === 'party' ? `party ${target} ${policy}` : `site ${target} ${party} ${policy}`)
    }
  let after = ''
  for (;;) {
    const works = await listWorksWhole(queries, after, WORKS_AT_ONCE)
    if (works.length === 0) break
    const takenBack = await findTakenBack(queries, works, at)
    const free = await findFree(
      queries,
      works.filter(({ id }) => !takenBack.has(id)),
      at,
    )
    for (const work of works) {
      const policy = policyAbout(work, index, { at, takenBack: takenBack.get(work.id), isFree: free.has(work.id) })
      if (!policy) continue
      const found = await findable(queries, work, policy, at)
      lines.push(`work ${work.id} ${work.party} ${policyOf(policy)} ${canonicalJson(found)}`)
    }
    after = works.at(-1)!.id
  }
  for (const [hash, json] of policies) lines.push(`policy ${hash} ${json}`)
  return lines.sort(byCharacters)
}

/** The order of lines: by UTF-16 code units, on every machine. */
export function byCharacters(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

const EMPTY: SnapshotPolicy = { terms: [], grants: [], parties: [], mustConsent: [], isPublicDomain: false }

function isAlive({ endsAt }: TermsEntry, at: string): boolean {
  return endsAt === null || at < endsAt
}

function policyAbout(
  work: ListedWork,
  index: RightsIndex,
  { at, takenBack, isFree }: { at: string; takenBack: TakenBack | undefined; isFree: boolean },
): SnapshotPolicy | undefined {
  const parties = new Set([work.party, ...work.creators.map(({ party }) => party)])
  const mustConsent = work.creators.flatMap((each) => (each.mustConsent ? [each.party] : []))
  const { terms, grants } = index.about({
    id: work.id,
    ...(work.collection === null ? {} : { collection: work.collection }),
    hosts: work.urls.map(({ host }) => host),
    authority: { parties, mustConsent, isPublicDomain: isFree },
    takenBack,
  })
  const alive = { terms: terms.filter((each) => isAlive(each, at)), grants: grants.filter((each) => isAlive(each, at)) }
  if (alive.terms.length === 0 && alive.grants.length === 0 && !isFree) return undefined
  return { ...alive, parties: [...parties].sort(byCharacters), mustConsent, isPublicDomain: isFree }
}

/** Codes that are compared whole, and units of an ISCC, of which files hold the first 64 bits. */
const WHOLE = ['sha256', 'pdq', 'iscc-text-v0'] as const
const UNITS = ['iscc-instance-v0', 'iscc-data-v0', 'iscc-text-v0', 'iscc-image-v0', 'iscc-audio-v0', 'iscc-video-v0']
const UNIT_DIGITS = 16

async function findable(
  queries: Queries,
  work: ListedWork,
  { terms }: SnapshotPolicy,
  at: string,
): Promise<SnapshotWork> {
  const urls = work.urls.map(({ url }) => url)
  const mayBeHidden = terms.some(({ isLabel }) => isLabel)
  if (mayBeHidden && (await findHiddenWorks(queries, [work.id], at)).size > 0) return { codes: {}, urls }
  const codes: Record<string, string> = {}
  for (const name of WHOLE) if (work.codes[name]) codes[name] = work.codes[name]
  for (const name of UNITS) if (work.codes[name]) codes[`${name}:64`] = work.codes[name].slice(0, UNIT_DIGITS)
  return { codes, urls }
}
