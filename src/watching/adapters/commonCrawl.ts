import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { hostOf, plain, type Adapter, type AdapterEffects, type AskedAddress, type FurtherFinding } from './adapter.ts'
import { parseAnswer, readJson } from './parseAnswer.ts'

/** The list of crawls (`collinfo.json`), the newest first. The addresses in it are not followed: only names are taken. */
const crawlsSchema = z.array(z.looseObject({ id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/) }))

/** One line of an answer of the index: pywb's CDXJ fields as JSON. */
const captureSchema = z.looseObject({
  url: z.string(),
  timestamp: z.string().regex(/^\d{14}$/),
  status: z.string().optional(),
  mime: z.string().optional(),
  digest: z.string().optional(),
})

const CRAWL = /^CC-MAIN-[0-9-]{4,20}$/
const CRAWLS_MAX = 2
const ADDRESSES_MAX = 5
const CAPTURES_MAX = 15
/** Of what lies below an address or in a domain. */
const PAGES_MAX = 2

/**
 * Common Crawl's index of captures (https://index.commoncrawl.org): which pages were fetched in a crawl. The index is
 * shared by everybody and easily overloaded: one request after the other, with a pause, in the two newest crawls or in
 * those that are named.
 */
export const commonCrawl: Adapter = {
  id: 'common-crawl',
  address: 'https://index.commoncrawl.org',
  leaves: ['address', 'index'],
  bounds: {
    requestsMax: 1 + CRAWLS_MAX * ADDRESSES_MAX * PAGES_MAX,
    bytesMax: 8 * 1024 * 1024,
    answerBytesMax: 2 * 1024 * 1024,
    secondsMax: 45,
    answerSecondsMax: 20,
    hitsMax: 60,
    pauseMs: 1000,
  },
  lacks: ({ addresses }) => (addresses.length === 0 ? 'addresses' : undefined),
  sends(question, address) {
    const to = hostOf(address!)
    return [
      ...question.addresses.slice(0, ADDRESSES_MAX).map(({ value }) => ({ to, what: 'address' as const, value })),
      ...namedCrawls(question.indexes).map((value) => ({ to, what: 'index' as const, value })),
    ]
  },
  async *look(question, effects) {
    const named = namedCrawls(question.indexes)
    for (const crawl of named.length > 0 ? named : await newestCrawls(effects))
      for (const asked of question.addresses.slice(0, ADDRESSES_MAX)) yield* capturesIn(crawl, asked, effects)
  },
}

function namedCrawls(indexes: readonly string[]): string[] {
  return indexes.filter((name) => CRAWL.test(name)).slice(0, CRAWLS_MAX)
}

async function newestCrawls(effects: AdapterEffects): Promise<string[]> {
  const crawls = parseAnswer(await effects.ask('collinfo.json'), crawlsSchema)
  return crawls.map(({ id }) => id).slice(0, CRAWLS_MAX)
}

async function* capturesIn(
  crawl: string,
  asked: AskedAddress,
  effects: AdapterEffects,
): AsyncGenerator<FurtherFinding> {
  const pagesMax = asked.scope === 'exact' ? 1 : PAGES_MAX
  for (let page = 0; page < pagesMax; page++) {
    const { status, text, where } = await effects.ask(`${crawl}-index?${queryOf(asked, page)}`)
    // Nothing was captured, or there is no such page: both are answered as errors.
    const isNothing = status === 404 && saysNothing(text)
    if (isNothing || (page > 0 && (status === 400 || status === 404))) {
      if (page === 0) yield { kind: 'searched', where: crawl, isPartial: false }
      return
    }
    if (status !== 200)
      throw new ColophonError('fetch_failed', `the index answered ${status}: ${plain(text, 120)}`, { where })
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    const captures = lines.map(readCapture)
    if (captures.includes(undefined)) {
      const what = `${captures.filter((each) => !each).length} lines of ${lines.length} are no captures`
      yield { kind: 'problem', code: 'unreadable_file', where, what }
    }
    const isRead = lines.length === 0 || captures.some(Boolean)
    if (page === 0 && isRead) yield { kind: 'searched', where: crawl, isPartial: lines.length >= CAPTURES_MAX }
    for (const capture of captures) if (capture?.status === '200') yield hitOf(crawl, asked, capture)
    if (lines.length === 0) return
  }
}

/** How the index server says that there is no capture, as JSON or as text. Any other page that is missing is a problem. */
function saysNothing(text: string): boolean {
  const said = messageSchema.safeParse(readJson(text))
  const message = said.success ? (said.data.message ?? said.data.error ?? '') : text.trim()
  return /^no captures found/i.test(message)
}

const messageSchema = z.looseObject({ message: z.string().optional(), error: z.string().optional() })

/** What was not answered with a page (`filter`) was asked for and not copied. */
function queryOf({ value, scope }: AskedAddress, page: number): URLSearchParams {
  const query = new URLSearchParams({ url: value, output: 'json', limit: String(CAPTURES_MAX), filter: '=status:200' })
  if (scope !== 'exact') {
    query.set('matchType', scope)
    query.set('page', String(page))
  }
  return query
}

function readCapture(line: string): z.infer<typeof captureSchema> | undefined {
  const read = captureSchema.safeParse(readJson(line))
  return read.success ? read.data : undefined
}

function hitOf(crawl: string, asked: AskedAddress, capture: z.infer<typeof captureSchema>): FurtherFinding {
  const { url, timestamp, mime, digest } = capture
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(timestamp)!
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
  return {
    kind: 'hit',
    match: 'address',
    asked: asked.value,
    where: crawl,
    place: [timestamp, mime, digest].filter(Boolean).join(' '),
    url,
    ...(Number.isNaN(Date.parse(at)) ? {} : { at }),
  }
}
