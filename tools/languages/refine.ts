import { TEXT_MAX, eachGram, readUnits } from '../../src/languages/features.ts'
import { LANGUAGES } from '../../src/languages/languages.ts'
import { declaration, keywords, littleWords, seeds, type Source } from './corpus.ts'

export interface RefineOptions {
  /** Texts drawn for a class in one round; those of the Union more often, because such texts are met more often. */
  samples: number
  euTimes: number
  rounds: number
  /** How far one wrong text moves a piece, and how sure scores are taken to be. */
  rate: number
  temperature: number
  /** Share of pieces left out of each text, so that no single piece decides. */
  dropout: number
}

/** A table as it is trained: values in nats, by place in the postings. */
export interface Draft {
  mask: number
  prints: Uint16Array
  starts: Uint32Array
  postingClass: Uint8Array
  values: Float32Array
  /** What each class gets for each piece of a text, whatever it is: how likely it is, and how much its table holds. */
  bias: Float64Array
}

/** Numbers from 0 to 1 that are the same on every run. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
  }
}

/** Draws short texts of one class: stretches of its declaration, keywords and little words in a row. */
function sampler(source: Source, next: () => number): () => string {
  const paragraphs = [...source.files.flatMap(declaration), ...seeds(source)].filter((text) => text.length > 10)
  const words = keywords(source)
  const little = littleWords(source)
  const pick = <Value>(list: readonly Value[]) => list[Math.floor(next() * list.length)]!
  const stretch = () => {
    const parts = pick(paragraphs).split(' ')
    const count = Math.min(parts.length, 3 + Math.floor(next() * 12))
    const start = Math.floor(next() * (parts.length - count + 1))
    return parts.slice(start, start + count).join(' ')
  }
  const row = (list: readonly string[]) =>
    Array.from({ length: 2 + Math.floor(next() * 6) }, () => pick(list)).join(' ')
  return () => {
    const chance = next()
    if (paragraphs.length > 0 && (chance < 0.6 || words.length + little.length === 0)) return stretch()
    if (words.length > 0 && (chance < 0.85 || little.length === 0)) return row(words)
    return little.length > 0 ? row(little) : paragraphs.length > 0 ? stretch() : row(words)
  }
}

/** Moves values so that drawn texts come out as what they are: softmax regression from the counted start. */
const timesOf = (code: string, { euTimes }: RefineOptions) =>
  code === 'und' ? OTHER_TIMES : LANGUAGES.get(code)!.group === 'eu' ? euTimes : 1
/** The classes of all other languages hold a hundred of them. */
const OTHER_TIMES = 0.5

export function refine(draft: Draft, classes: readonly Source[], options: RefineOptions): void {
  const next = numbers(20_26)
  const samplers = classes.map((source) => sampler(source, next))
  const order = classes.flatMap(({ code }, of) => Array<number>(options.samples * timesOf(code, options)).fill(of))
  const units = new Uint16Array(TEXT_MAX + 2)
  const scores = new Float64Array(classes.length)
  const step = new Float64Array(classes.length)
  const slots = new Uint32Array(6 * TEXT_MAX)
  for (let round = 0; round < options.rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1))
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    for (const of of order) {
      let count = 0
      const length = readUnits(samplers[of]!(), units)
      eachGram(units, length, (hash) => {
        const slot = find(draft, hash)
        if (slot >= 0 && next() >= options.dropout) slots[count++] = slot
      })
      if (count === 0) continue
      learn(draft, slots.subarray(0, count), of, { scores, step, ...options })
    }
  }
}

/** A bias moves with every text, so it moves less. */
const BIAS_RATE = 0.1

function find({ mask, prints }: Draft, hash: number): number {
  const print = (hash >>> 16) | 1
  let slot = hash & mask
  while (prints[slot] !== 0 && prints[slot] !== print) slot = (slot + 1) & mask
  return prints[slot] === 0 ? -1 : slot
}

function learn(
  { starts, postingClass, values, bias }: Draft,
  slots: Uint32Array,
  wanted: number,
  { scores, step, temperature, rate, dropout }: RefineOptions & { scores: Float64Array; step: Float64Array },
): void {
  for (let i = 0; i < scores.length; i++) scores[i] = bias[i]! * slots.length
  for (const slot of slots)
    for (let i = starts[slot]!; i < starts[slot + 1]!; i++) scores[postingClass[i]!]! += values[i]!
  const factor = temperature / (1 - dropout)
  let top = -Infinity
  for (const score of scores) if (score > top) top = score
  let sum = 0
  for (let i = 0; i < scores.length; i++) sum += step[i] = Math.exp((scores[i]! - top) * factor)
  for (let i = 0; i < step.length; i++) step[i] = rate * ((i === wanted ? 1 : 0) - step[i]! / sum)
  for (let i = 0; i < step.length; i++) bias[i] = bias[i]! + step[i]! * BIAS_RATE
  for (const slot of slots)
    for (let i = starts[slot]!; i < starts[slot + 1]!; i++)
      values[i] = Math.max(0, values[i]! + step[postingClass[i]!]!)
}
