/** A run of words that both texts have, or only one of them. */
export interface WordRun {
  change: 'same' | 'added' | 'removed'
  text: string
}

/** Beyond this many pairs of words a text counts as replaced as a whole: the table of pairs would be too large. */
const PAIRS_MAX = 4_000_000

/**
 * What was added to and taken out of a text, word by word, by the longest common subsequence of words; white space
 * does not count. The runs without what was added are the old text, those without what was removed the new one.
 *
 * @example diffWords('from 2023 on', 'from 2024 on') // from, −2023, +2024, on
 */
export function diffWords(before: string, after: string): WordRun[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  const head = commonHead(a, b)
  const tail = commonHead(a.slice(head).toReversed(), b.slice(head).toReversed())
  const [midA, midB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const middle = midA.length * midB.length > PAIRS_MAX ? replaced(midA, midB) : walk(midA, midB)
  return joinRuns([...sameAs(a.slice(0, head)), ...middle, ...sameAs(a.slice(a.length - tail))])
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

function commonHead(a: string[], b: string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

const sameAs = (words: string[]): WordRun[] => words.map((text) => ({ change: 'same', text }))

function replaced(a: string[], b: string[]): WordRun[] {
  return [
    ...a.map((text): WordRun => ({ change: 'removed', text })),
    ...b.map((text): WordRun => ({ change: 'added', text })),
  ]
}

/** Lengths of the longest common subsequences of all ends of both texts, row by row from the last word. */
function walk(a: string[], b: string[]): WordRun[] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
  const runs: WordRun[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ change: 'same', text: a[i++]! })
      j++
    } else if (j >= b.length || (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      runs.push({ change: 'removed', text: a[i++]! })
    else runs.push({ change: 'added', text: b[j++]! })
  }
  return runs
}

function joinRuns(runs: WordRun[]): WordRun[] {
  const joined: WordRun[] = []
  for (const { change, text } of runs) {
    const last = joined.at(-1)
    if (last?.change === change) last.text += ` ${text}`
    else joined.push({ change, text })
  }
  return joined
}
