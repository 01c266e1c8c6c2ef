import { readColumnMap, type ColumnMap } from './columns.ts'
import { openTableFile } from './openTableFile.ts'
import type { Memory, OpenSource, Reach } from './record.ts'

/** What a collection can be read from, by the option that names it on the command line. */
export const sourceFormats = ['csv'] as const
export type SourceFormat = (typeof sourceFormats)[number]

export interface SourceOptions extends Reach {
  map?: string
  memory?: Memory
  /** The language in which labels are wanted. */
  language?: string
  /** Who declares: a site says that it is his. */
  party?: string
  set?: string
  metadataPrefix?: string
  pagesMax?: number
}

/** Opens a source of works. Errors: `unreadable_file`, `usage`, and whatever fetching brings. */
export async function openSource(format: SourceFormat, where: string, options: SourceOptions): Promise<OpenSource> {
  const map: ColumnMap = options.map === undefined ? new Map() : readColumnMap(options.map)
  switch (format) {
    case 'csv':
      return openTableFile(where, map)
  }
}
