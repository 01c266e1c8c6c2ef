import {
  PASSAGE_WINDOW_BYTES,
  PDQ_QUALITY_MIN,
  normalisePassageText,
  type FilmFrames,
  type PassageCodes,
} from '../../fingerprints/index.ts'
import { limits, toHex } from '../../foundation/index.ts'
import { RESEMBLING_MAX, longestStretches, stretchesOf } from '../../similarity/index.ts'
import type { DatasetInfo } from '../datasetInfo.ts'
import type { CheckQuery, DatasetChecker, FoundPlace, MatchKind } from '../check.ts'
import {
  PDQ_RADIUS,
  TEXT_RADIUS,
  contentDetails,
  filmsAndStills,
  frameLike,
  framesOf,
  soundLike,
  strongestFirst,
  type Found,
} from '../compare.ts'
import { judgeHits } from '../strength.ts'
import { arrayParameter, type ClickHouseClient } from './client.ts'
import {
  selectAddress,
  selectDomain,
  selectFile,
  selectNearCodes,
  selectNearFrames,
  selectPassages,
  selectSimilarTexts,
  selectSoundOffsets,
  selectSounds,
  type PassageDiagonal,
} from './queries.ts'
import { SELECT_DATASETS, TABLES } from './tables.ts'

/** Bytes between two shared codes of one stretch, as in the index on one machine. */
const GAP_BYTES_MAX = 64
/** Normalised bytes that a shared passage must have before it is shown, as on one machine. */
const PASSAGE_BYTES_MIN = 50
const EXCERPT_BYTES_MAX = 300

interface FoundThere extends Found {
  dataset: string
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
      const hits = await describe(client, datasets, kept.slice(0, limits.hitsPerWorkMax))
      return { hits: judgeHits(hits, datasets), unasked: [] }
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

function searches(client: ClickHouseClient, query: CheckQuery): Promise<FoundThere[]>[] {
  const { sha256, url, domain, pdqDihedral, pdqQuality, frames, items, textCode, passages } = query
  const all: Promise<FoundThere[]>[] = []
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
  if (pdqDihedral && (pdqQuality ?? 0) >= PDQ_QUALITY_MIN) all.push(nearPictures(client, pdqDihedral, !frames))
  if (frames) all.push(sharedFrames(client, frames))
  if (items) all.push(sharedSounds(client, items))
  if (textCode) all.push(similarTexts(client, textCode))
  if (passages) all.push(sharedPassages(client, passages))
  return all
}

/** Each row once, at the distance of the rotation or reflection that is nearest; and films of which a frame is like it. */
async function nearPictures(
  client: ClickHouseClient,
  variants: readonly string[],
  withFilms: boolean,
): Promise<FoundThere[]> {
  const nearest = new Map<string, FoundThere>()
  for (const { dataset, row, distance } of await selectNearCodes(client, variants, PDQ_RADIUS)) {
    const key = `${row} ${dataset}`
    if (distance < (nearest.get(key)?.measure ?? Infinity))
      nearest.set(key, { dataset, row, match: 'near-picture', measure: distance })
  }
  const films = withFilms ? await filmsLike(client, framesOf(variants)) : []
  return [
    ...nearest.values(),
    ...films
      .filter(({ dataset, row }) => !nearest.has(`${row} ${dataset}`))
      .map((film) => ({ ...frameLike(film), dataset: film.dataset })),
  ]
}

/** Of each film there the stretch with the most scenes in common. */
async function filmsLike(client: ClickHouseClient, frames: FilmFrames) {
  const ways = [frames.codes, ...(frames.mirrored ? [frames.mirrored] : [])]
  const found = await Promise.all(
    ways.map((codes) => selectNearFrames(client, codesOf(codes), PDQ_RADIUS, RESEMBLING_MAX)),
  )
  const datasets = new Set(found.flat().map(({ dataset }) => dataset))
  return [...datasets].flatMap((dataset) => {
    const own = found.map((pairs) => pairs.filter((pair) => pair.dataset === dataset))
    return stretchesOf(frames, own, PDQ_RADIUS).map((film) => ({ ...film, dataset }))
  })
}

/** Films that share scenes; and stills of the film among the pictures. */
async function sharedFrames(client: ClickHouseClient, frames: FilmFrames): Promise<FoundThere[]> {
  const films = await filmsLike(client, frames)
  const pictures = await selectNearCodes(client, codesOf(frames.codes), PDQ_RADIUS)
  const datasets = new Set([...films, ...pictures].map(({ dataset }) => dataset))
  return [...datasets].flatMap((dataset) => {
    const isOwn = (each: { dataset: string }) => each.dataset === dataset
    return filmsAndStills(frames, films.filter(isOwn), pictures.filter(isOwn)).map((found) => ({ ...found, dataset }))
  })
}

function codesOf(codes: Uint8Array): string[] {
  return Array.from({ length: codes.length / 32 }, (_, i) => toHex(codes.subarray(i * 32, i * 32 + 32)))
}

/** Of each row the longest stretch that it shares. */
async function sharedSounds(client: ClickHouseClient, items: Uint32Array): Promise<FoundThere[]> {
  const found: FoundThere[] = []
  for (const [dataset, offsets] of Map.groupBy(await selectSoundOffsets(client, items), (each) => each.dataset)) {
    const sounds = await selectSounds(client, dataset, [...new Set(offsets.map(({ row }) => row))])
    const voted = offsets.map(({ row, offset }) => ({ row, offset, items: sounds.get(row)! }))
    for (const hit of longestStretches(items, voted)) found.push({ ...soundLike(hit), dataset })
  }
  return found
}

async function similarTexts(client: ClickHouseClient, code: string): Promise<FoundThere[]> {
  const found = await selectSimilarTexts(client, code, TEXT_RADIUS)
  return found.map(({ dataset, row, distance }) => ({ dataset, row, match: 'near-text', measure: distance }))
}

/** Of each row its longest stretch. */
async function sharedPassages(client: ClickHouseClient, { high, low, offset }: PassageCodes): Promise<FoundThere[]> {
  const codes = Array.from(high, (word, i) => (BigInt(word) << 32n) | BigInt(low[i]!))
  const longest = new Map<string, FoundThere>()
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

/** A row that is the same file is not shown again as one that is like it. */
function keep(found: readonly FoundThere[]): FoundThere[] {
  const exact = new Set(found.filter(({ match }) => match === 'exact-file').map(({ row }) => row))
  return strongestFirst(found)
    .filter(({ row, match }) => match === 'exact-file' || match === 'url' || match === 'domain' || !exact.has(row))
    .slice(0, limits.hitsPerWorkMax)
}

async function describe(
  client: ClickHouseClient,
  datasets: DatasetInfo[],
  kept: readonly FoundThere[],
): Promise<FoundPlace[]> {
  const hits: FoundPlace[] = []
  for (const { id, name, version } of datasets) {
    const own = kept.filter(({ dataset }) => dataset === id)
    const rows = await readRows(client, id, [...new Set(own.map(({ row }) => row))])
    for (const { row, match, measure, rowOffset, ...content } of own) {
      const { url = null, text = null, sha256 = null, pdq = null } = rows.get(row) ?? {}
      hits.push({
        dataset: id,
        datasetName: name,
        datasetVersion: version,
        row,
        url,
        rowCodes: { sha256, pdq },
        match,
        measure,
        ...contentDetails(content),
        // The engine gives codes, not the text around them.
        excerpt: match === 'passage' ? excerptOf(text ?? '', rowOffset!, measure) : null,
        preview: null,
      })
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
