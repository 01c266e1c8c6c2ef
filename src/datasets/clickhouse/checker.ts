import {
  PASSAGE_WINDOW_BYTES,
  PDQ_QUALITY_MIN,
  normalisePassageText,
  type PassageCodes,
} from '../../fingerprints/index.ts'
import { limits } from '../../foundation/index.ts'
import type { DatasetInfo } from '../datasetInfo.ts'
import type { CheckQuery, DatasetChecker, FoundPlace, MatchKind } from '../check.ts'
import { PDQ_RADIUS } from '../compare.ts'
import { judgeHits } from '../strength.ts'
import { arrayParameter, type ClickHouseClient } from './client.ts'
import {
  selectAddress,
  selectDomain,
  selectFile,
  selectNearCodes,
  selectPassages,
  type PassageDiagonal,
} from './queries.ts'
import { SELECT_DATASETS, TABLES } from './tables.ts'

/** Bytes between two shared codes of one stretch, as in the index on one machine. */
const GAP_BYTES_MAX = 64
/** Normalised bytes that a shared passage must have before it is shown, as on one machine. */
const PASSAGE_BYTES_MIN = 50
const EXCERPT_BYTES_MAX = 300

interface Found {
  dataset: string
  row: number
  match: MatchKind
  measure: number
  rowOffset?: number
}

type Row = NonNullable<Awaited<ReturnType<DatasetChecker['readRow']>>>

/**
 * All data sets that were pushed to a ClickHouse database, asked like those on this machine: the same hits, in the same
 * order. The list is read once, when it is opened.
 *
 * @example await (await openClickHouseChecker(openClickHouse(engine))).check({ domain: 'example.org' })
 */
export async function openClickHouseChecker(client: ClickHouseClient): Promise<DatasetChecker> {
  const datasets = (await client.select(SELECT_DATASETS)).map(([info]) => JSON.parse(String(info)) as DatasetInfo)
  return {
    list: () => datasets,
    async check(query) {
      const found = (await Promise.all(searches(client, query))).flat()
      const kept = datasets.flatMap(({ id }) => keep(found.filter(({ dataset }) => dataset === id)))
      return judgeHits(await describe(client, datasets, kept.slice(0, limits.hitsPerWorkMax)), datasets)
    },
    async readRow(dataset, row) {
      if (!datasets.some(({ id }) => id === dataset)) return undefined
      return (await readRows(client, dataset, [row])).get(row)
    },
    // Texts are not kept there in the form that codes are made of.
    async passageSeeds() {
      return []
    },
    async readPreview() {
      return undefined
    },
    // There is no connection of our own to close: each question is one request.
    async close() {},
  }
}

/** In the order in which the hits of a data set are shown. */
function searches(client: ClickHouseClient, query: CheckQuery): Promise<Found[]>[] {
  const { sha256, url, domain, pdqDihedral, pdqQuality, passages } = query
  const all: Promise<Found[]>[] = []
  const same = (match: MatchKind) => (places: { dataset: string; row: number }[]) =>
    places.map((place) => ({ ...place, match, measure: 0 }))
  if (sha256) all.push(selectFile(client, sha256).then(same('exact-file')))
  if (url) all.push(selectAddress(client, url).then(same('url')))
  if (domain)
    all.push(
      selectDomain(client, domain).then((hits) =>
        hits.map(({ dataset, row, count }) => ({ dataset, row, match: 'domain', measure: count })),
      ),
    )
  if (pdqDihedral && (pdqQuality ?? 0) >= PDQ_QUALITY_MIN) all.push(nearPictures(client, pdqDihedral))
  if (passages) all.push(sharedPassages(client, passages))
  return all
}

/** Each row once, at the distance of the rotation or reflection that is nearest. */
async function nearPictures(client: ClickHouseClient, variants: readonly string[]): Promise<Found[]> {
  const nearest = new Map<string, Found>()
  for (const { dataset, row, distance } of await selectNearCodes(client, variants, PDQ_RADIUS)) {
    const key = `${row} ${dataset}`
    if (distance < (nearest.get(key)?.measure ?? Infinity))
      nearest.set(key, { dataset, row, match: 'near-picture', measure: distance })
  }
  return [...nearest.values()].sort((a, b) => a.measure - b.measure || a.row - b.row)
}

/** Of each row its longest stretch. */
async function sharedPassages(client: ClickHouseClient, { high, low, offset }: PassageCodes): Promise<Found[]> {
  const codes = Array.from(high, (word, i) => (BigInt(word) << 32n) | BigInt(low[i]!))
  const longest = new Map<string, Found>()
  for (const diagonal of await selectPassages(client, codes, [...offset])) {
    const { dataset, row } = diagonal
    const { lengthMin, rowOffset } = longestStretch(diagonal)
    const key = `${row} ${dataset}`
    if (lengthMin >= PASSAGE_BYTES_MIN && lengthMin > (longest.get(key)?.measure ?? 0))
      longest.set(key, { dataset, row, match: 'passage', measure: lengthMin, rowOffset })
  }
  return [...longest.values()].sort((a, b) => b.measure - a.measure || a.row - b.row)
}

/** Codes of a shared run are never far apart; a larger gap begins another stretch. Two codes, at least, make one. */
export function longestStretch({ diagonal, offsets }: Pick<PassageDiagonal, 'diagonal' | 'offsets'>) {
  let longest = { lengthMin: 0, rowOffset: 0 }
  let first = 0
  for (let i = 1; i <= offsets.length; i++) {
    if (i < offsets.length && offsets[i]! - offsets[i - 1]! <= GAP_BYTES_MAX) continue
    const lengthMin = offsets[i - 1]! - offsets[first]! + PASSAGE_WINDOW_BYTES
    if (i - first >= 2 && lengthMin > longest.lengthMin) longest = { lengthMin, rowOffset: offsets[first]! - diagonal }
    first = i
  }
  return longest
}

/** A row that is the same file is not shown again as one that looks alike. */
function keep(found: Found[]): Found[] {
  const exact = new Set(found.filter(({ match }) => match === 'exact-file').map(({ row }) => row))
  return found
    .filter(({ row, match }) => !(match === 'near-picture' || match === 'passage') || !exact.has(row))
    .slice(0, limits.hitsPerWorkMax)
}

async function describe(client: ClickHouseClient, datasets: DatasetInfo[], kept: Found[]): Promise<FoundPlace[]> {
  const hits: FoundPlace[] = []
  for (const { id, name, version } of datasets) {
    const own = kept.filter(({ dataset }) => dataset === id)
    const rows = await readRows(client, id, [...new Set(own.map(({ row }) => row))])
    for (const { row, match, measure, rowOffset } of own) {
      const { url = null, text = null, sha256 = null, pdq = null } = rows.get(row) ?? {}
      const excerpt = match === 'passage' ? excerptOf(text ?? '', rowOffset!, measure) : null
      // The engine gives codes, not the text around them.
      const found = { row, url, rowCodes: { sha256, pdq }, match, measure, excerpt }
      const unknown = { alignment: null, outline: null, stretch: null, preview: null }
      hits.push({ dataset: id, datasetName: name, datasetVersion: version, ...found, ...unknown })
    }
  }
  return hits
}

async function readRows(client: ClickHouseClient, dataset: string, rows: number[]): Promise<Map<number, Row>> {
  if (rows.length === 0) return new Map()
  const found = await client.select(
    `SELECT row, url, text, sha256, pdq FROM ${TABLES.rows} WHERE dataset = {dataset:String} AND row IN {rows:Array(UInt64)}`,
    { dataset, rows: arrayParameter(rows.map(Math.trunc)) },
  )
  return new Map(
    found.map(([row, url, text, sha256, pdq]) => [Number(row), { row: Number(row), url, text, sha256, pdq } as Row]),
  )
}

function excerptOf(text: string, offset: number, length: number): string {
  return Buffer.from(normalisePassageText(text))
    .subarray(offset, offset + Math.min(length, EXCERPT_BYTES_MAX))
    .toString()
    .replaceAll('�', '')
}
