/** The words of a text as numbers: those that no label uses are 0, so that comparing costs nothing. */
export interface Words {
  text: string
  ids: Int32Array
  starts: Int32Array
  ends: Int32Array
  count: number
}

/** U+FFFD stands where a PDF's ligature could not be told; it is one to three letters of a word. */
const WORD = /[\p{L}\p{N}\uFFFD]+/gu
/** What is left of “name(s)”, “modality(ies)” and “provider’s”: no word of its own. */
const ENDINGS = new Set(['s', 'ies'])

/** One spelling for each word: without plural, British and American alike. */
function normalWord(word: string): string {
  const lower = word.normalize('NFKC').toLowerCase()
  if (lower.length < 4) return lower
  return lower
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/our$/, 'or')
    .replace(/is(e|ed|ing|ation)$/, 'iz$1')
    .replace(/^licenc/, 'licens')
}

/** The normal words of a short text. */
export function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map(normalWord).filter((word) => !ENDINGS.has(word))
}

/** Reads a text into numbers of the vocabulary; linear in its length. */
export function readWords(text: string, vocabulary: ReadonlyMap<string, number>): Words {
  const places: number[] = []
  const ids: number[] = []
  const known = new Map<string, number>()
  const garbled = new Map<string, number>()
  for (const { 0: raw, index } of text.matchAll(WORD)) {
    const id = known.get(raw) ?? idOf(raw, vocabulary, garbled)
    if (known.size < KNOWN_WORDS_MAX) known.set(raw, id)
    if (id < 0) continue
    ids.push(id)
    places.push(index, index + raw.length)
  }
  const starts = Int32Array.from({ length: ids.length }, (_, i) => places[2 * i]!)
  const ends = Int32Array.from({ length: ids.length }, (_, i) => places[2 * i + 1]!)
  return { text, ids: Int32Array.from(ids), starts, ends, count: ids.length }
}

/** So many different words are looked up once only. */
const KNOWN_WORDS_MAX = 100_000

/** The number of a word; less than 0 for what is no word of its own. */
function idOf(raw: string, vocabulary: ReadonlyMap<string, number>, garbled: Map<string, number>): number {
  if (raw.length > LONGEST_WORD) return 0
  const word = normalWord(raw)
  if (ENDINGS.has(word)) return -1
  return word.includes('\uFFFD') ? garbledId(word, vocabulary, garbled) : (vocabulary.get(word) ?? 0)
}

const LONGEST_WORD = 40
const GARBLED_WORDS_MAX = 500

function garbledId(word: string, vocabulary: ReadonlyMap<string, number>, known: Map<string, number>): number {
  const before = known.get(word)
  if (before !== undefined) return before
  if (known.size >= GARBLED_WORDS_MAX || word.startsWith('\uFFFD')) return 0
  const shape = new RegExp(`^${word.replaceAll('\uFFFD', '\\p{L}{1,3}')}$`, 'u')
  let id = 0
  for (const [candidate, number] of vocabulary) if (shape.test(candidate)) id = number
  known.set(word, id)
  return id
}
