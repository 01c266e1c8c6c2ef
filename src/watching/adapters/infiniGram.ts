import { z } from 'zod'
import { hostOf, type Adapter, type FurtherFinding } from './adapter.ts'
import { parseAnswer } from './parseAnswer.ts'

const countSchema = z.looseObject({ count: z.int().min(0), approx: z.boolean().default(false) })
/** Ranks of matches, `[first, behind the last]` for each shard of the index. */
const findSchema = z.looseObject({ segment_by_shard: z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(10_000) })
/** A document as stretches of text; those that match carry a number. */
const documentSchema = z.looseObject({
  doc_ix: z.int().min(0),
  metadata: z.unknown(),
  spans: z.array(z.tuple([z.string()], z.unknown())).default([]),
})

const INDEX_DEFAULT = 'v4_dolma-v1_7_llama'
const INDEX = /^v\d[\w.-]{1,80}$/
const INDEXES_MAX = 3
const DOCUMENTS_MAX = 3
const PASSAGE_CHARACTERS_MIN = 20
const PASSAGE_CHARACTERS_MAX = 1000
const TOKENS_SHOWN = 80

/**
 * infini-gram (https://infini-gram.readthedocs.io): how often a passage stands, to the letter, in corpora from which
 * models were made, and a few of the documents that hold it. The service takes ` AND ` and ` OR ` as its own words, so a
 * passage with one of them is not sent.
 */
export const infiniGram: Adapter = {
  id: 'infini-gram',
  address: 'https://api.infini-gram.io/',
  leaves: ['passage', 'index'],
  bounds: {
    requestsMax: INDEXES_MAX * (2 + DOCUMENTS_MAX),
    bytesMax: 8 * 1024 * 1024,
    answerBytesMax: 1024 * 1024,
    secondsMax: 45,
    answerSecondsMax: 20,
    hitsMax: INDEXES_MAX * (1 + DOCUMENTS_MAX),
    pauseMs: 500,
  },
  lacks: ({ passage }) => (isAskable(passage) ? undefined : 'passage'),
  sends({ passage, indexes }, address) {
    const to = hostOf(address!)
    return [
      { to, what: 'passage', value: passage!.trim() },
      ...indexesOf(indexes).map((value) => ({ to, what: 'index' as const, value })),
    ]
  },
  async *look({ passage, indexes }, effects) {
    const query = passage!.trim()
    for (const index of indexesOf(indexes)) {
      const ask = async <Schema extends z.ZodType>(type: string, schema: Schema, more: object = {}) =>
        parseAnswer(await effects.ask('', { json: { index, query_type: type, query, ...more } }), schema)
      const { count, approx } = await ask('count', countSchema)
      yield { kind: 'searched', where: index, isPartial: approx }
      if (count === 0) continue
      yield { ...hit(index, query), place: 'all of it', count, isApproximate: approx }
      const { segment_by_shard: ranks } = await ask('find', findSchema)
      for (const { s, rank } of firstRanks(ranks)) {
        const more = { s, rank, max_disp_len: TOKENS_SHOWN }
        const { doc_ix, metadata, spans } = await ask('get_doc_by_rank', documentSchema, more)
        const url = addressIn(metadata)
        const excerpt = spans.map(([text]) => text).join('')
        yield { ...hit(index, query), place: `document ${doc_ix}`, excerpt, ...(url ? { url } : {}) }
      }
    }
  },
}

function isAskable(passage: string | undefined): boolean {
  const { length } = passage?.trim() ?? ''
  return length >= PASSAGE_CHARACTERS_MIN && length <= PASSAGE_CHARACTERS_MAX && !/ (AND|OR) /.test(passage!)
}

function indexesOf(indexes: readonly string[]): string[] {
  const named = indexes.filter((name) => INDEX.test(name)).slice(0, INDEXES_MAX)
  return named.length > 0 ? named : [INDEX_DEFAULT]
}

function hit(where: string, asked: string) {
  return { kind: 'hit', match: 'passage', asked, where } satisfies Partial<FurtherFinding>
}

function firstRanks(segments: readonly (readonly [number, number])[]): { s: number; rank: number }[] {
  return segments
    .flatMap(([start, end], s) =>
      Array.from({ length: Math.max(0, Math.min(end - start, DOCUMENTS_MAX)) }, (_, i) => ({ s, rank: start + i })),
    )
    .slice(0, DOCUMENTS_MAX)
}

/** Corpora keep where a document is from in their own ways: the first address in it is shown. */
function addressIn(metadata: unknown): string | undefined {
  const text = typeof metadata === 'string' ? metadata : (JSON.stringify(metadata) ?? '')
  const [address] = /https?:\/\/[^\s"'\\<>]{3,500}/.exec(text.slice(0, 20_000)) ?? []
  return address && URL.canParse(address) ? address : undefined
}
