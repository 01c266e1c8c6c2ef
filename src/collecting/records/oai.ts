import { ColophonError, isoTime } from '../../foundation/index.ts'
import {
  collectingLimits,
  sleepReally,
  unreadable,
  type Memory,
  type OpenSource,
  type Reach,
  type SourceRecord,
} from '../record.ts'
import { fetchPatiently, oneText } from '../sites/reach.ts'
import { xmlRecords } from './xmlRecords.ts'
import { cutElements, textsIn, wholeText, type XmlNode } from './xmlTree.ts'

export interface OaiOptions extends Reach {
  set?: string
  metadataPrefix?: string
  language?: string
  memory?: Memory
  /** From then on no further page is asked for; a second run goes on with the next one. */
  minutesMax?: number
}

const AGAIN = 'Run it again with the same --state: it goes on where it was.'
const EMPTY_PAGES_MAX = 20
const PAUSE_MS = 100

/**
 * Opens an OAI-PMH 2.0 server. A second run asks for what changed since the first one, when the server keeps track of
 * what it deletes; an interrupted one goes on with its token. Errors: `fetch_failed` for a server that stalls, or that
 * goes in circles, after what came before it.
 */
export async function openOai(base: string, options: OaiOptions): Promise<OpenSource> {
  if (!URL.canParse(base)) throw new ColophonError('usage', 'not an address', { where: base.slice(0, 200) })
  const about = await identify(base, options)
  const { resume, since } = options.memory ?? {}
  // What such a server deletes is only seen by who reads all of it.
  const from = about.keepsDeleted && since !== undefined ? since.slice(0, about.granularity) : undefined
  const place: Place = { token: resume, from, memory: options.memory ?? {}, startedAt: undefined, isCut: false }
  return {
    format: 'OAI-PMH',
    records: listRecords(base, options, place),
    get isPartial() {
      return resume !== undefined || from !== undefined || place.isCut
    },
    remember: () => place.memory,
  }
}

/** How far a run has come. */
interface Place {
  token: string | undefined
  from: string | undefined
  memory: Memory
  startedAt: string | undefined
  /** Whether it ended for the limit. */
  isCut: boolean
}

async function identify(base: string, options: OaiOptions): Promise<{ keepsDeleted: boolean; granularity: number }> {
  const { nodes } = await ask(base, { verb: 'Identify' }, options)
  const [identity] = nodes.filter(({ name }) => name === 'Identify')
  if (!identity) throw unreadable('this is no OAI-PMH server', base, 'Give its base address, without a verb.')
  const [deleted] = textsIn(identity, ['deletedRecord'])
  const [granularity = 'YYYY-MM-DD'] = textsIn(identity, ['granularity'])
  return { keepsDeleted: deleted === 'persistent' || deleted === 'transient', granularity: granularity.length }
}

interface OaiAnswer {
  nodes: XmlNode[]
  date: string | undefined
}

async function ask(base: string, fields: Record<string, string>, options: OaiOptions): Promise<OaiAnswer> {
  const url = new URL(base)
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  const reach = { ...options, host: url.host, accept: 'text/xml, application/xml' }
  const { body } = await fetchPatiently(url.href, reach).catch((error: unknown) => {
    if (!(error instanceof ColophonError) || error.code !== 'fetch_failed') throw error
    throw new ColophonError('fetch_failed', error.message, { where: base, remedy: AGAIN, cause: error })
  })
  const nodes: XmlNode[] = []
  const wanted = ['record', 'resumptionToken', 'error', 'Identify', 'responseDate']
  try {
    for await (const node of cutElements(oneText(body), (name) => wanted.includes(name), base))
      nodes.push(node ?? { name: 'record', attributes: { tooLarge: 'yes' }, children: [], text: '' })
  } catch (cause) {
    throw new ColophonError('fetch_failed', 'the server answered with something that is no XML', {
      where: url.href,
      remedy: AGAIN,
      cause,
    })
  }
  return { nodes, date: nodes.find(({ name }) => name === 'responseDate')?.text.trim() }
}

async function* listRecords(base: string, options: OaiOptions, place: Place): AsyncGenerator<SourceRecord> {
  const tokens = new Set<string>()
  const ids = new Set<string>()
  const end = performance.now() + (options.minutesMax ?? Infinity) * 60_000
  let emptyPages = 0
  for (;;) {
    const { nodes, date } = await askPage(base, options, place)
    place.startedAt ??= date ?? `${isoTime(Date.now()).slice(0, 19)}Z`
    let fresh = 0
    for (const record of pageRecords(nodes, base, options.language)) {
      if (!ids.has(record.id ?? record.place)) fresh++
      ids.add(record.id ?? record.place)
      yield record
    }
    const next = nodes.filter(({ name }) => name === 'resumptionToken').map(wholeText)[0]
    if (next === undefined || next === '') break
    emptyPages = fresh === 0 ? emptyPages + 1 : 0
    if (tokens.has(next) || emptyPages > EMPTY_PAGES_MAX || ids.size > collectingLimits.recordsMax)
      throw new ColophonError(
        'fetch_failed',
        'the server goes in circles: it answers with what it has answered before',
        {
          where: base,
          remedy: 'Tell whoever runs it; with --set a part of it may be read.',
        },
      )
    tokens.add(next)
    place.token = next
    const { since } = options.memory ?? {}
    place.memory = { resume: next, ...(since === undefined ? {} : { since }) }
    if (performance.now() >= end) {
      place.isCut = true
      return
    }
    await (options.sleep ?? sleepReally)(PAUSE_MS)
  }
  place.memory = { since: place.startedAt }
}

/** One page; a token that has run out begins the list anew. */
async function askPage(base: string, options: OaiOptions, place: Place): Promise<OaiAnswer> {
  const { set, metadataPrefix = 'oai_dc' } = options
  const begin = {
    verb: 'ListRecords',
    metadataPrefix,
    ...(set === undefined ? {} : { set }),
    ...(place.from === undefined ? {} : { from: place.from }),
  }
  const fields = place.token === undefined ? begin : { verb: 'ListRecords', resumptionToken: place.token }
  const answer = await ask(base, fields, options)
  const error = answer.nodes.find(({ name }) => name === 'error')
  if (!error) return answer
  const { code = '' } = error.attributes
  if (code === 'noRecordsMatch') return { ...answer, nodes: [] }
  const isOldToken = code === 'badResumptionToken' && place.token !== undefined && place.startedAt === undefined
  if (isOldToken) {
    place.token = undefined
    return askPage(base, options, place)
  }
  const isMine = ['cannotDisseminateFormat', 'badArgument', 'noSetHierarchy'].includes(code)
  throw new ColophonError(
    isMine ? 'usage' : 'fetch_failed',
    `the server says ${code}: ${wholeText(error).slice(0, 200)}`,
    {
      where: base,
      remedy: isMine ? 'Give another --metadata-prefix or --set; the server tells which it has.' : AGAIN,
    },
  )
}

function* pageRecords(nodes: XmlNode[], base: string, language?: string): Generator<SourceRecord> {
  for (const [i, node] of nodes.filter(({ name }) => name === 'record').entries()) {
    if (node.attributes.tooLarge === undefined) yield* xmlRecords(node, `${base} record ${i + 1}`, language)
    else
      yield {
        place: `${base} record ${i + 1}`,
        problem: { field: 'record', what: 'it is too large', remedy: 'Declare it by a table.' },
      }
  }
}
