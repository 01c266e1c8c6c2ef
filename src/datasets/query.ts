import type { FileCodes } from '../fingerprints/index.ts'
import type { CheckQuery } from './check.ts'

/** What is looked for when a file is: all of its codes that data sets are indexed by. */
export function queryOf(found: FileCodes): CheckQuery {
  const { codes, pdqDihedral, pdqQuality, features, items, frames, passages, passageText } = found
  return {
    ...(codes.sha256 ? { sha256: codes.sha256 } : {}),
    ...(pdqDihedral ? { pdqDihedral, pdqQuality: pdqQuality ?? 0 } : {}),
    ...(features ? { features } : {}),
    ...(items ? { items } : {}),
    ...(frames ? { frames } : {}),
    ...(codes['iscc-text-v0'] ? { textCode: codes['iscc-text-v0'] } : {}),
    ...(passages ? { passages } : {}),
    ...(passageText ? { passageText } : {}),
  }
}
