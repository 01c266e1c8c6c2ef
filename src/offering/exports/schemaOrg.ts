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
  const { '@context': _, '@type': __, identifier: ___, ...members } = JSON.parse(String(written!.content))
  return members
}

/** A set of works as a schema.org Dataset, with the offer of it where there is one. */
export function schemaOrgDataset(
  scope: Scope,
  node: OfferingNode,
  offer?: Pick<Offer, 'id' | 'title' | 'description' | 'rules' | 'works' | 'languages' | 'recordedAt' | 'validUntil'>,
): Record<string, unknown> {
  const page = offer && `${node.base}/catalog/${encodeURIComponent(offer.id)}`
  const prices = offer?.rules.flatMap(({ duties = [] }) =>
    duties.flatMap((duty) => (duty.action === 'odrl:compensate' ? [duty] : [])),
  )
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': offer?.id ?? scope.id,
    name: offer?.title ?? scope.title,
    description: offer?.description ?? `${offer?.title ?? scope.title} (${scope.partyName})`,
    identifier: scope.id,
    creator: { '@type': 'Organization', name: scope.partyName, identifier: scope.party },
    ...(page === undefined || offer === undefined
      ? {}
      : {
          url: page,
          dateCreated: offer.recordedAt,
          ...(offer.validUntil === null ? {} : { expires: offer.validUntil }),
          ...(offer.languages.length === 0 ? {} : { inLanguage: offer.languages.map(({ name }) => name) }),
          size: `${offer.works} works`,
          ...membersOf(documentOfOffer(scope, offer), node.now),
          usageInfo: page,
          acquireLicensePage: `${node.base}/consents/new?offer=${encodeURIComponent(offer.id)}`,
          conditionsOfAccess: sayRules(offer.rules, node.words).join(' '),
          isAccessibleForFree: prices!.length === 0,
          ...(prices!.length === 0
            ? {}
            : {
                offers: prices!.map(({ pay, per }) => ({
                  '@type': 'Offer',
                  price: pay.amount,
                  priceCurrency: pay.currency,
                  description: node.words.t(`duty.per.${per}`),
                })),
              }),
        }),
  }
}

/** What an offer says, for the writers of rights. */
export function documentOfOffer(scope: Scope, { id, rules }: Pick<Offer, 'id' | 'rules'>): RightsDocument {
  return {
    id,
    party: scope.party,
    ...(scope.partyName === scope.party ? {} : { partyName: scope.partyName }),
    target: { kind: scope.kind, id: scope.id },
    rules,
  }
}
