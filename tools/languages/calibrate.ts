import { openLanguageIdentifier } from '../../src/languages/identify.ts'
import type { Calibration, LanguageModel } from '../../src/languages/model.ts'
import { STRANGE, declaration, messages } from './corpus.ts'

/** Messages that only calibrate, and those that only grade: told apart by their text. */
export const isForGrading = (text: string) => [...text].reduce((sum, each) => sum + each.codePointAt(0)!, 0) % 2 === 1

/** Stretches of some words each of the declarations of strange languages. */
export function strangeTexts(): string[] {
  return STRANGE.flatMap((file) => declaration(file).slice(5, 25)).map((text) => text.split(' ').slice(0, 12).join(' '))
}

/**
 * Finds how scores become probabilities that are right as often as they say (least cross-entropy on half of the
 * messages), and the floor below which a text is of another language (of texts in known languages 1 in 100 falls below).
 */
export function calibrate(model: LanguageModel): Calibration {
  const texts = messages(15).filter(({ text }) => !isForGrading(text))
  let best: Calibration = { scale: 1, power: 0, floor: 0, unknown: 0 }
  let least = Infinity
  for (const power of [0, 0.2, 0.4, 0.6, 0.8, 1])
    for (let step = 0; step < 40; step++) {
      const calibration = { scale: 0.0005 * 1.35 ** step, power, floor: 0, unknown: 0 }
      const loss = crossEntropy({ ...model, calibration }, texts)
      if (loss < least) [least, best] = [loss, calibration]
    }
  return { ...best, floor: floorOf(model, texts), unknown: UNKNOWN }
}

/** A language that is less likely than this is not named. */
const UNKNOWN = 0.4

function crossEntropy(model: LanguageModel, texts: { code: string; text: string }[]): number {
  const { identify } = openLanguageIdentifier(model)
  let sum = 0
  for (const { code, text } of texts) {
    const found = identify(text).candidates.find((each) => each.code === code)
    sum -= Math.log(Math.max(found?.probability ?? 0, 1e-4))
  }
  return sum / texts.length
}

function floorOf(model: LanguageModel, texts: { text: string }[]): number {
  const { meanScore } = openLanguageIdentifier(model)
  const means = texts.map(({ text }) => meanScore(text)).sort((a, b) => a - b)
  return means[Math.floor(means.length / 100)]!
}
