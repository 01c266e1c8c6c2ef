import {
  POINT_NUMBERS,
  type FileCodes,
  type FilmFrames,
  type LocalFeatures,
  type PassageCodes,
} from '../fingerprints/index.ts'
import { ColophonError, fromBase64, isoTime, toBase64Url } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWorksByCodes } from '../register/index.ts'
import { findGoneWorks } from '../rights/index.ts'
import { partsExpectedByChance, queryOf, soundsExpectedByChance, type CheckQuery } from '../datasets/index.ts'
import { nearDeclared } from './declaredCodes.ts'
import { declaredPublicDomain } from './publicDomain.ts'
import type { CheckResult } from './schemas.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    check_result: { id: string; created_at: string; body: string }
  }
}

export const DOES_NOT_PROVE =
  'That a work is listed in a data set does not show that a model was trained on it, nor that its use there was unlawful.'

/** Looks a file's codes up in every indexed data set and in the register, and keeps the answer under a secret id. */
export async function runCheck(
  node: Node,
  found: FileCodes,
  extra: Pick<CheckQuery, 'url' | 'domain'> = {},
): Promise<CheckResult> {
  const { effects, database } = node.register
  const { hits, unasked } = await node.datasets.check({ ...queryOf(found), ...extra })
  const sets = node.datasets.list()
  const works = await sameWorks(node, found)
  const marks = await declaredPublicDomain(node, works, hits)
  const result: CheckResult = {
    id: toBase64Url(effects.randomBytes(16)),
    createdAt: isoTime(effects.now()),
    fileCodes: {
      medium: found.medium,
      mediaType: found.mediaType,
      byteLength: found.byteLength,
      codes: found.codes as Record<string, string>,
      pdqQuality: found.pdqQuality ?? null,
      unread: found.unread ?? null,
    },
    datasetsSearched: sets.filter(({ id }) => !unasked.some(({ dataset }) => dataset === id)).length,
    unasked: unasked.map(({ name }) => name),
    partsExpectedByChance: partsExpectedByChance(sets),
    soundsExpectedByChance: soundsExpectedByChance(sets),
    rowsSearched: sets.reduce((sum, { rowCount }) => sum + rowCount, 0),
    hits: hits.map((hit, i) => ({ ...hit, declaredPublicDomain: marks[i]! })),
    works: works.map(({ id, title, match }) => ({ id, title, match })),
    doesNotProve: DOES_NOT_PROVE,
  }
  await database.db
    .insertInto('check_result')
    .values({ id: result.id, created_at: result.createdAt, body: JSON.stringify(result) })
    .execute()
  return result
}

export async function readCheckResult(node: Node, id: string): Promise<CheckResult | undefined> {
  const row = await node.register.database.db
    .selectFrom('check_result')
    .select('body')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const result = { unasked: [], ...JSON.parse(row.body) } as CheckResult
  return { ...result, hits: result.hits.map((hit) => ({ ...UNKNOWN, ...hit })) }
}

/** What answers from before have not said of a place: it counts for nothing. */
const UNKNOWN = {
  rowCodes: { sha256: null, pdq: null },
  status: 'candidate',
  expectedByChance: null,
  declaredPublicDomain: null,
  preview: null,
} as const

interface SameWork {
  id: string
  title: string
  match: string
  collection: string | null
  rights_statement: string | null
}

/** Declared works with the same file, or a picture that is alike in any of its eight turns, without those that are gone. */
export async function sameWorks(node: Node, found: FileCodes): Promise<SameWork[]> {
  const works = new Map<string, SameWork>()
  if (found.codes.sha256) {
    for (const work of await findWorksByCodes(node.register.database.db, 'sha256', [found.codes.sha256]))
      works.set(work.id, { ...work, match: 'exact-file' })
  }
  if (found.pdqDihedral && (found.pdqQuality ?? 0) >= 50) {
    for (const work of await nearDeclared(node, 'pdq', found.pdqDihedral))
      if (!works.has(work.id)) works.set(work.id, { ...work, match: 'near-picture' })
  }
  const gone = await findGoneWorks(node.register.database.db, [...works.keys()], isoTime(node.register.effects.now()))
  return [...works.values()].filter(({ id }) => !gone.has(id)).slice(0, 50)
}

/** Passages as they came over the wire. */
export function readPassages(passages: { high: number[]; low: number[]; offset: number[] }): PassageCodes {
  return {
    high: Uint32Array.from(passages.high),
    low: Uint32Array.from(passages.low),
    offset: Uint32Array.from(passages.offset),
  }
}

/** Local features as they came over the wire. */
export function readFeatures(features: {
  width: number
  height: number
  codes: string
  codesMirrored?: string | undefined
  points: number[]
}): LocalFeatures {
  const { width, height } = features
  const codes = fromBase64(features.codes)
  const codesMirrored = features.codesMirrored === undefined ? undefined : fromBase64(features.codesMirrored)
  if (codes.length % 32 !== 0 || (codes.length / 32) * POINT_NUMBERS !== features.points.length)
    throw new ColophonError('invalid_input', 'there are not as many points as codes', { where: 'features' })
  if (codesMirrored && codesMirrored.length !== codes.length)
    throw new ColophonError('invalid_input', 'there are not as many codes in the mirror', { where: 'features' })
  const points = Float32Array.from(features.points)
  return { width, height, codes, points, ...(codesMirrored ? { codesMirrored } : {}) }
}

/** Frames of a film as they came over the wire. */
export function readFrames({
  codes,
  mirrored,
  times,
}: {
  codes: string
  mirrored: string
  times: number[]
}): FilmFrames {
  const frames = { codes: fromBase64(codes), mirrored: fromBase64(mirrored), times: Float32Array.from(times) }
  if (frames.codes.length !== times.length * 32 || frames.mirrored.length !== times.length * 32)
    throw new ColophonError('invalid_input', 'there are not as many codes as times', { where: 'frames' })
  return frames
}
