import type { ColumnMap } from './columns.ts'
import { guessDelimiter, readRows } from './delimited.ts'
import type { OpenSource } from '../record.ts'
import { isZip, readSpreadsheet } from './spreadsheet.ts'
import { openTable } from './table.ts'
import { encodingOf, firstBytes, readText, requireFile } from './textFile.ts'

/** Opens a table in a file: CSV and its relatives in any of their encodings, XLSX, ODS, or a plain list of numbers. */
export async function openTableFile(path: string, map: ColumnMap): Promise<OpenSource> {
  requireFile(path)
  const start = await firstBytes(path)
  if (isZip(start)) {
    const { format, rows } = readSpreadsheet(path)
    return openTable(rows, map, { format, where: path, unit: 'row' })
  }
  const encoding = await encodingOf(path)
  const delimiter = await guessDelimiter(new TextDecoder(encoding).decode(start))
  const format = { ',': 'CSV', ';': 'CSV with semicolons', '\t': 'TSV', '|': 'text with bars' }[delimiter]!
  return openTable(readRows(readText(path), delimiter), map, {
    format: `${format}, ${encoding}`,
    where: path,
    unit: 'line',
  })
}
