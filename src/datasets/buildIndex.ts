import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, isoTime, syncDirectory } from '../foundation/index.ts'
import { buildPart, countPart, type PartInput } from './buildPart.ts'
import { inBuildingFolder, partName, putInPlace, removeUnlisted } from './datasetFolder.ts'
import { copyRepaired, damagedIndexes, isFromRows, hasSoundRows } from './repairPart.ts'
import { datasetIdOf, hashedIdOf } from './datasetId.ts'
import {
  nextRow,
  readDatasetInfo,
  withDatasetLock,
  writeDatasetInfo,
  type DatasetCounts,
  type DatasetInfo,
} from './datasetInfo.ts'
import { mergeParts } from './mergeParts.ts'

/** What a data set is, and where its rows are. */
export interface IndexOptions extends PartInput {
  name: string
  version: string
  source?: string
  contact?: string
  isExample?: boolean
  /** The folder that gets one subfolder per data set. */
  directory: string
  now: number
}

/**
 * Indexes a data set: rows into Parquet, picture codes and passages beside them. It is built in a folder of its own and
 * renamed when complete, so a crash leaves nothing half-built under the data set's name.
 */
export async function buildDatasetIndex(options: IndexOptions): Promise<DatasetInfo> {
  const { directory, name, version } = options
  const id = freeId(directory, name, version)
  return withDatasetLock(directory, id, async () => {
    const target = join(directory, id)
    if (existsSync(target)) {
      throw new ColophonError('dataset_exists', `the data set ${name}, version ${version}, is indexed already`, {
        where: target,
        remedy: 'Give another version, or add to it with: colophon index add',
      })
    }
    return inBuildingFolder(directory, id, async (building) => {
      const part = { directory: partName(1), base: 0 }
      const { rowCount, counts } = await buildPart(options, join(building, part.directory), part.base)
      const info: DatasetInfo = {
        id,
        name,
        version,
        source: options.source ?? null,
        contact: options.contact ?? null,
        isExample: options.isExample ?? false,
        rowCount,
        counts,
        indexedAt: isoTime(options.now),
        parts: [{ ...part, rowCount }],
        nextPart: 2,
      }
      writeDatasetInfo(building, info)
      renameSync(building, target)
      syncDirectory(directory)
      return info
    })
  })
}

/**
 * Adds rows to a data set, as a part of their own that appears in one step. Whoever asks the data set meanwhile sees what
 * was there before. Errors: `not_found`, `dataset_locked`, and those of building.
 */
export async function addToDataset(
  options: PartInput & { directory: string; dataset: string; now: number },
): Promise<DatasetInfo> {
  const { directory, dataset, now } = options
  readDatasetInfo(directory, dataset)
  return withDatasetLock(directory, dataset, async () => {
    const info = readDatasetInfo(directory, dataset)
    removeUnlisted(directory, info)
    return inBuildingFolder(directory, dataset, async (building) => {
      const part = { directory: partName(info.nextPart), base: nextRow(info) }
      const { rowCount, counts } = await buildPart(options, building, part.base)
      renameSync(building, join(directory, dataset, part.directory))
      const added: DatasetInfo = {
        ...info,
        rowCount: info.rowCount + rowCount,
        counts: sumOf(info.counts, counts),
        indexedAt: isoTime(now),
        parts: [...info.parts, { ...part, rowCount }],
        nextPart: info.nextPart + 1,
      }
      return putInPlace(directory, added)
    })
  })
}

/**
 * Puts all parts of a data set together into one, so that a question asks one index instead of many, and leaves out what
 * was deleted. Nothing that was found before is found differently. Errors: `not_found`, `dataset_locked`, `dataset_invalid` for damaged parts.
 */
export async function mergeDataset(directory: string, dataset: string): Promise<DatasetInfo> {
  readDatasetInfo(directory, dataset)
  return withDatasetLock(directory, dataset, async () => {
    const info = readDatasetInfo(directory, dataset)
    removeUnlisted(directory, info)
    if (info.parts.length === 1 && !info.deleted) return info
    return inBuildingFolder(directory, dataset, async (building) => {
      await mergeParts(directory, info, building)
      const part = { directory: partName(info.nextPart), base: 0, rowCount: nextRow(info) }
      const { deleted, ...kept } = info
      const counts = deleted ? await countPart(building, info.counts.unreadable) : info.counts
      renameSync(building, join(directory, dataset, part.directory))
      const merged = putInPlace(directory, { ...kept, counts, parts: [part], nextPart: info.nextPart + 1 })
      removeUnlisted(directory, merged)
      return merged
    })
  })
}

/**
 * Looks at every file of the indexes of a data set, and writes what is damaged anew where its rows are enough for that.
 * Rows cannot be made from anything else: a part without them is lost. Errors: `not_found`, `dataset_locked`.
 */
export async function repairDataset(
  directory: string,
  dataset: string,
): Promise<{ info: DatasetInfo; rebuilt: string[]; lost: string[] }> {
  readDatasetInfo(directory, dataset)
  return withDatasetLock(directory, dataset, async () => {
    let info = readDatasetInfo(directory, dataset)
    removeUnlisted(directory, info)
    const [rebuilt, lost]: [string[], string[]] = [[], []]
    for (const part of info.parts) {
      const path = join(directory, dataset, part.directory)
      if (!(await hasSoundRows(path))) {
        lost.push(`${part.directory}/rows.parquet`)
        continue
      }
      const damaged = damagedIndexes(path)
      if (damaged.size === 0) continue
      info = await inBuildingFolder(directory, dataset, async (building) => {
        await copyRepaired(path, building, part.base, damaged)
        const repaired = { ...part, directory: partName(info.nextPart) }
        renameSync(building, join(directory, dataset, repaired.directory))
        const parts = info.parts.map((each) => (each.directory === part.directory ? repaired : each))
        return putInPlace(directory, { ...info, parts, nextPart: info.nextPart + 1 })
      })
      for (const name of damaged) (isFromRows(name) ? rebuilt : lost).push(`${part.directory}/${name}`)
    }
    removeUnlisted(directory, info)
    return { info, rebuilt, lost }
  })
}

/** An id that no data set of another name or version has. */
function freeId(directory: string, name: string, version: string): string {
  const id = datasetIdOf(name, version)
  const held = existsSync(join(directory, id)) ? readDatasetInfo(directory, id) : undefined
  return held && (held.name !== name || held.version !== version) ? hashedIdOf(name, version) : id
}

function sumOf(a: DatasetCounts, b: DatasetCounts): DatasetCounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof DatasetCounts)[])
  return Object.fromEntries(
    [...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]),
  ) as unknown as DatasetCounts
}
