import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { ColophonError, limits, parseJson } from '../../foundation/index.ts'
import { bitsNeeded, codings } from './messageBits.ts'

const text = z.string().trim().min(1).max(200)

const modelFile = z.strictObject({
  /** A path from the folder of the description, within it. */
  file: text.refine(
    (path) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..'),
    'a model lies in the folder of its description',
  ),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits in lower case'),
})

const descriptionSchema = z
  .strictObject({
    name: text,
    version: text,
    /** Pixels on each side of the square that both models see. */
    side: z.int().min(32).max(limits.modelSideMax),
    layout: z.enum(['NCHW', 'NHWC']),
    /** What black and white are, in pictures that go in and come out. */
    range: z.enum(['0..1', '-1..1']),
    bits: z.int().min(1).max(limits.modelBitsMax),
    coding: z.enum(codings),
    /** How long one run may take, with the model being loaded. */
    timeoutSeconds: z.int().min(1).max(limits.modelSecondsMax).default(60),
    embed: modelFile
      .extend({
        /** Names of tensors. */
        image: text,
        message: text,
        output: text,
        /** What a bit that is not set, and one that is, are in the message. */
        messageValues: z.enum(['0..1', '-1..1']),
        /** Whether the whole marked picture comes out, or only what is to be added. */
        gives: z.enum(['image', 'residual']),
      })
      .optional(),
    detect: modelFile
      .extend({
        image: text,
        message: text,
        /** Whether a bit is set from 0 on (logits), or from 0.5 on. */
        messageValues: z.enum(['logits', 'probabilities']),
      })
      .optional(),
  })
  .refine(({ embed, detect }) => embed || detect, 'it describes neither how to embed nor how to detect')

/** An operator's own watermark, as its description says; plain data, so that it can be given to a thread. */
export type WatermarkModel = z.infer<typeof descriptionSchema> & {
  /** The folder that its files lie in. */
  folder: string
}
export type EmbedModel = NonNullable<WatermarkModel['embed']>

/** How it is called in what people read: never as our own watermark. */
export function nameOf({ name, version }: Pick<WatermarkModel, 'name' | 'version'>): string {
  return `the watermark model “${name}” ${version}`
}

const DESCRIPTION_BYTES_MAX = 64 * 1024

/**
 * Reads the description of a model, for what it is to be used; its files are not opened yet. Errors: `unreadable_file`,
 * `invalid_json`, `model_refused` when it is not as docs/watermark-models.md says, has too few bits, or cannot do this.
 */
export function readWatermarkModel(path: string, use: 'embed' | 'detect'): WatermarkModel {
  const size = statSync(path, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  if (size > DESCRIPTION_BYTES_MAX)
    throw new ColophonError('model_refused', `the description has more than ${DESCRIPTION_BYTES_MAX} bytes`, {
      where: path,
      remedy: 'Name the JSON that describes the model, not the model.',
    })
  const read = descriptionSchema.safeParse(parseJson(readFileSync(path, 'utf8'), path))
  if (!read.success) {
    const [issue] = read.error.issues
    throw new ColophonError('model_refused', issue!.message, {
      where: [path, ...issue!.path].join(': '),
      remedy: 'docs/watermark-models.md shows what a description holds.',
    })
  }
  const { bits, coding } = read.data
  if (bits < bitsNeeded(coding))
    throw new ColophonError(
      'model_refused',
      `the message with its check needs ${bitsNeeded(coding)} bits with the coding “${coding}”, and the model carries ${bits}`,
      { where: path },
    )
  if (!read.data[use]) throw new ColophonError('model_refused', `the description has no “${use}”`, { where: path })
  return { ...read.data, folder: dirname(path) }
}
