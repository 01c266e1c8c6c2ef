import type { ColumnReading, OpenSource, Problem } from './record.ts'
import { describeRecord, type Defaults, type Described } from './toWork.ts'

const RECORDS_SHOWN = 5

/** How a source would be read, and its first records as they would be declared. Nothing is signed. */
export interface Preview {
  format: string
  columns?: ColumnReading[]
  records: ({ place: string } & (Described | { problem: Problem }))[]
}

/** Reads the beginning of a source and nothing more. */
export async function preview(source: OpenSource, defaults: Defaults): Promise<Preview> {
  const records: Preview['records'] = []
  for await (const record of source.records) {
    if (record.isDeleted) continue
    records.push({ place: record.place, ...describeRecord(record, defaults) })
    if (records.length === RECORDS_SHOWN) break
  }
  return { format: source.format, ...(source.columns ? { columns: source.columns } : {}), records }
}
