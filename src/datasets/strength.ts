import { INLIERS_MIN } from '../similarity/index.ts'
import type { DatasetInfo } from './datasetInfo.ts'
import { partsExpectedByChance, soundsExpectedByChance } from './chance.ts'
import type { FoundPlace } from './check.ts'

/**
 * How sure it is that a hit is no accident. `exact`: the file or the address itself. `aligned`: so much agrees that chance
 * alone would be expected to find fewer than `CHANCE_HITS_MAX` such hits in everything that was searched. `candidate`:
 * anything weaker. Whether it is the same work, and not the same subject or a quotation, only a person can say.
 */
type HitStatus = 'exact' | 'aligned' | 'candidate'

export interface HitStrength {
  status: HitStatus
  /** Hits at least as strong that chance alone would find in the data sets searched; null where it has no part in it. */
  expectedByChance: number | null
}

/** From so many expected chance hits on, a hit is a candidate and opens no letter. */
export const CHANCE_HITS_MAX = 0.01

type Measured = Pick<FoundPlace, 'match' | 'measure' | 'stretch'> & Partial<Pick<FoundPlace, 'alignment'>>

/**
 * Places with how strong they are, in the data sets that were searched for them. Who looks for `works` works at once gives
 * chance so many times as many occasions.
 */
export function judgeHits<Place extends Measured>(
  places: readonly Place[],
  datasets: readonly DatasetInfo[],
  works = 1,
): (Place & HitStrength)[] {
  return places.map((place) => ({ ...place, ...strengthOf(place, datasets, works) }))
}

function strengthOf(place: Measured, datasets: readonly DatasetInfo[], works: number): HitStrength {
  const forOne = expectedHits(place, datasets)
  if (forOne === null) return { status: 'exact', expectedByChance: null }
  const expected = forOne * works
  // What stands in many texts is no accident, and says nothing of this work: a licence, a prayer, a quotation.
  const isCommon = place.alignment?.isCommon === true
  return { status: expected < CHANCE_HITS_MAX && !isCommon ? 'aligned' : 'candidate', expectedByChance: expected }
}

function expectedHits({ match, measure, stretch }: Measured, datasets: readonly DatasetInfo[]): number | null {
  const total = (count: keyof DatasetInfo['counts']) =>
    datasets.reduce((sum, { counts }) => sum + (counts[count] ?? 0), 0)
  if (match === 'near-picture') return total('pdq') * nearPictureRate(measure)
  if (match === 'part-of-picture') return partsExpectedByChance(datasets) * partRate(measure)
  if (match === 'sound') {
    const seconds = stretch?.seconds ?? measure
    const byBits = total('sounds') * soundRate(seconds, stretch?.bitErrorRate ?? 1)
    return Math.max(byBits, soundsExpectedByChance(datasets) * heldNoteRate(seconds))
  }
  if (match === 'film')
    return total('films') * (FILM_FRAMES ** 2 * nearPictureRate((stretch?.bitErrorRate ?? 1) * 256)) ** 2
  if (match === 'near-text') return total('text') * binomialTail(256, 0.5, measure)
  if (match === 'passage') return total('text') * passageRate(measure)
  return null
}

/** Frames of two hours of film: two scenes that agree at one distance in time are two such pairs. */
const FILM_FRAMES = 28_800
/** A picture is looked for in its eight turns and reflections. */
const TURNS = 8
/** Of the 256 bits of a PDQ, taken as independent: neighbouring frequencies of photographs go together, so half of them. */
const PICTURE_BITS = 128

/** How often an unrelated picture differs in no more than so many of 256 bits, in any of its turns. */
function nearPictureRate(distance: number): number {
  return TURNS * binomialTail(PICTURE_BITS, 0.5, Math.ceil((distance * PICTURE_BITS) / 256))
}

/**
 * The rate of chance parts holds for the fewest features that count; with every so many more, at most half as many are
 * left. Source: `docs/robustness.md`, where unrelated pictures are counted by how many features agree.
 */
const INLIERS_PER_HALVING = 4

/** Of the parts that chance finds, the share in which so many features agree. */
function partRate(inliers: number): number {
  return 2 ** (-Math.max(0, inliers - INLIERS_MIN) / INLIERS_PER_HALVING)
}

/** Seconds of the shortest stretch that counts, and how many more halve what chance finds. */
const STRETCH_SECONDS_MIN = 5
const SECONDS_PER_HALVING = 4

/**
 * Of the stretches that chance was seen to find (held notes and plain beats), the share that is so long. The rate for the
 * shortest is measured; that it falls by half every four seconds is an assumption on the careful side.
 */
function heldNoteRate(seconds: number): number {
  return 2 ** (-Math.max(0, seconds - STRETCH_SECONDS_MIN) / SECONDS_PER_HALVING)
}

/** Offsets at which two sounds of half an hour, the longest that are compared, can lie over each other. */
const SOUND_OFFSETS = 30_000
/** Of 256 bits a second, taken as independent: each is made of up to two seconds, and neighbours share most of them. */
const SOUND_BITS_PER_SECOND = 8
/** Share of bits in which unrelated sounds differ. Source: `docs/robustness.md` and the page's own words. */
const SOUND_BITS_DIFFERING = 0.4

/** How often an unrelated sound shares so long a stretch with so few bits that differ, at any offset. */
function soundRate(seconds: number, bitErrorRate: number): number {
  const bits = Math.floor(seconds * SOUND_BITS_PER_SECOND)
  return SOUND_OFFSETS * binomialTail(bits, SOUND_BITS_DIFFERING, Math.ceil(bits * bitErrorRate))
}

/** Places at which two texts can be laid together: a text that is looked for and a row, of ten thousand bytes each. */
const TEXT_PLACES = 1e8
/**
 * What one more byte of a language tells, given those before it: Shannon's lower bound for English (Prediction and Entropy
 * of Printed English, 1951), which is about what a byte of a script with two bytes a letter tells.
 */
const BITS_PER_BYTE = 0.6

/** How often an unrelated text shares a run of so many bytes. */
function passageRate(bytes: number): number {
  return TEXT_PLACES * 2 ** (-BITS_PER_BYTE * bytes)
}

/** Chance that of `trials` independent bits, each differing with `rate`, no more than `most` differ. */
export function binomialTail(trials: number, rate: number, most: number): number {
  let term = trials * Math.log(1 - rate)
  let sum = Math.exp(term)
  for (let i = 1; i <= Math.min(most, trials); i++) {
    term += Math.log((trials - i + 1) / i) + Math.log(rate / (1 - rate))
    sum += Math.exp(term)
  }
  return Math.min(1, sum)
}
