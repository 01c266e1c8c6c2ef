import { ColophonError } from '../../foundation/index.ts'
import type { WatermarkPayload } from '../watermark/payload.ts'
import {
  addSquares,
  asStored,
  inspectPicture,
  inspectRoom,
  squareOf,
  storedPixels,
  withPixels,
  type WatermarkFormat,
} from '../watermark/pixels.ts'
import { nameOf, type EmbedModel, type WatermarkModel } from './description.ts'
import { messageBits, readMessage } from './messageBits.ts'
import { runModel } from './runModel.ts'

/** A watermark that an operator's model has read; it is never ours. */
export interface FoundModelWatermark {
  model: string
  version: string
  payload: WatermarkPayload
}

/** Below this, in decibels, what a model adds is damage. */
const PSNR_MIN = 30

/**
 * Puts the watermark of an operator's model into a picture: what the model adds to a square is drawn as large as the
 * picture, which keeps its size, and is encoded again in its own format. Where the model can also detect, the watermark
 * was read again. `psnr` is in decibels, before the picture is encoded again. Errors: `unreadable_file`,
 * `picture_too_large`, `unsupported_media`; `state_not_allowed` when the picture does not carry it; those of `runModel`.
 */
export async function watermarkWithModel(
  bytes: Uint8Array,
  format: WatermarkFormat,
  payload: WatermarkPayload,
  model: WatermarkModel,
): Promise<{ bytes: Uint8Array; psnr: number }> {
  const metadata = await inspectRoom(bytes)
  const residual = await residualOf(bytes, payload, model, model.embed!)
  const picture = await storedPixels(bytes)
  const squares = picture.info.channels < 3 ? [lumaOf(residual)] : residual
  const stored = squares.map((square) => asStored(square, model.side, metadata.orientation))
  const psnr = 10 * Math.log10(255 ** 2 / addSquares(picture, stored, model.side))
  if (psnr < PSNR_MIN)
    throw new ColophonError('model_refused', `${nameOf(model)} changes too much: ${psnr.toFixed(1)} dB`, {
      remedy: `What it adds must be at least ${PSNR_MIN} dB below the picture; look whether range and output are described rightly.`,
    })
  const marked = await withPixels(bytes, metadata, picture, format)
  const isThere = model.detect ? (await readModelWatermark(marked, model))?.payload.pointer === payload.pointer : true
  if (!isThere || psnr === Infinity)
    throw new ColophonError('state_not_allowed', `this picture does not carry what ${nameOf(model)} adds`)
  return { bytes: marked, psnr }
}

/**
 * What an operator's model reads in a picture; undefined when the check of what it reads does not hold, which proves
 * nothing. Errors: `unreadable_file`, `picture_too_large`, `unsupported_media`, those of `runModel`.
 */
export async function readModelWatermark(
  bytes: Uint8Array,
  model: WatermarkModel,
): Promise<FoundModelWatermark | undefined> {
  const { bits, coding, name, version } = model
  const detect = model.detect!
  await inspectPicture(bytes)
  const image = { name: detect.image, shape: shapeOf(model), data: await tensorOf(bytes, model) }
  const values = await runModel(model, detect, [image], { name: detect.message, shape: [1, bits] })
  const payload = readMessage(detect.messageValues === 'logits' ? values : values.map((value) => value - 0.5), coding)
  return payload && { model: name, version, payload }
}

/** What the model adds to red, green and blue of the picture as it is seen: three squares, in levels of 255. */
async function residualOf(
  bytes: Uint8Array,
  payload: WatermarkPayload,
  model: WatermarkModel,
  embed: EmbedModel,
): Promise<Float64Array[]> {
  const { side, range, bits, coding } = model
  const cover = await tensorOf(bytes, model)
  const zero = embed.messageValues === '0..1' ? 0 : -1
  const message = Float32Array.from(messageBits(payload, coding, bits), (bit) => bit || zero)
  const output = await runModel(
    model,
    embed,
    [
      // The thread takes what it is given.
      { name: embed.image, shape: shapeOf(model), data: cover.slice() },
      { name: embed.message, shape: [1, bits], data: message },
    ],
    { name: embed.output, shape: shapeOf(model) },
  )
  const [black, levels] = range === '0..1' ? [0, 255] : [-1, 127.5]
  return [0, 1, 2].map((colour) =>
    Float64Array.from({ length: side ** 2 }, (_, pixel) => {
      const at = placeOf(model, pixel, colour)
      const value = output[at]!
      return (embed.gives === 'residual' ? value : Math.max(black, Math.min(1, value)) - cover[at]!) * levels
    }),
  )
}

/** The picture as it is seen, in a square, as the model wants it. */
async function tensorOf(bytes: Uint8Array, model: WatermarkModel): Promise<Float32Array<ArrayBuffer>> {
  const { side, range } = model
  const { data, channels } = await squareOf(bytes, side)
  const tensor = new Float32Array(3 * side ** 2)
  for (let pixel = 0; pixel < side ** 2; pixel++)
    for (let colour = 0; colour < 3; colour++) {
      const level = data[pixel * channels + (channels < 3 ? 0 : colour)]!
      tensor[placeOf(model, pixel, colour)] = range === '0..1' ? level / 255 : level / 127.5 - 1
    }
  return tensor
}

function shapeOf({ layout, side }: WatermarkModel): number[] {
  return layout === 'NCHW' ? [1, 3, side, side] : [1, side, side, 3]
}

function placeOf({ layout, side }: WatermarkModel, pixel: number, colour: number): number {
  return layout === 'NCHW' ? colour * side ** 2 + pixel : pixel * 3 + colour
}

/** Rec. 601, of what is added. */
function lumaOf([red, green, blue]: Float64Array[]): Float64Array {
  return red!.map((value, i) => 0.299 * value + 0.587 * green![i]! + 0.114 * blue![i]!)
}
