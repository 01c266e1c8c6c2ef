import { INCLUDED_IN } from '../actions.ts'

export const ODRL = 'http://www.w3.org/ns/odrl/2/'
export const CC = 'http://creativecommons.org/ns#'
export const COL = 'https://colophon.example/ns/v1#'
export const TDM = 'http://www.w3.org/ns/tdmrep#'
export const XSD = 'http://www.w3.org/2001/XMLSchema#'
export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
export const RDFS = 'http://www.w3.org/2000/01/rdf-schema#'
export const SKOS = 'http://www.w3.org/2004/02/skos/core#'
export const DCT = 'http://purl.org/dc/terms/'
export const REPORT = 'https://w3id.org/force/compliance-report#'
export const SOTW = 'https://w3id.org/force/sotw#'

const PREFIXES: Record<string, string> = { odrl: ODRL, cc: CC, col: COL, tdm: TDM, xsd: XSD }

/** The IRI that a short name such as `odrl:use` stands for; what has no prefix of ours stays as it is. */
export function expand(name: string): string {
  const [prefix, rest] = name.split(':', 2)
  return rest !== undefined && !rest.startsWith('//') && Object.hasOwn(PREFIXES, prefix!)
    ? PREFIXES[prefix!]! + rest
    : name
}

/** A short name where there is one, for people. */
export function shorten(iri: string): string {
  const found = Object.entries(PREFIXES).find(([, start]) => iri.startsWith(start))
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri
}

/** Profiles whose terms are understood. */
export const PROFILES: ReadonlySet<string> = new Set([
  ODRL,
  `${ODRL}core`,
  COL,
  COL.slice(0, -1),
  'http://www.w3.org/ns/tdmrep',
  TDM,
])

/** Actions that ODRL says are included in using; the others are below. Source: ODRL 2.2 Vocabulary, section 4.10. */
const IN_USE =
  'acceptTracking aggregate annotate anonymize archive attribute compensate concurrentUse delete derive digitize distribute ensureExclusivity execute grantUse include index inform install modify move nextPolicy obtainConsent play present print read reproduce reviewPolicy stream synchronize textToSpeech transform translate uninstall watermark'
const CC_IN_USE =
  'Attribution CommercialUse CommericalUse DerivativeWorks Distribution Notice Reproduction ShareAlike Sharing SourceCode'

/** What includes each action. */
const WIDER = new Map<string, string>([
  ...IN_USE.split(' ').map((name): [string, string] => [ODRL + name, `${ODRL}use`]),
  ...CC_IN_USE.split(' ').map((name): [string, string] => [CC + name, `${ODRL}use`]),
  [`${ODRL}display`, `${ODRL}play`],
  [`${ODRL}extract`, `${ODRL}reproduce`],
  [`${ODRL}give`, `${ODRL}transfer`],
  [`${ODRL}sell`, `${ODRL}transfer`],
  [`${TDM}mine`, `${ODRL}use`],
  ['http://www.w3.org/ns/tdmrep/mine', `${TDM}mine`],
  [`${COL}aiInput`, `${ODRL}use`],
  ...Object.entries(INCLUDED_IN)
    .filter(([action]) => action.startsWith('col:'))
    .map(([action, wider]): [string, string] => [expand(action), expand(wider)]),
])

/** What our profile says beyond ODRL of actions of ODRL itself: it holds for policies that name the profile. */
export const PROFILE_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(INCLUDED_IN)
    .filter(([action]) => action.startsWith('odrl:'))
    .map(([action, wider]): [string, string[]] => [expand(action), [expand(wider)]]),
)

/** Deprecated names of ODRL 2.1 and what they are called now (`skos:exactMatch` of the vocabulary). */
const CALLED_NOW = new Map<string, string>(
  Object.entries({
    append: 'odrl:modify',
    appendTo: 'odrl:modify',
    write: 'odrl:modify',
    writeTo: 'odrl:modify',
    copy: 'odrl:reproduce',
    export: 'odrl:transform',
    license: 'odrl:grantUse',
    pay: 'odrl:compensate',
    attachPolicy: 'cc:Notice',
    attachSource: 'cc:SourceCode',
    shareAlike: 'cc:ShareAlike',
    commercialize: 'cc:CommercialUse',
    share: 'cc:Sharing',
  }).map(([old, now]) => [ODRL + old, expand(now)]),
)

export function isKnownAction(action: string): boolean {
  return WIDER.has(action) || CALLED_NOW.has(action) || action === `${ODRL}use` || action === `${ODRL}transfer`
}

/** An action under its present name, and all that include it, by the vocabulary and by what the world adds. */
export function actionsAround(action: string, more: ReadonlyMap<string, readonly string[]> = new Map()): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    const now = CALLED_NOW.get(name) ?? name
    if (found.has(now)) return
    found.add(now).add(name)
    const wider = WIDER.get(now)
    if (wider) visit(wider)
    for (const other of more.get(name) ?? []) visit(other)
  }
  visit(action)
  return found
}

/** The present name of an action. */
export function actionNow(action: string): string {
  return CALLED_NOW.get(action) ?? action
}

export const OPERATORS: ReadonlySet<string> = new Set(
  'eq neq gt gteq lt lteq isA hasPart isPartOf isAllOf isAnyOf isNoneOf'.split(' ').map((name) => ODRL + name),
)

/** What a constraint may speak about in ODRL 2.2, and in our profile. */
export const LEFT_OPERANDS: ReadonlySet<string> = new Set([
  ...'absolutePosition absoluteSpatialPosition absoluteTemporalPosition absoluteSize count dateTime delayPeriod deliveryChannel device elapsedTime event fileFormat industry language media meteredTime payAmount percentage product purpose recipient relativePosition relativeSpatialPosition relativeTemporalPosition relativeSize resolution spatial spatialCoordinates system systemDevice timeInterval unitOfCount version virtualLocation'
    .split(' ')
    .map((name) => ODRL + name),
  `${COL}season`,
  `${COL}modelFlopExponent`,
])

/** Terms of the ODRL context whose value is a term or an IRI, and those whose value is an IRI. */
const VOCABULARY_TERMS = 'action leftOperand operator conflict scope'
const IRI_TERMS =
  'assignee assigner assigneeOf assignerOf attributedParty attributingParty compensatedParty compensatingParty consentedParty consentingParty contractedParty contractingParty hasPolicy implies includedIn informedParty informingParty inheritAllowed inheritFrom inheritRelation output partOf permission prohibition obligation duty remedy consequence failure profile refinement relation rightOperandReference source target trackedParty trackingParty uid unit dataType constraint'
const CLASSES =
  'Action Agreement Assertion Asset AssetCollection Constraint Duty LogicalConstraint Offer Party PartyCollection Permission Policy Privacy Prohibition Request Rule Set Ticket'

/** Properties that ODRL 2.2 has. */
export const PROPERTIES: ReadonlySet<string> = new Set(
  `${VOCABULARY_TERMS} ${IRI_TERMS} rightOperand status and or xone andSequence undefined inheritAllowed`.split(' '),
)

/** The terms of ODRL 2.2 for JSON-LD, so that nothing has to be fetched to read a policy. */
export const ODRL_CONTEXT = {
  '@context': {
    odrl: ODRL,
    cc: CC,
    col: COL,
    tdm: TDM,
    rdf: RDF,
    rdfs: RDFS,
    skos: SKOS,
    dct: DCT,
    xsd: XSD,
    vcard: 'http://www.w3.org/2006/vcard/ns#',
    schema: 'https://schema.org/',
    foaf: 'http://xmlns.com/foaf/0.1/',
    uid: '@id',
    type: '@type',
    ...Object.fromEntries(CLASSES.split(' ').map((name) => [name, ODRL + name])),
    ...Object.fromEntries(VOCABULARY_TERMS.split(' ').map((name) => [name, { '@id': ODRL + name, '@type': '@vocab' }])),
    ...Object.fromEntries(
      IRI_TERMS.split(' ')
        .filter((name) => name !== 'uid')
        .map((name) => [name, { '@id': ODRL + name, '@type': '@id' }]),
    ),
    rightOperand: { '@id': `${ODRL}rightOperand` },
    status: { '@id': `${ODRL}status` },
    and: { '@id': `${ODRL}and`, '@type': '@id' },
    or: { '@id': `${ODRL}or`, '@type': '@id' },
    xone: { '@id': `${ODRL}xone`, '@type': '@id' },
    andSequence: { '@id': `${ODRL}andSequence`, '@type': '@id' },
    ...Object.fromEntries(
      [...IN_USE.split(' '), 'use', 'transfer', 'display', 'sell', 'give', 'extract', 'copy', 'write', 'pay', 'append']
        .filter((name) => name !== 'include')
        .map((name) => [name, ODRL + name]),
    ),
    ...Object.fromEntries(
      [...OPERATORS, ...LEFT_OPERANDS]
        .filter((iri) => iri.startsWith(ODRL))
        .map((iri) => [iri.slice(ODRL.length), iri]),
    ),
    perm: `${ODRL}perm`,
    prohibit: `${ODRL}prohibit`,
    invalid: `${ODRL}invalid`,
    policyUsage: `${ODRL}policyUsage`,
    All: `${ODRL}All`,
    Group: `${ODRL}Group`,
    Individual: `${ODRL}Individual`,
  },
}
