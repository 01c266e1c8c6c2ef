import { z } from 'zod'
import { asColophonError } from '../../foundation/index.ts'
import { folded, hostOf, plain, type Adapter, type AdapterEffects, type FurtherFinding } from './adapter.ts'
import { parseAnswer } from './parseAnswer.ts'

const nameSchema = z.string().min(1).max(200)
const splitsSchema = z.looseObject({ splits: z.array(z.looseObject({ config: nameSchema, split: nameSchema })) })

/** One page of rows, of `/search` and `/rows` alike. */
const rowsSchema = z.looseObject({
  rows: z.array(
    z.looseObject({
      row_idx: z.int().min(0),
      row: z.record(z.string(), z.unknown()),
      truncated_cells: z.array(z.string()).default([]),
    }),
  ),
  partial: z.boolean().default(false),
})
type Rows = z.infer<typeof rowsSchema>

/** `owner/name`, with a subset (config) and a split behind colons where somebody names them. */
const DATASET = /^([\w.-]{1,100}(?:\/[\w.-]{1,100})?)(?::([^:\s]{1,100}))?(?::([^:\s]{1,100}))?$/
const DATASETS_MAX = 5
const SPLITS_MAX = 3
const ROWS_MAX = 30
/** What the service gives out at once. */
const PAGE_ROWS = 100
const WORDS_CHARACTERS_MAX = 200

/**
 * The viewer of data sets on Hugging Face (https://huggingface.co/docs/dataset-viewer): rows that hold words, in data
 * sets that somebody names. Its search ranks rows that hold any of the words; only those that hold the whole phrase are
 * told, and those whose text is cut off, of which nobody can tell. Where a set cannot be searched, its first rows are
 * looked through on this machine.
 */
export const datasetViewer: Adapter = {
  id: 'dataset-viewer',
  address: 'https://datasets-server.huggingface.co',
  leaves: ['words', 'data-set'],
  bounds: {
    requestsMax: DATASETS_MAX * (1 + SPLITS_MAX * 2),
    bytesMax: 24 * 1024 * 1024,
    answerBytesMax: 4 * 1024 * 1024,
    secondsMax: 45,
    answerSecondsMax: 20,
    hitsMax: 60,
    pauseMs: 500,
  },
  lacks({ words, datasets }) {
    if (datasets.every((name) => !DATASET.test(name))) return 'datasets'
    return folded(words ?? '').length < 3 ? 'words' : undefined
  },
  sends({ words, datasets }, address) {
    const to = hostOf(address!)
    return [
      { to, what: 'words', value: sentWords(words) },
      ...named(datasets).map((value) => ({ to, what: 'data-set' as const, value })),
    ]
  },
  async *look({ words, datasets }, effects) {
    for (const dataset of named(datasets)) {
      try {
        for (const split of await splitsOf(dataset, effects)) yield* rowsIn(split, sentWords(words), effects)
      } catch (error) {
        const { code, message, where } = asColophonError(error)
        // A server that wants to be left alone is not asked about the next data set.
        if (!['fetch_failed', 'unreadable_file'].includes(code)) throw error
        yield { kind: 'problem', code, where: dataset, what: `${message}${where ? ` (${hostOf(where)})` : ''}` }
      }
    }
  },
}

const sentWords = (words: string | undefined) => plain(words ?? '', WORDS_CHARACTERS_MAX)
const named = (datasets: readonly string[]) => datasets.filter((name) => DATASET.test(name)).slice(0, DATASETS_MAX)

interface Split {
  dataset: string
  config: string
  split: string
}

async function splitsOf(name: string, effects: AdapterEffects): Promise<Split[]> {
  const [, dataset, config, split] = DATASET.exec(name)!
  if (config && split) return [{ dataset: dataset!, config, split }]
  const { splits } = parseAnswer(
    await effects.ask(`splits?${new URLSearchParams({ dataset: dataset! })}`),
    splitsSchema,
  )
  return splits
    .filter((each) => !config || each.config === config)
    .slice(0, SPLITS_MAX)
    .map((each) => ({ dataset: dataset!, config: each.config, split: each.split }))
}

async function* rowsIn(split: Split, words: string, effects: AdapterEffects): AsyncGenerator<FurtherFinding> {
  const where = `${split.dataset}:${split.config}:${split.split}`
  const found = await effects.ask(`search?${queryOf(split, ROWS_MAX, words)}`)
  const isSearched = found.status === 200
  // Who may not read a set may not read its rows either.
  const isBarred = found.status === 401 || found.status === 403
  const answer = isSearched || isBarred ? found : await effects.ask(`rows?${queryOf(split, PAGE_ROWS)}`)
  const { rows, partial } = parseAnswer(answer, rowsSchema)
  yield { kind: 'searched', where, isPartial: partial || !isSearched || rows.some(isCutOff) }
  for (const row of rows) {
    const hit = hitOf(row, words, { where, isSearched })
    if (hit) yield hit
  }
}

function queryOf(split: Split, length: number, query?: string): URLSearchParams {
  const page = { offset: '0', length: String(length) }
  return new URLSearchParams({ ...split, ...(query === undefined ? {} : { query }), ...page })
}

const isCutOff = ({ truncated_cells }: Rows['rows'][number]) => truncated_cells.length > 0

/** Rows that no search chose hold the phrase, or all of its words before they are cut off; otherwise they are no hits. */
function hitOf(
  each: Rows['rows'][number],
  words: string,
  { where, isSearched }: { where: string; isSearched: boolean },
) {
  const { row, row_idx } = each
  const texts = textsOf(row, 0)
  const holding = texts.find((text) => folded(text).includes(folded(words)))
  const shown = ` ${folded(texts.join(' ')).replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `
  const wanted = folded(words)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  const isHeld = isSearched || wanted.every((word) => shown.includes(` ${word} `))
  if (holding === undefined && !(isCutOff(each) && isHeld)) return undefined
  return {
    kind: 'hit',
    match: holding === undefined ? 'words' : 'phrase',
    asked: words,
    where,
    place: `row ${row_idx}`,
    excerpt: around(holding ?? texts.join(' '), words),
  } satisfies FurtherFinding
}

const DEPTH_MAX = 8

function textsOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object' || depth > DEPTH_MAX) return []
  return Object.values(value).flatMap((each) => textsOf(each, depth + 1))
}

const EXCERPT_CHARACTERS = 240

/** The part of a text that holds the words, as far as it can be told in the text as it is written. */
function around(text: string, words: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(words.toLowerCase()))
  return text.slice(Math.max(0, at - EXCERPT_CHARACTERS / 3), at + EXCERPT_CHARACTERS)
}
