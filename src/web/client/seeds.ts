import { PASSAGE_RUN_BYTES } from '../../fingerprints/passages.ts'

/** A window that a row shares with the text here, with what stands around it in the row. */
interface Seed {
  dataset: string
  row: number
  queryOffset: number
  rowOffset: number
  at: number
  text: string
}

/** Runs of at least 50 bytes that the text here shares with rows: it is compared on this device, and stays on it. */
export function extendSeeds(own: Uint8Array, seeds: readonly Seed[]) {
  return seeds.flatMap(({ dataset, row, queryOffset, rowOffset, at, text }) => {
    const theirs = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    let before = 0
    while (before < Math.min(at, queryOffset) && theirs[at - before - 1] === own[queryOffset - before - 1]) before++
    let after = 0
    while (
      at + after < theirs.length &&
      queryOffset + after < own.length &&
      theirs[at + after] === own[queryOffset + after]
    )
      after++
    const length = before + after
    if (length < PASSAGE_RUN_BYTES) return []
    return [{ dataset, row, queryOffset: queryOffset - before, rowOffset: rowOffset + at - before, length }]
  })
}
