/** One line of a bench: our figure beside a peer's, or beside the target where there is no peer. */
export interface BenchRow {
  what: string
  ours: number
  unit: string
  peer?: { name: string; figure: number }
  target?: string
  input: string
}

/** Prints the rows as a table: what was compared, on what. */
export function printTable(rows: BenchRow[]): void {
  console.log('| what | ours | peer | ratio | target | input |\n|---|---|---|---|---|---|')
  for (const { what, ours, unit, peer, target, input } of rows) {
    const other = peer ? `${number(peer.figure)} ${unit} (${peer.name})` : '–'
    const ratio = peer ? (ours / peer.figure).toFixed(2) : '–'
    console.log(`| ${what} | ${number(ours)} ${unit} | ${other} | ${ratio} | ${target ?? '–'} | ${input} |`)
  }
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/** The middle value. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
