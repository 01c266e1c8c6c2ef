/**
 * A text that keeps a table's columns side by side (as programs write that keep a PDF's layout) is read row by row:
 * the question, which a cell's width divides into lines, then its answer. Everything else stays as it is.
 *
 * @example readColumns(' Provider name and      Acme\n contact details:      acme.example') // 'Provider name and contact details:\nAcme\nacme.example'
 */
export function readColumns(text: string): string {
  if (!keepsColumns(text)) return text
  const blocks: (string | string[])[] = []
  let block: string[] = []
  const flush = () => {
    if (block.length > 0) blocks.push(block)
    block = []
  }
  let blanks = 0
  for (const line of text.replaceAll('\f', '\n').split('\n')) {
    if (isPageNumber(line)) continue
    blanks = line.trim() === '' ? blanks + 1 : 0
    // Rows of one table stand close together; what comes after more space is another one.
    if (blanks === 2 || isFullWidth(line)) flush()
    if (isFullWidth(line)) blocks.push(line.trim())
    else block.push(line.trimEnd())
  }
  flush()
  const isCentred = blocks.some((each) => typeof each !== 'string' && hasCentredCells(each))
  return blocks.map((each) => (typeof each === 'string' ? each : rowsOf(each, isCentred).join('\n'))).join('\n')
}

/** An answer that begins above its question, or beside its second line, shows that cells are centred. */
function hasCentredCells(block: string[]): boolean {
  const lines = splitLines(block.filter((line) => line.trim() !== ''))
  const labels = labelsOf(lines)
  if (labels[0] && labels[0].first > 0 && lines[0]!.right !== '') return true
  return labels.some(
    ({ first, last }) => lines[first]!.right === '' && lines.slice(first, last + 1).some(({ right }) => right),
  )
}

/** Wide gaps inside many lines, and not between all words, as some programs write them. */
function keepsColumns(text: string): boolean {
  const lines = text.split('\n', 5000).filter((line) => line.trim() !== '')
  const gapped = lines.filter((line) => /\S {3,}\S/.test(line)).length
  const indented = lines.filter((line) => /^ {24,}\S/.test(line)).length
  const sample = lines.slice(0, 500).join('\n')
  const isSpaced = (sample.match(/\S {2}\S/g)?.length ?? 0) > (sample.match(/\S \S/g)?.length ?? 0)
  return !isSpaced && gapped >= 5 && gapped + indented > lines.length * 0.15
}

/** A heading with a number goes over both columns. */
function isFullWidth(line: string): boolean {
  return /^\s*\d\.(?:\d(?:\.\d)?\.?)?\s+\p{Lu}/u.test(line) && !/\S {3,}\S/.test(line.trim())
}

function isPageNumber(line: string): boolean {
  return /^\s*\d{1,3}\s*$/.test(line)
}

interface Line {
  left: string
  right: string
}

function rowsOf(block: string[], isCentred: boolean): string[] {
  const filled = block.filter((line) => line.trim() !== '')
  if (!filled.some((line) => /\S {3,}\S/.test(line))) return block.map((line) => line.trim())
  const lines = splitLines(filled)
  const labels = labelsOf(lines)
  let from = leftover(lines, labels)
  const output = lines.slice(0, from).map(({ right }) => right)
  for (const i of labels.keys()) {
    const end = i + 1 < labels.length ? endOfRow(lines, from, labels.slice(i, i + 3), isCentred) : lines.length
    const row = lines.slice(from, end)
    output.push(row.flatMap(({ left }) => left || []).join(' '))
    for (const { right } of row) if (right !== '') output.push(right)
    from = end
  }
  return labels.length === 0 ? filled.map((line) => line.trim()) : output
}

/** A line is divided at its first wide gap; what begins far to the right has nothing in the left column. */
function splitLines(block: string[]): Line[] {
  const indents = block.map((line) => line.length - line.trimStart().length)
  const leftIndent = indents.reduce((least, indent) => Math.min(least, indent), Number.MAX_SAFE_INTEGER)
  return block.map((line, i) => {
    const trimmed = line.trim()
    if (indents[i]! > leftIndent + 12) return { left: '', right: trimmed }
    const gap = /(?<=\S) {3,}(?=\S)/.exec(trimmed)
    if (!gap) return { left: trimmed, right: '' }
    return { left: trimmed.slice(0, gap.index), right: trimmed.slice(gap.index + gap[0].length) }
  })
}

interface Range {
  first: number
  last: number
}

/** A question in the left column ends with its sign, or where the column is empty for long. */
function labelsOf(lines: Line[]): Range[] {
  const labels: Range[] = []
  let open: Range | undefined
  for (const [i, { left }] of lines.entries()) {
    if (left === '') continue
    open = { first: open?.first ?? i, last: i }
    if (/[:?]\s*$|\(optional\)\s*$/.test(left)) {
      labels.push(open)
      open = undefined
    }
  }
  if (open) labels.push(open)
  return labels
}

/**
 * Lines at the top of a page may end the answer of the page before: a centred question has as much above it as below,
 * and what is more is not its own.
 */
function leftover(lines: Line[], [first, second]: Range[]): number {
  if (!first || !second || lines[second.first]!.right === '') return 0
  const below = second.first - first.last - 1
  const more = first.first - below
  return more >= 2 ? more : 0
}

/**
 * Where the row of one question ends. Cells are mostly centred: an answer reaches as far below its question as above
 * it. Where both begin on the same line the answer goes on, at most to the next question.
 */
function endOfRow(lines: Line[], from: number, labels: Range[], isCentred: boolean): number {
  const [label, next, third] = labels as [Range, Range, Range | undefined]
  const least = label.last + 1
  if (next.first <= least) return least
  let firstRight = from
  while (firstRight < lines.length && lines[firstRight]!.right === '') firstRight++
  const above = label.first - Math.max(from, firstRight)
  if (firstRight > label.last) return afterFirst(lines, firstRight, next.first)
  if (firstRight > label.first) return least
  const below = (third?.first ?? lines.length) - next.last - 1
  if (above === 0 && isCentred && below >= next.first - least) return least
  if (above === 0) return lastSentenceEnd(lines, least, next.first)
  return Math.min(next.first, nearSentenceEnd(lines, least + above, least, next.first))
}

/** A question over both columns has its answer below: boxes on one line, or lines to the end of a sentence. */
function afterFirst(lines: Line[], first: number, most: number): number {
  if (/[☐☒☑]|\[[x ]\]/i.test(lines[first]?.right ?? '')) return Math.min(first + 1, most)
  return lastSentenceEnd(lines, Math.min(first + 1, most), most)
}

function lastSentenceEnd(lines: Line[], least: number, most: number): number {
  for (let end = most; end > least; end--) if (endsSentence(lines[end - 1]!.right)) return end
  return most
}

function nearSentenceEnd(lines: Line[], middle: number, least: number, most: number): number {
  for (const end of [middle, middle + 1, middle - 1])
    if (end >= least && end <= most && endsSentence(lines[end - 1]!.right)) return end
  return middle
}

function endsSentence(text: string): boolean {
  return /[.!?)]\s*$/.test(text)
}
