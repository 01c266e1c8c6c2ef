import { GRAM_MAX, HASH_START, TEXT_MAX, extendHash, finishHash, readUnits } from './features.ts'
import { LANGUAGES } from './languages.ts'
import type { LanguageModel } from './model.ts'
import { plainWords } from './words.ts'

export interface Candidate {
  /** ISO 639-3. */
  code: string
  probability: number
}

export interface Identified {
  /** ISO 639-3, or `und` where no language can be named. */
  code: string
  /** ISO 15924, where the class has one. */
  script?: string
  /** How often such an answer is right, 0 to 1; of `und` 0. */
  confidence: number
  /** The likeliest, best first, at most three. */
  candidates: Candidate[]
  /** Where the best two stand so near that a text of this length may be either: the group that is certain. */
  near?: string
}

export interface LanguageIdentifier {
  identify(text: string): Identified
  /** The code alone, as `identify` gives it. */
  code(text: string): string
  /** What a piece of the text says for its best class on average: low for a language that the model does not know. */
  meanScore(text: string): number
}

const SPACE = 32
const CANDIDATES = 3
/** A word of four letters has so many pieces; less names no language. */
const GRAMS_MIN = 18
const PROBABILITY_MIN = 0.001
/** Natural logarithm of the odds from which on a language is out of the question. */
const NEGLIGIBLE = 12

/**
 * Names the language of a text by the pieces of its words; addresses, markup and names of programs are passed over. A text
 * of other languages than the model's, of numbers, of a program or of next to nothing is `und`. Only the first 4,096
 * letters are read. Not safe to share between threads.
 */
export function openLanguageIdentifier(model: LanguageModel): LanguageIdentifier {
  const { classes, calibration, prints, starts, mask, postingClass, postingValue, bias } = model
  const units = new Uint16Array(TEXT_MAX + 2)
  const scores = new Float64Array(classes.length)
  const sums = new Int32Array(classes.length)
  // The loops over these are where the time goes. Class and value stand in one word; where most classes have a piece, the
  // values of two stand in one word, and all are added.
  const postings = Uint16Array.from(postingClass, (of, i) => (of << 8) | postingValue[i]!)
  const words = Math.ceil(classes.length / 2)
  const rows = rowsOf(model, words)
  const packed = new Uint32Array(words)

  /** Adds up the scores of all classes; gives how many pieces the text has. */
  function score(text: string): number {
    const length = readUnits(plainWords(text), units)
    sums.fill(0)
    let [grams, inWords] = [0, 0]
    for (let start = 0; start < length - 1; start++) {
      let hash = HASH_START
      const end = Math.min(start + GRAM_MAX, length)
      for (let at = start; at < end; at++) {
        const unit = units[at]!
        hash = extendHash(hash, unit)
        if (at === start && unit === SPACE) continue
        grams++
        const mixed = finishHash(hash)
        const print = (mixed >>> 16) | 1
        let slot = mixed & mask
        while (prints[slot] !== 0 && prints[slot] !== print) slot = (slot + 1) & mask
        const first = starts[slot]!
        const last = prints[slot] === 0 ? first : starts[slot + 1]!
        if (last - first >= ROW_FROM) {
          if (inWords++ === ADDED_MAX) inWords = unpack()
          const row = rows.at[slot]!
          for (let word = 0; word < words; word++) packed[word]! += rows.values[row + word]!
        } else
          for (let i = first; i < last; i++) {
            const posting = postings[i]!
            sums[posting >>> 8]! += posting & 255
          }
        if (unit === SPACE) break
      }
    }
    unpack()
    for (let i = 0; i < scores.length; i++) scores[i] = sums[i]! + bias[i]! * grams
    return grams
  }

  function unpack(): number {
    for (let i = 0; i < sums.length; i++) sums[i]! += (packed[i >>> 1]! >>> ((i & 1) * 16)) & 0xffff
    packed.fill(0)
    return 0
  }

  function best(): number {
    let found = 0
    for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[found]!) found = i
    return found
  }

  /** Probabilities by code: classes of one language are one, and what is far behind counts for nothing. */
  function candidates(top: number, grams: number): Candidate[] {
    const factor = calibration.scale / grams ** calibration.power
    const least = top - NEGLIGIBLE / factor
    const found: Candidate[] = []
    let sum = 0
    for (let i = 0; i < scores.length; i++) {
      if (scores[i]! < least) continue
      const weight = Math.exp((scores[i]! - top) * factor)
      sum += weight
      const { code } = classes[i]!
      const same = found.find((each) => each.code === code)
      if (same) same.probability += weight
      else found.push({ code, probability: weight })
    }
    for (const each of found) each.probability /= sum
    found.sort((a, b) => b.probability - a.probability || (a.code < b.code ? -1 : 1))
    return found.filter(({ probability }) => probability >= PROBABILITY_MIN)
  }

  function identify(text: string): Identified {
    const grams = score(text)
    const first = grams === 0 ? 0 : best()
    if (grams < GRAMS_MIN || scores[first]! < calibration.floor * grams)
      return { code: 'und', confidence: 0, candidates: [] }
    const found = candidates(scores[first]!, grams)
    const [{ code, probability }, second] = found as [Candidate, Candidate | undefined]
    if (code === 'und') return { code, confidence: 0, candidates: found.slice(0, CANDIDATES) }
    const near = LANGUAGES.get(code)?.near
    const isNear = near !== undefined && second !== undefined && LANGUAGES.get(second.code)?.near === near
    const certain = isNear ? probability + second.probability : probability
    if (certain < calibration.unknown) return { code: 'und', confidence: 0, candidates: found.slice(0, CANDIDATES) }
    const mayBeNear = near !== undefined && found.some((each, i) => i > 0 && LANGUAGES.get(each.code)?.near === near)
    const { script } = classes[first]!
    return {
      code,
      ...(script && classes[first]!.code === code ? { script } : {}),
      confidence: probability,
      candidates: found.slice(0, CANDIDATES),
      ...(mayBeNear && probability < (NEAR_DECIDED[near] ?? NEAR_DECIDED_ELSE) ? { near } : {}),
    }
  }
  return {
    identify,
    code: (text) => identify(text).code,
    meanScore(text) {
      const grams = score(text)
      return grams === 0 ? 0 : scores[best()]! / grams
    },
  }
}

/** Of a piece that so many classes have the values of all are added. */
const ROW_FROM = 64
/** Values of eight bits that can be added in sixteen. */
const ADDED_MAX = 256

/** The values of all classes, two in a word, of pieces that many have, and where those of a slot begin. */
function rowsOf({ starts, postingClass, postingValue }: LanguageModel, words: number) {
  const at = new Uint32Array(starts.length - 1)
  let length = 0
  for (let slot = 0; slot < at.length; slot++) {
    if (starts[slot + 1]! - starts[slot]! < ROW_FROM) continue
    at[slot] = length
    length += words
  }
  const values = new Uint32Array(length)
  for (let slot = 0; slot < at.length; slot++) {
    if (starts[slot + 1]! - starts[slot]! < ROW_FROM) continue
    for (let i = starts[slot]!; i < starts[slot + 1]!; i++)
      values[at[slot]! + (postingClass[i]! >>> 1)]! |= postingValue[i]! << ((postingClass[i]! & 1) * 16)
  }
  return { at, values }
}

/**
 * From here on one of several near languages is named alone. Bosnian, Croatian, Montenegrin and Serbian share most texts
 * whole, and the model has read too little of them to know of which it says nothing.
 */
const NEAR_DECIDED: Record<string, number> = { hbs: 0.995 }
const NEAR_DECIDED_ELSE = 0.9
