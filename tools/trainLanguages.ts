import { writeFileSync } from 'node:fs'
import { writeModel } from '../src/languages/model.ts'
import { calibrate } from './languages/calibrate.ts'
import { DEFAULTS, train } from './languages/train.ts'

/** Builds the language model from the texts of the packages: the same packages give the same bytes. */
export function buildLanguageModel(): Uint8Array {
  const draft = train(DEFAULTS)
  return writeModel({ ...draft, calibration: calibrate(draft) })
}

if (import.meta.main) writeFileSync(new URL('../src/languages/model.bin', import.meta.url), buildLanguageModel())
