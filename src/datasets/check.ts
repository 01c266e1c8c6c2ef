import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FilmFrames, LocalFeatures, PassageCodes } from '../fingerprints/index.ts'
import { ColophonError, LruMap, limits } from '../foundation/index.ts'
import type { PassageHit, PassageSeed } from '../similarity/index.ts'
import { openContentIndexes, type ContentIndexes } from './buildPart.ts'
import { checkManyInPart, type WatchedHit, type WatchedWork } from './checkMany.ts'
import { compareContent, contentDetails, strongestFirst, type Found } from './compare.ts'
import { cachedDatasets, type DatasetInfo } from './datasetInfo.ts'
import { liveRows, openDeletedRows, withoutRows } from './deletedRows.ts'
import { openDuckDb, unreadableSet } from './openRows.ts'
import { notePreview, type PreviewNote } from './previews.ts'
import { domainRows, readRows, rowsWhere } from './rows.ts'
import { judgeHits, type HitStrength } from './strength.ts'

export type MatchKind =
  'exact-file' | 'near-picture' | 'part-of-picture' | 'film' | 'sound' | 'passage' | 'near-text' | 'url' | 'domain'

/** One place in a data set where a work, or something like it, stands. It is listed there; nothing more is known. */
export interface FoundPlace {
  dataset: string
  datasetName: string
  datasetVersion: string
  row: number
  url: string | null
  /** Codes of the row, as the data set has them. */
  rowCodes: { sha256: string | null; pdq: string | null }
  match: MatchKind
  /**
   * Bits of 256 for pictures and texts that are alike as a whole; features that agree for parts of pictures; seconds for
   * sounds and films; bytes for passages; rows for domains.
   */
  measure: number
  excerpt: string | null
  /** Where a shared passage stands in the text that was looked for and in the row; null for other matches. */
  alignment: PassageAlignment | null
  /** The part that both pictures show, as corners in shares of width and height, and whether one is mirrored; null for other matches. */
  outline: { query: Corner[]; row: Corner[]; isMirrored: boolean } | null
  /** The stretch that both sounds or films share, in seconds of each; null for other matches. */
  stretch: { queryStart: number; rowStart: number; seconds: number; bitErrorRate: number } | null
  /** What was kept of the row when it was indexed from its file; null for rows of tables and for texts. */
  preview: PreviewNote | null
}

export interface DatasetHit extends FoundPlace, HitStrength {}

type Corner = [x: number, y: number]

/** Offsets are bytes of normalised text; the texts are those of the row. */
export type PassageAlignment = Pick<PassageHit, 'queryOffset' | 'rowOffset' | 'isExact' | 'isCommon'> &
  PassageHit['excerpt'] & {
    /** True when the device of whoever asked compared the texts: then nobody else has seen that they are the same. */
    isFromDevice?: boolean | undefined
  }

/** A window that a row of a data set shares with a text of which only the codes are known. */
export interface DatasetSeed extends PassageSeed {
  dataset: string
}

/** So many windows are told at a time; each comes with less than a kilobyte of the row. */
const SEEDS_MAX = 300

/** What is looked for: whatever of it is known. */
export interface CheckQuery {
  sha256?: string
  /** The picture's PDQ in all eight rotations and reflections, with its quality. */
  pdqDihedral?: readonly string[]
  pdqQuality?: number
  /** What survives a crop; with `codesMirrored` mirrored crops are found, too. */
  features?: LocalFeatures
  /** Chromaprint items. */
  items?: Uint32Array
  /** What a film shows. */
  frames?: FilmFrames
  /** The ISCC Text-Code of a text as a whole, and how long the text is, in characters. */
  textCode?: string
  passages?: PassageCodes
  /** The normalised text of the passages, where it may be used: with it every shared run of 50 bytes is found. */
  passageText?: Uint8Array
  url?: string
  domain?: string
}

interface OpenDataset {
  info: DatasetInfo
  /** Of each part its indexes as they lie on the disk, and as they are without what was deleted. */
  parts: { base: number; whole: ContentIndexes; indexes: ContentIndexes }[]
  /** What SQL reads the rows from: all parts, without what was deleted. */
  rows: string
}

/** A data set that could not be asked, and why: its files are damaged, say. What it may hold is not known. */
export interface UnaskedDataset {
  dataset: string
  name: string
  why: string
}

/** What all data sets answer that could be asked. */
export interface DatasetAnswer {
  hits: DatasetHit[]
  unasked: UnaskedDataset[]
}

/** All indexed data sets of a folder, ready to be asked. */
export interface DatasetChecker {
  list(): DatasetInfo[]
  check(query: CheckQuery): Promise<DatasetAnswer>
  /** Windows shared with rows, which whoever has the text can extend: codes alone prove no short run. */
  passageSeeds(codes: PassageCodes): Promise<DatasetSeed[]>
  /** One row as it stands in the data set. */
  readRow(
    dataset: string,
    row: number,
  ): Promise<
    { row: number; url: string | null; text: string | null; sha256: string | null; pdq: string | null } | undefined
  >
  /** The small picture of a row, as WebP; undefined where none was kept. */
  readPreview(dataset: string, row: number): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

/** What only data sets on this machine answer. */
export interface DatasetWatcher {
  /**
   * Many works against one part of a data set, by what is publicly known of them. `works` is how many are watched in all,
   * for judging what chance may have found. Undefined when there is no such part any more.
   */
  checkMany(
    dataset: string,
    part: string,
    works: readonly WatchedWork[],
    watched: number,
  ): Promise<WatchedHit[] | undefined>
}

const OPEN_DATASETS_MAX = 16

/** Nothing is loaded before the first question: a node that only shows pages stays small. */
export function openDatasetChecker(directory: string): DatasetChecker & DatasetWatcher {
  const open = new LruMap<string, OpenDataset>(OPEN_DATASETS_MAX)
  const read = cachedDatasets(directory)
  const list = () => read().sets
  let duckdb: Promise<{ connection: DuckDBConnection; close(): void }> | undefined
  const need = async (connection: DuckDBConnection, info: DatasetInfo): Promise<OpenDataset> => {
    const known = open.get(info.id)
    if (known && JSON.stringify(known.info) === JSON.stringify(info)) return known
    const dataset = await openDataset(connection, directory, info, known)
    open.set(info.id, dataset)
    return dataset
  }
  /** Asked anew when the data set was merged meanwhile, and its old files are gone. */
  const ask = async <Answer>(
    info: DatasetInfo,
    question: (connection: DuckDBConnection, dataset: OpenDataset) => Promise<Answer>,
  ): Promise<Answer> => {
    const { connection } = await (duckdb ??= openDuckDb())
    try {
      return await question(connection, await need(connection, info))
    } catch (error) {
      const now = list().find(({ id }) => id === info.id)
      if (!now || now.nextPart === info.nextPart) throw unreadableSet(info, error)
      return question(connection, await need(connection, now)).catch((again: unknown) => {
        throw unreadableSet(now, again)
      })
    }
  }
  /** The same, where a data set that is damaged has nothing to say; `check` names it. */
  const askIfSound: typeof ask = async (info, question) => {
    try {
      return await ask(info, question)
    } catch (error) {
      if (error instanceof ColophonError && error.code === 'dataset_invalid') return undefined as never
      throw error
    }
  }
  return {
    list,
    async check(query) {
      const { sets, unreadable } = read()
      const places: FoundPlace[] = []
      const unasked = unreadable.map((dataset) => ({ dataset, name: dataset, why: 'its dataset.json cannot be read' }))
      for (const info of sets)
        try {
          places.push(...(await ask(info, (connection, dataset) => checkOne(connection, dataset, query))))
        } catch (error) {
          if (!(error instanceof ColophonError) || error.code !== 'dataset_invalid') throw error
          unasked.push({ dataset: info.id, name: `${info.name} ${info.version}`, why: error.message })
        }
      return { hits: judgeHits(places.slice(0, limits.hitsPerWorkMax), sets), unasked }
    },
    async checkMany(dataset, part, works, watched) {
      const info = list().find(({ id }) => id === dataset)
      if (!info?.parts.some(({ directory: name }) => name === part)) return undefined
      return ask(info, async (connection, { info: now, parts, rows }) => {
        const place = now.parts.findIndex(({ directory: name }) => name === part)
        if (place < 0) return undefined
        const end = parts[place + 1]?.base ?? Number.MAX_SAFE_INTEGER
        const found = await checkManyInPart(connection, { ...parts[place]!, rows, end }, works)
        return judgeHits(found, list(), watched)
      })
    },
    async passageSeeds(codes) {
      const seeds: DatasetSeed[] = []
      for (const info of list())
        await askIfSound(info, async (_, { parts }) => {
          for (const { base, indexes } of parts)
            for (const seed of indexes.passages.seeds(codes, SEEDS_MAX - seeds.length))
              seeds.push({ ...seed, row: seed.row + base, dataset: info.id })
        })
      return seeds
    },
    async readRow(dataset, row) {
      const info = list().find(({ id }) => id === dataset)
      return info && ask(info, async (connection, open) => (await readRows(connection, open.rows, [row])).get(row))
    },
    async readPreview(dataset, row) {
      const info = list().find(({ id }) => id === dataset)
      const preview =
        info &&
        (await ask(info, async (_, open) => {
          const part = partOf(open, row)
          return part?.indexes.previews.read(row - part.base)
        }))
      return preview?.kind === 'picture' ? preview.bytes : undefined
    },
    async close() {
      if (duckdb) (await duckdb).close()
    },
  }
}

/** Opens a data set; parts that were open before stay so. */
async function openDataset(
  connection: DuckDBConnection,
  directory: string,
  info: DatasetInfo,
  known: OpenDataset | undefined,
): Promise<OpenDataset> {
  const isDeleted = await openDeletedRows(connection, directory, info)
  return {
    info,
    parts: info.parts.map(({ directory: name, base }) => {
      const place = known?.info.parts.findIndex((part) => part.directory === name && known.info.id === info.id) ?? -1
      const whole = known?.parts[place]?.whole ?? openContentIndexes(join(directory, info.id, name))
      return { base, whole, indexes: withoutRows(whole, base, isDeleted) }
    }),
    rows: liveRows(directory, info),
  }
}

async function checkOne(connection: DuckDBConnection, dataset: OpenDataset, query: CheckQuery): Promise<FoundPlace[]> {
  const found: Found[] = []
  if (query.sha256)
    for (const row of await rowsWhere(connection, dataset.rows, 'sha256', query.sha256))
      found.push({ row, match: 'exact-file', measure: 0 })
  if (query.url)
    for (const row of await rowsWhere(connection, dataset.rows, 'url', query.url))
      found.push({ row, match: 'url', measure: 0 })
  if (query.domain) found.push(...(await domainRows(connection, dataset.rows, query.domain)))
  for (const { base, indexes } of dataset.parts)
    for (const content of await compareContent(indexes, query)) found.push({ ...content, row: content.row + base })
  const exactRows = new Set(found.filter(({ match }) => match === 'exact-file').map(({ row }) => row))
  const kept = strongestFirst(found)
    .filter(({ row, match }) => match === 'exact-file' || match === 'url' || match === 'domain' || !exactRows.has(row))
    .slice(0, limits.hitsPerWorkMax)
  const rows = await readRows(
    connection,
    dataset.rows,
    kept.map(({ row }) => row),
  )
  return kept.map(({ row, match, measure, ...content }) => ({
    dataset: dataset.info.id,
    datasetName: dataset.info.name,
    datasetVersion: dataset.info.version,
    row,
    url: rows.get(row)?.url ?? null,
    rowCodes: { sha256: rows.get(row)?.sha256 ?? null, pdq: rows.get(row)?.pdq ?? null },
    match,
    measure,
    ...contentDetails(content),
    preview: match === 'domain' ? null : previewNote(dataset, row),
  }))
}

function previewNote(dataset: OpenDataset, row: number): PreviewNote | null {
  const part = partOf(dataset, row)
  return part ? notePreview(part.indexes.previews, row - part.base) : null
}

/** The part in which a row stands. */
function partOf({ parts }: OpenDataset, row: number): OpenDataset['parts'][number] | undefined {
  return parts.findLast(({ base }) => base <= row)
}
