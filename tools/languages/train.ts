import { GRAM_MAX, TEXT_MAX, eachGram, readUnits } from '../../src/languages/features.ts'
import type { LanguageModel } from '../../src/languages/model.ts'
import { refine, type Draft, type RefineOptions } from './refine.ts'
import { declaration, keywords, littleWords, seeds, sources, type Source } from './corpus.ts'

export interface TrainOptions {
  /** Slots of the table, a power of two, and pieces in it. */
  slots: number
  features: number
  /** What one piece of each length counts, from one unit on. */
  weights: readonly number[]
  /** The share a piece must have to say anything. */
  epsilon: number
  /** What keywords and seeds count beside a declaration. */
  keywordWeight: number
  /** What a language's little words count beside them. */
  littleWeight: number
  refine: RefineOptions
}

export const DEFAULTS: TrainOptions = {
  slots: 1 << 17,
  features: 112_000,
  weights: [0.5, 0.8, 1, 1, 1],
  epsilon: 2e-5,
  keywordWeight: 0.5,
  littleWeight: 0.3,
  refine: { samples: 200, euTimes: 2, rounds: 5, rate: 0.01, temperature: 0.1, dropout: 0.4 },
}

type Counts = Map<number, number>[]

function countGrams(texts: readonly string[]): { counts: Counts; totals: number[] } {
  const counts: Counts = Array.from({ length: GRAM_MAX }, () => new Map<number, number>())
  const totals = Array<number>(GRAM_MAX).fill(0)
  const units = new Uint16Array(TEXT_MAX + 2)
  for (const text of texts)
    eachGram(units, readUnits(text, units), (hash, size) => {
      const of = counts[size - 1]!
      of.set(hash, (of.get(hash) ?? 0) + 1)
      totals[size - 1]!++
    })
  return { counts, totals }
}

/** Shares of all pieces in one class, its kinds of text mixed by weight. */
function sharesOf(source: Source, { keywordWeight, littleWeight }: TrainOptions): Map<number, number>[] {
  const declared = source.files.flatMap(declaration)
  const parts = [
    { texts: declared, weight: 1 },
    { texts: seeds(source), weight: declared.length > 0 ? keywordWeight : 1 },
    { texts: keywords(source), weight: keywordWeight },
    { texts: littleWords(source), weight: littleWeight },
  ].filter(({ texts }) => texts.length > 0)
  const sum = parts.reduce((all, { weight }) => all + weight, 0)
  const shares = Array.from({ length: GRAM_MAX }, () => new Map<number, number>())
  for (const { texts, weight } of parts) {
    const { counts, totals } = countGrams(texts)
    for (let n = 0; n < GRAM_MAX; n++)
      for (const [hash, count] of counts[n]!)
        shares[n]!.set(hash, (shares[n]!.get(hash) ?? 0) + (weight / sum) * (count / totals[n]!))
  }
  return shares
}

interface Feature {
  hash: number
  gain: number
  postings: { of: number; value: number }[]
}

/** Trains a model: what each piece of a word says for each class, the most telling ones kept. The same text gives the same model. */
export function train(options: TrainOptions): LanguageModel {
  const classes = sources()
  const all = classes.map((source) => sharesOf(source, options))
  const features: Feature[] = []
  for (let n = 0; n < GRAM_MAX; n++) {
    const byHash = new Map<number, { of: number; share: number }[]>()
    all.forEach((shares, of) => {
      for (const [hash, share] of shares[n]!) {
        if (share <= options.epsilon) continue
        const list = byHash.get(hash)
        if (list) list.push({ of, share })
        else byHash.set(hash, [{ of, share }])
      }
    })
    for (const [hash, list] of byHash) {
      const postings = list.map(({ of, share }) => ({
        of,
        value: options.weights[n]! * Math.log(share / options.epsilon),
      }))
      // How much this piece sets its classes apart, weighed by how often it comes.
      const mean = postings.reduce((sum, { value }) => sum + value, 0) / classes.length
      const gain = list.reduce((sum, { share }, i) => sum + share * Math.abs(postings[i]!.value - mean), 0)
      features.push({ hash, gain, postings })
    }
  }
  features.sort((a, b) => b.gain - a.gain || a.hash - b.hash)
  const draft = draftOf(features.slice(0, options.features), options.slots, classes.length)
  refine(draft, classes, options.refine)
  return pack(draft, classes)
}

const VALUE_MAX = 255

function draftOf(features: Feature[], slots: number, classCount: number): Draft {
  const prints = new Uint16Array(slots)
  const at: (Feature | undefined)[] = Array.from({ length: slots })
  const mask = slots - 1
  for (const feature of features) {
    const print = (feature.hash >>> 16) | 1
    let slot = feature.hash & mask
    while (prints[slot] !== 0 && prints[slot] !== print) slot = (slot + 1) & mask
    // Two pieces that the table cannot tell apart: the more telling one was first.
    if (prints[slot] !== 0) continue
    prints[slot] = print
    at[slot] = feature
  }
  const starts = new Uint32Array(slots + 1)
  at.forEach((feature, slot) => (starts[slot + 1] = starts[slot]! + (feature?.postings.length ?? 0)))
  const flat = at.flatMap((feature) => feature?.postings ?? [])
  return {
    mask,
    prints,
    starts,
    postingClass: Uint8Array.from(flat, ({ of }) => of),
    values: Float32Array.from(flat, ({ value }) => value),
    bias: new Float64Array(classCount),
  }
}

/** Values of one byte; those that say nothing are left out. */
function pack(draft: Draft, classes: Source[]): LanguageModel {
  const { mask, prints, starts, postingClass, values, bias } = draft
  const unit = highest(values) / VALUE_MAX
  const kept: number[] = []
  const starts8 = new Uint32Array(starts.length)
  for (let slot = 0; slot < prints.length; slot++) {
    for (let i = starts[slot]!; i < starts[slot + 1]!; i++) if (values[i]! >= unit / 2) kept.push(i)
    starts8[slot + 1] = kept.length
  }
  return {
    classes: classes.map(({ code, script }) => ({ code, ...(script ? { script } : {}) })),
    mask,
    prints,
    starts: starts8,
    postingClass: Uint8Array.from(kept, (i) => postingClass[i]!),
    postingValue: Uint8Array.from(kept, (i) => Math.min(VALUE_MAX, Math.round(values[i]! / unit))),
    bias: Float32Array.from(bias, (value) => value / unit),
    calibration: { scale: 1, power: 1, floor: 0, unknown: 0 },
  }
}

/** What only one in ten thousand exceeds: the rest is cut, so that the others keep their precision. */
function highest(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length * 0.9999)]!
}
