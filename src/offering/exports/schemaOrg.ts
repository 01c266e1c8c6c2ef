import { exportRights, sayRules, type RightsDocument } from '../../rights/index.ts'
import type { DescribedWork } from '../describe.ts'
import type { Offer } from '../offers.ts'
import { isFree, rightsOfWork, termsLinks, type OfferingNode } from '../rightsOf.ts'
import type { Scope } from '../scope.ts'
import { DCMI_TYPES } from './dublinCore.ts'
import { writeIdentifier } from './identifiers.ts'

/**
 * A work as a schema.org CreativeWork in JSON-LD: who made it, its numbers and addresses, its licence where there is one,
 * where its terms stand, and what they say.
 */
export function schemaOrgWork(work: DescribedWork, node: OfferingNode): Record<string, unknown> {
  const { statement, sentences } = rightsOfWork(work, node)
  const { page, odrl } = termsLinks(work, node)
  const type = DCMI_TYPES[work.medium]
  const own = work.terms.filter(({ hasSay }) => hasSay).flatMap(({ rules }) => rules)
  return {
    '@context': 'https://schema.org',
    '@type': 'CreativeWork',
    '@id': work.id,
    name: work.title,
    ...(type === undefined ? {} : { additionalType: `http://purl.org/dc/dcmitype/${type}` }),
    ...(work.creatorNames.length === 0
      ? {}
      : { creator: work.creatorNames.map((name) => ({ '@type': 'Person', name })) }),
    ...(work.language === null ? {} : { inLanguage: work.language }),
    ...(work.identifiers.length === 0 ? {} : { identifier: work.identifiers.map(writeIdentifier) }),
    ...(work.urls.length === 0 ? {} : { url: work.urls.map(({ url }) => url) }),
    ...rightsMembers(own, work, work.partyName, node),
    ...(statement === undefined ? {} : { license: statement }),
    ...(sentences.length === 0 ? {} : { conditionsOfAccess: sentences.join(' ') }),
    usageInfo: page,
    ...(isFree(work) ? {} : { acquireLicensePage: `${node.base}/consents/new?work=${work.id}` }),
    subjectOf: { '@type': 'DigitalDocument', name: 'ODRL', url: odrl },
    publisher: { '@type': 'Organization', name: work.partyName },
  }
}

/** The holder, the notice and the credit, as the vocabulary of rights writes them for a work that somebody made or owns. */
function rightsMembers(
  rules: RightsDocument['rules'],
  { id, role, party }: Pick<DescribedWork, 'id' | 'role' | 'party'>,
  partyName: string,
  { now }: OfferingNode,
): Record<string, unknown> {
  if (rules.length === 0) return {}
  const isOwner = role !== 'custodian'
  const document = { id, party, target: { kind: 'work' as const, id }, rules, ...(isOwner ? { partyName } : {}) }
  return membersOf(document, now)
}

function membersOf(document: RightsDocument, now: number): Record<string, unknown> {
  const [written] = exportRights(document, 'schema-org', now).files
  // Whether there is a licence, and which, is told with what was declared.
  const {
    '@context': _,
    '@type': __,
    identifier: ___,
    license: ____,
    ...members
  } = JSON.parse(String(written!.content))
  return members
}

/** A set of works as a schema.org Dataset, with the offer of it where there is one. An offer is no licence. */
export function schemaOrgDataset(scope: Scope, node: OfferingNode, offer?: Offer): Record<string, unknown> {
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': offer?.id ?? scope.id,
    name: offer?.title ?? scope.title,
    description: offer?.description ?? `${offer?.title ?? scope.title} (${scope.partyName})`,
    identifier: scope.id,
    creator: { '@type': 'Organization', name: scope.partyName, identifier: scope.party },
    ...(offer === undefined ? {} : offerMembers(offer, node)),
  }
}

function offerMembers(offer: Offer, node: OfferingNode): Record<string, unknown> {
  const page = `${node.base}/catalog/${encodeURIComponent(offer.id)}`
  const ask = `${node.base}/consents/new?offer=${encodeURIComponent(offer.id)}`
  const { rules, works, languages, recordedAt, validFrom, validUntil } = offer
  const prices = rules.flatMap(({ duties = [] }) =>
    duties.flatMap((duty) => (duty.action === 'odrl:compensate' ? [duty] : [])),
  )
  const until = validUntil === null ? {} : { validThrough: validUntil }
  const asked = { '@type': 'Offer', url: ask, validFrom, ...until }
  return {
    url: page,
    dateCreated: recordedAt,
    ...(validUntil === null ? {} : { expires: validUntil }),
    ...(languages.length === 0 ? {} : { inLanguage: languages.map(({ name }) => name) }),
    size: `${works} works`,
    audience: audienceNames(offer, node).map((audienceType) => ({ '@type': 'Audience', audienceType })),
    usageInfo: page,
    acquireLicensePage: ask,
    conditionsOfAccess: sayRules(rules, node.words).join(' '),
    ...(prices.length === 0 ? {} : { isAccessibleForFree: false }),
    offers:
      prices.length === 0
        ? [asked]
        : prices.map(({ pay, per }) => ({
            ...asked,
            price: pay.amount,
            priceCurrency: pay.currency,
            description: node.words.t(`duty.per.${per}`),
          })),
  }
}

/** Whom an offer is for, in words. */
export function audienceNames({ audience }: Pick<Offer, 'audience'>, { words }: OfferingNode): string[] {
  return audience.map((each) => words.t(`offer.for.${each}`))
}

/** An offer as an ODRL Offer in JSON-LD, with when and for whom it stands. */
export function policyOfOffer(offer: Offer, node: OfferingNode): Record<string, unknown> {
  const [written] = exportRights(documentOfOffer(offer.scope, offer), 'odrl', node.now).files
  const { '@context': context, ...policy } = JSON.parse(String(written!.content)) as { '@context': unknown[] }
  return {
    '@context': [...context, { schema: 'https://schema.org/' }],
    ...policy,
    'schema:validFrom': offer.validFrom,
    ...(offer.validUntil === null ? {} : { 'schema:validThrough': offer.validUntil }),
    'schema:audience': audienceNames(offer, node).map((name) => ({
      '@type': 'schema:Audience',
      'schema:audienceType': name,
    })),
  }
}

/** What an offer says, for the writers of rights. */
function documentOfOffer(scope: Scope, { id, rules }: Pick<Offer, 'id' | 'rules'>): RightsDocument {
  return {
    id,
    party: scope.party,
    ...(scope.partyName === scope.party ? {} : { partyName: scope.partyName }),
    target: { kind: scope.kind, id: scope.id },
    rules,
  }
}
