import {
  ADAPTER_IDS,
  ColophonError,
  asColophonError,
  type AdapterId,
  type AdapterSetting,
} from '../../foundation/index.ts'
import {
  hostOf,
  plain,
  type Adapter,
  type FurtherFinding,
  type FurtherHit,
  type FurtherProblem,
  type FurtherQuestion,
  type Lack,
  type Sending,
} from './adapter.ts'
import { commonCrawl } from './commonCrawl.ts'
import { datasetViewer } from './datasetViewer.ts'
import { hashDump } from './hashDump.ts'
import { infiniGram } from './infiniGram.ts'
import { openReach, type LookEffects, type Reach } from './reach.ts'

/** Every adapter by its id. One more is a file beside these, a line here, and a name among `ADAPTER_IDS`. */
export const ADAPTERS: Record<AdapterId, Adapter> = {
  'common-crawl': commonCrawl,
  'dataset-viewer': datasetViewer,
  'infini-gram': infiniGram,
  'hash-dump': hashDump,
}

/** An adapter that the operator has switched on, and where it asks. */
export interface EnabledAdapter {
  adapter: Adapter
  address: string | undefined
  /** The operator named the address, so that it may be on his own network. */
  isOwnAddress: boolean
}

/** What became of one adapter's look. */
export interface FurtherAnswer {
  adapter: AdapterId
  /** `not-asked`: the question lacks what it needs; `unanswered`: nothing could be looked through. */
  outcome: 'found' | 'nothing' | 'not-asked' | 'unanswered'
  lacks: Lack | undefined
  /** What was allowed to leave; when a look breaks off, some of it has not. */
  sends: Sending[]
  hits: FurtherHit[]
  searched: { where: string; isPartial: boolean }[]
  problems: FurtherProblem[]
  /** There were more hits than are told. */
  isCut: boolean
  requests: number
  bytes: number
}

/** The adapters that are switched on, in one order. */
export function enabledAdapters(settings: readonly AdapterSetting[]): EnabledAdapter[] {
  return ADAPTER_IDS.flatMap((id) => {
    const setting = settings.find((each) => each.id === id)
    const adapter = ADAPTERS[id]
    const address = setting?.address ?? adapter.address
    return setting ? [{ adapter, address, isOwnAddress: setting.address !== undefined }] : []
  })
}

export interface LookOptions extends LookEffects {
  /** Lets every address be private: for tests, and for dumps on the caller's own network. */
  allowPrivate?: boolean
  /** For each adapter, where that is less than its own bound. */
  secondsMax?: number
}

/**
 * Asks each adapter what it knows, each within its own bounds and all at the same time. Never throws for what is elsewhere:
 * what goes wrong with one stands among its problems.
 */
export async function lookFurther(
  enabled: readonly EnabledAdapter[],
  question: FurtherQuestion,
  options: LookOptions,
): Promise<FurtherAnswer[]> {
  return Promise.all(enabled.map((each) => lookWith(each, question, options)))
}

async function lookWith(
  { adapter, address, isOwnAddress }: EnabledAdapter,
  question: FurtherQuestion,
  options: LookOptions,
): Promise<FurtherAnswer> {
  const lacks = adapter.lacks(question, address)
  const answer: FurtherAnswer = {
    adapter: adapter.id,
    outcome: 'not-asked',
    lacks,
    sends: lacks ? [] : adapter.sends(question, address),
    hits: [],
    searched: [],
    problems: [],
    isCut: false,
    requests: 0,
    bytes: 0,
  }
  if (lacks) return answer
  const allowPrivate = options.allowPrivate === true || (isOwnAddress && question.dump === undefined)
  const secondsMax = Math.min(adapter.bounds.secondsMax, options.secondsMax ?? Infinity)
  const reach = openReach({ ...options, adapter, address, allowPrivate, bounds: { ...adapter.bounds, secondsMax } })
  try {
    await gather(adapter, question, reach, answer)
  } catch (error) {
    const { code, message, where } = asColophonError(error)
    add(answer, { kind: 'problem', code, where: where ? hostOf(where) : adapter.id, what: message })
  }
  const { requests, bytes } = reach.spent()
  const outcome = answer.hits.length > 0 ? 'found' : answer.searched.length > 0 ? 'nothing' : 'unanswered'
  return { ...answer, outcome, requests, bytes }
}

async function gather(adapter: Adapter, question: FurtherQuestion, reach: Reach, answer: FurtherAnswer): Promise<void> {
  for await (const finding of adapter.look(question, reach)) {
    const told = answer.hits.length + answer.problems.length
    if (finding.kind !== 'searched' && told >= adapter.bounds.hitsMax) {
      answer.isCut = true
      return
    }
    add(answer, finding)
    if (reach.secondsLeft() <= 0) throw new ColophonError('too_large', 'the time of a look is over')
  }
}

/** Texts from elsewhere become plain here, once, whatever an adapter made of them. */
function add(answer: FurtherAnswer, finding: FurtherFinding): void {
  const where = plain(finding.where, 200)
  if (finding.kind === 'searched') {
    const known = answer.searched.find((each) => each.where === where)
    if (known) known.isPartial ||= finding.isPartial
    else answer.searched.push({ where, isPartial: finding.isPartial })
    return
  }
  if (finding.kind === 'problem') {
    answer.problems.push({ ...finding, where, what: plain(finding.what, 300) })
    return
  }
  const { url, excerpt } = finding
  answer.hits.push({
    ...finding,
    where,
    asked: plain(finding.asked, 300),
    place: plain(finding.place, 200),
    ...(url === undefined ? {} : { url: plain(url, 2000) }),
    ...(excerpt === undefined ? {} : { excerpt: plain(excerpt, 300) }),
  })
}
