import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from '../foundation/index.ts'
import { touchDatasets, writeDatasetInfo, type DatasetInfo } from './datasetInfo.ts'

/** Builds in a folder of its own, so that a crash leaves nothing half-built under a name that is read. */
export async function inBuildingFolder<Result>(
  directory: string,
  id: string,
  run: (building: string) => Promise<Result>,
): Promise<Result> {
  const building = join(directory, `.${id}.building`)
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  try {
    return await run(building)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

/** Makes a data set what its new info says, in one step; the files that it names lie in its folder already. */
export function putInPlace(directory: string, info: DatasetInfo): DatasetInfo {
  syncDirectory(join(directory, info.id))
  writeDatasetInfo(join(directory, info.id), info)
  touchDatasets(directory)
  return info
}

/** Removes parts and lists of deleted rows that a crash or a later state has left behind. */
export function removeUnlisted(directory: string, { id, parts, deleted }: DatasetInfo): void {
  const folder = join(directory, id)
  const listed = new Set([...parts.map((part) => part.directory), deleted?.file])
  for (const name of readdirSync(folder))
    if (/^(part|deleted)-\d+(\.parquet)?$/.test(name) && !listed.has(name))
      rmSync(join(folder, name), { recursive: true })
}

export function partName(number: number): string {
  return `part-${numbered(number)}`
}

export function deletedName(number: number): string {
  return `deleted-${numbered(number)}.parquet`
}

function numbered(number: number): string {
  return String(number).padStart(6, '0')
}
