import { z } from '@hono/zod-openapi'
import { FEATURES_MAX, POINT_NUMBERS } from '../fingerprints/index.ts'

export const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      where: z.string().optional(),
      remedy: z.string().optional(),
    }),
  })
  .openapi('Error')

/** Half an hour of sound. */
const ITEMS_MAX = 15_000
/** Two hours of film. */
const FRAMES_MAX = 7200
const PASSAGES_MAX = 250_000
const word = z.number().int().min(0).max(0xffff_ffff)
const code = z.string().regex(/^[0-9a-f]{64}$/)

/** Codes of a file, as the page computes them on the device. No part of the file itself. */
export const codesSchema = z
  .strictObject({
    medium: z.enum(['picture', 'text', 'sound', 'video', 'other']),
    mediaType: z.string().max(100),
    byteLength: z.number().int().min(1),
    codes: z.strictObject({
      sha256: code.optional(),
      'iscc-instance-v0': code.optional(),
      'iscc-data-v0': code.optional(),
      'iscc-text-v0': code.optional(),
      'iscc-image-v0': code.optional(),
      'iscc-audio-v0': code.optional(),
      'iscc-video-v0': code.optional(),
      pdq: code.optional(),
    }),
    pdqDihedral: z.array(code).length(8).optional(),
    pdqQuality: z.number().int().min(0).max(100).optional(),
    unread: z.string().max(300).optional(),
    features: z
      .strictObject({
        width: z.number().int().min(1).max(512),
        height: z.number().int().min(1).max(512),
        codes: z
          .base64()
          .max(FEATURES_MAX * 43)
          .openapi({ description: '32 bytes a feature' }),
        codesMirrored: z
          .base64()
          .max(FEATURES_MAX * 43)
          .optional()
          .openapi({ description: 'The codes of the same features in a mirror; with them mirrored parts are found.' }),
        points: z.array(z.number().min(-2).max(600)).max(FEATURES_MAX * POINT_NUMBERS),
      })
      .optional(),
    items: z.array(word).max(ITEMS_MAX).optional().openapi({ description: 'Chromaprint items' }),
    frames: z
      .strictObject({
        codes: z.base64().max(FRAMES_MAX * 43),
        mirrored: z.base64().max(FRAMES_MAX * 43),
        times: z.array(z.number().min(0).max(100_000)).max(FRAMES_MAX),
      })
      .optional()
      .openapi({ description: 'PDQ of one frame a second, 32 bytes each, with the second at which it is shown.' }),
    passages: z
      .strictObject({
        high: z.array(word).max(PASSAGES_MAX),
        low: z.array(word).max(PASSAGES_MAX),
        offset: z.array(word).max(PASSAGES_MAX),
      })
      .refine(
        ({ high, low, offset }) => high.length === low.length && low.length === offset.length,
        'the three lists differ in length',
      )
      .optional(),
  })
  .openapi('FileCodes')

const corner = z.tuple([z.number(), z.number()])

export const hitSchema = z
  .object({
    dataset: z.string(),
    datasetName: z.string(),
    datasetVersion: z.string(),
    row: z.number().int(),
    url: z.string().nullable(),
    rowCodes: z
      .object({ sha256: z.string().nullable(), pdq: z.string().nullable() })
      .openapi({ description: 'Codes of the row, as the data set has them.' }),
    status: z.enum(['exact', 'aligned', 'candidate']).openapi({
      description:
        'exact: the file or address itself. aligned: chance alone would be expected to find fewer than 0.01 such places. candidate: anything weaker; no letter comes of it.',
    }),
    expectedByChance: z
      .number()
      .nullable()
      .openapi({ description: 'Places at least as strong that chance alone would find in the data sets searched.' }),
    declaredPublicDomain: z
      .object({ whose: z.enum(['own', 'row']), work: z.string(), title: z.string(), isSameFile: z.boolean() })
      .nullable()
      .openapi({
        description:
          'A work that the register declares as being in the public domain and that is alike: two pictures of one subject, not a copy.',
      }),
    match: z.enum([
      'exact-file',
      'near-picture',
      'part-of-picture',
      'film',
      'sound',
      'passage',
      'near-text',
      'url',
      'domain',
    ]),
    measure: z.number().openapi({
      description:
        'Bits of 256 that differ for pictures and whole texts, features that agree for parts of pictures, seconds for films and sounds, bytes for passages, rows for domains.',
    }),
    outline: z
      .object({ query: z.array(corner), row: z.array(corner), isMirrored: z.boolean() })
      .nullable()
      .openapi({
        description: 'The part that both pictures show, in shares of their width and height; one may be mirrored.',
      }),
    stretch: z
      .object({ queryStart: z.number(), rowStart: z.number(), seconds: z.number(), bitErrorRate: z.number() })
      .nullable()
      .openapi({
        description:
          'The stretch that both sounds or films share, in seconds of each, and the share of bits that differ.',
      }),
    preview: z
      .union([
        z.object({ kind: z.literal('picture'), width: z.number(), height: z.number() }),
        z.object({ kind: z.literal('sound'), seconds: z.number(), peaks: z.string() }),
      ])
      .nullable()
      .openapi({
        description:
          'What was kept of the row: a picture (at /checks/{id}/previews/{number of the place}), or the loudness of a sound in base64, one byte for each of its parts.',
      }),
    excerpt: z.string().nullable(),
    alignment: z
      .object({
        queryOffset: z.number(),
        rowOffset: z.number(),
        isExact: z.boolean(),
        isCommon: z.boolean(),
        isFromDevice: z.boolean().optional(),
        before: z.string(),
        shared: z.string(),
        after: z.string(),
      })
      .nullable()
      .openapi({
        description: 'Where a shared passage stands in the text and in the row, in bytes of normalised text.',
      }),
  })
  .openapi('DatasetHit')

export const checkResultSchema = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    fileCodes: z.object({
      medium: z.string(),
      mediaType: z.string(),
      byteLength: z.number(),
      codes: z.record(z.string(), z.string()),
      pdqQuality: z.number().nullable(),
      unread: z.string().nullable(),
    }),
    datasetsSearched: z.number(),
    unasked: z
      .array(z.string())
      .openapi({ description: 'Data sets that could not be asked: their files are damaged.' }),
    partsExpectedByChance: z
      .number()
      .openapi({ description: 'Parts of pictures that chance alone would find here, at most (upper 95% bound).' }),
    soundsExpectedByChance: z
      .number()
      .openapi({ description: 'Stretches of sound that chance alone would find here, at most (upper 95% bound).' }),
    rowsSearched: z.number(),
    hits: z.array(hitSchema),
    works: z
      .array(z.object({ id: z.string(), title: z.string(), match: z.string() }))
      .openapi({ description: 'Works of the register with the same code.' }),
    doesNotProve: z.string(),
    passageSeeds: z
      .array(
        z.object({
          dataset: z.string(),
          row: z.number(),
          queryOffset: z.number(),
          rowOffset: z.number(),
          at: z.number(),
          text: z.base64(),
        }),
      )
      .optional()
      .openapi({
        description:
          'Windows that rows share with the text, with what stands around them there: whoever has the text can see whether they belong to a run of 50 bytes, and tell by POST /api/checks/{id}/passages. Not kept.',
      }),
  })
  .openapi('CheckResult')

export type CheckResult = z.infer<typeof checkResultSchema>

/** A request that brings one JSON document. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

/** How a route answers: its JSON, or an error. */
export function answers(status: 200 | 201, description: string, schema: z.ZodType) {
  const content = { 'application/json': { schema } }
  const failure = {
    description: 'What is wrong and what to do',
    content: { 'application/json': { schema: errorSchema } },
  }
  return { [status]: { description, content }, 400: failure, 404: failure, 422: failure } as const
}
