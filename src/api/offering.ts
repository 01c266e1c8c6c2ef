import type { Context } from 'hono'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  answerOai,
  datasetOfIndex,
  datasetOfOffer,
  describeWork,
  iiifCollection,
  iiifManifest,
  listOffers,
  needScope,
  policyOfOffer,
  readOffer,
  schemaOrgDataset,
  schemaOrgWork,
  writeCatalogue,
  type Offer,
  type OfferingNode,
} from '../offering/index.ts'
import type { Words } from '../rights/index.ts'
import type { Api } from './app.ts'

const OFFERS_ON_PAGE = 50
const OAI_BODY_BYTES_MAX = 16 * 1024

/**
 * What goes out, for programs: OAI-PMH, IIIF, schema.org, and the catalogue as DCAT-AP. Anybody may read all of it, from
 * pages of other sites too. Terms are written in `words`.
 */
export function addOfferingRoutes(api: Api, node: Node, words: Words): void {
  const { db } = node.register.database
  const own = (): OfferingNode => ({ base: node.config.publicUrl, words, now: node.register.effects.now() })
  const now = () => isoTime(node.register.effects.now())
  api.on(['GET', 'POST'], '/oai', async (context) => {
    const asked = await readArguments(context)
    const body = await answerOai(db, asked, { ...own(), contact: node.config.operatorContact })
    return open(context, 'text/xml; charset=utf-8', body)
  })
  api.get('/catalog.jsonld', async (context) => {
    const before = context.req.query('before')
    return openJson(context, await catalogue(node, own(), readEntry(before)))
  })
  api.get('/catalog/:id/policy.jsonld', async (context) => {
    return openJson(context, policyOfOffer(await needOpenOffer(node, context.req.param('id')), own()))
  })
  api.get('/catalog/:id/dataset.jsonld', async (context) => {
    const offer = await needOpenOffer(node, context.req.param('id'))
    return openJson(context, schemaOrgDataset(offer.scope, own(), offer))
  })
  api.get('/works/:id/work.jsonld', async (context) =>
    openJson(context, schemaOrgWork(await needShownWork(node, context.req.param('id')), own())),
  )
  api.get('/iiif/works/:id/manifest.json', async (context) =>
    openJson(context, iiifManifest(await needShownWork(node, context.req.param('id')), own())),
  )
  api.get('/iiif/collections/:file', async (context) => {
    const scope = await needScope(db, context.req.param('file').replace(/\.json$/, ''), now())
    const after = context.req.query('after')?.slice(0, 120)
    return openJson(context, await iiifCollection(db, scope, own(), { after, at: now() }))
  })
}

/** Arguments come in the address, or in a form that is sent. */
async function readArguments(context: Context): Promise<URLSearchParams> {
  if (context.req.method !== 'POST') return new URL(context.req.url).searchParams
  const length = Number(context.req.header('content-length') ?? Number.NaN)
  if (!(length <= OAI_BODY_BYTES_MAX)) throw new ColophonError('too_large', 'the arguments are too long')
  return new URLSearchParams(await context.req.text())
}

function readEntry(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

async function catalogue(node: Node, own: OfferingNode, before: number | undefined): Promise<object> {
  const at = isoTime(own.now)
  const { offers, next } = await listOffers(node.register.database.db, { before, limit: OFFERS_ON_PAGE, at })
  // Data sets that are searched are few, and stand on the first page.
  const indexed = before === undefined ? node.datasets.list().map((set) => datasetOfIndex(set, own.base)) : []
  const address = (entry: number | undefined) =>
    `${own.base}/catalog.jsonld${entry === undefined ? '' : `?before=${entry}`}`
  const datasets = [...offers.map((offer) => datasetOfOffer(offer, own)), ...indexed]
  return writeCatalogue(
    { datasets, address: address(before), next: next === undefined ? undefined : address(next) },
    own,
  )
}

/** An offer that anybody may read, in whatever state. Errors: `not_found`. */
export async function needOffer(node: Node, id: string): Promise<Offer> {
  const { database, effects } = node.register
  const offer = await readOffer(database.db, id, isoTime(effects.now()))
  if (!offer) throw new ColophonError('not_found', 'there is no such offer', { where: id.slice(0, 100) })
  return offer
}

/** An offer that stands now, for programs that take what they read for one. Errors: `not_found`, `erased` when it is over. */
async function needOpenOffer(node: Node, id: string): Promise<Offer> {
  const offer = await needOffer(node, id)
  if (offer.state === 'waiting')
    throw new ColophonError('not_found', 'this offer has not begun yet', { where: offer.id })
  if (offer.state !== 'open')
    throw new ColophonError('erased', 'this offer has ended or was taken back', { where: offer.id })
  return offer
}

async function needShownWork(node: Node, id: string) {
  const { database, effects } = node.register
  const work = await describeWork(database.db, id, isoTime(effects.now()))
  if (!work || work.goneFrom !== undefined)
    throw new ColophonError('not_found', 'there is no such public work', { where: id.slice(0, 120) })
  return work
}

function openJson(context: Context, value: object): Response {
  return open(context, 'application/ld+json', `${JSON.stringify(value, null, 2)}\n`)
}

function open(context: Context, type: string, body: string): Response {
  return context.body(body, 200, { 'content-type': type, 'access-control-allow-origin': '*' })
}
