import type { DisclosureFields } from '../disclosure/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { FileMark, MarkRequest } from './mark.ts'
import {
  carriesWatermark,
  readSoundWatermark,
  readWatermark,
  watermarkPicture,
  watermarkSound,
  type WatermarkFormat,
  type WatermarkPayload,
} from './watermark/index.ts'
import { nameOf, watermarkWithModel, type WatermarkModel } from './watermarkModel/index.ts'

/** Ours, in a picture or a sound; a finding says what was added, or why nothing was. */
export async function addWatermark(result: FileMark, { pointer, disclosure }: MarkRequest): Promise<void> {
  const tell = (message: string) => result.findings.push({ code: 'no_watermark', severity: 'note', message })
  if (!pointer) return void tell('a watermark points to a recorded statement, and none was named')
  const isSound = result.format === 'wav'
  if (!isSound && !carriesWatermark(result.format)) return void tell(`${result.format} carries no watermark`)
  try {
    const other = await (isSound ? readSoundWatermark(result.bytes) : readWatermark(result.bytes))
    if (other && other.payload.pointer !== pointer)
      return void result.findings.push({
        code: 'other_watermark',
        severity: 'warning',
        message: `a watermark that points to ${other.payload.pointer} is in it already; it stays, and none is added`,
      })
    const payload = payloadOf(disclosure, pointer)
    const message = await (isSound ? markSound(result, payload) : markPicture(result, payload))
    result.marks.push('watermark')
    result.findings.push({ code: 'watermarked', severity: 'note', message })
  } catch (error) {
    tell(whyNone(error))
  }
}

/** After ours, which is read again beneath it: where one covers the other, ours stays. */
export async function addModelWatermark(
  result: FileMark,
  { pointer, disclosure }: MarkRequest,
  model: WatermarkModel,
): Promise<void> {
  const { format } = result
  const tell = (code: string, message: string) => result.findings.push({ code, severity: 'note', message })
  if (!pointer) return void tell('no_model_watermark', 'a watermark points to a recorded statement, and none was named')
  if (!carriesWatermark(format)) return void tell('no_model_watermark', `${format} carries no watermark of a model`)
  try {
    const { bytes, psnr } = await watermarkWithModel(result.bytes, format, payloadOf(disclosure, pointer), model)
    if (result.marks.includes('watermark') && (await readWatermark(bytes))?.payload.pointer !== pointer)
      return void tell('no_model_watermark', `${nameOf(model)} covers our own watermark, which stays`)
    result.bytes = bytes
    result.marks.push('model-watermark')
    const doubt = model.detect ? '' : '; it was not read again, for no way to detect it is described'
    tell('model_watermarked', `what ${nameOf(model)} added is ${psnr.toFixed(1)} dB below the picture${doubt}`)
  } catch (error) {
    tell('no_model_watermark', whyNone(error))
  }
}

function payloadOf({ degree, review }: DisclosureFields, pointer: string): WatermarkPayload {
  return { pointer, degree, isReviewed: review === 'reviewed' }
}

/** Why a file carries no watermark; anything else that goes wrong goes on. */
function whyNone(error: unknown): string {
  const expected =
    error instanceof ColophonError &&
    ['state_not_allowed', 'unsupported_media', 'picture_too_large'].includes(error.code)
  if (!expected) throw error
  return error.message
}

async function markPicture(result: FileMark, payload: WatermarkPayload): Promise<string> {
  const { bytes, psnr } = await watermarkPicture(result.bytes, result.format as WatermarkFormat, payload)
  result.bytes = bytes
  return `what was added is ${psnr.toFixed(1)} dB below the picture; it was encoded again`
}

async function markSound(result: FileMark, payload: WatermarkPayload): Promise<string> {
  const { bytes, snr } = await watermarkSound(result.bytes, payload)
  result.bytes = bytes
  return `what was added is ${snr.toFixed(1)} dB below the sound`
}
