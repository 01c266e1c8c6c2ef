import { LruMap } from '../foundation/index.ts'
import {
  exportRights,
  isPublicDomain,
  sayRules,
  type RightsDocument,
  type RightsRule,
  type Words,
} from '../rights/index.ts'
import type { DescribedWork } from './describe.ts'

/** What exports need to know of the node beside the works. */
export interface OfferingNode {
  /** The address of the node, without a slash at its end. */
  base: string
  /** The words that terms are written in. */
  words: Words
  /** Milliseconds. */
  now: number
}

/** What is said of the rights in a work, for vocabularies that know addresses of statements and texts. */
export interface WorkRights {
  /** An address of Creative Commons or rightsstatements.org; undefined when nobody said anything that is one. */
  statement: string | undefined
  /** One of those that Europeana takes. Never wider than `statement`; `CNE` where nothing is known. */
  europeana: string
  /** The terms in words, one sentence each. */
  sentences: string[]
}

const RIGHTS_STATEMENTS = 'http://rightsstatements.org/vocab/'
const IN_COPYRIGHT = `${RIGHTS_STATEMENTS}InC/1.0/`
const NOT_EVALUATED = `${RIGHTS_STATEMENTS}CNE/1.0/`

/**
 * The statement that was declared, or else the deed that the terms are, or else “in copyright” where whoever made it or
 * owns it reserves something. A custodian neither licenses nor reserves. A declared licence that the terms narrow is told
 * as “in copyright”: a deed cannot be narrowed, and the terms stand beside it in words.
 */
export function rightsOfWork(work: DescribedWork, node: Pick<OfferingNode, 'words' | 'now'>): WorkRights {
  const own = termsOfOwners(work)
  const isReserved = own.some(({ rules }) => rules.some(({ decision }) => decision === 'deny'))
  const statement = isNarrowed(work)
    ? IN_COPYRIGHT
    : (work.rightsStatement ?? deedOf(own, node.now) ?? (isReserved ? IN_COPYRIGHT : undefined))
  const canonical = statement === undefined ? undefined : canonicalAddress(statement)
  return {
    statement: canonical,
    europeana: forEuropeana(canonical),
    sentences: [...new Set(work.terms.flatMap(({ rules, conflict }) => sayRules(rules, node.words, conflict)))],
  }
}

/** What is said by whoever made the work or owns it: a custodian has a say, and holds nothing. */
function termsOfOwners({ terms, role, party }: DescribedWork) {
  return terms.filter((each) => each.hasSay && (role !== 'custodian' || each.party !== party))
}

/** Whether a licence of Creative Commons was declared, and whoever has a say denies something that it permits. */
function isNarrowed({ rightsStatement, terms }: DescribedWork): boolean {
  const [, licence] = /creativecommons\.org\/licenses\/([a-z-]+)\//.exec(rightsStatement ?? '') ?? []
  if (licence === undefined) return false
  const parts = licence.split('-')
  const isWithin = ({ action, purposes }: RightsRule) =>
    (parts.includes('nc') && purposes?.every((purpose) => purpose === 'col:commercial')) ||
    (parts.includes('nd') && ['odrl:derive', 'odrl:modify', 'odrl:translate'].includes(action))
  const denied = terms.filter(({ hasSay }) => hasSay).flatMap(({ rules }) => rules)
  return denied.some((rule) => rule.decision === 'deny' && !isWithin(rule))
}

/** Both vocabularies name their statements by http. */
function canonicalAddress(statement: string): string {
  return statement
    .replace(/^https?:\/\/(www\.)?/, 'http://')
    .replace('rightsstatements.org/page/', 'rightsstatements.org/vocab/')
}

/** Works of a collection mostly say the same, and to tell whether it is a deed takes longer than all the rest. */
const deeds = new LruMap<string, { deed: string | undefined }>(200)

/** A deed only where all that is said by whoever has a say is one; none has a no in it. */
function deedOf(terms: readonly { rules: RightsRule[] }[], now: number): string | undefined {
  const rules = terms.flatMap((each) => each.rules)
  if (rules.length === 0 || rules.some(({ decision }) => decision === 'deny')) return undefined
  // What begins at a moment is a deed from then on.
  if (rules.some(({ from }) => from !== undefined)) return readDeed(rules, now)
  const key = JSON.stringify(rules)
  const known = deeds.get(key) ?? { deed: readDeed(rules, now) }
  deeds.set(key, known)
  return known.deed
}

function readDeed(rules: RightsRule[], now: number): string | undefined {
  const document: RightsDocument = {
    id: 'urn:colophon:rights',
    party: 'did:web:rights.invalid',
    target: { kind: 'work', id: 'urn:colophon:work' },
    rules,
  }
  const [written] = exportRights(document, 'schema-org', now).files
  return (JSON.parse(String(written!.content)) as { license?: string }).license
}

/** The statements that Europeana takes (Europeana Licensing Framework): six licences, CC0 and the mark, and six of rightsstatements.org. */
const TAKEN =
  /^http:\/\/creativecommons\.org\/(licenses\/by(-nc)?(-sa|-nd)?\/\d\.\d\/|publicdomain\/(mark|zero)\/1\.0\/)/
const TAKEN_NAMES = ['NoC-NC', 'NoC-OKLR', 'InC', 'InC-EDU', 'InC-OW-EU', 'CNE']
/** The others, by one that allows no more than they do. */
const NARROWER: Record<string, string> = { 'InC-NC': 'InC', 'InC-RUU': 'InC', 'NoC-CR': 'NoC-OKLR' }

function forEuropeana(statement: string | undefined): string {
  if (statement === undefined) return NOT_EVALUATED
  if (TAKEN.test(statement)) return statement
  const name = /^http:\/\/rightsstatements\.org\/vocab\/([A-Za-z-]+)\/1\.0\//.exec(statement)?.[1] ?? ''
  const taken = TAKEN_NAMES.includes(name) ? name : NARROWER[name]
  return taken === undefined ? NOT_EVALUATED : `${RIGHTS_STATEMENTS}${taken}/1.0/`
}

/** Where the terms of a work are read by people, and by programs as ODRL. */
export function termsLinks({ id }: { id: string }, { base }: Pick<OfferingNode, 'base'>) {
  return { page: `${base}/works/${id}`, odrl: `${base}/api/works/${id}/exports?format=odrl` }
}

/** Whether nobody holds copyright in a work, so that nothing is to be asked for. */
export function isFree(work: DescribedWork): boolean {
  return isPublicDomain(work.rightsStatement)
}
