import assert from 'node:assert/strict'

/** What stands under a heading, up to the next one that is not below it. */
export function section(document: string, heading: string): string {
  const start = document.indexOf(`\n${heading}`)
  assert.ok(start >= 0, heading)
  const level = /^#+/.exec(heading)![0].length
  const rest = document.slice(start + 1 + heading.length)
  const end = rest.search(new RegExp(`\\n#{1,${level}} `))
  return end < 0 ? rest : rest.slice(0, end)
}

/** The rows of all tables in a text, without their heads. */
export function rowsOf(text: string): string[][] {
  const rows = text.split('\n').map((line) =>
    line.startsWith('|')
      ? line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : [],
  )
  return rows.filter((row, i) => row.length > 0 && !isRule(row) && !isRule(rows[i + 1] ?? []))
}

const isRule = (row: string[]) => row.length > 0 && row.every((cell) => /^-+$/.test(cell))
/** The words in code style. */
export const inTicks = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)
