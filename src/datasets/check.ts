import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LocalFeatures, PassageCodes } from '../fingerprints/index.ts'
import { PDQ_QUALITY_MIN } from '../fingerprints/index.ts'
import { LruMap, fromHex, limits } from '../foundation/index.ts'
import {
  openCodeIndex,
  openFeatureIndex,
  openPassageIndex,
  type CodeIndex,
  type FeatureHit,
  type FeatureIndex,
  type PassageHit,
  type PassageIndex,
} from '../similarity/index.ts'
import type { DatasetInfo } from './buildIndex.ts'

/** Bits of 256 in which two PDQ hashes may differ and still be a candidate. Source: the published PDQ description. */
export const PDQ_RADIUS = 31
/** Normalised bytes that a shared passage must have before it is shown, when only its codes are known. */
const PASSAGE_BYTES_MIN = 50

export type MatchKind = 'exact-file' | 'near-picture' | 'part-of-picture' | 'passage' | 'url' | 'domain'

/** One place in a data set where a work, or something like it, stands. It is listed there; nothing more is known. */
export interface DatasetHit {
  dataset: string
  datasetName: string
  datasetVersion: string
  row: number
  url: string | null
  match: MatchKind
  /** Bits of 256 for pictures; features that agree for parts of pictures; bytes for passages; rows for domains. */
  measure: number
  excerpt: string | null
  /** Where a shared passage stands in the text that was looked for and in the row; null for other matches. */
  alignment: PassageAlignment | null
  /** The part that both pictures show, as corners in shares of width and height; null for other matches. */
  outline: { query: Corner[]; row: Corner[] } | null
}

type Corner = [x: number, y: number]

/** Offsets are bytes of normalised text; the texts are those of the row. */
export type PassageAlignment = Pick<PassageHit, 'queryOffset' | 'rowOffset' | 'isExact' | 'isCommon'> &
  PassageHit['excerpt']

/** What is looked for: whatever of it is known. */
export interface CheckQuery {
  sha256?: string
  /** The picture's PDQ in all eight rotations and reflections, with its quality. */
  pdqDihedral?: readonly string[]
  pdqQuality?: number
  /** What survives a crop. */
  features?: LocalFeatures
  passages?: PassageCodes
  /** The normalised text of the passages, where it may be used: with it every shared run of 50 bytes is found. */
  passageText?: Uint8Array
  url?: string
  domain?: string
}

interface OpenDataset {
  info: DatasetInfo
  pdq: CodeIndex
  features: FeatureIndex
  passages: PassageIndex
  rowsPath: string
}

/** All indexed data sets of a folder, ready to be asked. */
export interface DatasetChecker {
  list(): DatasetInfo[]
  check(query: CheckQuery): Promise<DatasetHit[]>
  /** One row as it stands in the data set. */
  readRow(
    dataset: string,
    row: number,
  ): Promise<
    { row: number; url: string | null; text: string | null; sha256: string | null; pdq: string | null } | undefined
  >
  close(): Promise<void>
}

const OPEN_DATASETS_MAX = 16

/** Nothing is loaded before the first question: a node that only shows pages stays small. */
export function openDatasetChecker(directory: string): DatasetChecker {
  const open = new LruMap<string, OpenDataset>(OPEN_DATASETS_MAX)
  const list = cachedList(directory)
  let duckdb: Promise<{ connection: DuckDBConnection; close(): void }> | undefined
  const need = (info: DatasetInfo): OpenDataset => {
    let dataset = open.get(info.id)
    if (!dataset) {
      dataset = openDataset(directory, info)
      open.set(info.id, dataset)
    }
    return dataset
  }
  return {
    list,
    async check(query) {
      const { connection } = await (duckdb ??= openDuckDb())
      const hits: DatasetHit[] = []
      for (const info of list()) hits.push(...(await checkOne(connection, need(info), query)))
      return hits.slice(0, limits.hitsPerWorkMax)
    },
    async readRow(dataset, row) {
      const { connection } = await (duckdb ??= openDuckDb())
      const info = list().find(({ id }) => id === dataset)
      return info ? (await readRows(connection, need(info), [row])).get(row) : undefined
    },
    async close() {
      if (duckdb) (await duckdb).close()
    },
  }
}

async function openDuckDb() {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const options = { autoinstall_known_extensions: 'false', threads: '2', memory_limit: '512MB' }
  const instance = await DuckDBInstance.create(':memory:', options)
  const connection = await instance.connect()
  return {
    connection,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** The list, read again only when the folder has changed: an index appears in it by one rename. */
export function cachedList(directory: string): () => DatasetInfo[] {
  let changedAtMs = -1
  let list: DatasetInfo[] = []
  return () => {
    const nowChangedAtMs = statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (nowChangedAtMs !== changedAtMs) {
      list = listDatasets(directory)
      changedAtMs = nowChangedAtMs
    }
    return list
  }
}

/** Every folder that holds a complete index; whatever else lies about is passed over. */
function listDatasets(directory: string): DatasetInfo[] {
  return globSync('*/dataset.json', { cwd: directory })
    .filter((path) => !path.startsWith('.'))
    .sort()
    .map((path) => JSON.parse(readFileSync(join(directory, path), 'utf8')) as DatasetInfo)
}

function openDataset(directory: string, info: DatasetInfo): OpenDataset {
  const path = join(directory, info.id)
  return {
    info,
    pdq: openCodeIndex(join(path, 'pdq')),
    features: openFeatureIndex(join(path, 'features')),
    passages: openPassageIndex(join(path, 'passages')),
    rowsPath: join(path, 'rows.parquet'),
  }
}

interface Found {
  row: number
  match: MatchKind
  measure: number
  passage?: PassageHit
  part?: FeatureHit
}

async function checkOne(connection: DuckDBConnection, dataset: OpenDataset, query: CheckQuery): Promise<DatasetHit[]> {
  const found: Found[] = []
  if (query.sha256)
    for (const row of await rowsWhere(connection, dataset, 'sha256', query.sha256))
      found.push({ row, match: 'exact-file', measure: 0 })
  if (query.url)
    for (const row of await rowsWhere(connection, dataset, 'url', query.url))
      found.push({ row, match: 'url', measure: 0 })
  if (query.domain) found.push(...(await domainRows(connection, dataset, query.domain)))
  if (query.pdqDihedral && (query.pdqQuality ?? 0) >= PDQ_QUALITY_MIN)
    found.push(...(await nearPictures(dataset, query.pdqDihedral)))
  if (query.features) found.push(...sharedParts(dataset, query.features, found))
  if (query.passages) found.push(...sharedPassages(dataset, query.passages, query.passageText))
  const exactRows = new Set(found.filter(({ match }) => match === 'exact-file').map(({ row }) => row))
  const kept = found
    .filter(({ row, match }) => match === 'exact-file' || match === 'url' || match === 'domain' || !exactRows.has(row))
    .slice(0, limits.hitsPerWorkMax)
  const rows = await readRows(
    connection,
    dataset,
    kept.map(({ row }) => row),
  )
  return kept.map(({ row, match, measure, passage, part }) => ({
    dataset: dataset.info.id,
    datasetName: dataset.info.name,
    datasetVersion: dataset.info.version,
    row,
    url: rows.get(row)?.url ?? null,
    match,
    measure,
    excerpt: passage ? [...passage.excerpt.shared].slice(0, EXCERPT_LENGTH_MAX).join('') : null,
    alignment: passage ? alignmentOf(passage) : null,
    outline: part ? { query: part.outlineInQuery, row: part.outlineInRow } : null,
  }))
}

const EXCERPT_LENGTH_MAX = 300

function alignmentOf({ queryOffset, rowOffset, isExact, isCommon, excerpt }: PassageHit): PassageAlignment {
  return { queryOffset, rowOffset, isExact, isCommon, ...excerpt }
}

/** Each row once, at the distance of the rotation or reflection that is nearest. */
async function nearPictures({ pdq }: OpenDataset, variants: readonly string[]): Promise<Found[]> {
  const nearest = new Map<number, number>()
  for (const hits of await pdq.search(fromHex(variants.join('')), PDQ_RADIUS)) {
    for (const { row, distance } of hits) if (distance < (nearest.get(row) ?? Infinity)) nearest.set(row, distance)
  }
  return [...nearest]
    .map(([row, measure]) => ({ row, match: 'near-picture' as const, measure }))
    .sort((a, b) => a.measure - b.measure || a.row - b.row)
}

/** Pictures that share a part, but for those that are alike as a whole. */
function sharedParts({ features }: OpenDataset, own: LocalFeatures, found: readonly Found[]): Found[] {
  const known = new Set(found.filter(({ match }) => match === 'near-picture').map(({ row }) => row))
  return features
    .search(own)
    .filter(({ row }) => !known.has(row))
    .map((part) => ({ row: part.row, match: 'part-of-picture', measure: part.inliers, part }))
}

/** Of each row its longest stretch. */
function sharedPassages({ passages }: OpenDataset, codes: PassageCodes, text?: Uint8Array): Found[] {
  const longest = new Map<number, PassageHit>()
  for (const hit of passages.search({ codes, ...(text ? { text } : {}) })) {
    if (!longest.has(hit.row) && hit.length >= PASSAGE_BYTES_MIN) longest.set(hit.row, hit)
  }
  return [...longest.values()].map((passage) => ({
    row: passage.row,
    match: 'passage',
    measure: passage.length,
    passage,
  }))
}

async function rowsWhere(
  connection: DuckDBConnection,
  dataset: OpenDataset,
  column: 'sha256' | 'url',
  value: string,
): Promise<number[]> {
  const reader = await connection.runAndReadAll(
    `SELECT row FROM read_parquet($path) WHERE ${column} = $value ORDER BY row LIMIT ${limits.hitsPerWorkMax}`,
    { path: dataset.rowsPath, value },
  )
  return reader.getRows().map(([row]) => Number(row))
}

async function domainRows(connection: DuckDBConnection, dataset: OpenDataset, domain: string) {
  const reader = await connection.runAndReadAll(
    `SELECT min(row), count(*) FROM read_parquet($path) WHERE host = $domain OR host LIKE '%.' || $domain`,
    { path: dataset.rowsPath, domain },
  )
  const [row, count] = reader.getRows()[0]!
  return count ? [{ row: Number(row), match: 'domain' as const, measure: Number(count) }] : []
}

async function readRows(connection: DuckDBConnection, dataset: OpenDataset, rows: number[]) {
  const found = new Map<
    number,
    { row: number; url: string | null; text: string | null; sha256: string | null; pdq: string | null }
  >()
  if (rows.length === 0) return found
  const list = [...new Set(rows)].map((row) => Math.trunc(row)).join(', ')
  const reader = await connection.runAndReadAll(
    `SELECT row, url, text, sha256, pdq FROM read_parquet($path) WHERE row IN (${list})`,
    { path: dataset.rowsPath },
  )
  for (const { row, url, text, sha256, pdq } of reader.getRowObjects()) {
    found.set(Number(row), {
      row: Number(row),
      url: url as string | null,
      text: text as string | null,
      sha256: sha256 as string | null,
      pdq: pdq as string | null,
    })
  }
  return found
}
