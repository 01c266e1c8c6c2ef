import { asColophonError, isoTime, type Queries } from '../../foundation/index.ts'
import { listCollections, listDeclarers, readPartyNames } from '../../register/index.ts'
import { escapeXml, xmlTag } from '../../rights/index.ts'
import { describeWork, type DescribedWork } from '../describe.ts'
import { OAI_DC_NAMESPACE, OAI_DC_SCHEMA, textElement, writeDublinCore } from '../exports/dublinCore.ts'
import { EDM_NAMESPACE, EDM_SCHEMA, writeEdm } from '../exports/edm.ts'
import type { OfferingNode } from '../rightsOf.ts'
import { listPage } from './list.ts'
import {
  OaiError,
  readRequest,
  toSeconds,
  writeListToken,
  writeSetsToken,
  type ListState,
  type MetadataPrefix,
  type OaiRequest,
} from './request.ts'
import { setSpecOf } from './sets.ts'
import { decideShown } from './shownSets.ts'

/** What a provider needs to know beside the register. */
export interface OaiNode extends OfferingNode {
  /** How whoever runs the node is reached. */
  contact: string | undefined
}

const OAI = 'http://www.openarchives.org/OAI/2.0/'
const SETS_AT_ONCE = 100
/** So many are looked into for one answer, and so many pages of works that may be kept. */
const SETS_LOOKED_AT = 300
const DOUBTFUL_PAGES_MAX = 100

/**
 * Answers a request of OAI-PMH 2.0 about all public works, as XML. What cannot be answered is an `error` element by its
 * code, with status 200, as the protocol says. Works that are taken back, or that a community keeps now, are told as
 * deleted, so that whoever harvested them drops them; sealed ones never are.
 * Source: https://www.openarchives.org/OAI/openarchivesprotocol.html (2.0, 2015-01-08)
 */
export async function answerOai(queries: Queries, given: URLSearchParams, node: OaiNode): Promise<string> {
  const at = isoTime(node.now)
  let attributes = Object.fromEntries(given)
  let content: string
  try {
    const request = readRequest(given)
    content = xmlTag(request.verb, {}, await answerTo(queries, request, node, at))
  } catch (error) {
    if (!(error instanceof OaiError)) throw asColophonError(error)
    // A request with a wrong verb or argument is not repeated in the answer.
    if (error.code === 'badVerb' || error.code === 'badArgument') attributes = {}
    content = textElement('error', error.message, { code: error.code })
  }
  const root = xmlTag(
    'OAI-PMH',
    {
      xmlns: OAI,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${OAI} ${OAI}OAI-PMH.xsd`,
    },
    textElement('responseDate', toSeconds(at)) + textElement('request', addressOf(node), attributes) + content,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function addressOf({ base }: OfferingNode): string {
  return `${base}/oai`
}

async function answerTo(queries: Queries, request: OaiRequest, node: OaiNode, at: string): Promise<string> {
  switch (request.verb) {
    case 'Identify':
      return identify(queries, node, at)
    case 'ListMetadataFormats':
      if (request.identifier !== undefined) await needWork(queries, request.identifier, at)
      return FORMATS
    case 'ListSets':
      return listSets(queries, request, at)
    case 'GetRecord':
      return record(await needWork(queries, request.identifier, at), request.prefix, node)
    case 'ListIdentifiers':
      return list(queries, request.list, at, header)
    case 'ListRecords':
      return list(queries, request.list, at, (work) => record(work, request.list.prefix, node))
  }
}

async function identify(queries: Queries, node: OaiNode, at: string): Promise<string> {
  const { earliest } = await queries
    .selectFrom('work')
    .select(({ fn }) => fn.min('recorded_at').as('earliest'))
    .where('is_sealed', '=', 0n)
    .executeTakeFirstOrThrow()
  const { hostname } = new URL(node.base)
  // The schema asks for a mail address with a dot behind its @.
  const fallback = `operator@${/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(hostname) ? hostname : 'host.invalid'}`
  const mail = (node.contact ?? '').replace(/^mailto:/, '')
  const isMail = /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(mail)
  return [
    textElement('repositoryName', `Colophon, ${new URL(node.base).host}`),
    textElement('baseURL', addressOf(node)),
    textElement('protocolVersion', '2.0'),
    textElement('adminEmail', isMail ? mail : fallback),
    textElement('earliestDatestamp', toSeconds(earliest ?? at)),
    textElement('deletedRecord', 'persistent'),
    textElement('granularity', 'YYYY-MM-DDThh:mm:ssZ'),
  ].join('')
}

const format = (prefix: string, schema: string, namespace: string) =>
  xmlTag(
    'metadataFormat',
    {},
    textElement('metadataPrefix', prefix) + textElement('schema', schema) + textElement('metadataNamespace', namespace),
  )
const FORMATS = format('oai_dc', OAI_DC_SCHEMA, OAI_DC_NAMESPACE) + format('edm', EDM_SCHEMA, EDM_NAMESPACE)

async function needWork(queries: Queries, identifier: string, at: string): Promise<DescribedWork> {
  const work = await describeWork(queries, identifier, at)
  if (work) return work
  throw new OaiError('idDoesNotExist', 'no work here goes by this identifier')
}

/**
 * Collections first, then parties, each in the order of their ids. A set of which nothing may be shown is left out. Where
 * many follow each other that communities keep, a page is short, or holds nothing but the token that goes on behind them:
 * no answer looks at more than so much.
 */
async function listSets(
  queries: Queries,
  { after, told }: Extract<OaiRequest, { verb: 'ListSets' }>,
  at: string,
): Promise<string> {
  const sets: string[] = []
  const patience = { pages: DOUBTFUL_PAGES_MAX }
  let [place, looked, isMore] = [after, 0, true]
  while (isMore && sets.length < SETS_AT_ONCE && looked < SETS_LOOKED_AT) {
    const some = await setsBehind(queries, place, at)
    const start = looked
    for await (const { set, isShown } of decideShown(queries, some, at, patience)) {
      looked++
      place = set.id
      if (isShown)
        sets.push(xmlTag('set', {}, textElement('setSpec', setSpecOf(set)) + textElement('setName', set.name)))
      if (sets.length === SETS_AT_ONCE) break
    }
    isMore = some.length > 0
    if (looked - start < some.length) break
  }
  if (isMore) isMore = (await setsBehind(queries, place, at)).length > 0
  const isPart = after !== ''
  if (sets.length === 0 && !isMore)
    throw isPart ? new OaiError('badResumptionToken', 'there are no more sets') : noRecords()
  return sets.join('') + tokenElement(isMore ? writeSetsToken(place, told + sets.length) : '', told, isPart)
}

/** `urn:` sorts behind `did:`, so what is behind a DID is a party, and behind an URN a collection. */
async function setsBehind(
  queries: Queries,
  after: string,
  at: string,
): Promise<{ kind: 'set' | 'party'; id: string; name: string }[]> {
  if (!after.startsWith('did:')) {
    const collections = await listCollections(queries, after, SETS_AT_ONCE, at)
    if (collections.length > 0) return collections.map(({ id, title }) => ({ kind: 'set', id, name: title }))
  }
  const parties = await listDeclarers(queries, after.startsWith('did:') ? after : '', SETS_AT_ONCE, at)
  const names = await readPartyNames(queries, parties)
  return parties.map((id) => ({ kind: 'party', id, name: names.get(id) ?? id }))
}

function noRecords(): OaiError {
  return new OaiError('noRecordsMatch', 'no work here is as asked for')
}

async function list(
  queries: Queries,
  asked: ListState,
  at: string,
  write: (work: DescribedWork) => string,
): Promise<string> {
  const { works, next } = await listPage(queries, asked, at)
  if (works.length === 0) {
    // The list may have come to its end since the token was given; an empty answer fits no schema.
    if (asked.told > 0) throw new OaiError('badResumptionToken', 'there is nothing behind this token any more')
    throw noRecords()
  }
  const token = next === undefined ? '' : writeListToken({ ...asked, after: next, told: asked.told + works.length })
  return works.map(write).join('') + tokenElement(token, asked.told, asked.told > 0)
}

/** The last page of a list that came in parts ends with an empty token; a list of one page has none. */
function tokenElement(token: string, told: number, isPart: boolean): string {
  if (token === '' && !isPart) return ''
  return xmlTag('resumptionToken', { cursor: String(told) }, escapeXml(token))
}

function header({ id, collection, party, changedAt, goneFrom }: DescribedWork): string {
  const sets = [
    ...(collection === null ? [] : [setSpecOf({ kind: 'set', id: collection })]),
    setSpecOf({ kind: 'party', id: party }),
  ]
  return xmlTag(
    'header',
    goneFrom === undefined ? {} : { status: 'deleted' },
    [
      textElement('identifier', id),
      textElement('datestamp', toSeconds(changedAt)),
      ...sets.map((set) => textElement('setSpec', set)),
    ].join(''),
  )
}

function record(work: DescribedWork, prefix: MetadataPrefix, node: OfferingNode): string {
  if (work.goneFrom !== undefined) return xmlTag('record', {}, header(work))
  const metadata = prefix === 'edm' ? writeEdm(work, node) : writeDublinCore(work, node)
  return xmlTag('record', {}, header(work) + xmlTag('metadata', {}, metadata))
}
