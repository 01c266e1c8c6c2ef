import { existsSync, readFileSync } from 'node:fs'
import { ColophonError, limits } from '../foundation/index.ts'

/**
 * Numbers of rows from a list like `3,8,20-29`, or from a file of such lists. Errors: `usage` for what is neither,
 * `too_large`.
 */
export function readRowNumbers(given: string): number[] {
  const isList = LIST.test(given)
  if (!isList && !existsSync(given))
    throw new ColophonError('usage', 'this is neither a list of rows nor a file', {
      where: given,
      remedy: 'Give numbers and ranges, like 3,8,20-29, or a file of them.',
    })
  const rows: number[] = []
  for (const [i, line] of (isList ? given : readFileSync(given, 'utf8')).split('\n').entries()) {
    const where = isList ? given : `${given}, line ${i + 1}`
    for (const word of line.split(/[\s,]+/).filter((each) => each !== '')) addRange(rows, word, where)
  }
  return rows
}

const LIST = /^\d+(-\d+)?([\s,]+\d+(-\d+)?)*$/

function addRange(rows: number[], word: string, where: string): void {
  const [, from, to] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(word) ?? []
  const [first, last] = [Number(from), Number(to ?? from)]
  if (from === undefined || last < first)
    throw new ColophonError('usage', `“${word}” is no number of a row and no range of them`, { where })
  if (rows.length + last - first >= limits.deletedRowsMax)
    throw new ColophonError('too_large', `more than ${limits.deletedRowsMax} rows are not deleted at once`, { where })
  for (let row = first; row <= last; row++) rows.push(row)
}
