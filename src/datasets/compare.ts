import {
  ITEM_SAMPLES,
  PDQ_QUALITY_MIN,
  SOUND_RATE,
  type LocalFeatures,
  type PassageCodes,
} from '../fingerprints/index.ts'
import { fromHex } from '../foundation/index.ts'
import type {
  AudioHit,
  AudioIndex,
  CodeIndex,
  FeatureHit,
  FeatureIndex,
  PassageHit,
  PassageIndex,
} from '../similarity/index.ts'
import { PDQ_RADIUS, type CheckQuery, type DatasetHit, type MatchKind, type PassageAlignment } from './check.ts'

/** The indexes of what rows look, sound and read like. */
export interface ContentIndexes {
  pdq: CodeIndex
  features: FeatureIndex
  sounds: AudioIndex
  passages: PassageIndex
}

/** Normalised bytes that a shared passage must have before it is shown, when only its codes are known. */
const PASSAGE_BYTES_MIN = 50

/** A row that was found, and how. */
export interface Found {
  row: number
  match: MatchKind
  measure: number
  passage?: PassageHit
  part?: FeatureHit
  sound?: AudioHit
}

/** Rows that look, sound or read like what is looked for: whole pictures before their parts. */
export async function compareContent(indexes: ContentIndexes, query: CheckQuery): Promise<Found[]> {
  const found: Found[] = []
  if (query.pdqDihedral && (query.pdqQuality ?? 0) >= PDQ_QUALITY_MIN)
    found.push(...(await nearPictures(indexes, query.pdqDihedral)))
  if (query.features) found.push(...sharedParts(indexes, query.features, found))
  if (query.items) found.push(...sharedSounds(indexes, query.items))
  if (query.passages) found.push(...sharedPassages(indexes, query.passages, query.passageText))
  return found
}

/** What is shown of a match beside its strength. */
export function contentDetails({
  passage,
  part,
  sound,
}: Pick<Found, 'passage' | 'part' | 'sound'>): Pick<DatasetHit, 'excerpt' | 'alignment' | 'outline' | 'stretch'> {
  return {
    excerpt: passage ? [...passage.excerpt.shared].slice(0, EXCERPT_LENGTH_MAX).join('') : null,
    alignment: passage ? alignmentOf(passage) : null,
    outline: part ? { query: part.outlineInQuery, row: part.outlineInRow } : null,
    stretch: sound ? stretchOf(sound) : null,
  }
}

const EXCERPT_LENGTH_MAX = 300

function alignmentOf({ queryOffset, rowOffset, isExact, isCommon, excerpt }: PassageHit): PassageAlignment {
  return { queryOffset, rowOffset, isExact, isCommon, ...excerpt }
}

/** Each row once, at the distance of the rotation or reflection that is nearest. */
async function nearPictures({ pdq }: ContentIndexes, variants: readonly string[]): Promise<Found[]> {
  const nearest = new Map<number, number>()
  for (const hits of await pdq.search(fromHex(variants.join('')), PDQ_RADIUS)) {
    for (const { row, distance } of hits) if (distance < (nearest.get(row) ?? Infinity)) nearest.set(row, distance)
  }
  return [...nearest]
    .map(([row, measure]) => ({ row, match: 'near-picture' as const, measure }))
    .sort((a, b) => a.measure - b.measure || a.row - b.row)
}

/** Pictures that share a part, but for those that are alike as a whole. */
function sharedParts({ features }: ContentIndexes, own: LocalFeatures, found: readonly Found[]): Found[] {
  const known = new Set(found.filter(({ match }) => match === 'near-picture').map(({ row }) => row))
  return features
    .search(own)
    .filter(({ row }) => !known.has(row))
    .map((part) => ({ row: part.row, match: 'part-of-picture', measure: part.inliers, part }))
}

const ITEM_SECONDS = ITEM_SAMPLES / SOUND_RATE

function sharedSounds({ sounds }: ContentIndexes, items: Uint32Array): Found[] {
  return sounds.search(items).map((sound) => ({
    row: sound.row,
    match: 'sound',
    measure: Math.round(sound.length * ITEM_SECONDS),
    sound,
  }))
}

function stretchOf({ queryStart, rowStart, length, bitErrorRate }: AudioHit) {
  const seconds = (items: number) => Math.round(items * ITEM_SECONDS * 10) / 10
  return {
    queryStart: seconds(queryStart),
    rowStart: seconds(rowStart),
    seconds: seconds(length),
    bitErrorRate: Math.round(bitErrorRate * 1000) / 1000,
  }
}

/** Of each row its longest stretch. */
function sharedPassages({ passages }: ContentIndexes, codes: PassageCodes, text?: Uint8Array): Found[] {
  const longest = new Map<number, PassageHit>()
  for (const hit of passages.search({ codes, ...(text ? { text } : {}) })) {
    if (!longest.has(hit.row) && hit.length >= PASSAGE_BYTES_MIN) longest.set(hit.row, hit)
  }
  return [...longest.values()].map((passage) => ({
    row: passage.row,
    match: 'passage',
    measure: passage.length,
    passage,
  }))
}
