import {
  ITEM_SAMPLES,
  PDQ_QUALITY_MIN,
  SOUND_RATE,
  mirrored,
  type FilmFrames,
  type LocalFeatures,
  type PassageCodes,
} from '../fingerprints/index.ts'
import { fromHex } from '../foundation/index.ts'
import type { AudioHit, FeatureHit, FeatureIndex, FrameHit, PassageHit } from '../similarity/index.ts'
import type { ContentIndexes } from './buildPart.ts'
import type { CheckQuery, DatasetHit, MatchKind, PassageAlignment } from './check.ts'

/** Bits of 256 in which two PDQ hashes may differ and still be a candidate. Source: the published PDQ description. */
export const PDQ_RADIUS = 31
/** Normalised bytes that a shared passage must have before it is shown, when only its codes are known. */
const PASSAGE_BYTES_MIN = 50

/** A row that was found, and how. */
export interface Found {
  row: number
  match: MatchKind
  measure: number
  passage?: PassageHit
  part?: SharedPart
  sound?: AudioHit
  film?: FrameHit
}

/** A part of a picture; `isMirrored` when the row shows it with left and right swapped. */
export interface SharedPart extends FeatureHit {
  isMirrored: boolean
}

/** Rows that look, sound or read like what is looked for: whole pictures before their parts. */
export async function compareContent(indexes: ContentIndexes, query: CheckQuery): Promise<Found[]> {
  const found: Found[] = []
  if (query.pdqDihedral && (query.pdqQuality ?? 0) >= PDQ_QUALITY_MIN)
    found.push(...(await nearPictures(indexes, query.pdqDihedral)))
  if (query.frames) found.push(...(await sharedFrames(indexes, query.frames)))
  if (query.pdqDihedral && !query.frames && (query.pdqQuality ?? 0) >= PDQ_QUALITY_MIN)
    found.push(...framesLike(indexes, query.pdqDihedral, found))
  if (query.features) found.push(...sharedParts(indexes, query.features, found))
  if (query.items) found.push(...sharedSounds(indexes, query.items))
  if (query.textCode) found.push(...(await similarTexts(indexes, query.textCode)))
  if (query.passages) found.push(...sharedPassages(indexes, query.passages, query.passageText))
  return found
}

/** What is shown of a match beside its strength. */
export function contentDetails({
  passage,
  part,
  sound,
  film,
}: Pick<Found, 'passage' | 'part' | 'sound' | 'film'>): Pick<
  DatasetHit,
  'excerpt' | 'alignment' | 'outline' | 'stretch'
> {
  return {
    excerpt: passage ? [...passage.excerpt.shared].slice(0, EXCERPT_LENGTH_MAX).join('') : null,
    alignment: passage ? alignmentOf(passage) : null,
    outline: part ? { query: part.outlineInQuery, row: part.outlineInRow, isMirrored: part.isMirrored } : null,
    stretch: sound ? stretchOf(sound) : film ? stretchOfFilm(film) : null,
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
  return findParts(features, own)
    .filter(({ row }) => !known.has(row))
    .map((part) => ({ row: part.row, match: 'part-of-picture', measure: part.inliers, part }))
}

/** Films that share scenes; and stills of the film among the pictures. */
async function sharedFrames({ frames: index, pdq }: ContentIndexes, frames: FilmFrames): Promise<Found[]> {
  const films = index.search(frames, PDQ_RADIUS)
  const alike = await pdq.search(frames.codes, PDQ_RADIUS)
  return filmsAndStills(
    frames,
    films,
    alike.flatMap((hits, query) => hits.map((hit) => ({ ...hit, query }))),
  )
}

/** What comes of the films that share frames with one, and of the pictures that are like a frame of it. */
export function filmsAndStills(
  { times }: Pick<FilmFrames, 'times'>,
  films: readonly FrameHit[],
  pictures: readonly { row: number; query: number; distance: number }[],
): Found[] {
  const inFilms = new Set(films.map(({ row }) => row))
  const stills = new Map<number, Found>()
  for (const { row, query, distance } of pictures) {
    if (inFilms.has(row) || distance >= (stills.get(row)?.measure ?? Infinity)) continue
    const film = { row, queryStart: times[query]!, rowStart: 0, seconds: 0, scenes: 1, distance }
    stills.set(row, { row, match: 'near-picture', measure: distance, film })
  }
  return [...films.map(filmOrStill), ...stills.values()]
}

/** Films of which one frame is this picture, in any of its turns and reflections, but for rows that are alike already. */
function framesLike({ frames }: ContentIndexes, variants: readonly string[], found: readonly Found[]): Found[] {
  const known = new Set(found.map(({ row }) => row))
  return frames
    .search(framesOf(variants), PDQ_RADIUS)
    .filter(({ row }) => !known.has(row))
    .map(frameLike)
}

/** The turns and reflections of a picture as the frames of a film. */
export function framesOf(variants: readonly string[]): FilmFrames {
  return { codes: fromHex(variants.join('')), times: new Float32Array(variants.length) }
}

/** A picture that is like a frame of a film. */
export function frameLike(film: FrameHit): Found {
  return { row: film.row, match: 'near-picture', measure: Math.round(film.distance), film }
}

/** One scene in common is a still; several, in one order, are a stretch of film. */
function filmOrStill(film: FrameHit): Found {
  return film.scenes > 1
    ? { row: film.row, match: 'film', measure: Math.round(film.seconds) + 1, film }
    : { row: film.row, match: 'near-picture', measure: Math.round(film.distance), film }
}

function stretchOfFilm({ queryStart, rowStart, seconds, distance }: FrameHit) {
  return { queryStart, rowStart, seconds, bitErrorRate: Math.round((distance / 256) * 1000) / 1000 }
}

/**
 * Bits of 256 in which the Text-Codes of two texts may differ and still be a candidate. Each bit is one of a minhash, so
 * that texts that share no run of letters differ in half of them, and those that share three quarters in an eighth:
 * 48 bits are ten standard deviations from chance.
 */
export const TEXT_RADIUS = 48

async function similarTexts({ texts }: ContentIndexes, code: string): Promise<Found[]> {
  const [hits] = await texts.search(fromHex(code), TEXT_RADIUS)
  return hits!.map(({ row, distance }) => ({ row, match: 'near-text', measure: distance }))
}

/** Pictures that share a part as it is or in a mirror: each once, the way in which more agrees; outlines are the query's own. */
export function findParts(index: FeatureIndex, own: LocalFeatures): SharedPart[] {
  const inMirror = mirrored(own)
  const parts = new Map(index.search(own).map((hit) => [hit.row, { ...hit, isMirrored: false }]))
  for (const hit of inMirror ? index.search(inMirror) : []) {
    if (hit.inliers <= (parts.get(hit.row)?.inliers ?? 0)) continue
    const outlineInQuery = hit.outlineInQuery.map(([x, y]): [number, number] => [Math.round((1 - x) * 1000) / 1000, y])
    parts.set(hit.row, { ...hit, outlineInQuery, isMirrored: true })
  }
  return [...parts.values()].sort((a, b) => b.inliers - a.inliers || a.row - b.row)
}

const ITEM_SECONDS = ITEM_SAMPLES / SOUND_RATE

function sharedSounds({ sounds }: ContentIndexes, items: Uint32Array): Found[] {
  return sounds.search(items).map(soundLike)
}

/** A sound that shares a stretch. */
export function soundLike(sound: AudioHit): Found {
  return { row: sound.row, match: 'sound', measure: Math.round(sound.length * ITEM_SECONDS), sound }
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

/** The surest kinds first. Of these the larger measure is the stronger one, of the others the smaller. */
const KINDS: readonly MatchKind[] = [
  'exact-file',
  'url',
  'near-picture',
  'part-of-picture',
  'film',
  'sound',
  'near-text',
  'passage',
  'domain',
]
const LARGER_IS_STRONGER: readonly MatchKind[] = ['part-of-picture', 'film', 'sound', 'passage', 'domain']

/** In one order, however many parts the data set has; each row once for each kind of match. */
export function strongestFirst<Some extends Found>(found: readonly Some[]): Some[] {
  const strength = ({ match, measure }: Found) => (LARGER_IS_STRONGER.includes(match) ? -measure : measure)
  const told = new Set<string>()
  return found
    .toSorted(
      (a, b) =>
        KINDS.indexOf(a.match) - KINDS.indexOf(b.match) ||
        Number(a.passage?.isCommon ?? false) - Number(b.passage?.isCommon ?? false) ||
        strength(a) - strength(b) ||
        a.row - b.row,
    )
    .filter(({ match, row }) => !told.has(`${match} ${row}`) && told.add(`${match} ${row}`))
}
