import type { DatasetInfo } from './datasetInfo.ts'

/**
 * How often two pictures that have nothing to do with each other are said to share a part, as they are or in a mirror: on
 * the careful side of `docs/robustness.md`, which bounds it by 0.67 in 10,000. This is the 95% bound of one run in which
 * four pictures that do stand in a collage were counted as false, eight in 83,645 comparisons (14.4 by Poisson).
 */
const PART_PAIR_RATE_MAX = 14.43 / 83_645

/** Parts of pictures that chance alone would be expected to find in these data sets, at most. */
export function partsExpectedByChance(datasets: readonly DatasetInfo[]): number {
  const pictures = datasets.reduce((sum, { counts }) => sum + (counts.parts ?? 0), 0)
  return pictures * PART_PAIR_RATE_MAX
}

/**
 * How often two sounds that have nothing to do with each other are said to share a stretch: the upper 95% bound, from 35
 * of 90,583 comparisons in 14 pairs (21.9 pairs by Poisson, each wrong 35 / 14 times). Source: as above.
 */
const SOUND_PAIR_RATE_MAX = (21.9 * 35) / 14 / 90_583

/** Stretches of sound that chance alone would be expected to find in these data sets, at most. */
export function soundsExpectedByChance(datasets: readonly DatasetInfo[]): number {
  const sounds = datasets.reduce((sum, { counts }) => sum + (counts.sounds ?? 0), 0)
  return sounds * SOUND_PAIR_RATE_MAX
}
