import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LocalFeatures, PassageCodes } from '../fingerprints/index.ts'
import { LruMap, limits } from '../foundation/index.ts'
import {
  openAudioIndex,
  openCodeIndex,
  openFeatureIndex,
  openPassageIndex,
  type PassageHit,
} from '../similarity/index.ts'
import type { DatasetInfo } from './buildIndex.ts'
import { compareContent, contentDetails, type ContentIndexes, type Found } from './compare.ts'

/** Bits of 256 in which two PDQ hashes may differ and still be a candidate. Source: the published PDQ description. */
export const PDQ_RADIUS = 31

export type MatchKind = 'exact-file' | 'near-picture' | 'part-of-picture' | 'sound' | 'passage' | 'url' | 'domain'

/** One place in a data set where a work, or something like it, stands. It is listed there; nothing more is known. */
export interface DatasetHit {
  dataset: string
  datasetName: string
  datasetVersion: string
  row: number
  url: string | null
  match: MatchKind
  /** Bits of 256 for pictures; features that agree for parts of pictures; seconds for sounds; bytes for passages; rows for domains. */
  measure: number
  excerpt: string | null
  /** Where a shared passage stands in the text that was looked for and in the row; null for other matches. */
  alignment: PassageAlignment | null
  /** The part that both pictures show, as corners in shares of width and height; null for other matches. */
  outline: { query: Corner[]; row: Corner[] } | null
  /** The stretch that both sounds share, in seconds of each; null for other matches. */
  stretch: { queryStart: number; rowStart: number; seconds: number; bitErrorRate: number } | null
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
  /** Chromaprint items. */
  items?: Uint32Array
  passages?: PassageCodes
  /** The normalised text of the passages, where it may be used: with it every shared run of 50 bytes is found. */
  passageText?: Uint8Array
  url?: string
  domain?: string
}

interface OpenDataset extends ContentIndexes {
  info: DatasetInfo
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
    sounds: openAudioIndex(join(path, 'sounds')),
    passages: openPassageIndex(join(path, 'passages')),
    rowsPath: join(path, 'rows.parquet'),
  }
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
  found.push(...(await compareContent(dataset, query)))
  const exactRows = new Set(found.filter(({ match }) => match === 'exact-file').map(({ row }) => row))
  const kept = found
    .filter(({ row, match }) => match === 'exact-file' || match === 'url' || match === 'domain' || !exactRows.has(row))
    .slice(0, limits.hitsPerWorkMax)
  const rows = await readRows(
    connection,
    dataset,
    kept.map(({ row }) => row),
  )
  return kept.map(({ row, match, measure, ...content }) => ({
    dataset: dataset.info.id,
    datasetName: dataset.info.name,
    datasetVersion: dataset.info.version,
    row,
    url: rows.get(row)?.url ?? null,
    match,
    measure,
    ...contentDetails(content),
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
